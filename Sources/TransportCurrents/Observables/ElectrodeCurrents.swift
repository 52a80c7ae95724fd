import TransportResults

extension ObservableDefinition {
  /// Electrons that leave each electrode: elastic, inelastic, second-order elastic correction, and their sum.
  package static let chargeCurrent = ObservableDefinition(
    needs: [.bosonCurrents, .elasticCurrents],
    parts(of: chargeWords, { $0.totalCharge($1) }, { $0.elasticCharge[$1] }) {
      (currents, a) in
      currents.inelasticCharge[a]
    } _: {
      $0.correctionCharge[$1]
    })

  /// Heat that leaves each electrode, in the same parts.
  package static let electrodeHeatCurrent = ObservableDefinition(
    needs: [.bosonCurrents, .elasticCurrents],
    parts(of: heatWords, { $0.totalHeat($1) }, { $0.elasticHeat[$1] }) {
      (currents, a) in
      currents.inelasticHeat[a]
    } _: {
      $0.correctionHeat[$1]
    })

  /// What totals consist of, in words.
  package static func contents(withCorrection: Bool) -> String {
    withCorrection
      ? "elastic, inelastic, and second-order elastic correction"
      : "elastic and inelastic, without the second-order elastic correction"
  }

  private struct Words {
    let name: String
    let isCharge: Bool
    let what: String
    let sign: String
    let symbol: String
    let title: String
  }

  private static let chargeWords = Words(
    name: "charge_current", isCharge: true, what: "charge current", sign: "e times electrons leaving the electrode per time",
    symbol: "*I*", title: "current")
  private static let heatWords = Words(
    name: "electrode_heat_current", isCharge: false, what: "heat current out of each electrode",
    sign: "positive for heat leaving the electrode", symbol: "*Q*", title: "heat current")

  private typealias Component = @Sendable (borrowing StateCurrents, Int) -> Estimate

  private static func parts(
    of words: Words, _ total: @escaping Component, _ elastic: @escaping Component, _ inelastic: @escaping Component,
    _ correction: @escaping Component
  ) -> [StateReading] {
    func quantity(_ part: String, _ long: String, symbol: String, title: String) -> ResultQuantity {
      ResultQuantity(
        words.name + part, [.electrode], words.isCharge ? .chargeCurrent : .power, long, sign: words.sign,
        symbol: words.symbol + symbol, title: title)
    }
    let capital = words.isCharge ? "Current" : "Heat current"
    return [
      StateReading(
        quantity("", "\(words.what): " + contents(withCorrection: true), symbol: "", title: capital),
        wordsWithoutCorrection: "\(words.what): " + contents(withCorrection: false), total),
      StateReading(
        quantity(
          "_elastic", words.isCharge ? "elastic (Landauer) part of the charge current" : "elastic part of the \(words.what)",
          symbol: "_{el}", title: "Elastic \(words.title)"), elastic),
      StateReading(
        quantity(
          "_inelastic", "inelastic part of the \(words.what)" + (words.isCharge ? ", assisted by bosons" : ""), symbol: "_{inel}",
          title: "Inelastic \(words.title)"), inelastic),
      StateReading(
        quantity(
          "_correction", "second-order elastic correction of the \(words.what)", symbol: "_{corr}",
          title: words.isCharge ? "Elastic correction" : "Elastic correction of the heat current"), isCorrection: true, correction
      ),
    ]
  }
}
