import DataFiles

/// What a model file describes, told by the key that only such a model has.
enum ModelKind: String, CaseIterable {
  /// Electrons and bosons: `conductor`, or bosons and baths alone.
  case junction
  /// Landauer by itself: baths joined by a given transmission.
  case terminals
  /// Radiation between two bodies.
  case bodies
  /// Spectra of electron-hole pairs given as they are.
  case pairSpectra = "pair_spectra"

  /// Keys of this kind besides the common ones, in the order of a model file.
  var ownKeys: [String] {
    switch self {
    case .junction: return ["conductor", "electrodes", "k_points", "q_points", "bosons", "baths", "coupling"]
    case .terminals: return ["terminals"]
    case .bodies: return ["bodies", "materials"]
    case .pairSpectra: return ["pair_spectra"]
    }
  }

  /// The keys of all kinds, each once.
  static let allKeys = ["title", "units"] + allCases.flatMap(\.ownKeys) + ["parameters", "state", "sweep", "compute"]

  /// All keys of this kind.
  var keys: [String] { ["title", "units"] + ownKeys + ["parameters", "state", "sweep", "compute"] }

  /// The kind of the mapping at the root of a model file.
  init(of root: ModelNode) {
    self = [.terminals, .bodies, .pairSpectra].first { root[$0.rawValue] != nil } ?? .junction
  }

  /// Refuses keys of another kind beside those of this one.
  func requireOwnKeys(_ root: ModelValue) throws(FileError) {
    for other in ModelKind.allCases where other != self {
      for entry in try root.entries(allowed: "a mapping") where other.ownKeys.contains(entry.key) {
        throw root.fail(
          .invalidModel, found: "the key '\(entry.key)', which belongs to a model of '\(other.rawValue)'",
          allowed: "one kind of model; a model of '\(rawValue)' has the keys \(keys.joined(separator: ", "))", at: entry.position,
          key: entry.key)
      }
    }
  }
}
