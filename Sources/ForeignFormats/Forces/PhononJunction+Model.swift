/// What an import of a phonon junction says and writes.
extension PhononJunction {
  func understood(_ top: Double) -> [(what: String, value: String)] {
    func words(_ atoms: [Int]) -> String {
      "\(atoms.count) atoms (\(AtomSelection.words(atoms))): \(VibrationModel.formula(atoms.map { forces.atoms[$0] }))"
    }
    return [
      ("device", words(device)),
      ("left layer", "\(words(left.inner)), behind it \(AtomSelection.words(left.outer))"),
      ("right layer", "\(words(right.inner)), behind it \(AtomSelection.words(right.outer))"),
      ("largest force constant", "\(Wording.digits(forces.largest)) eV/angstrom^2"),
      (
        "acoustic sum rule",
        "violated by \(Wording.digits(forces.sumRuleViolation)) eV/angstrom^2, restored among the springs that are kept"
      ), ("highest phonon of the leads", "\(Wording.digits(1000 * top)) meV"),
    ]
  }

  func text(_ contacts: [(name: String, coordinates: [Int])], _ top: Double) -> String {
    let baths = contacts.map { name, coordinates in
      let list = coordinates.count == 3 * device.count ? "all" : ModelText.list(coordinates.map(String.init))
      return "  \(name): {kind: periodic, file: \(ImportedModel.dataFile), coordinates: \(list)}"
    }
    let isSmall = max(left.inner.count, right.inner.count) <= Self.largestIntegratedLead
    let observables =
      isSmall
      ? "observables: [phonon_transmission, thermal_conductance]"
      : "observables: [phonon_transmission]   # and thermal_conductance: an integral past all band edges, minutes and more for wide leads"
    // Not at 0: there D has the poles of free motions.
    let step = 1.05 * top / 100
    return """
      # Made by 'pairbath import' from files of \(program). Everything may be changed.
      title: \(ModelText.scalar(title))
      bosons: {file: \(ImportedModel.dataFile)}
      baths:                             # half-infinite leads of principal layers
      \(baths.joined(separator: "\n"))
      parameters: {T: 300 K}
      state: {temperature: T}
      compute:
        level: landauer
        \(observables)
        frequencies: {from: \(step), to: \(100 * step), points: 100}
        tolerance: 1e-6

      """
  }
}
