import JunctionModel
import TestKinds
import Testing

@Suite("Units", .tags(.golden))
struct UnitsTests {
  @Test("a rate of 1 eV is 2.434134807e-4 A, a power of 1 eV^2 as many W, 1.519267447e15 particles per second")
  func currents() {
    let units = UnitSystem.electronVolt
    // Ten digits as Conventions.md prints them, the last one cut off: 1e-9. The constants are exact.
    #expect(abs(units.outputFactor(of: .chargeCurrent) / 2.434134807e-4 - 1) < 1e-9)
    #expect(units.outputFactor(of: .power) == units.outputFactor(of: .chargeCurrent))
    #expect(abs(units.outputFactor(of: .rate) / 1.519267447e15 - 1) < 1e-9)
    // k_B e/hbar.
    #expect(abs(units.outputFactor(of: .entropyRate) / (1.380649e-23 * 1.519267447e15) - 1) < 1e-9)
  }

  @Test("1 eV is 11604.518 K and spectra keep their energies")
  func temperatures() {
    // CODATA 2018: 11604.51812 K.
    #expect(abs(UnitSystem.electronVolt.outputFactor(of: .temperature) / 11604.51812 - 1) < 1e-9)
    #expect(abs(PhysicalConstants.boltzmannInElectronVolts / 8.617333262e-5 - 1) < 1e-9)
    for quantity in [Quantity.energy, .spectrum, .massWeightedSpectrum, .dimensionless] {
      #expect(UnitSystem.electronVolt.outputFactor(of: quantity) == 1)
    }
  }

  @Test("natural units change no number, and every quantity has a label")
  func natural() {
    for quantity in Quantity.allCases {
      #expect(UnitSystem.natural.outputFactor(of: quantity) == 1)
      for system in UnitSystem.allCases { #expect(!system.label(of: quantity).isEmpty) }
    }
    #expect(UnitSystem.electronVolt.label(of: .chargeCurrent) == "A" && UnitSystem.electronVolt.label(of: .power) == "W")
  }
}

@Suite("OperatingPoints")
struct OperatingPointsTests {
  @Test("columns and states are two views of one table")
  func columns() {
    let states = (0..<3).map {
      OperatingPoint(chemicalPotentials: [Double($0), 1], temperatures: [2, Double($0)], bathTemperatures: [0.5 * Double($0)])
    }
    let table = OperatingPoints(states, electrodes: 2, baths: 1)
    #expect(table.count == 3 && table.chemicalPotentials == [[0, 1, 2], [1, 1, 1]] && table.bathTemperatures == [[0, 0.5, 1]])
    for (i, state) in states.enumerated() { #expect(table[i] == state) }
  }
}
