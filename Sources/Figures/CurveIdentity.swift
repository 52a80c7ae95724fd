import TransportResults

/// Which numbers a curve shows, and what distinguishes it from the others.
struct CurveIdentity {
  /// Number of its result.
  let source: Int
  /// Indices of the dimensions that are not along the curve.
  let position: [String: Int]
  /// Value of the dimension that colours it, in the units of its axis; nil without one.
  let value: Double?
  /// Labels, enhanced text; empty for none.
  let words: String

  /// The curves of a layout; numbers that colour them are in the unit that suits the result `reference`.
  static func all(
    _ layout: FigureLayout, of result: TransportResult, source: Int, reference: TransportResult
  ) -> [CurveIdentity] {
    let shown = withoutMirrorImages(combinations(layout), layout)
    let coloured = layout.colouring
    let values = coloured.map { name in
      let unit = CurveSet.unit(of: name, in: reference)
      return (result.coordinates(of: name) ?? []).map { $0 * unit.factor }
    }
    let words = CurveWords.words(shown.map { position in position.filter { $0.key != coloured } }, layout, result)
    return shown.indices.map { i in
      CurveIdentity(
        source: source, position: shown[i], value: coloured.flatMap { name in values?[shown[i][name] ?? 0] }, words: words[i])
    }
  }

  private static func combinations(_ layout: FigureLayout) -> [[String: Int]] {
    let family = layout.family.map { [(name: $0, indices: Array(0..<layout.view.length(of: $0)))] } ?? []
    return positions(of: layout.labelled + family)
  }

  /// What belongs to pairs of electrodes, baths or reservoirs is drawn once per pair where both directions agree or are
  /// opposite, and not from one to itself.
  private static func withoutMirrorImages(_ all: [[String: Int]], _ layout: FigureLayout) -> [[String: Int]] {
    func isFree(_ name: String) -> Bool { layout.labelled.contains { $0.name == name && $0.indices.count > 1 } }
    guard let (first, second) = CurveSet.twins.first(where: { isFree($0.0) && isFree($0.1) }) else { return all }
    return all.filter { position in
      guard let a = position[first], let b = position[second], a != b else { return false }
      if a < b { return true }
      let mirrored = position.merging([first: b, second: a]) { _, new in new }
      let pairs = (0..<layout.view.length(of: layout.x)).map { x in
        [position, mirrored].map { layout.view.value(layout.complete($0.merging([layout.x: x]) { a, _ in a })) }
      }
      func differ(by sign: Double) -> Bool {
        pairs.contains { abs($0[0] - sign * $0[1]) > 1e-6 * max(abs($0[0]), abs($0[1])) }
      }
      return differ(by: 1) && differ(by: -1)
    }
  }
}

/// Words for labels of curves and cuts.
enum CurveWords {
  private static let electrodes = [StandardDimension.electrode, .electrode2].map(\.name)
  private static let reservoirs = [StandardDimension.reservoir, .reservoir2].map(\.name)

  /// True for dimensions whose labels are whole numbers, which say nothing by themselves.
  private static func isNumbered(_ name: String) -> Bool {
    StandardDimension(rawValue: name).map { $0.isCounted && $0.base == $0 } ?? false
  }

  /// What distinguishes each curve: labels of the dimensions that differ.
  static func words(_ shown: [[String: Int]], _ layout: FigureLayout, _ result: TransportResult) -> [String] {
    let names = layout.view.variable.dimensions.filter { name in Set(shown.compactMap { $0[name] }).count > 1 }
    return shown.map { position in
      let isPair = electrodes.contains(where: names.contains)
      let pair = electrodes.filter { isPair && position[$0] != nil && layout.view.length(of: $0) > 1 }
        .compactMap { position[$0].map { result.electrodeNames[$0] } }
      let ends = reservoirs.compactMap { name in
        names.contains(name) ? position[name].map { result.reservoirNames[$0] } : nil
      }
      let rest = names.filter { !electrodes.contains($0) && !reservoirs.contains($0) }.compactMap { name in
        position[name].map { (isNumbered(name) ? name + " " : "") + result.labels(of: name)[$0] }
      }
      return Typography.label(
        ([pair.joined(separator: ">"), ends.joined(separator: " to ")] + rest).filter { !$0.isEmpty }.joined(separator: ", "),
        limit: Typography.longestName)
    }
  }

  /// Where the cut lies: what is held of the dimensions that have more to show. Enhanced text.
  ///
  /// - Parameter lone: where the only curve lies among labels that were not held.
  static func cut(_ layout: FigureLayout, _ result: TransportResult, lone: [String: Int] = [:]) -> String {
    let labelled = layout.labelled.filter { $0.indices.count == 1 }.map { ($0.name, $0.indices[0]) }
    let held = Dictionary(uniqueKeysWithValues: labelled).merging(layout.fixed) { a, _ in a }.merging(lone) { a, _ in a }
    let names = layout.view.variable.dimensions.filter {
      held[$0] != nil && layout.view.length(of: $0) > 1 && !($0 == StandardDimension.complexPart.name && held[$0] == 0)
    }
    let pair = names.filter { electrodes.contains($0) }.compactMap { held[$0].map { result.electrodeNames[$0] } }
    let isPair = pair.count == 2
    let words = names.filter { !isPair || !electrodes.contains($0) }.compactMap { name -> String? in
      guard let index = held[name] else { return nil }
      guard !result.isNumeric(name) else { return number(name, index, result) }
      let label = Typography.label(result.labels(of: name)[index], limit: Typography.longestName)
      return label.contains("→") || name == StandardDimension.complexPart.name
        ? label : "\(Typography.escaped(noun(name), limit: Typography.longestName)) \(label)"
    }
    return ((isPair ? [Typography.label(pair.joined(separator: ">"), limit: Typography.longestName)] : []) + words).joined(
      separator: ", ")
  }

  private static func noun(_ name: String) -> String { StandardDimension(rawValue: name)?.base.name ?? name }

  private static func number(_ name: String, _ index: Int, _ result: TransportResult) -> String {
    let unit = CurveSet.unit(of: name, in: result)
    let symbol = Typography.axisSymbol(name, unit: UnitLabel(unit: "1", largest: 1))
    let value = (result.coordinates(of: name)?[index] ?? .nan) * unit.factor
    return "\(symbol) = \(TickMarks.number(value, digits: 6))" + (unit.text.isEmpty ? "" : " \(unit.text)")
  }
}
