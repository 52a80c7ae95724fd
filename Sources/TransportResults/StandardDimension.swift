import JunctionModel

/// The dimensions that results share: the one place for their names, words, symbols and units.
///
/// What stands at their indices is a result's own (`ResultDimension`). A name with a 2 is the second index of a matrix over the same things.
package enum StandardDimension: String, Sendable, CaseIterable {
  case electrode
  case electrode2
  case bath
  case bath2
  /// Ordered pairs of electrodes, "L>R".
  case channel
  /// Everything that exchanges bosons: pair channels, then baths.
  case reservoir
  case reservoir2
  /// Everything that exchanges heat: electrodes, then baths.
  case terminal
  case terminal2
  case mode
  case mode2
  /// Energies of bosons.
  case frequency
  /// Energies of electrons.
  case energy
  /// Places where a steady state is lost.
  case instability
  /// First to fourth cumulant.
  case cumulant
  /// Net numbers of quanta, from minus the largest.
  case quanta
  /// Real and imaginary part.
  case complexPart = "ri"
  case body
  case polarization
  case zone

  /// All names.
  package static let names = allCases.map(\.rawValue)

  /// Its name in results and files.
  package var name: String { rawValue }

  /// What it is, in words.
  package var words: String {
    switch self {
    case .electrode: return "electrode"
    case .bath: return "boson bath"
    case .channel: return "electron-hole pair channel: an electron from > ends in"
    case .reservoir: return "pair channel or boson bath"
    case .terminal: return "electrode or boson bath"
    case .mode: return "number of the mode, from 0"
    case .frequency: return "energy of the boson"
    case .energy: return "energy of the electron"
    case .instability: return "number of the instability, from 0"
    case .cumulant: return "order of the cumulant"
    case .quanta: return "net number of quanta exchanged"
    case .complexPart: return "real and imaginary part"
    case .body: return "body"
    case .polarization: return "polarisation of the electric field"
    case .zone: return "waves that propagate in the gap, or not"
    case .electrode2, .bath2, .reservoir2, .terminal2, .mode2: return (parts.first?.words ?? "") + ", second index"
    }
  }

  /// The dimensions whose things stand at the indices of this one, one after another; none for a dimension of its own.
  package var parts: [StandardDimension] {
    switch self {
    case .electrode2: return [.electrode]
    case .bath2: return [.bath]
    case .mode2: return [.mode]
    case .reservoir, .reservoir2: return [.channel, .bath]
    case .terminal, .terminal2: return [.electrode, .bath]
    default: return []
    }
  }

  /// The first index of a matrix over the same things, for a second index; nil for others.
  package var firstIndex: StandardDimension? {
    switch self {
    case .electrode2: return .electrode
    case .bath2: return .bath
    case .mode2: return .mode
    case .reservoir2: return .reservoir
    case .terminal2: return .terminal
    default: return nil
    }
  }

  /// The first index of a matrix for a second index, and the dimension itself for others: what stands at the indices.
  package var base: StandardDimension { firstIndex ?? self }

  /// True for the second index of matrices whose diagonal one wants to see first: those in the modes.
  package var followsFirstIndex: Bool { self == .mode2 }

  /// Symbol of the numbers at the indices, written as in `ResultQuantity`; empty where there are none.
  package var symbol: String {
    switch self {
    case .mode, .frequency: return "*ħω*"
    case .energy: return "*E*"
    case .quanta: return "*n*"
    default: return ""
    }
  }

  /// What kind of quantity the numbers at the indices are; nil where words or whole numbers stand.
  package var quantity: Quantity? { [.mode, .frequency, .energy].contains(self) ? .energy : nil }

  /// True where whole numbers stand at the indices.
  package var isCounted: Bool { [.mode, .mode2, .instability, .cumulant].contains(self) }

  /// True for the dimensions of junctions and terminals; the others belong to two bodies.
  package var isOfJunctions: Bool { ![.body, .polarization, .zone].contains(self) }

  /// True for the grids of spectra and distributions: figures draw along them.
  package var isSpectral: Bool { self == .frequency || self == .energy || self == .quanta }
}
