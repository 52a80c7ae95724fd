import JunctionModel
import TransportResults

extension StateVariable {
  /// The variables of observables that count emitted bosons.
  static func lightVariables(for observable: Observable) -> [StateVariable] {
    if observable == .photonRate {
      return [
        StateVariable(
          name: "photon_rate", dimensions: ["bath"], quantity: .rate,
          longName: "bosons emitted by the electrons into each bath per time, absorption not subtracted",
          sign: "never negative", field: .photonRate)
      ]
    }
    return [
      StateVariable(
        name: "photon_yield", dimensions: ["bath"], quantity: .dimensionless,
        longName: "net bosons from the electrons into each bath per electron through the junction",
        sign: "positive into the bath", field: .photonYield)
    ]
  }
}
