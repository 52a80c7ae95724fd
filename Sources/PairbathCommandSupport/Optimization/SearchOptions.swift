import Figures
import Pairbath

/// What `--over` and `--bounds` say, taken apart.
package enum SearchOptions {
  /// Names behind `--over`, comma-separated; at least one, each once.
  package static func names(_ options: [String]) throws(CommandFailure) -> [String] {
    let names = options.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false).map { String($0).trimmedBlanks } }
    guard !names.isEmpty, !names.contains("") else {
      throw .usage("--over: found '\(options.joined(separator: " "))'; allowed: names joined by commas, for example --over e1,V")
    }
    for (i, name) in names.enumerated() where names[..<i].contains(name) {
      throw .usage("--over: found '\(name)' twice; allowed: each name once")
    }
    return names
  }

  /// Bounds behind `--bounds`, `NAME=LOW:HIGH` joined by commas, one for each of `names` in their order.
  package static func bounds(_ options: [String], for names: [String]) throws(CommandFailure) -> [ClosedRange<Double>] {
    var found: [String: ClosedRange<Double>] = [:]
    for text in options.flatMap({ $0.split(separator: ",").map { String($0).trimmedBlanks } }) {
      let (name, range) = try bound(text)
      guard names.contains(name) else {
        throw .usage("--bounds: " + NameComplaint.words("name of --over", name, among: names))
      }
      guard found.updateValue(range, forKey: name) == nil else {
        throw .usage("--bounds: found '\(name)' twice; allowed: each name once")
      }
    }
    var result: [ClosedRange<Double>] = []
    for name in names {
      guard let range = found[name] else {
        throw .usage("--bounds: found nothing for '\(name)'; allowed: LOW:HIGH for every name; next: --bounds \(name)=-1:1")
      }
      result.append(range)
    }
    return result
  }

  private static func bound(_ text: String) throws(CommandFailure) -> (String, ClosedRange<Double>) {
    let parts = text.split(separator: "=", maxSplits: 1).map { String($0).trimmedBlanks }
    let ends = parts.count == 2 ? parts[1].split(separator: ":", omittingEmptySubsequences: false).map { Double(String($0)) } : []
    guard ends.count == 2, let low = ends[0], let high = ends[1], low.isFinite, high.isFinite else {
      throw .usage("--bounds: found '\(text)'; allowed: NAME=LOW:HIGH with finite numbers, for example e1=-1:1")
    }
    guard low < high, (high - low).isFinite else {
      throw .usage(
        "--bounds: found '\(text)'; allowed: a lower bound below the upper one" + (low > high ? "; next: swap them" : ""))
    }
    return (parts[0], low...high)
  }
}

extension String {
  /// Without blanks at both ends.
  fileprivate var trimmedBlanks: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
