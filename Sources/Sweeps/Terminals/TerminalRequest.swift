import JunctionModel
import TerminalTransport
import TransportResults

/// A whole computation of Landauer by itself: terminals, their states and what is wanted of them.
package struct TerminalRequest: Sendable {
  package var title: String
  package var units: UnitSystem
  package var terminals: Terminals
  /// Axes in the user's units; the product of their lengths is the number of states.
  package var axes: [SweepAxis]
  /// `bathTemperatures` and `bathChemicalPotentials` of every terminal; no electrodes.
  package var points: OperatingPoints
  package var settings: TerminalSettings
  /// The model text and its SHA-256, copied into the result.
  package var modelText: String
  package var modelHash: String

  /// A request; `points.count` must equal the product of the axes' lengths.
  package init(
    title: String, units: UnitSystem, terminals: Terminals, axes: [SweepAxis], points: OperatingPoints,
    settings: TerminalSettings, modelText: String = "", modelHash: String = ""
  ) {
    precondition(points.count == axes.reduce(1) { $0 * $1.values.count }, "states do not match the axes")
    precondition(points.bathTemperatures.count == terminals.names.count, "one temperature per terminal is needed")
    (self.title, self.units, self.terminals, self.axes) = (title, units, terminals, axes)
    (self.points, self.settings, self.modelText, self.modelHash) = (points, settings, modelText, modelHash)
  }
}

extension TerminalRequest {
  /// The result of this request without numbers: title, axes, and the labels of every dimension.
  package var emptyResult: TransportResult { TerminalAssembly.labels(self) }
}

/// A variable of the result with one number per component and state.
struct TerminalVariable {
  let observable: TerminalSettings.Observable
  let quantity: ResultQuantity

  /// The variable of an observable; nil for what does not depend on the state.
  init?(_ observable: TerminalSettings.Observable) {
    guard observable != .transmissionFunction else { return nil }
    (self.observable, quantity) = (observable, observable.quantity)
  }

  /// Numbers per state.
  func components(_ request: TerminalRequest) -> Int { TerminalAssembly.labels(request).components(of: quantity) }

  /// Writes the numbers of a state.
  func store(
    _ currents: borrowing TerminalCurrents, _ solver: TerminalSolver, _ request: TerminalRequest, state: Int,
    into columns: ResultColumns
  ) {
    let factor = request.units.outputFactor(of: quantity.quantity)
    func set(_ list: [Estimate], sign: Double = 1) {
      for i in list.indices { columns.set(i, state, list[i], factor: sign * factor) }
    }
    switch observable {
    case .bathEnergyCurrent: set(currents.energy)
    case .bathParticleCurrent: set(currents.particles)
    case .bathHeatCurrent: set(currents.heat)
    case .chargeCurrent:
      for p in currents.particles.indices {
        let out = currents.particles[p]
        columns.set(p, state, Estimate(-out.value, error: out.error), factor: factor)
      }
    case .entropyProduction: columns.set(0, state, currents.entropyProduction, factor: factor)
    case .thermalConductance: set(currents.thermalConductance)
    case .bathEnergyCurrentSpectrum:
      let count = request.settings.frequencies.count
      for (i, w) in request.settings.frequencies.enumerated() {
        for (p, value) in solver.spectrum(at: w, state: state).enumerated() {
          columns.set(p * count + i, state, value, factor: factor)
        }
      }
    case .transmissionFunction: break
    }
  }
}
