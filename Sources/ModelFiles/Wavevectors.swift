import DataFiles
import DenseMatrices
import JunctionModel

extension SweepAxisPlan {
  /// Words at the values of an axis of files or wave vectors.
  var labels: [String]? { files ?? wavevectors?.labels }

  /// An axis of wave vectors.
  init(_ points: WavevectorPoints, of value: ModelValue) {
    self.init(
      name: points.axisName, value: value, position: value.node.position, dimension: .free,
      spacing: .list(points.vectors.indices.map { Double($0) }))
    (wavevectors, weights) = (points, points.weights)
  }
}

extension ModelValue {
  /// `{grid: [n, m], shift: [0, 0]}` (a Monkhorst-Pack grid k_i = (j + shift_i)/n_i, all of equal weight), or
  /// `{list: [[k1, k2], ...], weights: [...]}`; in units of reciprocal lattice vectors.
  func wavevectorAxis() throws(FileError) -> SweepAxisPlan {
    let section = try ModelSection(self, keys: Self.wavevectorKeys)
    let (form, value) = try section.exactlyOne(of: ["grid", "list"])
    let particle: WavevectorPoints.Particle = path.last == "q_points" ? .boson : .electron
    let isResolved = try section.optional("resolved")?.boolean() ?? false
    let mayReduce = try section.optional("time_reversal")?.boolean() ?? true
    guard form == "list" else {
      try section.refuse(["weights"], because: "the points of a grid have equal weights")
      let (counts, vectors) = try value.gridVectors(shift: section.optional("shift"))
      let points = WavevectorPoints(
        particle, vectors, weights: vectors.map { _ in 1 }, grid: counts, isResolved: isResolved, mayReduce: mayReduce)
      return SweepAxisPlan(points, of: self)
    }
    try section.refuse(["shift"], because: "it shifts a grid")
    let vectors = try value.listedVectors()
    let weights = try section.optional("weights")?.weights(of: vectors.count) ?? vectors.map { _ in 1 }
    // What has no weight has no part in anything.
    let used = vectors.indices.filter { weights[$0] > 0 }
    let points = WavevectorPoints(
      particle, used.map { vectors[$0] }, weights: used.map { weights[$0] }, grid: nil, isResolved: isResolved,
      mayReduce: mayReduce)
    return SweepAxisPlan(points, of: self)
  }

  /// The keys of the sections `k_points` and `q_points`.
  static let wavevectorKeys = ["grid", "shift", "list", "weights", "time_reversal", "resolved"]

  /// Numbers from 0, one for each of `count` things, one of them at least above 0.
  func weights(of count: Int) throws(FileError) -> [Double] {
    let weights = try numbers(.plain)
    guard weights.count == count else {
      throw fail(.invalidModel, found: "\(weights.count) weights", allowed: "one for each, \(count)")
    }
    guard weights.allSatisfy({ $0 >= 0 }), weights.contains(where: { $0 > 0 }) else {
      throw fail(.outOfRange, found: "negative weights, or none above zero", allowed: "weights from 0, one of them above 0")
    }
    return weights
  }

  private func gridVectors(shift: ModelValue?) throws(FileError) -> (counts: [Int], vectors: [[Double]]) {
    let counts = try integers()
    guard (1...2).contains(counts.count), counts.allSatisfy({ $0 >= 1 }), counts.reduce(1.0, { $0 * Double($1) }) <= 1e6 else {
      throw fail(.outOfRange, found: node.summary, allowed: "one or two counts from 1, for example [32] or [12, 12]")
    }
    let shifts = try shift.map { (value) throws(FileError) in
      try value.node.isScalar ? [value.number(.plain)] : value.numbers(.plain)
    }
    if let shift, let shifts, shifts.count != counts.count {
      throw shift.fail(.invalidModel, found: "\(shifts.count) shifts", allowed: "one for each direction, \(counts.count)")
    }
    var vectors: [[Double]] = [[]]
    for (direction, count) in counts.enumerated() {
      let offset = shifts?[direction] ?? 0
      vectors = vectors.flatMap { start in (0..<count).map { start + [(Double($0) + offset) / Double(count)] } }
    }
    return (counts, vectors)
  }

