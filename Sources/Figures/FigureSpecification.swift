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

    /// One column with `panels` pictures below each other.
    public static func column(panels: Int) -> Size { Size(width: 86, height: 64 + 50 * Double(max(panels, 1) - 1)) }
  }

  /// Ends of an axis or a colour scale, in the numbers that the axis shows; nil for an end that the data choose.
  public struct Limits: Sendable, Equatable {
    /// Lower end.
    public let low: Double?
    /// Upper end.
    public let high: Double?

    /// A range with one or both ends.
    public init(low: Double?, high: Double?) { (self.low, self.high) = (low, high) }
  }

  /// Where the legend stands.
  public enum LegendPlace: String, Sendable, CaseIterable {
    /// Where it hides no curve.
    case automatic
    case topLeft = "top-left"
    case topRight = "top-right"
    case bottomLeft = "bottom-left"
    case bottomRight = "bottom-right"
    /// Beside the frame.
    case outside
    /// Nowhere.
    case none
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

  /// Ends of the horizontal axis.
  public var xLimits: Limits?
  /// Ends of the vertical axis.
  public var yLimits: Limits?
  /// Ends of the colours of a map.
  public var colorLimits: Limits?
  /// Unit of the horizontal axis, for example "meV"; nil for one that suits the numbers.
  public var xUnit: String?
  /// Unit of the vertical axis of a map, of the variable otherwise.
  public var yUnit: String?
  /// Unit of the variable in a map.
  public var colorUnit: String?
  /// Words in place of those at the axes; `*V*` is italic, `_{}` and `^{}` are indices.
  public var xLabel: String?
  /// Words at the vertical axis.
  public var yLabel: String?
  /// Words at the colour bar of a map.
  public var colorLabel: String?
  /// Words in place of the names in the legend, in its order.
  public var legendLabels: [String] = []
  /// Where the legend stands.
  public var legend = LegendPlace.automatic
  /// Energies of electrons are counted from here, as E - E_F; in the result's unit.
  public var fermiEnergy: Double?
  /// Bands of this many error estimates around curves, where they are wider than the line; 0 for none.
  public var bandScale = 1.0
  /// Words above the figure in place of what says where the cut lies; empty for none.
  public var heading: String?
  /// Dots per inch of PNG files.
  public var resolution = 300.0

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
    let inputs = Set((ResultQuantity.ofStates + [.stable, .status]).map(\.name))
    return names.first { !inputs.contains($0) }
  }
}
