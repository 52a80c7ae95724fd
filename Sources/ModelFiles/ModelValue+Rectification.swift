import DataFiles
import TransportResults

extension ModelValue {
  /// `{of: VARIABLE, over: AXIS}`, or a list of them; what the names mean is checked with the whole computation.
  func rectifications() throws(FileError) -> [Rectification] {
    guard case .sequence = node.content else { return [try rectification()] }
    let items = try list(allowed: "a list of {of: VARIABLE, over: AXIS}")
    guard !items.isEmpty else {
      throw fail(.outOfRange, found: "an empty list", allowed: "{of: VARIABLE, over: AXIS}", hint: "leave the key out")
    }
    var ratios: [Rectification] = []
    for item in items { ratios.append(try item.rectification()) }
    return ratios
  }

  private func rectification() throws(FileError) -> Rectification {
    let section = try ModelSection(self, keys: ["of", "over"])
    return Rectification(
      of: try section.required("of").text(allowed: "a variable of the result, for example energy_current"),
      over: try section.required("over").text(allowed: "a sweep variable"))
  }
}
