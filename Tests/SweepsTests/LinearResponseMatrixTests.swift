import DenseMatrices
import JunctionModel
import PairbathTestSupport
import Sweeps
import TestKinds
import Testing
import TransportResults

/// Linear response with matrix boson propagators: baths that couple the modes or have structure.
@Suite("Linear response of bosons in full")
struct LinearResponseMatrixTests {
  @Test("independent modes have one Onsager matrix, computed as numbers or as matrices", .tags(.twin))
  func routes() throws {
    for seed in 100..<103 as Range<UInt64> {
      let (junction, mu, t) = try LinearResponseTests.make(seed, electrodes: 2)
      func run(_ others: [Observable]) throws -> OnsagerNumbers {
        OnsagerNumbers(
          try OnsagerNumbers.compute(
            junction, potential: mu, temperature: t, level: .landauer, tolerance: 1e-8, observables: [.onsagerMatrix] + others))
      }
      // thermal_conductance is known to the matrix solver only.
      let (numbers, matrices) = (try run([]), try run([.thermalConductance]))
      for x in 0..<numbers.order {
        for y in 0..<numbers.order {
          let deviation = abs(numbers.values[x][y] - matrices.values[x][y])
          #expect(deviation <= numbers.errors[x][y] + matrices.errors[x][y] + 1e-14 * numbers.scale(x, y), "\(x) \(y)")
          #expect(deviation <= 2e-8 * numbers.scale(x, y), "\(x) \(y)")
        }
      }
    }
  }

  /// Two sites with a current and two coordinates, each with a bath of its own.
  static func dragging() throws -> Junction {
    let lead = HarmonicChainLead(spring: 0.8, onsite: 0.1, coupling: 0.6)
    return try Junction(
      conductor: Conductor(hamiltonian: Matrix(real: [[0.2, 0.5], [0.5, -0.1]])),
      electrodes: [
        .wideBand("L", orbitals: [0], broadening: 0.7), .wideBand("R", orbitals: [1], broadening: 0.9),
      ],
      bosons: try BosonSystem(dynamicalMatrix: Matrix(real: [[1.7, -0.8], [-0.8, 1.7]])),
      baths: [
        BosonBath("left", .chain(lead), coordinates: [0]), BosonBath("right", .ohmic(friction: 0.3), coordinates: [1]),
        BosonBath("weak", .ohmic(friction: 0.05), coordinates: [0, 1]),
      ],
      coupling: Coupling(.massWeighted, [Matrix(real: [[1, 0.8], [0.8, 0]]), Matrix(real: [[0, -0.8], [-0.8, 1]])]))
  }

  @Test("where a current drags bosons, both directions of drag are the derivative of the full currents", .tags(.law))
  func drag() throws {
    let junction = try Self.dragging()
    // Currents to 1e-7 of the gross flow over the smallest step 0.05.
    try LinearResponseTests.compare(
      junction, 0.4, 0.5, .landauer, tolerance: 1e-7, step: 0.2, bound: 1e-5, "drag")
    let l = OnsagerNumbers(
      try OnsagerNumbers.compute(junction, potential: 0.4, temperature: 0.5, level: .landauer, tolerance: 1e-7))
    // Without the elastic correction drag comes out antisymmetric: part of L[charge, bath] + L[bath, charge] is missing.
    let asymmetries = (4..<7).map { abs(l.values[0][$0] - l.values[$0][0]) / l.scale(0, $0) }
    #expect(asymmetries.max()! > 3e-4)
  }

  @Test("the matrix is the derivative of the full currents for baths of every kind", .tags(.law))
  func differences() throws {
    var limits = RandomJunctions.BosonLimits()
    limits.modes = 2...2
    limits.orbitals = 1...2
    limits.baths = 2...2
    for seed in [3, 5] as [UInt64] {
      let made = RandomJunctions.makeBosons(seed: seed, limits: limits)
      var random = SplitMix64(seed: seed)
      // Currents to 1e-7 of the gross flow over the smallest step 0.05; complex spectra: drag is in both.
      try LinearResponseTests.compare(
        made.junction, random.uniform(-1...1), random.uniform(0.4...1), .landauer, tolerance: 1e-7, step: 0.2, bound: 1e-5,
        "seed \(seed)")
    }
  }

  @Test("two modes that share two baths obey Onsager's symmetry when nothing drags bosons", .tags(.law))
  func symmetry() throws {
    // One orbital: every spectrum is real, a current cannot tell directions apart.
    let baths = [
      BosonBath("cold", .drude(friction: 0.1, cutoff: 2), coordinates: [0, 1]),
      BosonBath("hot", .chain(HarmonicChainLead(spring: 1, coupling: 0.3)), coordinates: [1]),
    ]
    let junction = try Junction(
      conductor: .levels([0.3]),
      electrodes: [
        .wideBand("L", orbitals: [0], broadening: 0.5), .wideBand("R", orbitals: [0], broadening: 0.8),
      ],
      bosons: try BosonSystem(dynamicalMatrix: Matrix(real: [[1.2, -0.4], [-0.4, 1.5]])), baths: baths,
      coupling: Coupling(.massWeighted, [Matrix(diagonal: [0.1]), Matrix(diagonal: [0.07])]))
    let l = OnsagerNumbers(
      try OnsagerNumbers.compute(junction, potential: 0, temperature: 0.4, level: .landauer, tolerance: 1e-8))
    #expect(l.asymmetry < 1e-10)
    #expect(try l.smallestEigenvalue() > -1e-7)
    // The baths exchange heat with the electrons and with each other.
    let order = l.order
    #expect(l.values[order - 2][order - 1] < 0 && l.values[order - 1][2] < 0)
  }
}
