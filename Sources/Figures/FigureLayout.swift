import TransportResults

/// Which dimension of a variable goes where in a figure.
struct FigureLayout {
  let view: VariableView
  /// Dimension to the right.
  var x: String
  /// Dimension upwards in a colour map; nil for curves.
  var y: String?
  /// Numeric dimension with one colour per value.
  var family: String?
  /// Dimensions with one curve per label, and the labels wanted.
  var labelled: [(name: String, indices: [Int])]
  /// Dimensions held at an index.
  var fixed: [String: Int]
  /// What was chosen without being asked, in words.
  var notes: [String]

  /// Decides from what was asked and what the variable has.
  init(_ specification: FigureSpecification, of result: TransportResult) throws(FigureError) {
    let view = try Self.view(of: specification.variable, in: result)
    self.view = view
    (x, y, family, labelled, fixed, notes) = ("", nil, nil, [], [:], [])
    for dimension in view.variable.dimensions where view.length(of: dimension) == 1 { fixed[dimension] = 0 }
    try fix(specification.slices, in: result)
    let wanted = try select(specification.selection, in: result)
    try chooseAxes(specification, in: result)
    let used = Set([x, y, family].compactMap { $0 } + fixed.keys)
    for dimension in view.variable.dimensions where !used.contains(dimension) {
      if result.isNumeric(dimension) {
        hold(dimension, in: result)
      } else if dimension == StandardDimension.complexPart.name, wanted[dimension] == nil {
        fixed[dimension] = 0
      } else if Self.follows(dimension), wanted[dimension] == nil {
        continue  // the diagonal, see curves
      } else {
        labelled.append((dimension, wanted[dimension] ?? Array(0..<view.length(of: dimension))))
      }
    }
    if y != nil || specification.familyAxis != nil { reduceLabels() } else { thinOut(keeping: Set(wanted.keys)) }
  }

  /// The dimension whose numbers colour the curves; nil where words do.
  var colouring: String? {
    if let family { return family }
    let mode = StandardDimension.mode.name
    return labelled.contains { $0.name == mode && $0.indices.count > 1 } ? mode : nil
  }

  /// Second indices that follow their first, and these.
  private static let followers = StandardDimension.allCases.filter(\.followsFirstIndex).map { ($0.name, $0.base.name) }

  private static func follows(_ dimension: String) -> Bool { followers.contains { $0.0 == dimension } }

  private static func base(_ dimension: String) -> StandardDimension? { StandardDimension(rawValue: dimension)?.base }

  /// The position of a curve's point: mode2 follows mode unless it was chosen.
  func complete(_ position: [String: Int]) -> [String: Int] {
    var position = position.merging(fixed) { chosen, _ in chosen }
    for (second, first) in Self.followers where position[second] == nil {
      if let index = position[first] { position[second] = index }
    }
    return position
  }

  /// Places in the arrays along a dimension, whose index the position leaves open: evenly spaced, because places are linear in indices.
  func row(along dimension: String, count: Int, at position: [String: Int]) -> [Int] {
    func offset(_ index: Int) -> Int { view.offset(complete(position.merging([dimension: index]) { a, _ in a })) }
    guard count > 1 else { return count == 1 ? [offset(0)] : [] }
    let (first, step) = (offset(0), offset(1) - offset(0))
    return (0..<count).map { first + $0 * step }
  }

  private static func view(of name: String, in result: TransportResult) throws(FigureError) -> VariableView {
    guard let variable = result.variable(name) else {
      let complaint = NearestName.complaint("variable", name, among: result.variables.map(\.name))
      throw FigureError(.unknownName, complaint.message, hint: complaint.hint)
    }
    guard let view = VariableView(variable, in: result) else {
      throw FigureError(.unsuitable, "the shape of '\(name)' does not fit its dimensions")
    }
    return view
  }

  private mutating func fix(_ slices: [FigureSpecification.Slice], in result: TransportResult) throws(FigureError) {
    for slice in slices {
      try require(slice.dimension, numericIn: result, option: "--at")
      guard let index = result.index(of: slice.value, in: slice.dimension) else { continue }
      fixed[slice.dimension] = index
      let found = result.coordinates(of: slice.dimension)?[index] ?? slice.value
      if abs(found - slice.value) > 1e-9 * max(abs(slice.value), abs(found)) {
        notes.append("\(slice.dimension) = \(DecimalText.general(found, digits: 6)) is the nearest to what --at asks for")
      }
    }
  }

  /// Labels by dimension. A label without its dimension belongs to the first dimension that has it.
  private func select(_ selection: [String], in result: TransportResult) throws(FigureError) -> [String: [Int]] {
    var wanted: [String: [Int]] = [:]
    let dimensions = view.variable.dimensions.filter { !result.isNumeric($0) }
    for label in selection {
      let parts = label.split(separator: "=", maxSplits: 1).map(String.init)
      let named = parts.count == 2 ? dimensions.filter { $0 == parts[0] } : dimensions
      let word = parts.last ?? label
      guard let hit = named.first(where: { result.labels(of: $0).contains(word) }),
        let index = result.labels(of: hit).firstIndex(of: word)
      else {
        let complaint = NearestName.complaint("label", label, among: dimensions.flatMap { result.labels(of: $0) })
        throw FigureError(.unknownName, "\(complaint.message), in '\(view.variable.name)'", hint: complaint.hint)
      }
      wanted[hit, default: []].append(index)
    }
    return wanted
  }

