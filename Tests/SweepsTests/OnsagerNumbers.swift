import DenseMatrices
import JunctionModel
import PairbathTestSupport
import Sweeps
import Testing
import TransportResults

/// The Onsager matrix of one state as `SweepRunner` reports it, rows and columns: charges, then heats of the terminals.
struct OnsagerNumbers {
  let electrodes: Int
  let terminals: Int
  let values: [[Double]]
  let errors: [[Double]]

  var order: Int { electrodes + terminals }

  init(_ result: TransportResult, state: Int = 0) {
    let (n, m) = (result.electrodeNames.count, result.terminalNames.count)
    (electrodes, terminals) = (n, m)
    func block(_ name: String, _ rows: Int, _ columns: Int) -> [[Reported]] {
      guard rows > 0, columns > 0 else { return [[Reported]](repeating: [], count: rows) }
      let all = result.reported(name, state: state)
      return (0..<rows).map { row in (0..<columns).map { all[row * columns + $0] } }
    }
    let cc = block("onsager_matrix_charge_charge", n, n)
    let ch = block("onsager_matrix_charge_heat", n, m)
    let hc = block("onsager_matrix_heat_charge", m, n)
    let hh = block("onsager_matrix_heat_heat", m, m)
    let all = zip(cc, ch).map { $0 + $1 } + zip(hc, hh).map { $0 + $1 }
    values = all.map { $0.map(\.value) }
    errors = all.map { $0.map(\.error) }
  }

  /// (L_xx L_yy)^(1/2), the natural size of L_xy.
  func scale(_ x: Int, _ y: Int) -> Double { (abs(values[x][x]) * abs(values[y][y])).squareRoot() }

  /// Largest |L_xy - L_yx| over the natural size.
  var asymmetry: Double {
    var worst = 0.0
    for x in 0..<order { for y in 0..<x { worst = max(worst, abs(values[x][y] - values[y][x]) / max(scale(x, y), 1e-290)) } }
    return worst
  }

  /// Smallest eigenvalue of the matrix scaled to a unit diagonal.
  func smallestEigenvalue() throws -> Double {
    let scaled = (0..<order).map { x in
      (0..<order).map { y in 0.5 * (values[x][y] + values[y][x]) / max(scale(x, y), 1e-290) }
    }
    return try HermitianEigenproblem(Matrix(real: scaled)).values.min() ?? 0
  }

  /// Computes it for one equilibrium.
  static func compute(
    _ junction: Junction, potential: Double, temperature: Double, level: ComputeSettings.Level, tolerance: Double,
    observables: [Observable] = [.onsagerMatrix]
  ) throws -> TransportResult {
    try SweepRunner(workers: 2).run(
      FastPath.request(
        junction, [equilibrium(junction, potential, temperature)],
        ComputeSettings(level: level, observables: observables, tolerance: tolerance)))
  }

  static func equilibrium(_ junction: Junction, _ potential: Double, _ temperature: Double) -> OperatingPoint {
    OperatingPoint(
      chemicalPotentials: junction.electrodes.map { _ in potential },
      temperatures: junction.electrodes.map { _ in temperature }, bathTemperatures: junction.baths.map { _ in temperature })
  }

  /// The same matrix from the full currents: central differences at steps h, h/2, h/4 of dmu/T or dT/T, extrapolated.
  static func differences(
    _ junction: Junction, potential: Double, temperature t: Double, level: ComputeSettings.Level, tolerance: Double,
    step: Double
  ) throws -> [[Double]] {
    let (n, m) = (junction.electrodes.count, junction.electrodes.count + junction.baths.count)
    let steps = [step, step / 2, step / 4].flatMap { [$0, -$0] }
    var points: [OperatingPoint] = []
    for force in 0..<(n + m) {
      for h in steps {
        var point = equilibrium(junction, potential, t)
        if force < n {
          point.chemicalPotentials[force] += h * t
        } else if force < 2 * n {
          point.temperatures[force - n] *= 1 + h
        } else {
          point.bathTemperatures[force - 2 * n] *= 1 + h
        }
        points.append(point)
      }
    }
    let result = try SweepRunner(workers: 2).run(
      FastPath.request(
        junction, points,
        ComputeSettings(
          level: level, observables: [.chargeCurrent, .electrodeHeatCurrent, .bathEnergyCurrent], tolerance: tolerance)))
    func currents(_ state: Int) -> [Double] {
      result.numbers("charge_current", state: state) + result.numbers("electrode_heat_current", state: state)
        + (junction.baths.isEmpty ? [] : result.numbers("bath_energy_current", state: state).map { -$0 })
    }
    var columns: [[Double]] = []
    for force in 0..<(n + m) {
      let all = steps.indices.map { currents(force * steps.count + $0) }
      // The force is h for chemical potentials, h/T for temperatures.
      let unit = force < n ? 1 : 1 / t
      columns.append(
        (0..<(n + m)).map { x in
          let d = (0..<3).map { (all[2 * $0][x] - all[2 * $0 + 1][x]) / (2 * steps[2 * $0] * unit) }
          let (first, second) = ((4 * d[1] - d[0]) / 3, (4 * d[2] - d[1]) / 3)
          return (16 * second - first) / 15
        })
    }
    return (0..<(n + m)).map { x in (0..<(n + m)).map { columns[$0][x] } }
  }
}

extension Junction {
  /// The junction with every matrix replaced by its real part: symmetric under time reversal.
  func withoutMagneticField() throws -> Junction {
    func real(_ a: Matrix) -> Matrix {
      Matrix(rows: a.rows, columns: a.columns, elements: a.elements.map { Scalar($0.rawStorage.x, 0) })
    }
    return try Junction(
      conductor: Conductor(
        hamiltonian: real(conductor.hamiltonian), overlap: conductor.overlap.map(real),
        spinDegeneracy: conductor.spinDegeneracy),
      electrodes: electrodes.map { electrode in
        guard case .wideBand(let gamma) = electrode.kind else { return electrode }
        return Electrode(electrode.name, .wideBand(broadening: real(gamma)))
      }, bosons: bosons, baths: baths, coupling: Coupling(coupling.convention, coupling.matrices.map(real)))
  }
}
