import DistributedSweeps
import Pairbath
import PairbathTestSupport
import ProcessGroups
import Sweeps
import Synchronization
import TransportResults

/// Models whose runs have stages of every kind, small enough to be run many times.
enum SharedRuns {
  static let names = [
    "states", "spectra", "systems", "gates", "bodies", "few gaps", "terminals", "averages", "elastic", "second order",
  ]

  /// The computation of a model.
  static func computation(_ name: String) throws -> any Computation {
    guard let text = texts[name] else { throw SolverError(.unsuitableModel, "no model \(name)") }
    return try ModelFile.read(text: text).computation
  }

  /// The result of a computation by one process, undisturbed.
  static func reference(_ name: String) throws -> TransportResult {
    let computation: any Computation = try computation(name)
    return try SweepRunner(workers: 1).run(computation)
  }

  static let identity = RunIdentity(
    model: "", overrides: [], tolerance: nil, modelHash: "", inputs: [], version: "", processor: "")

  private static let junction = """
    units: natural
    conductor: {energies: [e, -0.4]}
    parameters: {e: 0.6, g: 0.3, T: 0.1}
    electrodes:
      L: {kind: wide-band, orbitals: [0], broadening: 0.5}
      R: {kind: wide-band, orbitals: [1], broadening: g}
    bosons: {modes: [1.0, 0.5]}
    baths: {ph: {kind: ohmic, friction: 0.02}}
    coupling: {convention: dimensionless, matrices: [[[0.0, 0.2], [0.2, 0.0]], [[0.1, 0.0], [0.0, 0.3]]]}
    state:
      chemical_potential: {L: V/2, R: -V/2}
      temperature: {L: T, R: T, ph: 0.2}

    """

  private static let texts = [
    // A mode becomes unstable at large bias: the places are looked for between states.
    "states": """
    units: natural
    conductor: {energies: [0.9, 0.0]}
    electrodes:
      L: {kind: wide-band, orbitals: [0], broadening: 0.2}
      R: {kind: wide-band, orbitals: [1], broadening: 0.2}
    bosons: {modes: [0.9]}
    baths: {ph: {kind: ohmic, friction: 0.001}}
    coupling: {convention: dimensionless, matrices: [[[0.0, 0.1], [0.1, 0.0]]]}
    state:
      chemical_potential: {L: V/2, R: -V/2}
      temperature: {L: 0.05, R: 0.05, ph: 0.05}
    sweep: {V: {from: -3.0, to: 3.0, points: 17}}
    compute: {level: dressed, observables: [energy_current, mode_population], tolerance: 1e-6}
    """,
    "spectra": junction + """
      sweep: {T: {from: 0.1, to: 0.3, points: 3}, V: [-0.5, 0.0, 0.4]}
      compute:
        level: sharp
        observables: [energy_current, emission, friction, conductance, seebeck, transmission]
        elastic_correction: none
        frequencies: [0.2, 0.5, 1.0, 1.5]
        energies: {from: -1.0, to: 1.0, points: 11}
        tolerance: 1e-6
      """,
    "systems": junction + """
      sweep: {g: {from: 0.2, to: 0.5, points: 5}, e: [0.3, 0.6], V: [-1.0, 0.0, 1.0]}
      compute: {level: landauer, observables: [energy_current, charge_current], tolerance: 1e-6}
      """,
    "gates": junction.replacing("energies: [e, -0.4]", with: "energies: [e, e - 1.0]") + """
      sweep: {e: {from: -0.5, to: 0.5, points: 6}, V: [-1.0, 0.0, 1.0]}
      compute: {level: sharp, observables: [energy_current, charge_current], tolerance: 1e-6}
      """,
    "second order": junction + """
      sweep: {V: [-1.0, 0.0, 1.0]}
      compute: {level: sharp, observables: [charge_current, electrode_heat_current, conductance], tolerance: 1e-6}
      """,
    "bodies": bodies(20), "few gaps": bodies(3),
    "terminals": """
    units: natural
    terminals:
      particles: bosons
      baths: [a, b, c]
      transmission: {a>b: "1/(1 + w^2)", b>c: "0.5*exp(-w)", a>c: "0.2*exp(-w)"}
    state: {temperature: {a: T, b: 1.0, c: 0.5}}
    sweep: {T: {from: 0.5, to: 2.0, points: 150}}
    compute: {observables: [bath_energy_current], tolerance: 1e-8}
    """,
    "averages": junction + """
      sweep: {g: {from: 0.2, to: 0.5, points: 4}, V: [-1.0, 0.0, 1.0]}
      compute: {level: landauer, observables: [energy_current], tolerance: 1e-6, average: [g]}
      """,
    "elastic": junction + """
      sweep: {V: {from: -1.0, to: 1.0, points: 70}}
      compute: {level: sharp, observables: [charge_current, charge_noise], tolerance: 1e-8, elastic_correction: none}
      """,
  ]

  private static func bodies(_ gaps: Int) -> String {
    """
    materials: {metal: {lattice: {kind: polar-phonon, eps_inf: 6.7, longitudinal: 0.12, transverse: 0.098, damping: 0.0006}}}
    bodies:
      hot: {kind: half-space, material: metal}
      cold: {kind: half-space, material: metal}
    state: {temperature: {hot: T, cold: 300 K}, gap: d}
    sweep: {d: {from: 20 nm, to: 1 um, points: \(gaps), spacing: logarithmic}, T: [310, 350]}
    compute: {observables: [energy_flux, heat_transfer_coefficient], tolerance: 1e-4}
    """
  }
}
