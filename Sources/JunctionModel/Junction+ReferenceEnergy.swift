import DenseMatrices

extension Junction {
  /// The same junction with all electron energies measured from `reference`: H - reference S, and so on in the electrodes.
  ///
  /// Chemical potentials must be shifted alike by the caller. Boson energies are differences and stay.
  package func measuringEnergies(from reference: Double) -> Junction {
    guard reference != 0 else { return self }
    return Junction(
      unchecked: conductor.measuringEnergies(from: reference),
      electrodes: electrodes.map { $0.measuringEnergies(from: reference) }, bosons: bosons, baths: baths,
      coupling: coupling)
  }

  static func shift(_ h: Matrix, _ s: Matrix?, by reference: Double, diagonal: Bool) -> Matrix {
    if let s { return h - reference * s }
    guard diagonal else { return h }
    var result = h
    for i in 0..<h.rows { result[i, i] = result[i, i] - Scalar(reference, 0) }
    return result
  }
}

extension Electrode {
  func measuringEnergies(from reference: Double) -> Electrode {
    switch kind {
    case .wideBand: return self
    case .chain(let lead):
      return Electrode(
        name,
        .chain(
          ChainLead(orbital: lead.orbital, energy: lead.energy - reference, hopping: lead.hopping, coupling: lead.coupling)))
    case .periodic(let lead):
      let couplingOverlap = lead.couplingOverlap ?? (lead.couplingHamiltonian == nil ? lead.s01 : nil)
      return Electrode(
        name,
        .periodic(
          PeriodicLead(
            orbitals: lead.orbitals, h00: Junction.shift(lead.h00, lead.s00, by: reference, diagonal: true),
            h01: Junction.shift(lead.h01, lead.s01, by: reference, diagonal: false), s00: lead.s00, s01: lead.s01,
            couplingHamiltonian: lead.couplingHamiltonian.map {
              Junction.shift($0, couplingOverlap, by: reference, diagonal: false)
            }, couplingOverlap: lead.couplingOverlap, eta: lead.eta, couplingEta: lead.couplingEta,
            absorption: lead.absorption)))
    case .table(let table):
      return Electrode(
        name, .table(TabulatedSelfEnergy(energies: table.energies.map { $0 - reference }, values: table.values)))
    }
  }
}
