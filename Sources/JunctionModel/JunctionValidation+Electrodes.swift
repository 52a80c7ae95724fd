import ComplexModule
import DenseMatrices

extension JunctionValidation {
  static func check(_ electrodes: [Electrode], of conductor: Conductor) throws(ModelError) {
    guard conductor.isEmpty == electrodes.isEmpty else {
      throw conductor.isEmpty
        ? ModelError(
          .missing, at: ["conductor"], found: "no orbitals", allowed: "at least one orbital for the electrodes",
          hint: "Leave the electrodes out too for a junction of bosons alone")
        : ModelError(
          .missing, at: ["electrodes"], found: "none", allowed: "at least one electrode",
          hint: "Leave the conductor out too for a junction of bosons alone")
    }
    var names = Set<String>()
    for electrode in electrodes {
      let path = ["electrodes", electrode.name]
      guard names.insert(electrode.name).inserted else {
        throw ModelError(.duplicate, at: path, found: "the name twice", allowed: "one name per electrode")
      }
      switch electrode.kind {
      case .wideBand(let gamma): try check(gamma, of: conductor, at: path)
      case .chain(let lead): try check(lead, of: conductor, at: path)
      case .periodic(let lead): try check(lead, of: conductor, at: path)
      case .table(let table): try check(table, of: conductor, at: path)
      }
    }
  }

  private static func check(_ gamma: Matrix, of conductor: Conductor, at path: [String]) throws(ModelError) {
    let path = path + ["broadening"]
    try requireShape(gamma, conductor.orbitals, conductor.orbitals, at: path)
    try requireFinite(gamma, at: path)
    try requireHermitian(gamma, at: path)
    try requirePositiveSemidefinite(gamma, at: path)
  }

  private static func check(_ lead: ChainLead, of conductor: Conductor, at path: [String]) throws(ModelError) {
    guard lead.orbital >= 0 && lead.orbital < conductor.orbitals else {
      throw ModelError(
        .outOfRange, at: path + ["orbital"], found: "orbital \(lead.orbital)", allowed: "0 to \(conductor.orbitals - 1)",
        hint: "Indices count from 0")
    }
    for (key, value) in [("energy", lead.energy), ("hopping", lead.hopping), ("coupling", lead.coupling)] {
      guard value.isFinite else { throw notFinite(value, at: path + [key]) }
    }
    guard lead.hopping != 0 else {
      throw ModelError(
        .outOfRange, at: path + ["hopping"], found: "0", allowed: "a hopping that is not zero",
        hint: "A chain without hopping has no band and carries no current")
    }
  }

