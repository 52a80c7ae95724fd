import JunctionModel
import TransportResults

extension StateVariable {
  /// The charge or heat current with all of its parts that are computed.
  static func totalVariable(of observable: Observable, withCorrection: Bool) -> StateVariable {
    let isCharge = observable == .chargeCurrent
    return StateVariable(
      name: observable.rawValue, dimensions: ["electrode"], quantity: isCharge ? .chargeCurrent : .power,
      longName: (isCharge ? "charge current: " : "heat current out of each electrode: ")
        + contents(withCorrection: withCorrection),
      sign: isCharge ? "e times electrons leaving the electrode per time" : "positive for heat leaving the electrode",
      field: isCharge ? .charge : .heat)
  }

  /// What totals consist of, in words.
  static func contents(withCorrection: Bool) -> String {
    withCorrection
      ? "elastic, inelastic, and second-order elastic correction"
      : "elastic and inelastic, without the second-order elastic correction"
  }

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
