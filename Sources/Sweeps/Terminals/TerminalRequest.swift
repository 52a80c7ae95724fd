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

/// A variable of the result with one number per component and state.
struct TerminalVariable {
  let observable: TerminalSettings.Observable
  let dimensions: [String]
  let quantity: Quantity
  let longName: String
  let sign: String

  var name: String { observable.rawValue }

  /// The variable of an observable; nil for what does not depend on the state.
  init?(_ observable: TerminalSettings.Observable) {
    self.observable = observable
    switch observable {
    case .bathEnergyCurrent:
      (dimensions, quantity, longName, sign) = (["bath"], .power, "energy current into each bath", "positive into the bath")
    case .bathParticleCurrent:
      (dimensions, quantity, longName, sign) = (["bath"], .rate, "particles into each bath per time", "positive into the bath")
    case .bathHeatCurrent:
      (dimensions, quantity, sign) = (["bath"], .power, "positive into the bath")
      longName = "heat into each bath: energy less its chemical potential per particle"
    case .chargeCurrent:
      (dimensions, quantity, longName) = (["bath"], .chargeCurrent, "charge current of each bath")
      sign = "e times electrons leaving the bath per time"
    case .entropyProduction:
      (dimensions, quantity, longName, sign) = ([], .entropyRate, "entropy production", "never negative")
    case .thermalConductance:
      (dimensions, quantity) = (["bath", "bath2"], .entropyRate)
      (longName, sign) = ("derivative of the heat into bath with respect to the temperature of bath2", "positive into bath")
    case .bathEnergyCurrentSpectrum:
      (dimensions, quantity) = (["bath", "frequency"], .powerSpectrum)
      (longName, sign) = ("energy current into each bath per unit energy", "positive into the bath")
    case .transmissionFunction: return nil
    }
  }

  func components(_ request: TerminalRequest) -> Int {
    dimensions.reduce(1) { $0 * ($1 == "frequency" ? request.settings.frequencies.count : request.terminals.names.count) }
  }

  /// Writes the numbers of a state.
  func store(
    _ currents: borrowing TerminalCurrents, _ solver: TerminalSolver, _ request: TerminalRequest, state: Int,
    into columns: ResultColumns
  ) {
    let factor = request.units.outputFactor(of: quantity)
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
