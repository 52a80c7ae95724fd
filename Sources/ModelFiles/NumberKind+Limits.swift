import DataFiles
import JunctionModel

extension NumberKind {
  /// The sizes that numbers of this kind may have, in the user's units.
  var limits: MagnitudeLimits {
    switch self {
    case .energy: .energy
    case .temperature: .temperature
    case .energySquared: .spring
    case .plain, .length: .number
    }
  }
}

extension ModelValue {
  /// The number, when it is not larger than can be computed with (`MagnitudeLimits`).
  func within(_ limits: MagnitudeLimits, _ value: Double) throws(FileError) -> Double {
    guard limits.reaches(value) else {
      throw fail(
        .outOfRange, found: node.isScalar ? "\(node.summary), which is \(value)" : "\(value)", allowed: limits.upTo,
        hint: "look at the number, or choose another energy unit")
    }
    return value
  }
}
