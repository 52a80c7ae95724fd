import ComplexModule
import DataFiles
import DenseMatrices
import Foundation
import Pairbath
import PairbathTestSupport
import Testing

@testable import ForeignFormats

@Suite("Vibrations from Inelastica")
struct InelasticaSourceTests {
  /// An Output.nc: two device orbitals on two atoms, modes as given with their couplings.
  struct Output {
    var energies = [0.1, 0.04, 0.001, -0.02]
    var h = [[0.0, -1.0], [-1.0, 0.0]]
    var couplings: [[[Double]]] = [
      [[0, 0.02], [0.02, 0]], [[0.01, 0], [0, -0.01]], [[0, 0], [0, 0]], [[0, 0], [0, 0]],
    ]
    var deviceAtoms = [3, 4]
    var positions: [[Double]] = (0..<6).map { [2 * Double($0), 0, 0] }
    var kpoint = [0.0, 0, 0]
    var leftOut: Set<String> = []

    func write(_ path: String) throws {
      try? FileManager.default.removeItem(atPath: path)
      let file = try NetCDFFile(creating: path)
      let n = h.count
      for (name, length) in [
        ("modes", energies.count), ("nspin", 1), ("norb", n), ("xyz", 3), ("natoms", positions.count),
        ("dev_atoms", deviceAtoms.count),
        ("dyn_atoms", 1),
      ] { try file.defineDimension(name, length: length) }
      let unit = (0..<(n * n)).map { $0 / n == $0 % n ? 1.0 : 0 }
      let flat = couplings.flatMap { $0 }.flatMap { $0 }
      let all: [(String, [String], [Double])] = [
        ("hw", ["modes"], energies), ("DeviceAtoms", ["dev_atoms"], deviceAtoms.map(Double.init)),
        ("DynamicAtoms", ["dyn_atoms"], [3]), ("GeometryXYZ", ["natoms", "xyz"], positions.flatMap { $0 }),
        ("kpoint", ["xyz"], kpoint), ("H0", ["nspin", "norb", "norb"], h.flatMap { $0 }),
        ("S0", ["nspin", "norb", "norb"], unit), ("He_ph", ["modes", "nspin", "norb", "norb"], flat),
      ]
      let variables = all.filter { !leftOut.contains($0.0) }
      for (name, dimensions, _) in variables { try file.defineVariable(name, over: dimensions) }
      for (name, _, values) in variables { try file.write(values, to: name) }
      try file.close()
    }
  }

  private static func model(_ output: Output, in folder: String, electrodes: String? = nil) throws -> ImportedModel {
    try output.write(folder + "/Output.nc")
    let options: [ImportOption: String] = electrodes.map { [.electrodes: $0] } ?? [:]
    return try ImportFormats.read("inelastica", ImportRequest(files: [folder + "/Output.nc"], options: options))
  }

  /// Occupations of Inelastica's own formulas, from constant spectral functions A_L, A_R at the Fermi energy and couplings m in eV:
  /// n = n_B + emission/damping, damping = W P1/pi, emission = P2 [W (cosh(V/kT) - 1) coth(W/2kT) - V sinh(V/kT)]/(cosh(W/kT) - cosh(V/kT))/pi,
  /// P1 = Tr[m A m A], P2 = Tr[m A_L m A_R].
  private static func occupation(_ m: Matrix, _ left: Matrix, _ right: Matrix, w: Double, v: Double, kT: Double) -> Double {
    let a = left + right
    let p1 = (m * a * m * a).trace.real
    let p2 = (m * left * m * right).trace.real
    let (c, s) = (cosh(v / kT), sinh(v / kT))
    let coth = 1 / tanh(w / (2 * kT))
    let emission = p2 * (w * (c - 1) * coth - v * s) / (cosh(w / kT) - c)
    return 1 / (exp(w / kT) - 1) + emission / (w * p1)
  }

  /// G = [e S - H + i (Gamma_L + Gamma_R)/2]^-1 at e = 0 with orthogonal orbitals.
  private static func spectral(_ h: Matrix, _ gammas: [Matrix]) throws -> [Matrix] {
    let g = try LUFactorization(Scalar(0, 0.5) * (gammas[0] + gammas[1]) - h).inverse
    return gammas.map { g * $0 * g.adjoint }
  }

