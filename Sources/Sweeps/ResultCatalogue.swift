import RadiativeTransfer
import TerminalTransport
import TransportCurrents
import TransportResults

/// Every quantity that results contain, by kind of model.
package enum ResultCatalogue {
  /// What comes without being asked for by name: with currents at levels `sharp` and `landauer`, and with `cross_check`.
  package static let companions = [ObservableDefinition.modePairDensity] + ObservableDefinition.crossCheck.quantities

  /// Everything computed, with names that may repeat: models of different kinds share some.
  package static let computed =
    Observable.allCases.flatMap(\.definition.quantities) + companions + TerminalSettings.Observable.allCases.map(\.quantity)
    + RadiationObservable.allCases.map(\.quantity)

  /// What is said about states, steady states and where they are lost.
  package static let ofStates = ResultQuantity.ofStates + [.stable, .status, .modeEnergy, .criticalEnergy, .criticalModeShape]

  /// Where numbers of a variable may be missing; nowhere for names that are not known.
  package static func freedom(of name: String) -> ResultQuantity.Freedom {
    name.hasSuffix(ResultQuantity.rectificationSuffix) ? .ratio : freedoms[name] ?? .finite
  }

  private static let freedoms = Dictionary(computed.map { ($0.name, $0.freedom) }) { first, _ in first }
}
