/// The temperatures and chemical potentials of one state; internal units (energies).
public struct OperatingPoint: Sendable, Equatable {
  /// mu_a of each electrode, in the junction's order.
  public var chemicalPotentials: [Double]
  /// T_a >= 0 of each electrode, as an energy.
  public var temperatures: [Double]
  /// T_p >= 0 of each boson bath, as an energy.
  public var bathTemperatures: [Double]
  /// nu_p of each boson bath; empty when all are zero.
  public var bathChemicalPotentials: [Double]

  /// A state of a junction: one number per electrode and bath, internal units.
  public init(
    chemicalPotentials: [Double], temperatures: [Double], bathTemperatures: [Double], bathChemicalPotentials: [Double] = []
  ) {
    self.chemicalPotentials = chemicalPotentials
    self.temperatures = temperatures
    self.bathTemperatures = bathTemperatures
    self.bathChemicalPotentials = bathChemicalPotentials
  }
}

/// One swept variable: a dimension of the result.
public struct SweepAxis: Sendable, Equatable {
  /// The variable's name in the model file.
  public let name: String
  /// Its values in the user's units, in order.
  public let values: [Double]
  /// The unit the values were written with, in UDUNITS spelling ("eV", "K", "nm"); empty for plain numbers.
  public let unit: String
  /// Words at the values, whose numbers are then 0, 1, ...: names of files; nil for numbers.
  public let labels: [String]?
  /// Weights in averages, one for each value; nil where all are the same.
  package let weights: [Double]?

  /// A swept variable.
  public init(_ name: String, _ values: [Double], unit: String = "") { self.init(name, values, unit: unit, labels: nil) }

  /// A swept variable with words at its values.
  package init(_ name: String, _ values: [Double], unit: String = "", labels: [String]?, weights: [Double]? = nil) {
    (self.name, self.values, self.unit, self.labels, self.weights) = (name, values, unit, labels, weights)
  }

  /// The values at some indices.
  package func chosen(_ indices: [Int]) -> SweepAxis {
    SweepAxis(
      name, indices.map { values[$0] }, unit: unit, labels: labels.map { labels in indices.map { labels[$0] } },
      weights: weights.map { weights in indices.map { weights[$0] } })
  }

  /// The value at an index in words: its label, or its number as `text` writes it.
  package func words(at index: Int, _ text: (Double) -> String = { "\($0)" }) -> String { labels?[index] ?? text(values[index]) }
}

extension [SweepAxis] {
  /// Positions on the axes of a state by its number; the first axis varies slowest.
  package func positions(of state: Int) -> [Int] {
    var (rest, positions) = (state, [Int](repeating: 0, count: count))
    for a in indices.reversed() {
      positions[a] = rest % self[a].values.count
      rest /= self[a].values.count
    }
    return positions
  }
}

/// All states of a sweep, stored by columns; the first axis varies slowest.
public struct OperatingPoints: Sendable, Equatable {
  /// Number of states.
  public let count: Int
  /// mu of [electrode][state].
  public let chemicalPotentials: [[Double]]
  /// T of [electrode][state], as an energy.
  public let temperatures: [[Double]]
  /// T of [bath][state], as an energy.
  public let bathTemperatures: [[Double]]
  /// nu of [bath][state]; empty when all are zero.
  public let bathChemicalPotentials: [[Double]]

  /// States from columns of equal length, [electrode or bath][state], internal units.
  public init(
    chemicalPotentials: [[Double]], temperatures: [[Double]], bathTemperatures: [[Double]],
    bathChemicalPotentials: [[Double]] = [], count: Int
  ) {
    let columns = chemicalPotentials + temperatures + bathTemperatures + bathChemicalPotentials
    precondition(columns.allSatisfy { $0.count == count }, "columns of operating points differ in length")
    self.count = count
    self.chemicalPotentials = chemicalPotentials
    self.temperatures = temperatures
    self.bathTemperatures = bathTemperatures
    self.bathChemicalPotentials = bathChemicalPotentials
  }

  /// States from a list, for a junction of that many electrodes and baths. Cost: one copy.
  public init(_ points: [OperatingPoint], electrodes: Int, baths: Int) {
    let supplied = points.contains { !$0.bathChemicalPotentials.isEmpty }
    self.init(
      chemicalPotentials: (0..<electrodes).map { a in points.map { $0.chemicalPotentials[a] } },
      temperatures: (0..<electrodes).map { a in points.map { $0.temperatures[a] } },
      bathTemperatures: (0..<baths).map { p in points.map { $0.bathTemperatures[p] } },
      bathChemicalPotentials: supplied
        ? (0..<baths).map { p in points.map { $0.bathChemicalPotentials.isEmpty ? 0 : $0.bathChemicalPotentials[p] } } : [],
      count: points.count)
  }

  /// One state.
  public subscript(state: Int) -> OperatingPoint {
    OperatingPoint(
      chemicalPotentials: chemicalPotentials.map { $0[state] }, temperatures: temperatures.map { $0[state] },
      bathTemperatures: bathTemperatures.map { $0[state] }, bathChemicalPotentials: bathChemicalPotentials.map { $0[state] })
  }
}
