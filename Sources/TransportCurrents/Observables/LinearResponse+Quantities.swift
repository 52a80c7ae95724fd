import TransportResults

private let leaving = "currents leave the reservoir; forces dmu/eT and dT/T^2"

/// The coefficients of linear response.
extension ResultQuantity {
  package static let onsagerChargeCharge = ResultQuantity(
    "onsager_matrix_charge_charge", [.electrode, .electrode2], .onsagerChargeCharge,
    "Onsager matrix: charge current of electrode per force dmu/eT of electrode2", sign: leaving, symbol: "*L*",
    title: "Onsager matrix", freedom: .equilibrium)

  package static let onsagerChargeHeat = ResultQuantity(
    "onsager_matrix_charge_heat", [.electrode, .terminal], .onsagerChargeHeat,
    "Onsager matrix: charge current of electrode per force dT/T^2 of terminal", sign: leaving, symbol: "*L*",
    title: "Onsager matrix", freedom: .equilibrium)

  package static let onsagerHeatCharge = ResultQuantity(
    "onsager_matrix_heat_charge", [.terminal, .electrode], .onsagerChargeHeat,
    "Onsager matrix: heat current of terminal per force dmu/eT of electrode", sign: leaving, symbol: "*L*",
    title: "Onsager matrix", freedom: .equilibrium)

  package static let onsagerHeatHeat = ResultQuantity(
    "onsager_matrix_heat_heat", [.terminal, .terminal2], .onsagerHeatHeat,
    "Onsager matrix: heat current of terminal per force dT/T^2 of terminal2", sign: leaving, symbol: "*L*",
    title: "Onsager matrix", freedom: .equilibrium)

  package static let linearConductance = ResultQuantity(
    "linear_conductance", [.electrode, .electrode2], .electricalConductance,
    "charge current of electrode per voltage dmu/e of electrode2, one temperature",
    sign: "positive for current leaving electrode", symbol: "*G*", title: "Conductance", freedom: .equilibrium)

  package static let linearConductancePair = ResultQuantity(
    "linear_conductance_pair", [.electrode, .electrode2], .electricalConductance,
    "current from electrode to electrode2 per voltage between them, the other electrodes open", symbol: "*G*",
    title: "Conductance", freedom: .ratio)

  package static let seebeckElectrode = ResultQuantity(
    "seebeck_electrode", [.electrode, .electrode2], .thermopower,
    "Seebeck coefficient: (mu - mu2)/e per temperature difference of the two electrodes, no charge current",
    sign: "negative when electrons above the chemical potential carry the current", symbol: "*S*", title: "Seebeck coefficient",
    freedom: .ratio)

  package static let seebeckBoson = ResultQuantity(
    "seebeck_boson", [.electrode, .electrode2, .bath], .thermopower,
    "Seebeck coefficient of the boson terminal: (mu - mu2)/e per temperature of the bath, no charge current",
    sign: "positive when a hot bath raises the chemical potential of electrode above that of electrode2", symbol: "*S*",
    title: "Seebeck coefficient", freedom: .ratio)

  package static let peltierElectrode = ResultQuantity(
    "peltier_electrode", [.electrode, .electrode2], .voltage,
    "Peltier coefficient: heat taken from electrode to electrode2 per conventional current, one temperature",
    sign: "T times seebeck_electrode", symbol: "Π", title: "Peltier coefficient", freedom: .ratio)

  package static let peltierBoson = ResultQuantity(
    "peltier_boson", [.electrode, .electrode2, .bath], .voltage,
    "heat taken from the bath per conventional current from electrode to electrode2, one temperature",
    sign: "T times seebeck_boson", symbol: "Π", title: "Peltier coefficient", freedom: .ratio)

  package static let linearThermalConductance = ResultQuantity(
    "linear_thermal_conductance", [.terminal, .terminal2], .entropyRate,
    "heat leaving terminal per temperature of terminal2, no charge current", sign: "positive for heat leaving terminal",
    symbol: "*κ*", title: "Thermal conductance", freedom: .equilibrium)

  package static let linearThermalConductancePair = ResultQuantity(
    "linear_thermal_conductance_pair", [.electrode, .electrode2], .entropyRate,
    "heat from electrode to electrode2 per temperature difference, no charge current, bosons at T", symbol: "*κ*",
    title: "Thermal conductance", freedom: .ratio)

  package static let linearThermalConductanceBoson = ResultQuantity(
    "linear_thermal_conductance_boson", [.bath], .entropyRate,
    "heat from each boson bath to all electrodes per temperature of the bath, no charge current", symbol: "*κ*",
    title: "Thermal conductance", freedom: .equilibrium)

  package static let figureOfMeritElectrode = ResultQuantity(
    "figure_of_merit_electrode", [.electrode, .electrode2], .dimensionless, "ZT of heat from electrode to electrode2",
    symbol: "*ZT*", title: "Figure of merit", freedom: .ratio)

  package static let figureOfMeritBoson = ResultQuantity(
    "figure_of_merit_boson", [.electrode, .electrode2, .bath], .dimensionless,
    "ZT of heat from the boson bath, current from electrode to electrode2", symbol: "*ZT*", title: "Figure of merit",
    freedom: .ratio)
}
