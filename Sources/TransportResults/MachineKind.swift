/// What a junction does with heat and work in a steady state; raw values are the codes of the result variable `machine`.
///
/// "Bias" is work of any kind that goes in: electrical, or that of bosons supplied with a chemical potential.
package enum MachineKind: Int, Sendable, CaseIterable {
  /// Heat falls or work is lost and nothing useful comes out; equilibrium included.
  case dissipator
  /// Delivers work, paid mostly by heat.
  case engineDrivenByHeat
  /// Delivers work of one kind, paid mostly by work of the other.
  case engineDrivenByBias
  /// Takes heat from the coldest bodies, paid mostly by heat that falls between warmer ones.
  case refrigeratorDrivenByHeat
  /// Takes heat from the coldest bodies, paid mostly by work.
  case refrigeratorDrivenByBias
  /// Gives the hottest bodies more heat than work goes in, paid mostly by heat that falls elsewhere.
  case heatPumpDrivenByHeat
  /// Gives the hottest bodies more heat than work goes in, paid mostly by work.
  case heatPumpDrivenByBias

  /// The word of the attribute `flag_meanings`.
  package var meaning: String {
    switch self {
    case .dissipator: return "dissipator"
    case .engineDrivenByHeat: return "engine_driven_by_heat"
    case .engineDrivenByBias: return "engine_driven_by_bias"
    case .refrigeratorDrivenByHeat: return "refrigerator_driven_by_heat"
    case .refrigeratorDrivenByBias: return "refrigerator_driven_by_bias"
    case .heatPumpDrivenByHeat: return "heat_pump_driven_by_heat"
    case .heatPumpDrivenByBias: return "heat_pump_driven_by_bias"
    }
  }
}