  private func listedVectors() throws(FileError) -> [[Double]] {
    var vectors: [[Double]] = []
    for item in try list(allowed: "a list of wave vectors, for example [[0.0], [0.25]]") {
      let vector = try item.node.isScalar ? [item.number(.plain)] : item.numbers(.plain)
      guard (1...2).contains(vector.count), vector.count == vectors.first?.count ?? vector.count else {
        throw item.fail(.invalidModel, found: "\(vector.count) components", allowed: "one or two, the same for all")
      }
      vectors.append(vector)
    }
    guard !vectors.isEmpty else { throw fail(.outOfRange, found: "an empty list", allowed: "at least one wave vector") }
    return vectors
  }

  // MARK: Blocks

  /// The present wave vector of a particle, for blocks over lattice vectors that stand here.
  func wavevector(_ particle: WavevectorPoints.Particle = .electron) throws(FileError) -> [Double] {
    if let k = try scope?.place.wavevector(particle) { return k }
    let section = particle.rawValue + "_points"
    throw fail(
      .missingKey, found: "blocks over lattice vectors without wave vectors", allowed: "the section \(section)",
      hint: "add \(section): {grid: [16]}")
  }

  /// Sums M(k) = sum over R of M(R) e^(2 pi i k R) of blocks `[{R: [...], NAME: MATRIX, ...}, ...]`, by name.
  ///
  /// A block of a name in `hermitian` that has no partner at -R stands for both, M(-R) = M(R)^+; others stand for themselves.
  func blochSums(
    _ names: [(name: String, kind: NumberKind)], hermitian: Set<String>, of particle: WavevectorPoints.Particle = .electron
  ) throws(FileError) -> [String: Matrix] {
    let k = try wavevector(particle)
    var found: [String: LatticeBlocks] = [:]
    for item in try list(allowed: "a list of blocks {R: [0], \(names[0].name): [[...]]}") {
      let section = try ModelSection(item, keys: ["R"] + names.map(\.name))
      let place = try section.required("R")
      let r = try place.latticeVector(directions: k.count)
      for (name, kind) in names {
        guard let value = try section.optional(name) else { continue }
        let matrix = try value.matrix(kind)
        var blocks = found[name] ?? LatticeBlocks()
        try value.check(matrix, after: blocks.first, isSquare: hermitian.contains(name))
        guard particle == .electron || !matrix.hasImaginaryPart else {
          throw value.fail(.invalidModel, found: "complex numbers at R = \(r)", allowed: "real springs by lattice vector")
        }
        guard !blocks.contains(r) else {
          throw place.fail(.duplicateKey, found: "R = \(r) twice for \(name)", allowed: "each lattice vector once")
        }
        blocks.add(r, matrix)
        found[name] = blocks
      }
    }
    var sums: [String: Matrix] = [:]
    for (name, blocks) in found { sums[name] = blocks.sum(at: k, isHermitian: hermitian.contains(name)) }
    return sums
  }

  private func latticeVector(directions: Int) throws(FileError) -> [Int] {
    let r = try integers()
    guard r.allSatisfy({ $0.magnitude <= 1_000_000 }) else {
      throw fail(.outOfRange, found: "R = \(r)", allowed: "lattice vectors up to 1000000 in each direction")
    }
    guard r.count == directions else {
      throw fail(.invalidModel, found: "\(r.count) components", allowed: "\(directions), as many as wave vectors have")
    }
    return r
  }

  private func check(_ matrix: Matrix, after first: Matrix?, isSquare: Bool) throws(FileError) {
    if let first, first.rows != matrix.rows || first.columns != matrix.columns {
      throw fail(
        .invalidModel, found: "shape (\(matrix.rows), \(matrix.columns))",
        allowed: "(\(first.rows), \(first.columns)) of the first block")
    }
    guard matrix.isSquare || !isSquare else {
      throw fail(.invalidModel, found: "shape (\(matrix.rows), \(matrix.columns))", allowed: "a square matrix")
    }
  }
}
