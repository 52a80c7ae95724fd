import TransportResults

/// What to draw of a result: one variable as curves or as a colour map.
public struct FigureSpecification: Sendable, Equatable {
  /// A dimension held at the grid value nearest to `value`.
  public struct Slice: Sendable, Equatable {
    /// Name of the axis or label dimension that is held.
    public let dimension: String
    /// Value wanted on it; the nearest one is taken.
    public let value: Double

    /// The slice of a dimension nearest to a value.
    public init(_ dimension: String, _ value: Double) {
      self.dimension = dimension
      self.value = value
    }
  }

  /// The two axes of a colour map.
  public struct MapAxes: Sendable, Equatable {
    /// Sweep axis drawn horizontally.
    public let x: String
    /// Sweep axis drawn vertically.
    public let y: String

    /// A map with `x` to the right and `y` upwards.
    public init(x: String, y: String) {
      self.x = x
      self.y = y
    }
  }

  /// A point to mark in a map, or a place on the horizontal axis of curves.
  public struct Mark: Sendable, Equatable {
    /// Value on each axis named, in the units of the result.
    public let coordinates: [String: Double]

    /// A mark at values of axes.
    public init(_ coordinates: [String: Double]) { self.coordinates = coordinates }
  }

  /// Width and height in millimetres.
  public struct Size: Sendable, Equatable {
    /// Width in mm.
    public let width: Double
    /// Height in mm.
    public let height: Double

    /// A size in millimetres.
    public init(width: Double, height: Double) {
      self.width = width
      self.height = height
    }

    /// One column of a journal: 86 mm wide.
    public static let column = Size(width: 86, height: 64)
  }

  /// Name of the variable.
  public var variable: String
  /// Dimension to the right; nil for the frequency or energy of a spectrum, else the longest sweep axis.
  public var xAxis: String?
  /// Dimension with one coloured curve per value; nil for the labels of the variable, else the next sweep axis.
  public var familyAxis: String?
  /// Draws a colour map instead of curves.
  public var map: MapAxes?
  /// Further dimensions held at a value.
  public var slices: [Slice]
  /// Labels to draw: "L>R", "L", "ph", "im", "3" (a mode), or with the dimension, "mode=3". Empty for all.
  public var selection: [String]
  /// Logarithmic horizontal axis.
  public var logX: Bool
  /// Logarithmic vertical axis.
  public var logY: Bool
  /// Logarithmic colour scale of a map; values that are not positive are then left grey.
  public var logColor = false
  /// Size of the figure.
  public var size: Size
  /// Writes the result's title above the figure.
  public var showsTitle: Bool
  /// Points to mark.
  public var marks: [Mark] = []
  /// Values whose contour lines a map shows, besides zero; in the unit of the variable.
  public var contours: [Double] = []

  /// A figure of one variable; everything else has a sensible default.
  public init(
    _ variable: String, xAxis: String? = nil, familyAxis: String? = nil, map: MapAxes? = nil, slices: [Slice] = [],
    selection: [String] = [], logX: Bool = false, logY: Bool = false, size: Size = .column, showsTitle: Bool = false
  ) {
    self.variable = variable
    self.xAxis = xAxis
    self.familyAxis = familyAxis
    self.map = map
    self.slices = slices
    self.selection = selection
    self.logX = logX
    self.logY = logY
    self.size = size
    self.showsTitle = showsTitle
  }

  /// The variable somebody most likely wants to see first; nil if the result has nothing to draw.
  public static func defaultVariable(of names: [String]) -> String? {
    let inputs = Set((ResultQuantity.ofStates + [.stable]).map(\.name))
    return names.first { !inputs.contains($0) }
  }
}
