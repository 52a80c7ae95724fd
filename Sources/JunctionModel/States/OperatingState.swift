/// An operating point as the solvers see it: chemical potentials measured from the kernel's reference energy.
package struct OperatingState: Sendable {
  /// mu_a of each electrode, from the reference energy.
  package var chemicalPotentials: [Double]
  /// T_a of each electrode, energies.
  package var temperatures: [Double]
  /// T_p of each boson bath, energies.
  package var bathTemperatures: [Double]
  /// nu_p of each boson bath.
  package var bathPotentials: [Double]

  /// A state with room for the given numbers of electrodes and baths.
  package init(electrodes: Int, baths: Int) {
    chemicalPotentials = [Double](repeating: 0, count: electrodes)
    temperatures = chemicalPotentials
    bathTemperatures = [Double](repeating: 0, count: baths)
    bathPotentials = bathTemperatures
  }

  /// A state of a table, for a kernel with the given reference energy.
  package init(_ points: OperatingPoints, state: Int, reference: Double) {
    self.init(electrodes: points.chemicalPotentials.count, baths: points.bathTemperatures.count)
    load(points, state: state, reference: reference)
  }

  /// True when all electrodes have one chemical potential and one temperature.
  package var isEquilibriumOfElectrons: Bool {
    chemicalPotentials.allSatisfy { $0 == chemicalPotentials[0] } && temperatures.allSatisfy { $0 == temperatures[0] }
  }

  /// Overwrites the numbers with those of another state.
  package mutating func load(_ points: OperatingPoints, state: Int, reference: Double) {
    for a in chemicalPotentials.indices {
      chemicalPotentials[a] = points.chemicalPotentials[a][state] - reference
      temperatures[a] = points.temperatures[a][state]
    }
    for p in bathTemperatures.indices { bathTemperatures[p] = points.bathTemperatures[p][state] }
    for p in points.bathChemicalPotentials.indices { bathPotentials[p] = points.bathChemicalPotentials[p][state] }
  }
}