  private static func check(_ lead: PeriodicLead, of conductor: Conductor, at path: [String]) throws(ModelError) {
    guard !lead.orbitals.isEmpty else {
      throw ModelError(.missing, at: path + ["orbitals"], found: "none", allowed: "at least one orbital")
    }
    try requireIndices(lead.orbitals, below: conductor.orbitals, what: "orbital", at: path + ["orbitals"])
    let m = lead.cellSize
    try requireSquare(lead.h00, at: path + ["H00"])
    try requireShape(lead.h01, m, m, at: path + ["H01"])
    if let s00 = lead.s00 { try requireShape(s00, m, m, at: path + ["S00"]) }
    if let s01 = lead.s01 { try requireShape(s01, m, m, at: path + ["S01"]) }
    let named: [(String, Matrix?)] = [
      ("H00", lead.h00), ("H01", lead.h01), ("S00", lead.s00), ("S01", lead.s01),
      ("coupling_hamiltonian", lead.couplingHamiltonian), ("coupling_overlap", lead.couplingOverlap),
    ]
    for (key, matrix) in named {
      if let matrix { try requireFinite(matrix, at: path + [key]) }
    }
    try requireHermitian(lead.h00, at: path + ["H00"])
    if let s00 = lead.s00 { try requireHermitian(s00, at: path + ["S00"]) }
    if let hc = lead.couplingHamiltonian {
      try requireShape(hc, lead.orbitals.count, m, at: path + ["coupling_hamiltonian"])
    } else if lead.orbitals.count != m {
      throw ModelError(
        .wrongShape, at: path + ["orbitals"], found: "\(lead.orbitals.count) orbitals", allowed: "\(m), the size of a cell",
        hint: "Name the orbitals of the conductor's last cell, or give coupling_hamiltonian")
    }
    if let sc = lead.couplingOverlap { try requireShape(sc, lead.orbitals.count, m, at: path + ["coupling_overlap"]) }
    guard lead.eta >= 0 && lead.eta.isFinite else {
      throw ModelError(
        .outOfRange, at: path + ["eta"], found: "\(lead.eta)", allowed: "an energy from 0",
        hint: "eta absorbs in the cells of the lead; 0 is the retarded limit itself")
    }
    guard lead.couplingEta >= 0 && lead.couplingEta.isFinite, lead.eta > 0 || lead.couplingEta == 0 else {
      throw ModelError(
        .outOfRange, at: path + ["coupling_eta"], found: "\(lead.couplingEta)",
        allowed: lead.eta > 0 ? "an energy from 0" : "0 without eta",
        hint: "it absorbs between the conductor and an absorbing lead")
    }
    guard let absorption = lead.absorption else { return }
    let place = path + ["absorption"]
    guard !absorption.orbitals.isEmpty else {
      throw ModelError(.missing, at: place + ["orbitals"], found: "none", allowed: "at least one orbital")
    }
    try requireIndices(absorption.orbitals, below: conductor.orbitals, what: "orbital", at: place + ["orbitals"])
    try requireShape(
      absorption.broadening, absorption.orbitals.count, absorption.orbitals.count, at: place + ["broadening"])
    try requireFinite(absorption.broadening, at: place + ["broadening"])
    try requireHermitian(absorption.broadening, at: place + ["broadening"])
    try requirePositiveSemidefinite(absorption.broadening, at: place + ["broadening"])
  }

  private static func check(_ table: TabulatedSelfEnergy, of conductor: Conductor, at path: [String]) throws(ModelError) {
    let energyPath = path + ["energy"]
    guard table.energies.count >= 4 && table.energies.count == table.values.count else {
      throw ModelError(
        .wrongShape, at: energyPath, found: "\(table.energies.count) energies and \(table.values.count) matrices",
        allowed: "one matrix per energy, four at least")
    }
    for (i, energy) in table.energies.enumerated() {
      guard energy.isFinite else { throw notFinite(energy, at: energyPath + ["\(i)"]) }
      guard i == 0 || energy > table.energies[i - 1] else {
        throw ModelError(
          .inconsistent, at: energyPath + ["\(i)"], found: "\(energy) after \(table.energies[i - 1])",
          allowed: "ascending energies")
      }
    }
    for (i, sigma) in table.values.enumerated() {
      let valuePath = path + ["self_energy", "\(i)"]
      try requireShape(sigma, conductor.orbitals, conductor.orbitals, at: valuePath)
      try requireFinite(sigma, at: valuePath)
      try requirePositiveSemidefinite(Scalar(0, 1) * (sigma - sigma.adjoint), at: valuePath)
    }
    let defect: SelfEnergyCausality?
    do { defect = try SelfEnergyCausality.largest(in: table, overlap: conductor.overlap) } catch {
      throw ModelError(.inconsistent, at: path, found: "\(error)", allowed: "matrices with eigenvalues")
    }
    if let defect { throw error(defect, table, at: path) }
  }

  private static func error(_ defect: SelfEnergyCausality, _ table: TabulatedSelfEnergy, at path: [String]) -> ModelError {
    let (low, high) = (table.energies[defect.first], table.energies[defect.second])
    return ModelError(
      .inconsistent, at: path + ["self_energy", "\(defect.second)"],
      found: "a real part that rises by \(short(defect.rise)) more from energy \(low) to \(high) than the imaginary part allows "
        + "(tolerance of this grid \(short(defect.tolerance)))",
      allowed: "a retarded self-energy: Re and Im of Sigma obey Kramers and Kronig",
      hint:
        "Check that the real part is there and its sign (Sigma = V g V^+ with Im Sigma <= 0), and that the grid resolves every "
        + "peak, also those of surface states")
  }
}
