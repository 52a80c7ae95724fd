import Figures
import SystemFiles
import TransportResults

/// What the words of `pairbath plot` mean.
package enum PlotNames {
  /// Result files, then variables: the first word is a file, and so is every other that ends in .nc.
  package static func split(_ words: [String]) -> (paths: [String], variables: [String]) {
    let isFile = words.indices.map { $0 == 0 || words[$0].lowercased().hasSuffix(".nc") }
    return (zip(words, isFile).filter(\.1).map(\.0), zip(words, isFile).filter { !$0.1 }.map(\.0))
  }

  /// Names of results in a legend: those of the files, with their folders where they would be the same.
  package static func legend(of paths: [String]) -> [String] {
    let stems = paths.map(OutputFile.stem)
    guard Set(stems).count < stems.count else { return stems }
    return paths.map { $0.lowercased().hasSuffix(".nc") ? String($0.dropLast(3)) : $0 }
  }

  /// Refuses variables that a result does not have; says what was meant, and what could have been computed.
  package static func check(_ variables: [String], in result: TransportResult) throws(CommandFailure) {
    guard let missing = variables.first(where: { result.variable($0) == nil }) else { return }
    throw .usage(NameComplaint.words(ofVariable: missing, in: result))
  }

  /// A name from a result as a part of a file's name: it leads into no other folder and hides no control characters.
  package static func word(_ name: String) -> String { PrintableText.line(name).replacing("/", with: "_") }

  /// The places of a legend, in words.
  package static let legendPlaces = FigureSpecification.LegendPlace.allCases.map(\.rawValue).joined(separator: ", ")

  /// "LOW:HIGH" with one or both ends; nil for nothing.
  package static func limits(_ text: String?, option: String) throws(CommandFailure) -> FigureSpecification.Limits? {
    guard let text else { return nil }
    let ends = text.split(separator: ":", omittingEmptySubsequences: false).map { String($0) }
    let numbers = ends.map { Double($0) }
    guard ends.count == 2, zip(ends, numbers).allSatisfy({ $0.isEmpty || $1?.isFinite == true }), !ends.allSatisfy(\.isEmpty)
    else {
      throw .usage("\(option): found '\(text)'; allowed: LOW:HIGH, LOW: or :HIGH, for example \(option)=-0.5:0.5")
    }
    if let low = numbers[0], let high = numbers[1], low >= high {
      throw .usage("\(option): found '\(text)'; allowed: a lower end below the upper one, for example \(option)=-0.5:0.5")
    }
    return .init(low: numbers[0], high: numbers[1])
  }

  /// "V=-2,T=0.3".
  package static func mark(_ text: String) throws(CommandFailure) -> FigureSpecification.Mark {
    var coordinates: [String: Double] = [:]
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = part.split(separator: "=", maxSplits: 1).map { String($0) }
      guard sides.count == 2, let value = Double(sides[1]), value.isFinite, coordinates[sides[0]] == nil else {
        throw .usage("--mark: found '\(text)'; allowed: AXIS=NUMBER joined by commas, for example --mark V=-2,T=0.3")
      }
      coordinates[sides[0]] = value
    }
    return FigureSpecification.Mark(coordinates)
  }

  /// "86x64", millimetres; nil for anything else.
  package static func size(_ text: String) -> FigureSpecification.Size? {
    let parts = text.lowercased().split(separator: "x", omittingEmptySubsequences: false).map { Double($0) }
    guard parts.count == 2, let width = parts[0], let height = parts[1] else { return nil }
    guard (20...1000).contains(width), (20...1000).contains(height) else { return nil }
    return .init(width: width, height: height)
  }
}
