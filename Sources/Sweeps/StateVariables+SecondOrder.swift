import JunctionModel
import TransportSolvers

extension StateVariable {
  /// The second-order elastic correction of the charge or heat current, apart.
  static func correctionVariable(of observable: Observable) -> StateVariable {
    let isCharge = observable == .chargeCurrent
    return StateVariable(
      name: observable.rawValue + "_correction", dimensions: ["electrode"],
      quantity: isCharge ? .chargeCurrent : .power,
      longName: "second-order elastic correction of the \(isCharge ? "charge current" : "heat current out of each electrode")",
      sign: isCharge ? "e times electrons leaving the electrode per time" : "positive for heat leaving the electrode",
      field: isCharge ? .correctionCharge : .correctionHeat)
  }
}
