import DenseMatrices

extension Junction {
  /// The energy c by which all electron energies of this junction lie above those of another one that is otherwise the same: H = H_0 + c S,
  /// and so in the electrodes, to rounding. nil for junctions that differ in anything else, and for long conductors.
  ///
  /// Its numbers at chemical potentials mu are those of the other at mu - c. Cost: a comparison of all matrices.
  package func commonShift(from other: Junction) -> Double? {
    guard conductor.whole == nil, other.conductor.whole == nil, conductor.orbitals == other.conductor.orbitals,
      !conductor.isEmpty, conductor.overlap == other.conductor.overlap,
      conductor.spinDegeneracy == other.conductor.spinDegeneracy, electrodes.count == other.electrodes.count,
      bosons == other.bosons, baths == other.baths, coupling == other.coupling
    else { return nil }
    let (h, h0) = (conductor.hamiltonian, other.conductor.hamiltonian)
    let norm = conductor.overlap?[0, 0].rawStorage.x ?? 1
    let shift = (h[0, 0] - h0[0, 0]).rawStorage.x / norm
    let moved = other.measuringEnergies(from: -shift)
    // A few roundings of energies that a model's arithmetic makes.
    let allowed = 8 * Double.ulpOfOne * max(h.largestMagnitude, h0.largestMagnitude, abs(shift))
    guard (h - moved.conductor.hamiltonian).largestMagnitude <= allowed,
      zip(electrodes, moved.electrodes).allSatisfy({ $0.isAlike($1, within: allowed) })
    else { return nil }
    return shift
  }
}

extension Electrode {
  /// True when energies agree within `allowed`, and everything else does.
  fileprivate func isAlike(_ other: Electrode, within allowed: Double) -> Bool {
    func alike(_ a: Matrix?, _ b: Matrix?) -> Bool {
      guard let a, let b else { return a == nil && b == nil }
      return a.rows == b.rows && a.columns == b.columns && (a - b).largestMagnitude <= allowed
    }
    guard name == other.name, orbitals == other.orbitals else { return false }
    switch (kind, other.kind) {
    case (.wideBand(let a), .wideBand(let b)): return a == b
    case (.chain(let a), .chain(let b)):
      return a.orbital == b.orbital && a.hopping == b.hopping && a.coupling == b.coupling && abs(a.energy - b.energy) <= allowed
    case (.periodic(let a), .periodic(let b)):
      // Shifting writes down what was left to its default.
      return a.orbitals == b.orbitals && alike(a.h00, b.h00) && alike(a.h01, b.h01) && a.s00 == b.s00 && a.s01 == b.s01
        && a.eta == b.eta && a.couplingEta == b.couplingEta && a.absorption == b.absorption
        && alike(a.couplingHamiltonian, b.couplingHamiltonian)
        && (a.couplingOverlap ?? (a.couplingHamiltonian == nil ? a.s01 : nil)) == b.couplingOverlap
    case (.table(let a), .table(let b)):
      return a.values == b.values && a.energies.count == b.energies.count
        && zip(a.energies, b.energies).allSatisfy { abs($0 - $1) <= allowed }
    default: return false
    }
  }
}
