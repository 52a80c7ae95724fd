import Pairbath
import TransportCurrents

/// A model whose numbers a search may change, of any kind: which numbers a state of it has, and how they are computed.
package enum SearchedModel: Sendable {
  case junction(SweepRequest)
  case terminals(TerminalRequest)
  case bodies(RadiationRequest)
  case pairSpectra(PairSpectraRequest)

  /// What must be computed for a number.
  package enum Wanted: Sendable, Hashable {
    case junction(Observable)
    case terminals(TerminalSettings.Observable)
    case bodies(RadiationObservable)
    case pairSpectra(PairSpectraSettings.Observable)

    /// The word in a model's list of observables.
    package var word: String {
      switch self {
      case .junction(let observable): observable.rawValue
      case .terminals(let observable): observable.rawValue
      case .bodies(let observable): observable.rawValue
      case .pairSpectra(let observable): observable.rawValue
      }
    }
  }

  /// A quantity of a state, and what must be computed for it.
  package typealias Number = (wanted: Wanted, quantity: ResultQuantity)

  package init(_ model: ModelFile) {
    switch model {
    case .junction(let document):
      var request = SweepRequest(document)
      // A search has one state, hence one junction, whatever else the model sweeps.
      request.changingAxes = []
      self = .junction(request)
    case .terminals(let document): self = .terminals(TerminalRequest(document))
    case .bodies(let document): self = .bodies(RadiationRequest(document))
    case .pairSpectra(let document): self = .pairSpectra(PairSpectraRequest(document))
    }
  }

  /// The axes of the model's sweep.
  var axes: [SweepAxis] {
    switch self {
    case .junction(let request): request.axes
    case .terminals(let request): request.axes
    case .bodies(let request): request.axes
    case .pairSpectra(let request): request.axes
    }
  }

  /// Every quantity with real numbers that a result of the model may contain.
  var numbers: [Number] { catalogue.filter { $0.quantity.flagMeanings.isEmpty } }

  /// Every quantity that may be asked for, and the observable that brings it.
  package var catalogue: [Number] {
    switch self {
    case .junction: Observable.allCases.flatMap { o in o.definition.quantities.map { (.junction(o), $0) } }
    case .terminals: TerminalSettings.Observable.allCases.map { (.terminals($0), $0.quantity) }
    case .pairSpectra:
      PairSpectraSettings.Observable.allCases.flatMap { o in o.quantities.map { (.pairSpectra(o), $0) } }
    case .bodies(let request):
      RadiationObservable.allCases.map { (.bodies($0), $0.quantity(request.pair.first.name, request.pair.second.name)) }
    }
  }

  /// The same model with these quantities only, without what compares states or computes twice.
  package func computing(_ wanted: [Wanted]) -> SearchedModel {
    switch self {
    case .junction(var request):
      request.settings.observables = wanted.compactMap { if case .junction(let o) = $0 { o } else { nil } }
      request.settings.rectifications = []
      request.settings.crossCheck = false
      return .junction(request)
    case .terminals(var request):
      request.settings.observables = wanted.compactMap { if case .terminals(let o) = $0 { o } else { nil } }
      request.settings.rectifications = []
      return .terminals(request)
    case .bodies(var request):
      request.settings.observables = wanted.compactMap { if case .bodies(let o) = $0 { o } else { nil } }
      return .bodies(request)
    case .pairSpectra(var request):
      request.settings.observables = wanted.compactMap { if case .pairSpectra(let o) = $0 { o } else { nil } }
      return .pairSpectra(request)
    }
  }

  /// The result of the model without numbers: the labels of every dimension.
  package var emptyResult: TransportResult {
    switch self {
    case .junction(let request): request.emptyResult
    case .terminals(let request): request.emptyResult
    case .bodies(let request): request.emptyResult
    case .pairSpectra(let request): request.emptyResult
    }
  }

  /// The computation.
  package var computation: any Computation {
    switch self {
    case .junction(let request): request
    case .terminals(let request): request
    case .bodies(let request): request
    case .pairSpectra(let request): request
    }
  }
}
