import JunctionModel

/// The checks that make every part of a material passive.
struct MaterialValidation {
  let name: String

  func check(_ parts: [DielectricPart]) throws(ModelError) {
    let path = ["materials", name]
    guard !parts.isEmpty else {
      throw ModelError(.missing, at: path, found: "no parts", allowed: "at least one", hint: "constant: 1 is vacuum")
    }
    var names: Set<String> = []
    for part in parts {
      let place = path + [part.name]
      guard names.insert(part.name).inserted else {
        throw ModelError(.duplicate, at: place, found: "the name twice", allowed: "one name per part")
      }
      try check(part.form, at: place)
      try checkGap(part, at: place)
    }
    let hasBackground = parts.contains {
      switch $0.form {
      case .constant, .polarPhonon, .table: true
      case .drude, .lorentz, .criticalPoint, .absorptionEdge: false
      }
    }
    guard hasBackground else {
      throw ModelError(
        .missing, at: path, found: "no part that brings eps at high frequency", allowed: "a constant, a polar phonon or a table",
        hint: "Parts are summed as they are: add constant: 1 for a free-electron metal")
    }
  }

  private func checkGap(_ part: DielectricPart, at place: [String]) throws(ModelError) {
    guard let gap = part.interbandGap else { return }
    try requirePositive(gap, "gap_energy", at: place)
    switch part.form {
    case .criticalPoint(let own, _), .absorptionEdge(let own, _, _, _):
      guard own == gap else {
        throw ModelError(
          .inconsistent, at: place + ["gap_energy"], found: "\(gap) beside the edge at \(own)", allowed: "one gap")
      }
    case .table: break
    case .constant, .drude, .lorentz, .polarPhonon:
      throw ModelError(
        .inconsistent, at: place + ["gap_energy"], found: "a gap energy on a part that is not interband absorption",
        allowed: "an edge or a table", hint: "Phonons and free carriers carry no photon chemical potential")
    }
  }

  private func check(_ form: DielectricForm, at place: [String]) throws(ModelError) {
    switch form {
    case .constant(let real, let imaginary):
      try requireFinite(real, "real", at: place)
      try requireNotNegative(imaginary, "imaginary", at: place)
    case .drude(let plasma, let damping):
      try requireNotNegative(plasma, "plasma_energy", at: place)
      try requirePositive(damping, "damping", at: place)
    case .lorentz(let strength, let resonance, let damping):
      try requireNotNegative(strength, "strength", at: place)
      try requirePositive(resonance, "resonance", at: place)
      try requirePositive(damping, "damping", at: place)
    case .polarPhonon(let high, let longitudinal, let transverse, let damping):
      try requirePositive(high, "eps_inf", at: place)
      try requirePositive(transverse, "transverse", at: place)
      try requirePositive(damping, "damping", at: place)
      guard longitudinal.isFinite && longitudinal >= transverse else {
        throw ModelError(
          .outOfRange, at: place + ["longitudinal"], found: "\(longitudinal) below the transverse energy \(transverse)",
          allowed: "at least the transverse energy: Im eps would be negative near \(transverse) eV")
      }
    case .criticalPoint(let gap, let amplitude):
      try requirePositive(gap, "gap_energy", at: place)
      try requireNotNegative(amplitude, "amplitude", at: place)
    case .absorptionEdge(let gap, let absorption, let exponent, let index):
      try requirePositive(gap, "gap_energy", at: place)
      try requireNotNegative(absorption, "absorption", at: place)
      try requirePositive(exponent, "exponent", at: place)
      try requirePositive(index, "index", at: place)
    case .table: break
    }
  }

  private func requireFinite(_ value: Double, _ key: String, at place: [String]) throws(ModelError) {
    guard value.isFinite else { throw ModelError(.notFinite, at: place + [key], found: "\(value)", allowed: "a finite number") }
  }

  private func requireNotNegative(_ value: Double, _ key: String, at place: [String]) throws(ModelError) {
    guard value.isFinite && value >= 0 else {
      throw ModelError(.outOfRange, at: place + [key], found: "\(value)", allowed: "a finite number, zero or positive")
    }
  }

  private func requirePositive(_ value: Double, _ key: String, at place: [String]) throws(ModelError) {
    guard value.isFinite && value > 0 else {
      throw ModelError(.outOfRange, at: place + [key], found: "\(value)", allowed: "a positive number")
    }
  }
}
