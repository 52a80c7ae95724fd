import DataFiles
import DenseMatrices
import JunctionModel
import RealModule

extension SweepAxisPlan {
  /// Name of the axis of wave vectors: words, which no expression, parameter or sweep variable can name.
  static let wavevectorName = "k point"

  /// Words at the values of an axis of files or wave vectors.
  var labels: [String]? {
    files ?? wavevectors?.map { $0.map { "\($0)" }.joined(separator: " ") }
  }
}

extension ModelValue {
  /// `k_points: {grid: [n, m], shift: [0, 0]}` (a Monkhorst-Pack grid k_i = (j + shift_i)/n_i, all of equal weight), or
  /// `{list: [[k1, k2], ...], weights: [...]}`; in units of reciprocal lattice vectors.
  func wavevectorAxis() throws(FileError) -> SweepAxisPlan {
    let section = try ModelSection(self, keys: ["grid", "shift", "list", "weights"])
    let (form, value) = try section.exactlyOne(of: ["grid", "list"])
    var weights: [Double]?
    let vectors: [[Double]]
    if form == "grid" {
      try section.refuse(["weights"], because: "the points of a grid have equal weights")
      vectors = try value.gridVectors(shift: section.optional("shift"))
    } else {
      try section.refuse(["shift"], because: "it shifts a grid")
      vectors = try value.listedVectors()
      weights = try section.optional("weights")?.weights(of: vectors.count)
    }
    // What has no weight has no part in anything.
    let used = vectors.indices.filter { (weights?[$0] ?? 1) > 0 }
    var plan = SweepAxisPlan(
      name: SweepAxisPlan.wavevectorName, value: self, position: node.position, dimension: .free,
      spacing: .list(used.indices.map { Double($0) }))
    (plan.wavevectors, plan.weights) = (used.map { vectors[$0] }, used.map { weights?[$0] ?? 1 })
    return plan
  }

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

  private func gridVectors(shift: ModelValue?) throws(FileError) -> [[Double]] {
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
    return vectors
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

  /// Sums M(k) = sum over R of M(R) e^(2 pi i k R) of blocks `[{R: [...], NAME: MATRIX, ...}, ...]`, by name.
  ///
  /// A block of a name in `hermitian` that has no partner at -R stands for both, M(-R) = M(R)^+; others stand for themselves.
  func blochSums(_ names: [(name: String, kind: NumberKind)], hermitian: Set<String>) throws(FileError) -> [String: Matrix] {
    guard let k = try scope?.place.wavevector() else {
      throw fail(
        .missingKey, found: "blocks over lattice vectors without wave vectors", allowed: "the section k_points",
        hint: "add k_points: {grid: [16]}")
    }
    var blocks: [(r: [Int], name: String, matrix: Matrix)] = []
    for item in try list(allowed: "a list of blocks {R: [0], \(names[0].name): [[...]]}") {
      let section = try ModelSection(item, keys: ["R"] + names.map(\.name))
      let place = try section.required("R")
      let r = try place.integers()
      guard r.allSatisfy({ abs($0) <= 1_000_000 }) else {
        throw place.fail(.outOfRange, found: "R = \(r)", allowed: "lattice vectors up to 1000000 in each direction")
      }
      guard r.count == k.count else {
        throw place.fail(.invalidModel, found: "\(r.count) components", allowed: "\(k.count), as many as wave vectors have")
      }
      for (name, kind) in names {
        guard let value = try section.optional(name) else { continue }
        let matrix = try value.matrix(kind)
        if let first = blocks.first(where: { $0.name == name })?.matrix,
          first.rows != matrix.rows || first.columns != matrix.columns
        {
          throw value.fail(
            .invalidModel, found: "shape (\(matrix.rows), \(matrix.columns))",
            allowed: "(\(first.rows), \(first.columns)) of the first block")
        }
        guard matrix.isSquare || !hermitian.contains(name) else {
          throw value.fail(.invalidModel, found: "shape (\(matrix.rows), \(matrix.columns))", allowed: "a square matrix")
        }
        guard !blocks.contains(where: { $0.name == name && $0.r == r }) else {
          throw place.fail(.duplicateKey, found: "R = \(r) twice for \(name)", allowed: "each lattice vector once")
        }
        blocks.append((r, name, matrix))
      }
    }
    var sums: [String: Matrix] = [:]
    for (r, name, matrix) in blocks {
      let phase = Scalar(
        length: 1, phase: 2 * Double.pi * zip(r, k).reduce(0) { $0 + (Double($1.0) * $1.1).remainder(dividingBy: 1) })
      var term = phase * matrix
      let opposite = r.map { -$0 }
      if hermitian.contains(name), r != opposite, !blocks.contains(where: { $0.name == name && $0.r == opposite }) {
        term = term + term.adjoint
      }
      sums[name] = sums[name].map { $0 + term } ?? term
    }
    return sums
  }
}
