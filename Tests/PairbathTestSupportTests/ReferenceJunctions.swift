import DenseMatrices
import JunctionModel

/// The double dot of Hu, Nian, Lü 2019, Fig. 2: two levels, no hopping, one mode between them.
func doubleDot(friction: Double = 0.01) throws -> Junction { try doubleDot(frictions: [friction]) }

/// The double dot with one bath per friction.
func doubleDot(frictions: [Double]) throws -> Junction {
  try Junction(
    conductor: .levels([10.5, 9.5]),
    electrodes: [
      .wideBand("L", orbitals: [0], broadening: 0.5),
      .wideBand("R", orbitals: [1], broadening: 0.5),
    ], bosons: BosonSystem(modes: [1]),
    baths: frictions.enumerated().map { BosonBath("ph\($0)", .ohmic(friction: $1), coordinates: [0]) },
    coupling: Coupling(.dimensionless, [Matrix(real: [[0, 0.5], [0.5, 0]])]))
}

/// Electrodes at given chemical potentials and temperatures, one bath.
func state(_ mus: [Double], _ temperatures: [Double], bath: Double = 1) -> OperatingPoint {
  OperatingPoint(chemicalPotentials: mus, temperatures: temperatures, bathTemperatures: [bath])
}

/// |a - b| relative to |b|.
func deviation(_ a: Double, _ b: Double) -> Double { abs(a - b) / abs(b) }
