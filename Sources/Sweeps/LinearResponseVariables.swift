import JunctionModel
import TransportCurrents
import TransportResults

/// A variable of linear response: its dimensions besides the sweep and where its numbers come from.
struct LinearResponseVariable: Sendable {
  let name: String
  /// Of `electrode`, `electrode2`, `bath`, `terminal`, `terminal2`.
  let dimensions: [String]
  let quantity: Quantity
  let longName: String
  let sign: String
  /// The number at indices, in the order of the dimensions.
  let value: @Sendable (TransportCoefficients, [Int]) -> Estimate

  /// Numbers of a state in the order of the dimensions, the last varying fastest.
  func values(_ coefficients: TransportCoefficients) -> [Estimate] {
    let lengths = dimensions.map { length(of: $0, coefficients.matrix.electrodes, coefficients.matrix.baths) }
    return Self.indices(lengths).map { value(coefficients, $0) }
  }

  /// How many numbers there are per state.
  func count(electrodes: Int, baths: Int) -> Int { dimensions.reduce(1) { $0 * length(of: $1, electrodes, baths) } }

  private func length(of dimension: String, _ electrodes: Int, _ baths: Int) -> Int {
    switch dimension {
    case "electrode", "electrode2": return electrodes
    case "bath": return baths
    default: return electrodes + baths
    }
  }

  private static func indices(_ lengths: [Int]) -> [[Int]] {
    lengths.reduce([[]]) { partial, length in partial.flatMap { head in (0..<length).map { head + [$0] } } }
  }

  /// The variables an observable brings into the result.
  static func variables(for observable: Observable) -> [LinearResponseVariable] {
    switch observable {
    case .onsagerMatrix: return onsager
    case .linearConductance: return conductances
    case .seebeck: return seebeck
    case .peltier: return peltier
    case .linearThermalConductance: return thermal
    case .figureOfMerit: return merit
    default: return []
    }
  }

  private static let leaving = "currents leave the reservoir; forces dmu/eT and dT/T^2"

  private static let onsager = [
    LinearResponseVariable(
      name: "onsager_matrix_charge_charge", dimensions: ["electrode", "electrode2"], quantity: .onsagerChargeCharge,
      longName: "Onsager matrix: charge current of electrode per force dmu/eT of electrode2", sign: leaving
    ) { $0.matrix[$0.matrix.charge($1[0]), $0.matrix.charge($1[1])] },
    LinearResponseVariable(
      name: "onsager_matrix_charge_heat", dimensions: ["electrode", "terminal"], quantity: .onsagerChargeHeat,
      longName: "Onsager matrix: charge current of electrode per force dT/T^2 of terminal", sign: leaving
    ) { $0.matrix[$0.matrix.charge($1[0]), $0.matrix.terminalHeat($1[1])] },
    LinearResponseVariable(
      name: "onsager_matrix_heat_charge", dimensions: ["terminal", "electrode"], quantity: .onsagerChargeHeat,
      longName: "Onsager matrix: heat current of terminal per force dmu/eT of electrode", sign: leaving
    ) { $0.matrix[$0.matrix.terminalHeat($1[0]), $0.matrix.charge($1[1])] },
    LinearResponseVariable(
      name: "onsager_matrix_heat_heat", dimensions: ["terminal", "terminal2"], quantity: .onsagerHeatHeat,
      longName: "Onsager matrix: heat current of terminal per force dT/T^2 of terminal2", sign: leaving
    ) { $0.matrix[$0.matrix.terminalHeat($1[0]), $0.matrix.terminalHeat($1[1])] },
  ]

  private static let conductances = [
    LinearResponseVariable(
      name: "linear_conductance", dimensions: ["electrode", "electrode2"], quantity: .electricalConductance,
      longName: "charge current of electrode per voltage dmu/e of electrode2, one temperature",
      sign: "positive for current leaving electrode"
    ) { $0.conductance($1[0], $1[1]) },
    LinearResponseVariable(
      name: "linear_conductance_pair", dimensions: ["electrode", "electrode2"], quantity: .electricalConductance,
      longName: "current from electrode to electrode2 per voltage between them, the other electrodes open", sign: ""
    ) { $0.pairConductance($1[0], $1[1]) },
  ]

  private static let seebeck = [
    LinearResponseVariable(
      name: "seebeck_electrode", dimensions: ["electrode", "electrode2"], quantity: .thermopower,
      longName: "Seebeck coefficient: (mu - mu2)/e per temperature difference of the two electrodes, no charge current",
      sign: "negative when electrons above the chemical potential carry the current"
    ) { $0.seebeck($1[0], $1[1]) },
    LinearResponseVariable(
      name: "seebeck_boson", dimensions: ["electrode", "electrode2", "bath"], quantity: .thermopower,
      longName: "Seebeck coefficient of the boson terminal: (mu - mu2)/e per temperature of the bath, no charge current",
      sign: "positive when a hot bath raises the chemical potential of electrode above that of electrode2"
    ) { $0.bosonSeebeck($1[0], $1[1], bath: $1[2]) },
  ]

  private static let peltier = [
    LinearResponseVariable(
      name: "peltier_electrode", dimensions: ["electrode", "electrode2"], quantity: .voltage,
      longName: "Peltier coefficient: heat taken from electrode to electrode2 per conventional current, one temperature",
      sign: "T times seebeck_electrode"
    ) { $0.peltier($1[0], $1[1]) },
    LinearResponseVariable(
      name: "peltier_boson", dimensions: ["electrode", "electrode2", "bath"], quantity: .voltage,
      longName: "heat taken from the bath per conventional current from electrode to electrode2, one temperature",
      sign: "T times seebeck_boson"
    ) { $0.bosonPeltier($1[0], $1[1], bath: $1[2]) },
  ]

  private static let thermal = [
    LinearResponseVariable(
      name: "linear_thermal_conductance", dimensions: ["terminal", "terminal2"], quantity: .entropyRate,
      longName: "heat leaving terminal per temperature of terminal2, no charge current",
      sign: "positive for heat leaving terminal"
    ) { $0.thermalConductance($1[0], $1[1]) },
    LinearResponseVariable(
      name: "linear_thermal_conductance_pair", dimensions: ["electrode", "electrode2"], quantity: .entropyRate,
      longName: "heat from electrode to electrode2 per temperature difference, no charge current, bosons at T", sign: ""
    ) { $0.pairThermalConductance($1[0], $1[1]) },
    LinearResponseVariable(
      name: "linear_thermal_conductance_boson", dimensions: ["bath"], quantity: .entropyRate,
      longName: "heat from each boson bath to all electrodes per temperature of the bath, no charge current", sign: ""
    ) { $0.bosonThermalConductance(bath: $1[0]) },
  ]

  private static let merit = [
    LinearResponseVariable(
      name: "figure_of_merit_electrode", dimensions: ["electrode", "electrode2"], quantity: .dimensionless,
      longName: "ZT of heat from electrode to electrode2", sign: ""
    ) { $0.figureOfMerit($1[0], $1[1]) },
    LinearResponseVariable(
      name: "figure_of_merit_boson", dimensions: ["electrode", "electrode2", "bath"], quantity: .dimensionless,
      longName: "ZT of heat from the boson bath, current from electrode to electrode2", sign: ""
    ) { $0.bosonFigureOfMerit($1[0], $1[1], bath: $1[2]) },
  ]
}
