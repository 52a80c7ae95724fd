/// The numbers of some consecutive states side by side, so that a state is read without touching the table's columns.
package struct OperatingBlock: Sendable {
  private let electrodes: Int
  private let baths: Int
  private let width: Int
  /// [slot * width + mu of electrodes, T of electrodes, T of baths, nu of baths].
  private var numbers: [Double]

  /// Room for blocks of up to `capacity` states.
  package init(electrodes: Int, baths: Int, capacity: Int) {
    (self.electrodes, self.baths) = (electrodes, baths)
    width = 2 * (electrodes + baths)
    numbers = [Double](repeating: 0, count: width * capacity)
  }

  /// Reads some states from the table.
  package mutating func load(_ points: OperatingPoints, _ states: Range<Int>) {
    for a in 0..<electrodes {
      copy(points.chemicalPotentials[a], states, to: a)
      copy(points.temperatures[a], states, to: electrodes + a)
    }
    for p in 0..<baths { copy(points.bathTemperatures[p], states, to: 2 * electrodes + p) }
    for p in points.bathChemicalPotentials.indices {
      copy(points.bathChemicalPotentials[p], states, to: 2 * electrodes + baths + p)
    }
  }

  private mutating func copy(_ column: [Double], _ states: Range<Int>, to position: Int) {
    for (slot, state) in states.enumerated() { numbers[slot * width + position] = column[state] }
  }

  /// Overwrites a state with the one in a slot, chemical potentials of electrodes measured from `reference`.
  package func unpack(_ slot: Int, reference: Double, into state: inout OperatingState) {
    let first = slot * width
    for a in 0..<electrodes {
      state.chemicalPotentials[a] = numbers[first + a] - reference
      state.temperatures[a] = numbers[first + electrodes + a]
    }
    for p in 0..<baths {
      state.bathTemperatures[p] = numbers[first + 2 * electrodes + p]
      state.bathPotentials[p] = numbers[first + 2 * electrodes + baths + p]
    }
  }
}
