import JunctionModel
import TransportSolvers

/// A whole computation: a junction, its states and what is wanted of them.
public struct SweepRequest: Sendable {
  public var title: String
  public var units: UnitSystem
  public var junction: Junction
  /// Axes in the user's units; the product of their lengths is the number of states.
  public var axes: [SweepAxis]
  public var points: OperatingPoints
  public var settings: ComputeSettings
  /// The model text and its SHA-256, copied into the result.
  public var modelText: String
  public var modelHash: String
  /// The state at any values of the axes (user's units), to look between the states of the sweep; nil when not known.
  public var pointAt: (@Sendable ([Double]) -> OperatingPoint?)?

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
  public var first: OperatingPoint
  public var second: OperatingPoint

  /// First and second derivatives.
  public init(first: OperatingPoint, second: OperatingPoint) {
    self.first = first
    self.second = second
  }
}
