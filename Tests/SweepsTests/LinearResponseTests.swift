import DenseMatrices
import JunctionModel
import PairbathTestSupport
import Sweeps
import TestKinds
import Testing
import TransportResults

/// The Onsager matrix of random junctions against its laws and against the full currents.
@Suite("Linear response", .tags(.law))
struct LinearResponseTests {
  /// Junctions of two or three electrodes and two baths with a chemical potential and temperature drawn from the seed.
  static func make(_ seed: UInt64, electrodes: Int) throws -> (junction: Junction, mu: Double, t: Double) {
    var limits = RandomJunctions.Limits()
    limits.orbitals = 1...3
    limits.electrodes = electrodes...electrodes
    limits.modes = 1...2
    limits.baths = 2...2
    limits.broadening = 0.05...2
    let made = RandomJunctions.make(seed: seed, limits: limits)
    var random = SplitMix64(seed: seed)
    let unit = made.junction.bosons.modeEnergies[0]
    return (
      try made.junction.withoutMagneticField(), random.uniform(-1...1) * unit, random.logUniform(0.1...2) * unit
    )
  }

  @Test(
    "the Onsager matrix is symmetric and positive semidefinite, and conserves charge and energy",
    arguments: [ComputeSettings.Level.sharp, .landauer], [2, 3])
  func laws(level: ComputeSettings.Level, electrodes: Int) throws {
    for seed in 100..<106 as Range<UInt64> {
      let (junction, mu, t) = try Self.make(seed, electrodes: electrodes)
      let tolerance = level == .sharp ? 1e-9 : 1e-8
      let l = OnsagerNumbers(
        try OnsagerNumbers.compute(junction, potential: mu, temperature: t, level: level, tolerance: tolerance))
      #expect(l.asymmetry < 1e-10, "seed \(seed)")
      // Zero modes (all potentials, all temperatures shifted together) may come out at minus the error.
      #expect(try l.smallestEigenvalue() > -10 * tolerance, "seed \(seed)")
      let n = l.electrodes
      for y in 0..<l.order {
        let charge = (0..<n).reduce(0) { $0 + l.values[$1][y] }
        let heat = (n..<l.order).reduce(0) { $0 + l.values[$1][y] }
        let scales = (0..<l.order).map { l.scale($0, y) }
        #expect(abs(charge) <= 1e-12 * scales[0..<n].reduce(0, +), "seed \(seed)")
        #expect(abs(heat) <= 1e-12 * scales[n...].reduce(0, +), "seed \(seed)")
      }
    }
  }

  @Test("the matrix at sharp modes is the derivative of the full currents", arguments: [2, 3])
  func sharpDifferences(electrodes: Int) throws {
    for seed in 200..<205 as Range<UInt64> {
      // Currents to 1e-11 of the gross flow over the smallest step 0.01, and the seventh derivative left by extrapolation.
      try Self.compare(seed, electrodes, .sharp, tolerance: 1e-10, step: 0.04, bound: 1e-7)
    }
  }

  @Test("the matrix at damped modes is the derivative of the full currents", arguments: [2, 3])
  func landauerDifferences(electrodes: Int) throws {
    for seed in 300..<302 as Range<UInt64> {
      // Currents to 1e-8 of the gross flow over the smallest step 0.025.
      try Self.compare(seed, electrodes, .landauer, tolerance: 1e-8, step: 0.1, bound: 2e-6)
    }
  }

  static func compare(
    _ seed: UInt64, _ electrodes: Int, _ level: ComputeSettings.Level, tolerance: Double, step: Double, bound: Double
  ) throws {
    let (junction, mu, t) = try make(seed, electrodes: electrodes)
    try compare(junction, mu, t, level, tolerance: tolerance, step: step, bound: bound, "seed \(seed)")
  }

  static func compare(
    _ junction: Junction, _ mu: Double, _ t: Double, _ level: ComputeSettings.Level, tolerance: Double, step: Double,
    bound: Double, _ what: String
  ) throws {
    let l = OnsagerNumbers(
      try OnsagerNumbers.compute(junction, potential: mu, temperature: t, level: level, tolerance: tolerance))
    let differences = try OnsagerNumbers.differences(
      junction, potential: mu, temperature: t, level: level, tolerance: tolerance, step: step)
    for x in 0..<l.order {
      for y in 0..<l.order {
        let deviation = abs(l.values[x][y] - differences[x][y])
        #expect(
          deviation <= bound * l.scale(x, y) + 1e-290, "L[\(x)][\(y)] = \(l.values[x][y]), \(differences[x][y]), \(what)")
        // The interpolation of a table is in the errors, whatever the tolerance: some 3e-3 on the grids of random baths.
        let allowed = junction.hasTables ? 1e-2 : tolerance * 10
        #expect(
          l.errors[x][y] <= allowed * max(l.scale(x, x), l.scale(y, y)) || l.errors[x][y] < 1e-290,
          "\(l.errors[x][y]) of \(max(l.scale(x, x), l.scale(y, y))), \(what)")
      }
    }
  }

  @Test("names and order of the electrodes do not matter")
  func renaming() throws {
    let (junction, mu, t) = try Self.make(401, electrodes: 3)
    let order = [2, 0, 1]
    let other = try Junction(
      conductor: junction.conductor, electrodes: order.map { junction.electrodes[$0] }, bosons: junction.bosons,
      baths: junction.baths, coupling: junction.coupling)
    func numbers(_ j: Junction) throws -> TransportResult {
      try OnsagerNumbers.compute(
        j, potential: mu, temperature: t, level: .sharp, tolerance: 1e-9,
        observables: [.onsagerMatrix, .seebeck, .figureOfMerit, .linearThermalConductance])
    }
    let (a, b) = (try numbers(junction), try numbers(other))
    let (la, lb) = (OnsagerNumbers(a), OnsagerNumbers(b))
    func place(_ x: Int) -> Int { x < 3 ? order[x] : x < 6 ? 3 + order[x - 3] : x }
    for x in 0..<la.order {
      for y in 0..<la.order {
        #expect(abs(lb.values[x][y] - la.values[place(x)][place(y)]) <= 1e-12 * la.scale(place(x), place(y)))
      }
    }
    for name in ["seebeck_electrode", "figure_of_merit_electrode", "linear_thermal_conductance_pair"] {
      let (x, y) = (a.reported(name), b.reported(name))
      for i in 0..<3 {
        for j in 0..<3 where i != j {
          let (u, v) = (y[3 * i + j], x[3 * order[i] + order[j]])
          #expect(abs(u.value - v.value) <= u.error + v.error + 1e-12 * abs(u.value), "\(name)")
        }
      }
    }
  }

  @Test("Peltier coefficients are T times Seebeck coefficients, for electrodes and for bosons", arguments: [2, 3])
  func kelvin(electrodes: Int) throws {
    let (junction, mu, t) = try Self.make(501, electrodes: electrodes)
    let result = try OnsagerNumbers.compute(
      junction, potential: mu, temperature: t, level: .sharp, tolerance: 1e-9, observables: [.seebeck, .peltier])
    for kind in ["electrode", "boson"] {
      let (s, p) = (result.reported("seebeck_" + kind), result.reported("peltier_" + kind))
      for (x, y) in zip(s, p) where x.value.isFinite {
        #expect(abs(t * x.value - y.value) <= t * x.error + y.error)
        #expect(x.value != 0 && t * x.error < 1e-6)
      }
    }
  }
}