  private mutating func chooseAxes(_ specification: FigureSpecification, in result: TransportResult) throws(FigureError) {
    if let map = specification.map {
      try require(map.x, numericIn: result, option: "--map")
      try require(map.y, numericIn: result, option: "--map")
      guard map.x != map.y else { throw FigureError(.unsuitable, "a map needs two different axes, not '\(map.x)' twice") }
      (x, y) = (map.x, map.y)
    } else {
      if let asked = specification.xAxis { x = asked } else { x = try defaultX(in: result) }
      try require(x, numericIn: result, option: "--x")
    }
    for axis in [x, y].compactMap({ $0 }) {
      guard fixed[axis] == nil else { throw FigureError(.unsuitable, "'\(axis)' has one value only and cannot be an axis") }
    }
    guard y == nil else { return }
    try chooseFamily(specification.familyAxis, in: result)
  }

  private mutating func chooseFamily(_ asked: String?, in result: TransportResult) throws(FigureError) {
    if let asked {
      try require(asked, numericIn: result, option: "--family")
      guard asked != x, fixed[asked] == nil else {
        throw FigureError(.unsuitable, "'\(asked)' cannot be the family: it is the x axis or held at a value")
      }
      family = asked
      return
    }
    let free = view.variable.dimensions.filter { fixed[$0] == nil && $0 != x }
    let hasLabels = free.contains { !result.isNumeric($0) && $0 != StandardDimension.complexPart.name && !Self.follows($0) }
    if !hasLabels { family = free.first { result.isNumeric($0) } }
  }

  private func defaultX(in result: TransportResult) throws(FigureError) -> String {
    let free = view.variable.dimensions.filter { fixed[$0] == nil }
    if let spectrum = free.first(where: { StandardDimension(rawValue: $0)?.isSpectral == true }) { return spectrum }
    let axes = free.filter { result.isNumeric($0) }
    if let longest = axes.map({ view.length(of: $0) }).max(), let axis = axes.first(where: { view.length(of: $0) == longest }) {
      return axis
    }
    if free.contains(StandardDimension.mode.name) { return StandardDimension.mode.name }
    throw FigureError(
      .unsuitable, "'\(view.variable.name)' has a single state and no axis to draw along",
      hint: "print it with pairbath show, or add a sweep to the model")
  }

  private func require(_ name: String, numericIn result: TransportResult, option: String) throws(FigureError) {
    let allowed = view.variable.dimensions.filter { result.coordinates(of: $0) != nil }
    guard allowed.contains(name) else {
      let complaint = NearestName.complaint("axis", name, among: allowed)
      throw FigureError(.unknownName, "\(option): \(complaint.message)", hint: complaint.hint)
    }
  }

  /// Holds an axis nobody asked about at its first value and says so.
  private mutating func hold(_ dimension: String, in result: TransportResult) {
    fixed[dimension] = 0
    let value = result.coordinates(of: dimension)?.first ?? 0
    notes.append(
      "\(dimension) = \(DecimalText.general(value, digits: 6)); other values with --at \(dimension)=VALUE or --family \(dimension)"
    )
  }

  /// A map or a family shows one label per remaining dimension unless several were selected for dashes.
  private mutating func reduceLabels() {
    let most = y == nil ? DashStyle.count : 1
    var count = 1
    for i in labelled.indices {
      if count * labelled[i].indices.count > most {
        labelled[i].indices = Array(labelled[i].indices.prefix(1))
        notes.append("only the first \(labelled[i].name) is shown; others with --select \(labelled[i].name)=LABEL")
      }
      count *= labelled[i].indices.count
    }
  }

  /// Channels times modes are too many curves: only the first label of the last dimensions, unless they were selected.
  private mutating func thinOut(keeping selected: Set<String>) {
    func isCrowded(_ i: Int) -> Bool {
      labelled[i].indices.count > 1 && Self.base(labelled[i].name) != .electrode && !selected.contains(labelled[i].name)
    }
    while labelled.reduce(1, { $0 * $1.indices.count }) > CurveSet.longestKey,
      labelled.count(where: { $0.indices.count > 1 }) > 1, let i = labelled.indices.last(where: isCrowded)
    {
      // Of the reservoirs, pair baths come first and often exchange nothing; the last is a boson bath.
      let isReservoir = Self.base(labelled[i].name) == .reservoir
      labelled[i].indices = Array(isReservoir ? labelled[i].indices.suffix(1) : labelled[i].indices.prefix(1))
      notes.append(
        "only the \(isReservoir ? "last" : "first") \(labelled[i].name) is shown; others with --select \(labelled[i].name)=LABEL"
      )
    }
  }
}
