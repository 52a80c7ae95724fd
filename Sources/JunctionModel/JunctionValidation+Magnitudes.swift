import ComplexModule
import DenseMatrices

/// Sizes that can be computed with, for every number of a junction (`MagnitudeLimits`).
extension JunctionValidation {
  /// The elements of a matrix may be small, not large; `requireFinite` has been called.
  static func requireReach(_ m: Matrix, _ limits: MagnitudeLimits, at path: [String]) throws(ModelError) {
    let largest = largestPart(m)
    guard limits.reaches(largest) else {
      throw ModelError(
        .outOfRange, at: path, found: "an element of magnitude \(largest)", allowed: limits.upTo,
        hint: "Look at the units, or choose a larger energy unit")
    }
  }

  /// The largest real or imaginary part, no squares of which overflow or vanish.
  private static func largestPart(_ m: Matrix) -> Double {
    m.elements.reduce(0) { max($0, abs($1.rawStorage.x), abs($1.rawStorage.y)) }
  }

  static func requireMagnitude(_ value: Double, _ limits: MagnitudeLimits, at path: [String]) throws(ModelError) {
    guard limits.allows(value) else {
      throw ModelError(
        .outOfRange, at: path, found: "\(value)", allowed: limits.between, hint: "Use 0, or choose another energy unit")
    }
  }

  /// All numbers of a junction whose parts have been checked.
  static func checkMagnitudes(
    _ conductor: Conductor, electrodes: [Electrode], bosons: BosonSystem, baths: [BosonBath], coupling: Coupling
  ) throws(ModelError) {
    try requireReach(conductor.hamiltonian, .energy, at: ["conductor", "hamiltonian"])
    if let whole = conductor.whole { try requireReach([whole.hamiltonian.bound], .energy, at: ["conductor"]) }
    try conductor.overlap.map { (s) throws(ModelError) in try requireReach(s, .number, at: ["conductor", "overlap"]) }
    try requireMagnitude(conductor.spinDegeneracy, .number, at: ["conductor", "spin_degeneracy"])
    for electrode in electrodes { try checkMagnitudes(electrode.kind, at: ["electrodes", electrode.name]) }
    for (k, energy) in bosons.modeEnergies.enumerated() {
      try requireMagnitude(energy, .energy, at: ["bosons", "modes", "\(k)"])
    }
    if let gyration = bosons.gyration { try requireReach(gyration, .energy, at: ["bosons", "gyration"]) }
    for bath in baths { try checkMagnitudes(bath.kind, at: ["baths", bath.name]) }
    let limits: MagnitudeLimits = coupling.convention == .massWeighted ? .massWeightedCoupling : .energy
    for (k, m) in coupling.matrices.enumerated() { try requireReach(m, limits, at: ["coupling", "matrices", "\(k)"]) }
  }

  private static func checkMagnitudes(_ kind: ElectrodeKind, at path: [String]) throws(ModelError) {
    switch kind {
    case .wideBand(let gamma):
      try requireReach(gamma, .energy, at: path + ["broadening"])
      try requireMagnitude(largestPart(gamma), .energy, at: path + ["broadening"])
    case .chain(let lead):
      for (key, value) in [("hopping", lead.hopping), ("coupling", lead.coupling)] {
        try requireMagnitude(value, .energy, at: path + [key])
      }
      guard MagnitudeLimits.energy.reaches(lead.energy) else {
        throw ModelError(.outOfRange, at: path + ["energy"], found: "\(lead.energy)", allowed: MagnitudeLimits.energy.upTo)
      }
    case .periodic(let lead):
      let blocks: [(String, Matrix?, MagnitudeLimits)] = [
        ("H00", lead.h00, .energy), ("H01", lead.h01, .energy), ("S00", lead.s00, .number), ("S01", lead.s01, .number),
        ("coupling_hamiltonian", lead.couplingHamiltonian, .energy), ("coupling_overlap", lead.couplingOverlap, .number),
        ("absorption", lead.absorption?.broadening, .energy),
      ]
      for (key, matrix, limits) in blocks { if let matrix { try requireReach(matrix, limits, at: path + [key]) } }
      if lead.couplingEta != 0 { try requireMagnitude(lead.couplingEta, .energy, at: path + ["coupling_eta"]) }
      if lead.eta != 0 { try requireMagnitude(lead.eta, .energy, at: path + ["eta"]) }
    case .table(let table):
      for value in table.values { try requireReach(value, .energy, at: path + ["file"]) }
      try requireReach(table.energies, .energy, at: path + ["file"])
    }
  }

  private static func checkMagnitudes(_ kind: BosonBathKind, at path: [String]) throws(ModelError) {
    switch kind {
    case .ohmic(let friction): try requireMagnitude(friction, .energy, at: path + ["friction"])
    case .closed(let bath):
      for (parameter, number) in zip(bath.form.parameters, bath.numbers) {
        try requireMagnitude(number, .energy, at: path + [parameter.key])
      }
    case .chain(let lead):
      for (key, value) in [("spring", lead.spring), ("onsite", lead.onsite), ("coupling", lead.coupling)] {
        try requireMagnitude(value, .spring, at: path + [key])
      }
    case .periodic(let lead):
      for (key, matrix) in [("K00", lead.k00), ("K01", lead.k01), ("coupling", lead.coupling)] {
        if let matrix { try requireReach(matrix, .spring, at: path + [key]) }
      }
    case .table(let table):
      for value in table.values { try requireReach(value, .spring, at: path + ["file"]) }
      try requireReach(table.frequencies, .energy, at: path + ["file"])
    }
  }

  private static func requireReach(_ values: [Double], _ limits: MagnitudeLimits, at path: [String]) throws(ModelError) {
    guard let value = values.first(where: { !limits.reaches($0) }) else { return }
    throw ModelError(.outOfRange, at: path, found: "\(value)", allowed: limits.upTo)
  }
}
