import JunctionModel
import TransportResults

/// A whole computation: a junction, its states and what is wanted of them.
public struct SweepRequest: Sendable {
  /// Title of the model; may be empty.
  public var title: String
  /// Units of axes and results.
  public var units: UnitSystem
  /// The junction, internal units (energies).
  public var junction: Junction
  /// Axes in the user's units; the product of their lengths is the number of states.
  public var axes: [SweepAxis]
  /// The states, internal units, in the order of the axes, the first slowest.
  public var points: OperatingPoints
  /// Level, observables, tolerance.
  public var settings: ComputeSettings
  /// The model text, copied into the result.
  public var modelText: String
  /// SHA-256 of the model text, hexadecimal.
  public var modelHash: String
  /// The state at any values of the axes (user's units), to look between the states of the sweep; nil when not known.
  public var pointAt: (@Sendable ([Double]) -> OperatingPoint?)?

  /// Axes along which the junction changes, in a request that has only the first one; such a request is refused.
  package var changingAxes: [String] = []
  /// Parameters and sweep variables that the junction depends on, so that derivatives of states alone are not all.
  package var systemNames = Set<String>()
  /// How the conductor moves with the voltage of the settings, per unit of it, internal units; nil when it does not, or when derivatives of
  /// the junction are not known.
  package var conductorChange: ConductorChange?

  /// First and second derivatives of all states with respect to a sweep variable or parameter; nil when they are to be asked of `lineAt`.
  package var derivativesAlong: (@Sendable (String) -> (first: OperatingPoints, second: OperatingPoints)?)?

  /// Derivatives of the state with respect to a sweep variable or parameter, at values of the axes; nil when not known.
  public var lineAt: (@Sendable ([Double], String) -> StateDerivatives?)?

  /// A request; `points.count` must equal the product of the axes' lengths.
  public init(
    title: String, units: UnitSystem, junction: Junction, axes: [SweepAxis], points: OperatingPoints,
    settings: ComputeSettings, modelText: String = "", modelHash: String = "",
    pointAt: (@Sendable ([Double]) -> OperatingPoint?)? = nil,
    lineAt: (@Sendable ([Double], String) -> StateDerivatives?)? = nil
  ) {
    precondition(points.count == axes.reduce(1) { $0 * $1.values.count }, "states do not match the axes")
    self.title = title
    self.units = units
    self.junction = junction
    self.axes = axes
    self.points = points
    self.settings = settings
    self.modelText = modelText
    self.modelHash = modelHash
    self.pointAt = pointAt
    self.lineAt = lineAt
  }
}

/// Derivatives of a state with respect to a variable of the model: of chemical potentials and temperatures, internal units.
public struct StateDerivatives: Sendable, Equatable {
  /// First derivatives, per unit of the variable.
  public var first: OperatingPoint
  /// Second derivatives.
  public var second: OperatingPoint

  /// First and second derivatives.
  public init(first: OperatingPoint, second: OperatingPoint) {
    self.first = first
    self.second = second
  }
}

extension SweepRequest {
  /// The result of this request without numbers: title, axes, and the labels of every dimension.
  package var emptyResult: TransportResult { ResultAssembly.empty(self) }
}
