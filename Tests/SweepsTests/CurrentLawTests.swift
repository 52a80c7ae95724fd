import DenseMatrices
import Foundation
import JunctionModel
import PairbathTestSupport
import Sweeps
import TestKinds
import Testing
import TransportResults

/// Conservation, second law and symmetries (Theory.md section 18) of whole sweeps on random junctions.
@Suite("Laws of the fast currents", .tags(.law))
struct CurrentLawTests {
  static let seed: UInt64 = 30_001
  static let tolerance = 1e-9
  static let junctions = RandomJunctions.make(count: 40, from: seed)
  /// Cheap enough for the full frequency integral: wide bands, no chains, levels not narrower than 0.03.
  static let landauerJunctions = RandomJunctions.make(count: 8, from: seed + 500, limits: landauerLimits)

  static var landauerLimits: RandomJunctions.Limits {
    var limits = RandomJunctions.Limits.small
    limits.chainProbability = 0
    limits.broadening = 0.03...3
    limits.baths = 2...2
    return limits
  }

  /// Sums over electrodes, the first law and the second law at every stable state.
  static func violations(_ result: TransportResult, _ points: [OperatingPoint]) -> [String] {
    points.enumerated().flatMap { state, point -> [String] in
      guard result.isStable(state: state) else { return [] }
      var violations: [String] = []
      func sum(_ name: String, _ weights: [Double]? = nil) -> (value: Double, error: Double, scale: Double) {
        result.reported(name, state: state).enumerated().reduce(into: (0, 0, 0)) {
          let w = weights?[$1.offset] ?? 1
          $0 = ($0.0 + w * $1.element.value, $0.1 + abs(w) * $1.element.error, max($0.2, abs(w * $1.element.value)))
        }
      }
      for name in ["charge_current", "charge_current_elastic", "charge_current_inelastic"] {
        let (total, error, scale) = sum(name)
        // What leaves one electrode enters another: rounding for the inelastic part, quadrature error for the elastic one.
        let allowed = name == "charge_current_inelastic" ? 1e-13 * scale : error + 1e-14 * scale
        if !(abs(total) <= allowed + 1e-300) { violations.append("\(name) adds up to \(total), allowed \(allowed)") }
      }
      let j = result.reported("energy_current", state: state)[0]
      let heat = sum("electrode_heat_current_inelastic")
      let work = sum("charge_current_inelastic", point.chemicalPotentials)
      // The reference energy enters and drops out again: rounding of mu I.
      let first = heat.value + work.value - j.value
      if !(abs(first) <= 1e-12 * max(heat.scale, work.scale, abs(j.value)) + heat.error) {
        violations.append("Q + mu I - J = \(first)")
      }
      let elasticHeat = sum("electrode_heat_current_elastic")
      let elasticWork = sum("charge_current_elastic", point.chemicalPotentials)
      if !(abs(elasticHeat.value + elasticWork.value) <= elasticHeat.error + elasticWork.error + 1e-13 * elasticWork.scale) {
        violations.append("elastic Q + mu I = \(elasticHeat.value + elasticWork.value)")
      }
      let baths = sum("bath_energy_current")
      if !(abs(baths.value - j.value) <= baths.error + 1e-13 * baths.scale) {
        violations.append("sum J_p - J = \(baths.value - j.value)")
      }
      let channels = sum("energy_current_channel")
      if !(abs(channels.value - j.value) <= 1e-13 * channels.scale) { violations.append("sum J^ab - J") }
      let entropy = result.reported("entropy_production", state: state)[0]
      // A production below zero within its error is shown as zero.
      if !(entropy.value >= 0) { violations.append("entropy production \(entropy.value), error \(entropy.error)") }
      let heats = result.reported("electrode_heat_current", state: state)
      let bathHeats = result.reported("bath_energy_current", state: state)
      violations += LawChecks.secondLaw(
        electrodeHeats: heats.map(\.value), temperatures: point.temperatures, bathEnergies: bathHeats.map(\.value),
        bathTemperatures: point.bathTemperatures, tolerance: 1e-14, slack: (heats + bathHeats).map(\.error).max()!)
      return violations
    }
  }

