import ArgumentParser
import Pairbath
import PairbathCommandSupport

/// Which numbers of a result a figure shows.
struct PlotContentOptions: ParsableArguments {
  @Option(name: .customLong("x"), help: ArgumentHelp("Axis to the right.", valueName: "AXIS")) var xAxis: String?
  @Option(help: ArgumentHelp("Axis with one coloured curve per value.", valueName: "AXIS")) var family: String?
  @Option(
    parsing: .upToNextOption, help: ArgumentHelp("Colour map over two axes: --map X Y, after the variables.", valueName: "AXIS"))
  var map: [String] = []
  @Option(help: ArgumentHelp("Hold an axis at the nearest value; may be repeated.", valueName: "NAME=VALUE")) var at: [String] =
    []
  @Option(help: ArgumentHelp("Draw this label only, for example L>R or mode=3; may be repeated.", valueName: "LABEL"))
  var select: [String] = []
  @Option(
    help: ArgumentHelp(
      "Mark a point of a map, or a place on the x axis of curves; may be repeated.", valueName: "V=-2,T=0.3"))
  var mark: [String] = []
  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Contour line of a map at this value, besides zero; may be repeated.", valueName: "x"))
  var contour: [Double] = []
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Count the energies of electrons from this one: E - E_F.", valueName: "E_F"))
  var fermi: Double?

  func validate() throws {
    if !map.isEmpty && map.count != 2 {
      throw ValidationError("--map: found \(map.count) names; allowed: two axes, --map X Y, after the variables.")
    }
    if !map.isEmpty && (xAxis != nil || family != nil) { throw ValidationError("--map replaces --x and --family.") }
    if let fermi, !fermi.isFinite { throw ValidationError("--fermi: found '\(fermi)'; allowed: a finite number.") }
  }

  /// The figure of a variable, with the looks of the defaults.
  func specification(_ name: String) throws(CommandFailure) -> FigureSpecification {
    var slices: [FigureSpecification.Slice] = []
    for request in at {
      let (axis, value) = try StateSelection.parse(request)
      slices.append(FigureSpecification.Slice(axis, value))
    }
    var specification = FigureSpecification(
      name, xAxis: xAxis, familyAxis: family, map: map.count == 2 ? .init(x: map[0], y: map[1]) : nil, slices: slices,
      selection: select)
    for text in mark { specification.marks.append(try PlotNames.mark(text)) }
    specification.contours = contour
    specification.fermiEnergy = fermi
    return specification
  }
}

/// How a figure looks.
struct PlotLookOptions: ParsableArguments {
  @Flag(help: "Draw all variables in one figure, below each other.") var panels = false
  @Flag(help: "Logarithmic x axis.") var logX = false
  @Flag(help: "Logarithmic y axis.") var logY = false
  @Flag(help: "Logarithmic colour scale of a map.") var logColor = false
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Ends of the x axis, in the numbers it shows; either may be missing.", valueName: "LOW:HIGH"))
  var xRange: String?
  @Option(parsing: .unconditional, help: ArgumentHelp("Ends of the y axis.", valueName: "LOW:HIGH")) var yRange: String?
  @Option(parsing: .unconditional, help: ArgumentHelp("Ends of the colours of a map.", valueName: "LOW:HIGH"))
  var colorRange: String?
  @Option(help: ArgumentHelp("Unit of the x axis, for example meV, mV, cm-1.", valueName: "UNIT")) var xUnit: String?
  @Option(help: ArgumentHelp("Unit of the y axis, for example nA, uS, G0.", valueName: "UNIT")) var yUnit: String?
  @Option(help: ArgumentHelp("Unit of the colours of a map.", valueName: "UNIT")) var colorUnit: String?
  @Option(help: ArgumentHelp("Words at the x axis; *V* is italic, _{} and ^{} are indices.", valueName: "TEXT")) var xLabel:
    String?
  @Option(help: ArgumentHelp("Words at the y axis.", valueName: "TEXT")) var yLabel: String?
  @Option(help: ArgumentHelp("Words at the colour bar of a map.", valueName: "TEXT")) var colorLabel: String?
  @Option(help: ArgumentHelp("Place of the legend: \(PlotNames.legendPlaces).", valueName: "PLACE")) var legend: String?
  @Option(
    help: ArgumentHelp("Words of an entry of the legend, one option for each, in its order.", valueName: "TEXT"))
  var legendLabel: [String] = []
  @Option(help: ArgumentHelp("Draw bands of this many error estimates (default 1; 0 for none).", valueName: "n")) var bands:
    Double?
  @Option(
    help: ArgumentHelp("Width and height in millimetres (default: 86x64, one column).", valueName: "WxH")) var size: String?
  @Option(help: ArgumentHelp("Dots per inch of PNG files (default: 300).", valueName: "n")) var dpi: Double?
  @Flag(help: "Write the model's title above the figure.") var title = false
  @Option(help: ArgumentHelp("Words above the figure, in place of where the cut lies; empty for none.", valueName: "TEXT"))
  var heading: String?

  func validate() throws {
    if let size, PlotNames.size(size) == nil {
      throw ValidationError("--size: found '\(size)'; allowed: WxH in millimetres from 20 to 1000, for example 86x64.")
    }
    if let legend, FigureSpecification.LegendPlace(rawValue: legend) == nil {
      throw ValidationError("--legend: found '\(legend)'; allowed: \(PlotNames.legendPlaces).")
    }
    if let dpi, !(36...2400).contains(dpi) { throw ValidationError("--dpi: found \(dpi); allowed: 36 to 2400, for example 600.") }
    if let bands, !(0...1e12).contains(bands) {
      throw ValidationError("--bands: found \(bands); allowed: 0 (none) or a number of error estimates, for example 2.")
    }
  }

  /// Puts these looks in place of the defaults.
  func apply(to figure: inout FigureSpecification, panels count: Int) throws(CommandFailure) {
    (figure.logX, figure.logY, figure.logColor) = (logX, logY, logColor)
    figure.xLimits = try PlotNames.limits(xRange, option: "--x-range")
    figure.yLimits = try PlotNames.limits(yRange, option: "--y-range")
    figure.colorLimits = try PlotNames.limits(colorRange, option: "--color-range")
    (figure.xUnit, figure.yUnit, figure.colorUnit) = (xUnit, yUnit, colorUnit)
    (figure.xLabel, figure.yLabel, figure.colorLabel) = (xLabel, yLabel, colorLabel)
    figure.legend = legend.flatMap { FigureSpecification.LegendPlace(rawValue: $0) } ?? .automatic
    figure.legendLabels = legendLabel
    figure.bandScale = bands ?? 1
    figure.size = size.flatMap(PlotNames.size) ?? .column(panels: count)
    figure.resolution = dpi ?? 300
    figure.showsTitle = title
    figure.heading = heading
  }
}
