import ComplexModule
import DataFiles
import DenseMatrices

/// What the phonon step of Inelastica writes (`Output.nc`, `Dev_*.nc`): modes and their couplings to electrons on the device's orbitals.
///
/// He_ph^k = hbar/sqrt(2 m W_k) dH/dQ u_k couples to b_k + b_k^+, eV: the convention `dimensionless`. Modes come in descending order,
/// imaginary ones as negative energies, with couplings that are zero.
struct PhononOutput {
  let path: String
  /// eV, as in the file.
  let energies: [Double]
  /// Atoms of the device region and those that move, from 0.
  let deviceAtoms: [Int]
  let dynamicAtoms: [Int]
  /// Positions of all atoms, angstrom.
  let positions: [[Double]]
  /// H of the device region, eV, and S, by spin.
  let hamiltonians: [Matrix]
  let overlaps: [Matrix]
  private let file: NetCDFFile

  /// Orbitals of the device region.
  var size: Int { hamiltonians[0].rows }

  init(_ path: String) throws(FileError) {
    self.path = path
    file = try NetCDFFile(reading: path)
    let needed = ["hw", "DeviceAtoms", "DynamicAtoms", "GeometryXYZ", "H0", "S0", "He_ph"]
    if let missing = needed.first(where: { [file] in !file.hasVariable($0) }) {
      let isBands = file.hasVariable("phbands") || file.hasVariable("ebands")
      throw FileError(
        .invalidData, in: path, at: [missing],
        found: isBands ? "bands along wave vectors" : "no such variable",
        allowed: "the output of Inelastica's phonon step: \(needed.joined(separator: ", "))",
        hint: isBands
          ? "name the Output.nc of Phonons, not that of Bandstruct" : "run Phonons with -c, which computes the couplings")
    }
    if file.hasVariable("kpoint"), let k = try file.doubles("kpoint").values.first(where: { $0 != 0 }) {
      throw FileError(
        .notSupported, in: path, at: ["kpoint"], found: "couplings at a wave vector with the component \(k)",
        allowed: "the Gamma point",
        hint: "run Phonons without -x and -y")
    }
    energies = try file.doubles("hw").values
    deviceAtoms = try Self.atoms("DeviceAtoms", in: file)
    dynamicAtoms = try Self.atoms("DynamicAtoms", in: file)
    let xyz = try file.doubles("GeometryXYZ").values
    guard xyz.count.isMultiple(of: 3), let last = (deviceAtoms + dynamicAtoms).max(), last < xyz.count / 3 else {
      throw FileError(
        .invalidData, in: path, at: ["GeometryXYZ"], found: "\(xyz.count) numbers",
        allowed: "three for each atom, of all that are named")
    }
    positions = stride(from: 0, to: xyz.count, by: 3).map { Array(xyz[$0..<($0 + 3)]) }
    hamiltonians = try Self.matrices("H0", imaginary: "H0.imag", in: file)
    overlaps = try Self.matrices("S0", imaginary: "S0.imag", in: file)
    let (spins, n) = (hamiltonians.count, hamiltonians[0].rows)
    guard overlaps.count == spins, overlaps[0].rows == n, spins <= 2 else {
      throw FileError(
        .invalidData, in: path, at: ["S0"], found: "\(overlaps.count) matrices of \(overlaps[0].rows)",
        allowed: "\(spins) of \(n), as H0")
    }
    let shape = try file.doubles("He_ph").shape
    guard shape == [energies.count, spins, n, n] else {
      throw FileError(
        .invalidData, in: path, at: ["He_ph"], found: "shape \(shape)", allowed: "(\(energies.count), \(spins), \(n), \(n))",
        hint: "the file may be incomplete: Phonons writes He_ph last")
    }
  }

  private static func atoms(_ name: String, in file: NetCDFFile) throws(FileError) -> [Int] {
    var result: [Int] = []
    for value in try file.doubles(name).values {
      guard let whole = Int(exactly: value), (1...10_000_000).contains(whole) else {
        throw FileError(.invalidData, in: file.path, at: [name], found: "\(value)", allowed: "atoms from 1")
      }
      result.append(whole - 1)
    }
    guard !result.isEmpty else {
      throw FileError(.invalidData, in: file.path, at: [name], found: "no atoms", allowed: "one at least")
    }
    return result
  }

  private static func matrices(_ name: String, imaginary: String, in file: NetCDFFile) throws(FileError) -> [Matrix] {
    let (re, shape) = try file.doubles(name)
    let im = file.hasVariable(imaginary) ? try file.doubles(imaginary).values : [Double](repeating: 0, count: re.count)
    guard shape.count == 3, shape[0] > 0, shape[1] == shape[2], shape[1] > 0, im.count == re.count,
      re.allSatisfy(\.isFinite), im.allSatisfy(\.isFinite)
    else {
      throw FileError(
        .invalidData, in: file.path, at: [name], found: "shape \(shape)", allowed: "(spin, orbital, orbital), finite")
    }
    return (0..<shape[0]).map { spin in
      var matrix = Matrix(rows: shape[1], columns: shape[1])
      for i in 0..<shape[1] {
        for j in 0..<shape[1] {
          let at = (spin * shape[1] + i) * shape[1] + j
          matrix[i, j] = Scalar(re[at], im[at])
        }
      }
      return matrix
    }
  }

  /// The couplings of some modes in a spin channel, on the orbitals of the device region, eV; Hermitian to rounding, and made so.
  func couplings(of modes: [Int], spin: Int) throws(FileError) -> [Matrix] {
    let re = try file.doubles("He_ph").values
    let im = file.hasVariable("ImHe_ph") ? try file.doubles("ImHe_ph").values : nil
    guard im.map({ $0.count == re.count }) ?? true else {
      throw FileError(
        .invalidData, in: path, at: ["ImHe_ph"], found: "\(im?.count ?? 0) numbers", allowed: "\(re.count), as He_ph")
    }
    let n = size
    var result: [Matrix] = []
    for mode in modes {
      var matrix = Matrix(rows: n, columns: n)
      let start = (mode * hamiltonians.count + spin) * n * n
      for i in 0..<n { for j in 0..<n { matrix[i, j] = Scalar(re[start + i * n + j], im?[start + i * n + j] ?? 0) } }
      let size = matrix.largestMagnitude
      guard size.isFinite, (matrix - matrix.adjoint).largestMagnitude <= 1e-3 * max(size, 1e-6) else {
        throw FileError(
          .invalidData, in: path, at: ["He_ph"],
          found: "a coupling of mode \(mode + 1) that is not Hermitian, by \((matrix - matrix.adjoint).largestMagnitude) eV",
          allowed: "Hermitian couplings", hint: "the file may be incomplete, or lack ImHe_ph")
      }
      result.append(matrix.hermitianPart)
    }
    return result
  }
}