  @Test("charge and energy are conserved and entropy is produced, sharp modes")
  func sharp() throws {
    print("CurrentLawTests seed \(Self.seed)")
    for random in Self.junctions {
      let result = try FastPath.currents(random.junction, [random.point], tolerance: Self.tolerance)
      #expect(Self.violations(result, [random.point]) == [], "\(random)")
    }
  }

  @Test("charge and energy are conserved and entropy is produced, full frequency integral")
  func landauer() throws {
    for random in Self.landauerJunctions {
      let result = try FastPath.currents(random.junction, [random.point], level: .landauer, tolerance: 1e-7)
      #expect(Self.violations(result, [random.point]) == [], "\(random)")
    }
  }

  @Test("in equilibrium every current vanishes within its error")
  func equilibrium() throws {
    for (level, junctions) in [(ComputeSettings.Level.sharp, Self.junctions), (.landauer, Self.landauerJunctions)] {
      for random in junctions.prefix(level == .sharp ? 40 : 4) {
        for t in [0, 0.02, 0.7, 8] where level == .sharp || t == 0.7 {
          let mu = random.point.chemicalPotentials[0]
          let point = OperatingPoint(
            chemicalPotentials: random.point.chemicalPotentials.map { _ in mu },
            temperatures: random.point.temperatures.map { _ in t },
            bathTemperatures: random.point.bathTemperatures.map { _ in t })
          let result = try FastPath.currents(random.junction, [point], level: level, tolerance: 1e-8)
          #expect(result.isStable())
          for name in Agreement.names where name != "mode_population" {
            for (i, r) in result.reported(name).enumerated() {
              // Covered by the bound, but for the last digits of E (1 + n) and B n, which are of order 1 or n here.
              #expect(abs(r.value) <= r.error + 1e-300, "\(name)[\(i)] = \(r.value), error \(r.error), T = \(t): \(random)")
            }
          }
          let n = t > 0 ? random.junction.bosons.modeEnergies.map { 1 / (exp($0 / t) - 1) } : []
          for (k, reference) in n.enumerated() {
            let r = result.reported("mode_population")[k]
            #expect(abs(r.value - reference) <= r.error + 1e-14 * reference / t, "population \(k), T = \(t): \(random)")
          }
        }
      }
    }
  }