  @Test("Modes are heated as Inelastica's formulas say, in wide bands that are flat over the bias")
  func heating() throws {
    try withTemporaryFolder { folder in
      var output = Output()
      // Couplings and hoppings are small beside the broadening of 400 eV: spectral functions that do not depend on energy.
      output.h = [[0, -100], [-100, 0]]
      let imported = try Self.model(output, in: folder)
      try ImportFolder(folder + "/out", force: false).write(imported) { _ in }
      let result = try ModelFile.read(
        file: folder + "/out/model.yaml",
        overrides: [
          "electrodes.L.broadening=400", "electrodes.R.broadening=400", "parameters.T=100 K", "sweep.V=[0.05, 0.2]",
          "compute.observables=[mode_population, electronic_damping]",
        ]
      ).run()
      let n = try #require(result.variable("mode_population")).values
      let h = Matrix(real: output.h)
      let a = try Self.spectral(h, [Matrix(diagonal: [400, 0]), Matrix(diagonal: [0, 400])])
      for (mode, w) in [0.1, 0.04].enumerated() {
        for (state, v) in [0.05, 0.2].enumerated() {
          let expected = Self.occupation(Matrix(real: output.couplings[mode]), a[0], a[1], w: w, v: v, kT: 100 * 8.617333262e-5)
          // 1e-5: spectral functions vary by (0.2 eV/400 eV)^2 and the constants of both by 1e-9.
          let found = n[mode * 2 + state]
          #expect(abs(found - expected) < 1e-5 * max(expected, 1e-3), "mode \(mode) at \(v): \(found), \(expected)")
        }
      }
      #expect(imported.leftOut.contains { $0.hasPrefix("2 modes at or below") })
    }
  }

  @Test("Within a transport calculation the couplings stand on the device's orbitals, and the current is that of the electrodes")
  func junction() throws {
    try withTemporaryFolder { folder in
      let job = TBtransSourceTests.Job(
        folder: folder, device: .sheet(cells: 6, width: 1, across: 0), electrode: .sheet(cells: 1, width: 1, across: 0))
      try job.write()
      let imported = try Self.model(Output(), in: folder, electrodes: folder + "/RUN.fdf")
      let data = try #require(imported.data)
      let coupling = try #require(data.variables.first { $0.name == "coupling" })
      // Atoms 3 and 4 are orbitals 1 and 2 of the conductor, which begins at atom 2.
      #expect(coupling.dimensions.map(\.length) == [2, 4, 4])
      #expect(coupling.values[1 * 4 + 2] == 0.02 && coupling.values[16 + 2 * 4 + 2] == -0.01)
      try ImportFolder(folder + "/out", force: false).write(imported) { _ in }
      let result = try ModelFile.read(
        file: folder + "/out/model.yaml",
        overrides: ["sweep.V=[0.2]", "compute.observables=[charge_current, mode_population]", "compute.tolerance=1e-5"]
      ).run()
      let n = try #require(result.variable("mode_population")).values
      // A perfect chain at its middle: A_L, A_R = e^(+-i pi/2 (m - n))/(2 t), flat to (V/2t)^2 = 1 %.
      var (left, right) = (Matrix(rows: 2, columns: 2), Matrix(rows: 2, columns: 2))
      for i in 0..<2 {
        for j in 0..<2 {
          left[i, j] = Scalar(length: 0.5, phase: Double(i - j) * .pi / 2)
          right[i, j] = Scalar(length: 0.5, phase: Double(j - i) * .pi / 2)
        }
      }
      for (mode, w) in [0.1, 0.04].enumerated() {
        let expected = Self.occupation(
          Matrix(real: Output().couplings[mode]), left, right, w: w, v: 0.2, kT: 4.2 * 8.617333262e-5)
        #expect(abs(n[mode] - expected) < 0.01 * expected, "mode \(mode): \(n[mode]), \(expected)")
      }
    }
  }

  @Test("Files of other steps, other wave vectors, cut ones and those of another junction are refused with what is wrong")
  func refused() throws {
    try withTemporaryFolder { folder in
      func message(_ output: Output, electrodes: String? = nil) throws -> String {
        (#expect(throws: FileError.self) { try Self.model(output, in: folder, electrodes: electrodes) })?.description ?? ""
      }
      var output = Output()
      output.leftOut = ["He_ph"]
      #expect(try message(output).contains("Phonons with -c"))
      output = Output()
      output.kpoint = [0, 0.1, 0]
      #expect(try message(output).contains("Gamma point"))
      output = Output()
      output.energies = [0.001, 0, -0.1, -0.2]
      #expect(try message(output).contains("no mode above"))
      output = Output()
      output.couplings[0][0][1] = 0.5
      #expect(try message(output).contains("not Hermitian"))
      let job = TBtransSourceTests.Job(
        folder: folder, device: .sheet(cells: 6, width: 1, across: 0), electrode: .sheet(cells: 1, width: 1, across: 0))
      try job.write()
      let fdf = folder + "/RUN.fdf"
      output = Output()
      output.positions[3][0] += 0.5
      #expect(try message(output, electrodes: fdf).contains("angstrom from its place"))
      output = Output()
      output.deviceAtoms = [1, 2]
      #expect(try message(output, electrodes: fdf).contains("between the electrodes"))
      output.deviceAtoms = [3, 9]
      #expect(
        try message(output, electrodes: fdf).contains("atom 9")
          || message(output, electrodes: fdf).contains("three for each atom"))
      output = Output()
      output.deviceAtoms = [3]
      #expect(try message(output, electrodes: fdf).contains("2 orbitals"))
    }
  }
}
