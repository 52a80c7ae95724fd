import TransportResults

extension ComputeSettings.Level {
  /// The level of theory behind the user's word: the one place where words become types.
  package var theory: any BosonLevel {
    switch self {
    case .sharp: SharpLevel()
    case .landauer: LandauerLevel()
    case .dressed: DressedLevel()
    }
  }
}
