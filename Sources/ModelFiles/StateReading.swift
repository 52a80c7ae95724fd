import DataFiles
import JunctionModel
import TransportResults

/// Reads the section `state` of a junction: chemical potentials and temperatures.
struct StateReader {
  let frame: StateFrame
  let junction: Junction
  let level: ComputeSettings.Level
  /// Spin channels, whose electrodes stand one channel after another; empty without any.
  var spins: [String] = []

  /// Names of the electrodes in the model, and of the spin channels they are there for.
  private var electrodes: [String] {
    guard let first = spins.first else { return junction.electrodes.map(\.name) }
    return junction.electrodes.prefix(junction.electrodes.count / spins.count).map { String($0.name.dropLast(first.count + 1)) }
  }

  /// The spin channels; one without a name where there are none.
  private var channels: [String?] { spins.isEmpty ? [nil] : spins }

  /// All states, internal units.
  func states() throws(FileError) -> JunctionStates {
    let reservoirs = junction.electrodes.count + junction.baths.count
    // The states, and about the least a result holds: a number and its error per channel and bath, written from a copy.
    let numbers = junction.electrodes.count * junction.electrodes.count + junction.baths.count + 2
    let (evaluation, found) = try frame.evaluation(numbersPerState: 2 * reservoirs + 4 * numbers) { variables throws(FileError) in
      try outputs(&variables)
    }
    return JunctionStates(evaluation: evaluation, outputs: found)
  }

  private func outputs(_ variables: inout StateVariables) throws(FileError) -> StateOutputs {
    let electrodes = electrodes
    let all = electrodes + junction.baths.map(\.name)
    let what = electrodes.isEmpty ? "bath" : "electrode and bath"
    let state = try frame.stateSection(
      keys: ["chemical_potential", "temperature"],
      hint: electrodes.isEmpty
        ? "give every bath a temperature" : "give every electrode a chemical potential and a temperature")
    var outputs = StateOutputs()
    try readPotentials(state, electrodes, &variables, &outputs)
    let temperatures = try frame.perName(state.required("temperature"), names: all, what: what)
    for spin in channels {
      for value in temperatures.prefix(electrodes.count) {
        outputs.temperatures.append(try variables.add(try value.ofSpin(spin, spins), .temperature))
      }
    }
    for value in temperatures.dropFirst(electrodes.count) {
      outputs.temperatures.append(try variables.add(value, .temperature))
    }
    return outputs
  }

  /// Chemical potentials: one per electrode, and any of the baths.
  private func readPotentials(
    _ state: ModelSection, _ electrodes: [String], _ variables: inout StateVariables, _ outputs: inout StateOutputs
  ) throws(FileError) {
    outputs.bathPotentials = junction.baths.map { _ in nil }
    guard let value = try electrodes.isEmpty ? state.optional("chemical_potential") : state.required("chemical_potential")
    else { return }
    guard !electrodes.isEmpty || !value.node.isScalar else {
      throw value.fail(
        .invalidModel, found: "a single chemical potential, which stands for the electrodes, and there are none",
        allowed: "a mapping from baths to chemical potentials", hint: "name the bath, or leave the key out")
    }
    let baths = junction.baths.map(\.name)
    let potentials = try frame.perName(value, names: electrodes, others: baths, what: "electrode")
    for spin in channels {
      for electrode in potentials {
        outputs.chemicalPotentials.append(try variables.add(try electrode.ofSpin(spin, spins), .energy))
      }
    }
    for (p, bath) in junction.baths.enumerated() {
      guard let node = value.node[bath.name] else { continue }
      let limit = PotentialLimit(bath, of: junction, level: level)
      outputs.bathPotentials[p] = try variables.add(value.child(node, bath.name), .energy, limit: limit)
    }
  }
}
