import ComplexModule
import DenseMatrices
import Foundation
import JunctionModel
import PairbathTestSupport
import Sweeps
import TestKinds
import Testing
import TransportResults

/// Conservation, second law and symmetries (Theory.md section 18) with matrix propagators, on random junctions.
@Suite("Laws of general bosons", .tags(.law))
struct BosonLawTests {
  static let tolerance = 1e-5
  static let levels: [ComputeSettings.Level] = [.landauer, .dressed]
  static let seeds: [UInt64] = (0..<4).map { 9100 + $0 }

  /// Two modes, two levels and two baths: small enough for many runs.
  static func junction(_ seed: UInt64) -> RandomJunction {
    var limits = RandomJunctions.BosonLimits()
    (limits.modes, limits.orbitals, limits.baths) = (2...2, 2...2, 2...2)
    return RandomJunctions.makeBosons(seed: seed, limits: limits)
  }

  /// Each junction at its random state, computed once for all tests.
  static let references: [[TransportResult?]] = levels.map { level in
    seeds.map { seed in
      let random = junction(seed)
      return try? run(random.junction, random.point, level)
    }
  }

  static func reference(_ seed: UInt64, _ level: ComputeSettings.Level) throws -> TransportResult {
    try #require(references[levels.firstIndex(of: level)!][seeds.firstIndex(of: seed)!])
  }
  static let names = [
    "energy_current", "energy_current_channel", "bath_energy_current", "bath_particle_current", "charge_current_inelastic",
    "electrode_heat_current_inelastic", "reservoir_energy_current",
  ]

  static func run(
    _ junction: Junction, _ point: OperatingPoint, _ level: ComputeSettings.Level, tolerance: Double = tolerance
  ) throws -> TransportResult {
    var observables: [Observable] = [
      .energyCurrent, .bathEnergyCurrent, .bathParticleCurrent, .chargeCurrent, .electrodeHeatCurrent,
      .reservoirEnergyCurrent, .entropyProduction,
    ]
    if level == .dressed { observables += [.modePopulation, .renormalizedEnergy, .dampingRate] }
    return try SweepRunner(workers: 1).run(
      FastPath.request(junction, [point], ComputeSettings(level: level, observables: observables, tolerance: tolerance)))
  }

  /// |a sum| within the errors of its terms; what is booked from the same numbers leaves rounding of the largest.
  static func isZero(_ terms: [Reported], weights: [Double]? = nil) -> Bool {
    var (sum, error, scale) = (0.0, 0.0, 0.0)
    for (i, t) in terms.enumerated() {
      let w = weights?[i] ?? 1
      sum += w * t.value
      error += abs(w) * t.error
      scale = max(scale, abs(w * t.value))
    }
    return abs(sum) <= error + 1e-13 * scale
  }

  static func negative(_ r: Reported) -> Reported { Reported(value: -r.value, error: r.error) }

