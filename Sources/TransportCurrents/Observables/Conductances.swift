import JunctionModel
import TransportResults

extension ObservableDefinition {
  /// dI/dV of the complete charge current and of its parts.
  package static let conductance = derivative(
    1, "conductance", .electricalConductance, "differential conductance dI/dV", symbol: "d*I*/d*V*", title: "Conductance")

  /// d2I/dV2 of the complete charge current and of its parts.
  package static let iets = derivative(
    2, "iets", .conductanceSlope, "d²I/dV² of the charge current", symbol: "d^{2}*I*/d*V*^{2}",
    title: "Second derivative of the current")

  private static func derivative(
    _ order: Int, _ name: String, _ quantity: Quantity, _ words: String, symbol: String, title: String
  ) -> ObservableDefinition {
    func part(_ suffix: String, _ what: String, _ short: String) -> ResultQuantity {
      ResultQuantity(
        name + suffix, [.electrode], quantity, words + what, sign: "of e times electrons leaving the electrode per time",
        symbol: symbol, title: title + short)
    }
    return ObservableDefinition(
      .derivative(
        order: order,
        [
          part("", ": " + contents(withCorrection: true), ""), part("_elastic", ", elastic part", ", elastic"),
          part("_inelastic", ", inelastic part", ", inelastic"),
          part("_correction", ", second-order elastic correction", ", correction"),
        ]))
  }
}
