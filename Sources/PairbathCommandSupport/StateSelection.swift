import Figures
import JunctionModel
import TransportResults

/// Which states of a sweep somebody wants to see: "V=0.5" takes the nearest grid value.
package enum StateSelection {
  /// "NAME=VALUE" taken apart; throws for anything else.
  package static func parse(_ text: String) throws(CommandFailure) -> (name: String, value: Double) {
    let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2, let value = Double(parts[1]), value.isFinite else {
      throw .usage("--at: found '\(text)'; allowed: NAME=NUMBER, for example --at V=0.5")
    }
    return (parts[0], value)
  }

  /// States (row-major, the first axis slowest) at the nearest values of the axes named; all states for an empty list.
  package static func states(_ requests: [String], of result: TransportResult) throws(CommandFailure) -> [Int] {
    var fixed: [String: Int] = [:]
    for request in requests {
      let (name, value) = try parse(request)
      guard result.axes.contains(where: { $0.name == name }) else {
        let complaint = NearestName.complaint("axis", name, among: result.axes.map(\.name))
        throw .usage("--at: \(complaint.message)" + (complaint.hint.isEmpty ? "" : "; \(complaint.hint)"))
      }
      fixed[name] = result.index(of: value, in: name)
    }
    return (0..<result.stateCount).filter { state in
      let position = self.position(of: state, in: result)
      return fixed.allSatisfy { position[$0.key] == $0.value }
    }
  }

  /// Index of every axis at a state.
  package static func position(of state: Int, in result: TransportResult) -> [String: Int] {
    var rest = state
    var position: [String: Int] = [:]
    for axis in result.axes.reversed() {
      position[axis.name] = rest % max(axis.values.count, 1)
      rest /= max(axis.values.count, 1)
    }
    return position
  }

  /// "V = 0.5, dT = 100"; "single state" without axes.
  package static func description(of state: Int, in result: TransportResult) -> String {
    guard !result.axes.isEmpty else { return "single state" }
    let position = position(of: state, in: result)
    return result.axes.map { axis in
      "\(axis.name) = \(NumberFormatting.short(axis.values[position[axis.name] ?? 0]))"
    }.joined(separator: ", ")
  }
}