  @Test("s times the coupling gives s^2 times the inelastic currents and the same populations")
  func scaling() throws {
    for random in Self.junctions.prefix(15) {
      let j = random.junction
      // 1/4: exact in binary, and weak enough to stay stable.
      let weak = try Junction(
        conductor: j.conductor, electrodes: j.electrodes, bosons: j.bosons, baths: j.baths,
        coupling: Coupling(j.coupling.convention, j.coupling.matrices.map { 0.25 * $0 }))
      let a = try FastPath.currents(j, [random.point], tolerance: Self.tolerance)
      let b = try FastPath.currents(weak, [random.point], tolerance: Self.tolerance)
      guard a.isStable(), b.isStable() else { continue }
      for name in ["energy_current", "energy_current_channel", "charge_current_inelastic", "electrode_heat_current_inelastic"] {
        let (x, y) = (a.numbers(name), b.numbers(name))
        let scale = x.reduce(0) { max($0, abs($1)) }
        // A power of two scales every number exactly; closed forms or quadrature may be chosen differently, hence 1e-14.
        for i in x.indices { #expect(abs(x[i] / 16 - y[i]) <= 1e-14 * scale, "\(name): \(random)") }
      }
    }
  }

  /// H -> U^+ H U and so on; for a general matrix a congruence that turns the basis non-orthogonal.
  static func transformed(_ j: Junction, by u: Matrix) throws -> Junction {
    func congruence(_ m: Matrix) -> Matrix { Matrix.product(u, .adjoint, m * u, .plain).hermitianPart }
    let overlap = congruence(j.conductor.overlap ?? Matrix.identity(j.conductor.orbitals))
    return try Junction(
      conductor: Conductor(
        hamiltonian: congruence(j.conductor.hamiltonian), overlap: overlap, spinDegeneracy: j.conductor.spinDegeneracy),
      electrodes: j.electrodes.map {
        guard case .wideBand(let gamma) = $0.kind else { fatalError("only wide bands are rotated") }
        return Electrode($0.name, .wideBand(broadening: congruence(gamma)))
      }, bosons: j.bosons, baths: j.baths, coupling: Coupling(j.coupling.convention, j.coupling.matrices.map(congruence)))
  }

  @Test("a unitary rotation and a congruence of the orbitals change nothing")
  func basis() throws {
    var limits = RandomJunctions.Limits()
    limits.chainProbability = 0
    limits.broadening = 0.01...3
    var generator = SplitMix64(seed: Self.seed)
    var agreement = Agreement()
    for random in RandomJunctions.make(count: 20, from: Self.seed + 100, limits: limits) {
      let n = random.junction.conductor.orbitals
      let unitary = try HermitianEigenproblem(RandomJunctions.hermitian(n, &generator)).vectors
      var general = unitary
      for j in 0..<n {
        for i in 0..<n { general[i, j] = general[i, j] * Scalar(0.6 + 0.8 * Double(i + 1) / Double(n), 0) }
      }
      let reference = try FastPath.currents(random.junction, [random.point], tolerance: Self.tolerance)
      for (name, u) in [("unitary", unitary), ("congruence", general)] {
        let rotated = try FastPath.currents(Self.transformed(random.junction, by: u), [random.point], tolerance: Self.tolerance)
        // The input itself is rounded by the transformation: 1e-16/width, widths down to 0.01; far below the tolerance.
        agreement.compare(reference, rotated, tolerance: Self.tolerance, "\(name), \(random)")
      }
    }
    print("basis: worst \(agreement.worst) at \(agreement.worstWhere)")
    // Coverage does not include the rounding of the transformed input.
    #expect(agreement.violations.filter { !$0.hasPrefix("not covered") } == [])
  }

  @Test("the order of the modes and the order and names of the electrodes change nothing")
  func permutations() throws {
    var agreement = Agreement()
    for random in Self.junctions.prefix(25) {
      let j = random.junction
      let reference = try FastPath.currents(j, [random.point], tolerance: Self.tolerance)
      let reversedModes = try Junction(
        conductor: j.conductor, electrodes: j.electrodes, bosons: BosonSystem(modes: j.bosons.modeEnergies.reversed()),
        baths: j.baths, coupling: Coupling(j.coupling.convention, j.coupling.matrices.reversed()))
      let names = Agreement.names.filter { $0 != "mode_population" }
      agreement.compare(
        reference, try FastPath.currents(reversedModes, [random.point], tolerance: Self.tolerance), tolerance: 1e-12,
        only: names, "modes reversed, \(random)")
      let n = j.electrodes.count
      let order = (0..<n).map { ($0 + 1) % n }  // new position of electrode a
      var electrodes = j.electrodes
      var point = random.point
      for a in 0..<n {
        electrodes[order[a]] = Electrode("renamed \(a)", j.electrodes[a].kind)
        point.chemicalPotentials[order[a]] = random.point.chemicalPotentials[a]
        point.temperatures[order[a]] = random.point.temperatures[a]
      }
      let permuted = try Junction(
        conductor: j.conductor, electrodes: electrodes, bosons: j.bosons, baths: j.baths, coupling: j.coupling)
      // The order of sums and of the eigenvectors changes: rounding over narrow widths.
      agreement.compare(
        reference, try FastPath.currents(permuted, [point], tolerance: Self.tolerance), electrodes: order,
        tolerance: Self.tolerance, "electrodes permuted, \(random)")
    }
    print("permutations: worst \(agreement.worst) at \(agreement.worstWhere)")
    #expect(agreement.violations == [])
  }
}
