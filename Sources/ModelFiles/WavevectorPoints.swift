import JunctionModel
import TransportResults

/// The wave vectors of a section `k_points` or `q_points`, in units of reciprocal lattice vectors, and what is wanted of them.
struct WavevectorPoints: Sendable {
  /// Whose wave vectors they are.
  enum Particle: String, Sendable {
    case electron = "k"
    case boson = "q"
  }

  let particle: Particle
  private(set) var vectors: [[Double]]
  /// Weights in averages, any positive numbers.
  private(set) var weights: [Double]
  /// Counts along the directions of a grid; nil for a list.
  let grid: [Int]?
  /// True when the numbers of single wave vectors are results too.
  let isResolved: Bool
  /// False where k and -k are both computed, whatever the matrices are.
  let mayReduce: Bool
  /// Number of wave vectors before -k was left out.
  private let given: Int

  /// Wave vectors with their weights.
  init(
    _ particle: Particle, _ vectors: [[Double]], weights: [Double], grid: [Int]?, isResolved: Bool, mayReduce: Bool
  ) {
    (self.particle, self.vectors, self.weights, self.grid) = (particle, vectors, weights, grid)
    (self.isResolved, self.mayReduce, given) = (isResolved, mayReduce, vectors.count)
  }

  /// Name of their axis: words, which no expression, parameter or sweep variable can name.
  var axisName: String { particle.rawValue + " point" }

  /// "64 k points, 33 by time reversal".
  var words: String {
    let all = "\(given) \(axisName)\(given == 1 ? "" : "s")"
    return vectors.count == given ? all : all + ", \(vectors.count) by time reversal"
  }

  /// Words at the wave vectors.
  var labels: [String] { vectors.map { $0.map { "\($0)" }.joined(separator: " ") } }

  /// The same with one of k and -k, which has the weight of both. For numbers that are the same at k and -k.
  var reduced: WavevectorPoints {
    var points = self
    (points.vectors, points.weights) = ([], [])
    var places: [[Int]: Int] = [:]
    for (vector, weight) in zip(vectors, weights) {
      if let place = places[Self.key(vector.map { -$0 })] {
        points.weights[place] += weight
        continue
      }
      // The same vector twice in a list stays twice.
      if places[Self.key(vector)] == nil { places[Self.key(vector)] = points.vectors.count }
      points.vectors.append(vector)
      points.weights.append(weight)
    }
    return points
  }

  /// A wave vector but for reciprocal lattice vectors, to within what rounding makes of it.
  private static func key(_ vector: [Double]) -> [Int] {
    let parts = 70_368_744_177_664.0  // 2^46
    return vector.map { x in Int(((x - x.rounded(.down)) * parts).rounded()) % Int(parts) }
  }

  /// The axis over which everything is averaged. `factor` stands before all averages.
  func averaged(factor: Double) -> AveragedAxis {
    guard isResolved else { return AveragedAxis(axisName, words: words, factor: factor) }
    let letter = particle.rawValue
    let directions = vectors.first?.count ?? 0
    func name(_ direction: Int) -> String { letter + "\(direction + 1)" }
    func meaning(_ direction: Int) -> String {
      "component \(direction + 1) of the transverse wave vector, in reciprocal lattice vectors"
    }
    guard let grid, directions > 1 else {
      if directions == 1 {
        let numbers = vectors.map { $0[0] }
        return AveragedAxis(
          axisName, words: words, factor: factor,
          resolved: [ResultDimension(name(0), .numbers(numbers, unit: "1"), longName: meaning(0))])
      }
      let place = letter + "_point"
      return AveragedAxis(
        axisName, words: words, factor: factor,
        resolved: [
          ResultDimension(place, labels: labels.enumerated().map { "\($0): \($1)" }, longName: "transverse wave vector")
        ],
        coordinates: (0..<directions).map { d in
          ResultVariable(
            name: name(d), dimensions: [place], values: vectors.map { $0[d] }, errors: nil, unit: "1", longName: meaning(d))
        })
    }
    let behind = grid.indices.map { d in grid[(d + 1)...].reduce(1, *) }
    return AveragedAxis(
      axisName, words: words, factor: factor,
      resolved: grid.indices.map { d in
        ResultDimension(
          name(d), .numbers((0..<grid[d]).map { vectors[$0 * behind[d]][d] }, unit: "1"), longName: meaning(d))
      })
  }

  /// Names that results give to components and numbers of wave vectors.
  var namesInResults: [String] {
    guard isResolved else { return [] }
    let names = (vectors.first ?? []).indices.map { particle.rawValue + "\($0 + 1)" }
    return names + [particle.rawValue + "_point"]
  }
}
