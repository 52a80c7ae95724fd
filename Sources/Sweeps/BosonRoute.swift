import JunctionModel
import TransportCurrents
import TransportResults

/// Which solver answers for the bosons of a request.
struct BosonRoute: Equatable {
  enum Solver: Equatable {
    /// Delta functions at the mode energies.
    case sharp
    /// Independent modes with Ohmic baths: the scalar frequency integral.
    case diagonal
    /// Matrices in the modes.
    case matrix
  }

  let solver: Solver
  /// True when populations and stability come from the rates at the mode energies (Theory.md section 5).
  let usesSharp: Bool

  init(_ junction: Junction, _ points: OperatingPoints, _ settings: ComputeSettings) {
    let isBare = junction.conductor.isEmpty
    let supplied = points.bathChemicalPotentials.contains { $0.contains { $0 != 0 } }
    let special = settings.observables.contains { !$0.definition.needs.isDisjoint(with: .onlyMatrices) }
    switch settings.level {
    case .sharp: solver = .sharp
    case .dressed: solver = .matrix
    case .landauer: solver = isBare || supplied || special || !junction.hasIndependentModes ? .matrix : .diagonal
    }
    usesSharp = Self.usesSharp(junction, settings)
  }

  /// True when populations and stability come from the rates at the mode energies.
  static func usesSharp(_ junction: Junction, _ settings: ComputeSettings) -> Bool {
    !junction.conductor.isEmpty && settings.level != .dressed && junction.bosons.zeroModes.isEmpty
      && junction.bosons.gyration == nil
  }
}

extension StateNeeds {
  /// What only the matrix solver knows.
  static let onlyMatrices: StateNeeds = [.exchange, .thermalConductance, .matrices]
}

extension Junction {
  /// True when every bath is Ohmic, the coordinates are the modes and nothing gyrates.
  fileprivate var hasIndependentModes: Bool {
    bosons.modeVectors == nil && bosons.gyration == nil
      && baths.allSatisfy { if case .ohmic = $0.kind { true } else { false } }
  }
}

extension SweepRequest {
  /// Which solver answers for the bosons.
  var route: BosonRoute { BosonRoute(junction, points, settings) }
}