  @Test("energy and charge are conserved between electrodes, pair baths and boson baths", arguments: seeds, levels)
  func conservation(seed: UInt64, level: ComputeSettings.Level) throws {
    let random = Self.junction(seed)
    let result = try Self.reference(seed, level)
    guard result.isStable() else { return }
    let j = result.reported("energy_current")[0]
    let baths = result.reported("bath_energy_current")
    #expect(Self.isZero(baths + [Self.negative(j)]), "J = \(j), baths \(baths), \(random)")
    let channels = result.reported("energy_current_channel")
    #expect(Self.isZero(channels + [Self.negative(j)]), "J = \(j), channels \(channels), \(random)")
    let charges = result.reported("charge_current_inelastic")
    #expect(Self.isZero(charges), "\(charges), \(random)")
    let heats = result.reported("electrode_heat_current_inelastic")
    #expect(
      Self.isZero(
        heats + charges + [Self.negative(j)],
        weights: heats.map { _ in 1 } + random.point.chemicalPotentials + [1]),
      "Q + mu I = J: \(heats) \(charges) \(j), \(random)")
  }

  @Test("energy between two reservoirs is antisymmetric, its sums over partners are the totals", arguments: seeds, levels)
  func exchange(seed: UInt64, level: ComputeSettings.Level) throws {
    let random = Self.junction(seed)
    let result = try Self.reference(seed, level)
    guard result.isStable() else { return }
    let flows = result.reported("reservoir_energy_current")
    let totals = result.reported("energy_current_channel") + result.reported("bath_energy_current").map(Self.negative)
    let n = totals.count
    #expect(flows.count == n * n)
    let scale = flows.reduce(0) { max($0, abs($1.value)) }
    for x in 0..<n {
      #expect(flows[x * n + x].value == 0)
      for y in 0..<n {
        // Booked from one number with two signs.
        #expect(abs(flows[x * n + y].value + flows[y * n + x].value) <= 1e-14 * scale, "\(x), \(y): \(random)")
        if level == .landauer, x < n - random.junction.baths.count, y < n - random.junction.baths.count {
          #expect(flows[x * n + y].value == 0, "pair baths do not meet in undressed bosons: \(x), \(y), \(random)")
        }
      }
      #expect(
        Self.isZero(Array(flows[(x * n)..<((x + 1) * n)]) + [Self.negative(totals[x])]),
        "reservoir \(x): \(flows[(x * n)..<((x + 1) * n)]) against \(totals[x]), \(level), \(random)")
    }
  }

  @Test("entropy is produced, by every two reservoirs of one temperature each and in the sum", arguments: seeds, levels)
  func secondLaw(seed: UInt64, level: ComputeSettings.Level) throws {
    let random = Self.junction(seed)
    let result = try Self.reference(seed, level)
    guard result.isStable() else { return }
    let point = random.point
    #expect(result.numbers("entropy_production")[0] >= 0)
    // Heat into a bath with chemical potential: J_p - nu_p I_p.
    let energies = result.reported("bath_energy_current")
    let particles = result.reported("bath_particle_current")
    let nus = point.bathChemicalPotentials.isEmpty ? energies.map { _ in 0 } : point.bathChemicalPotentials
    let intoBaths = energies.indices.map { energies[$0].value - nus[$0] * particles[$0].value }
    let heats = result.reported("electrode_heat_current_inelastic")
    let slack = (energies + heats).map(\.error).max()! + particles.map(\.error).max()!
    #expect(
      LawChecks.secondLaw(
        electrodeHeats: heats.map(\.value), temperatures: point.temperatures, bathEnergies: intoBaths,
        bathTemperatures: point.bathTemperatures, tolerance: 1e-13, slack: slack) == [], "\(level), \(random)")
  }

  @Test("in equilibrium every current vanishes within its error", arguments: seeds.prefix(3), levels)
  func equilibrium(seed: UInt64, level: ComputeSettings.Level) throws {
    let random = Self.junction(seed)
    let mu = random.point.chemicalPotentials[0]
    for t in [0.4, 0.0] {
      let point = OperatingPoint(
        chemicalPotentials: [mu, mu], temperatures: [t, t], bathTemperatures: random.junction.baths.map { _ in t })
      let result = try Self.run(random.junction, point, level)
      #expect(result.isStable())
      for name in Self.names where name != "reservoir_energy_current" {
        for (i, r) in result.reported(name).enumerated() {
          #expect(abs(r.value) <= r.error + 1e-300, "\(name)[\(i)] = \(r), T = \(t), \(level), \(random)")
        }
      }
    }
  }

  /// Single pair baths may pass energy round in equilibrium (Tr[L_x D L_y D^+] is not symmetric: they are labelled by where
  /// electrons come from); boson baths and all pair baths together may not.
  @Test("in equilibrium no energy flows between two boson baths, nor between one of them and the electrons", arguments: levels)
  func detailedBalance(level: ComputeSettings.Level) throws {
    let junction = try DressedModeTests.coupled(0.2, complex: false)
    let point = OperatingPoint(chemicalPotentials: [0.1, 0.1], temperatures: [0.4, 0.4], bathTemperatures: [0.4, 0.4])
    let flows = try Self.run(junction, point, level).reported("reservoir_energy_current")
    #expect(abs(flows[4 * 6 + 5].value) <= flows[4 * 6 + 5].error)
    for bath in 4..<6 {
      let sum = (0..<4).reduce(0) { $0 + flows[$1 * 6 + bath].value }
      let error = (0..<4).reduce(0) { $0 + flows[$1 * 6 + bath].error }
      #expect(abs(sum) <= error, "bath \(bath): \(sum), error \(error), \(level)")
    }
  }

  // MARK: symmetries

  /// Two runs at one tolerance: their errors must cover the difference. Transformed input is rounded: 1e-14.
  static func expectSame(
    _ a: TransportResult, _ b: TransportResult, names: [String] = names, map: (String, Int) -> Int = { $1 }, _ what: String
  ) {
    guard a.isStable() == b.isStable() else {
      Issue.record("stability differs: \(what)")
      return
    }
    guard a.isStable() else { return }
    for name in names {
      let (x, y) = (a.reported(name), b.reported(name))
      let scale = x.reduce(0) { max($0, abs($1.value)) }
      for i in x.indices {
        let other = y[map(name, i)]
        #expect(
          abs(x[i].value - other.value) <= x[i].error + other.error + 1e-13 * scale, "\(name)[\(i)]: \(x[i]), \(other), \(what)")
        #expect(abs(x[i].value - other.value) <= 20 * tolerance * scale + x[i].error, "\(name)[\(i)]: \(x[i]), \(other), \(what)")
      }
    }
  }

  @Test("a unitary change of the electrons' basis changes nothing", arguments: seeds, levels)
  func electronBasis(seed: UInt64, level: ComputeSettings.Level) throws {
    let random = Self.junction(seed)
    var generator = SplitMix64(seed: seed)
    let u = try HermitianEigenproblem(RandomJunctions.hermitian(random.junction.conductor.orbitals, &generator)).vectors
    let rotated = try CurrentLawTests.transformed(random.junction, by: u)
    Self.expectSame(
      try Self.reference(seed, level), try Self.run(rotated, random.point, level),
      names: Self.names + (level == .dressed ? ["mode_population"] : []), "\(level), \(random)")
  }

  @Test("exchanging the electrodes and their names changes nothing", arguments: seeds, levels)
  func electrodeNames(seed: UInt64, level: ComputeSettings.Level) throws {
    let random = Self.junction(seed)
    let j = random.junction
    let exchanged = try Junction(
      conductor: j.conductor, electrodes: [Electrode("tip", j.electrodes[1].kind), Electrode("substrate", j.electrodes[0].kind)],
      bosons: j.bosons, baths: j.baths, coupling: j.coupling)
    var point = random.point
    point.chemicalPotentials.reverse()
    point.temperatures.reverse()
    let reservoirs = 4 + j.baths.count
    func channel(_ c: Int) -> Int { c < 4 ? 3 - c : c }
    Self.expectSame(
      try Self.reference(seed, level), try Self.run(exchanged, point, level),
      names: Self.names + (level == .dressed ? ["mode_population"] : []),
      map: { name, i in
        switch name {
        case "energy_current_channel": return channel(i)
        case "reservoir_energy_current": return channel(i / reservoirs) * reservoirs + channel(i % reservoirs)
        case "charge_current_inelastic", "electrode_heat_current_inelastic": return 1 - i
        default: return i
        }
      }, "\(level), \(random)")
  }

  /// The junction in coordinates Q' = O Q; nil when a bath cannot be written in them (Ohmic on some coordinates only).
  static func rotated(_ j: Junction, by o: Matrix) throws -> Junction? {
    let n = j.bosons.coordinates
    let k = j.bosons.dynamicalMatrix ?? Matrix(diagonal: j.bosons.modeEnergies.map { $0 * $0 })
    let rotatedK = o * Matrix.product(k, .plain, o, .adjoint)
    let bosons = try BosonSystem(
      dynamicalMatrix: 0.5 * (rotatedK + rotatedK.adjoint), projectingOut: j.bosons.projectedOut)
    // Couplings of the old coordinates: M_i = sum_k U_ik M^k.
    let modes = j.bosons.modeEnergies.indices.map { j.massWeightedCoupling(mode: $0) }
    let size = j.conductor.orbitals
    func combined(_ weights: [Scalar], _ matrices: [Matrix]) -> Matrix {
      zip(weights, matrices).reduce(Matrix(rows: size, columns: size)) { $0 + $1.0 * $1.1 }
    }
    let old = (0..<n).map { i in
      combined(modes.indices.map { j.bosons.modeVectors?[i, $0] ?? Scalar(i == $0 ? 1 : 0, 0) }, modes)
    }
    let new = (0..<n).map { i in combined((0..<n).map { o[i, $0] }, old) }
    let all = Array(0..<n)
    var baths: [BosonBath] = []
    for bath in j.baths {
      let rows = o.submatrix(rows: all, columns: bath.coordinates)
      switch bath.kind {
      case .ohmic, .closed:
        guard bath.coordinates.count == n else { return nil }
        baths.append(bath)
      case .chain(let lead):
        let cell = Matrix(diagonal: [lead.onsite + 2 * lead.spring])
        let periodic = PeriodicBosonLead(
          k00: cell, k01: Matrix(diagonal: [-lead.spring]), coupling: Scalar(-lead.coupling, 0) * rows)
        baths.append(BosonBath(bath.name, .periodic(periodic), coordinates: all))
      case .periodic(let lead):
        let periodic = PeriodicBosonLead(k00: lead.k00, k01: lead.k01, coupling: rows * (lead.coupling ?? lead.k01))
        baths.append(BosonBath(bath.name, .periodic(periodic), coordinates: all))
      case .table(let table):
        let values = table.values.map { rows * Matrix.product($0, .plain, rows, .adjoint) }
        baths.append(
          BosonBath(
            bath.name, .table(TabulatedBosonSelfEnergy(frequencies: table.frequencies, values: values)), coordinates: all))
      }
    }
    return try Junction(
      conductor: j.conductor, electrodes: j.electrodes, bosons: bosons, baths: baths, coupling: Coupling(.massWeighted, new))
  }

  /// Seeds whose junctions have two coordinates or more and baths that can be rotated.
  static let rotatable: [UInt64] = (0..<60).map { 9200 + $0 }.filter { seed in
    let j = junction(seed).junction
    let n = j.bosons.coordinates
    return n > 1
      && j.baths.allSatisfy {
        switch $0.kind {
        case .ohmic, .closed: return $0.coordinates.count == n
        default: return true
        }
      } && j.baths.count > 1
  }

  @Test("an orthogonal change of coordinates changes nothing", arguments: rotatable.prefix(3), levels)
  func bosonBasis(seed: UInt64, level: ComputeSettings.Level) throws {
    let random = Self.junction(seed)
    var generator = SplitMix64(seed: seed)
    let n = random.junction.bosons.coordinates
    let h = RandomJunctions.hermitian(n, &generator)
    let symmetric = Matrix(rows: n, columns: n, elements: h.elements.map { Scalar($0.real, 0) })
    let o = try HermitianEigenproblem(symmetric).vectors
    let real = Matrix(rows: n, columns: n, elements: o.elements.map { Scalar($0.real, 0) })
    let rotated = try #require(try Self.rotated(random.junction, by: real))
    Self.expectSame(
      try Self.run(random.junction, random.point, level), try Self.run(rotated, random.point, level), "\(level), \(random)")
  }

  @Test("the order of the coordinates changes nothing, baths on some of them included", arguments: seeds, levels)
  func coordinateOrder(seed: UInt64, level: ComputeSettings.Level) throws {
    let random = Self.junction(seed)
    let j = random.junction
    let n = j.bosons.coordinates
    // New place of coordinate i.
    func place(_ i: Int) -> Int { n - 1 - i }
    let bosons: BosonSystem
    if let k = j.bosons.dynamicalMatrix {
      let order = (0..<n).map(place)
      bosons = try BosonSystem(
        dynamicalMatrix: k.submatrix(rows: order, columns: order), projectingOut: j.bosons.projectedOut)
    } else {
      bosons = BosonSystem(modes: j.bosons.modeEnergies.reversed())
    }
    let isPerCoordinate = j.coupling.convention == .massWeighted || j.bosons.dynamicalMatrix == nil
    guard isPerCoordinate else { return }
    let permuted = try Junction(
      conductor: j.conductor, electrodes: j.electrodes, bosons: bosons,
      baths: j.baths.map { BosonBath($0.name, $0.kind, coordinates: $0.coordinates.map(place)) },
      coupling: Coupling(j.coupling.convention, j.coupling.matrices.reversed()))
    Self.expectSame(try Self.reference(seed, level), try Self.run(permuted, random.point, level), "\(level), \(random)")
  }
}
