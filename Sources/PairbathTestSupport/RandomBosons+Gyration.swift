import DenseMatrices
import JunctionModel

extension RandomJunctions {
  /// The bosons of `makeBosons` with two or three modes and a random gyration, and a third bath so that what goes around
  /// differs from what comes back.
  package static func makeGyratedBosons(seed: UInt64) -> RandomJunction {
    var limits = BosonLimits()
    (limits.modes, limits.orbitals, limits.baths) = (2...3, 2...2, 3...3)
    let random = makeBosons(seed: seed, limits: limits)
    var source = SplitMix64(seed: seed &+ 0x6E4A)
    do {
      return RandomJunction(
        seed: seed, junction: try gyrated(random.junction, by: gyration(random.junction.bosons.coordinates, &source)),
        point: random.point)
    } catch { fatalError("RandomJunctions made an invalid gyration from seed \(seed): \(error)") }
  }

  /// The junction with the gyration G.
  package static func gyrated(_ junction: Junction, by g: Matrix) throws -> Junction {
    try Junction(
      conductor: junction.conductor, electrodes: junction.electrodes, bosons: try junction.bosons.gyrated(by: g),
      baths: junction.baths, coupling: junction.coupling)
  }

  private static func gyration(_ n: Int, _ random: inout SplitMix64) -> Matrix {
    var g = Matrix(rows: n, columns: n)
    for i in 0..<n {
      for j in (i + 1)..<max(n, i + 1) {
        g[i, j] = Scalar(random.uniform(-0.8...0.8), 0)
        g[j, i] = Scalar(-g[i, j].rawStorage.x, 0)
      }
    }
    return g
  }
}
