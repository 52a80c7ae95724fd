import ComplexModule
import DataFiles
import DenseMatrices
import JunctionModel

/// sclmd's `wbLambda.nc`: what the electrons of a biased junction do to its vibrations in the wide-band limit.
///
/// With V = mu_L - mu_R and mass-weighted coordinates: friction eta, x_p = Re and x_m = Im of g_s tr[M A_L M A_R]/2 pi, renormalisation
/// V zeta_1, Berry force V zeta_2, Pi(w) = -i w (eta + V zeta_2) + V zeta_1 - V x_m. In our kernels K = X/2 pi that is
/// K^{LR} = x_p + i x_m, K^{LL} + K^{RR} = 2 (eta - x_p).
package struct SclmdSource: JunctionSource {
  package let format = ImportFormat(
    "sclmd", argument: "Lambda.nc",
    abstract: "friction and forces of electron-hole pairs on vibrations, as sclmd keeps them: given pair spectra", options: [])

  package init() {}

  /// The Boltzmann constant of sclmd, eV/K: its occupations are those of k_B T, not of T.
  private static let boltzmann = 8.6173423e-5
  /// Temperature and bias range of the model, which the file does not say.
  private static let temperature = 4.2

  package func read(_ request: ImportRequest) throws(FileError) -> ImportedModel {
    let path = try request.onlyFile(of: format)
    let file = try NetCDFFile(reading: path)
    let modes = try energies(file)
    let count = modes.count
    var matrices: [String: Matrix] = [:]
    for name in ["eta", "xip", "xim", "zeta1", "zeta2"] where name == "eta" || file.hasVariable(name) {
      matrices[name] = try matrix(name, count, file)
    }
    guard let friction = matrices["eta"], let inPhase = matrices["xip"] else {
      throw FileError(
        .invalidData, in: path, at: ["xip"], found: "no emission part", allowed: "the variables hw, eta, xip of a wide-band file",
        hint: "a file of spectra at one bias (ImPir2, ReLamLR) is not read; make the wide-band one")
    }
    let zero = Matrix(rows: count, columns: count)
    let cross = zip(inPhase, matrices["xim"] ?? zero)
    let own = friction - inPhase
    var data = JunctionData()
    data.texts = [("source", "sclmd, wide-band limit")]
    data.add("mode_energy", modes, over: [("mode", count)], attributes: [("units", "eV")])
    let axes = (rows: "mode", columns: "mode_column")
    data.add("pair_kernel_L_R", cross, over: axes, unit: "eV")
    data.add("pair_kernel_L_L", own, over: axes, unit: "eV")
    data.add("pair_kernel_R_R", own, over: axes, unit: "eV")
    if let zeta = matrices["zeta1"], zeta.largestMagnitude > 0 { data.add("renormalization_L_R", zeta, over: axes, unit: "eV") }
    if let zeta = matrices["zeta2"], zeta.largestMagnitude > 0 { data.add("berry_L_R", zeta, over: axes) }
    return ImportedModel(
      model: text(path), data: data, understood: understood(modes, friction, matrices), leftOut: try faults(file, count, own))
  }

  /// x_p + i x_m.
  private func zip(_ re: Matrix, _ im: Matrix) -> Matrix {
    var result = re
    for i in result.elements.indices { result.elements[i] = Scalar(re.elements[i].real, im.elements[i].real) }
    return result
  }

  private func energies(_ file: NetCDFFile) throws(FileError) -> [Double] {
    let values = try file.doubles("hw").values
    guard !values.isEmpty, values.allSatisfy({ $0 > 0 && $0 < 100 }) else {
      throw FileError(
        .invalidData, in: file.path, at: ["hw"], found: "\(values.first { !($0 > 0 && $0 < 100) } ?? 0)",
        allowed: "energies of modes in eV, above 0", hint: "imaginary modes have no population; relax the structure")
    }
    return values
  }

  private func matrix(_ name: String, _ count: Int, _ file: NetCDFFile) throws(FileError) -> Matrix {
    let (values, shape) = { ($0.values, $0.shape) }(try file.doubles(name))
    guard shape == [count, count], values.allSatisfy(\.isFinite) else {
      throw FileError(
        .invalidData, in: file.path, at: [name], found: shape == [count, count] ? "infinite numbers or NaN" : "shape \(shape)",
        allowed: "finite numbers of shape (\(count), \(count)), as many as modes")
    }
    var matrix = Matrix(rows: count, columns: count)
    let sign = ["xim", "zeta2"].contains(name) ? -1.0 : 1.0
    let scale = values.reduce(0) { max($0, abs($1)) }
    for i in 0..<count {
      for j in 0..<count {
        let (here, across) = (values[i * count + j], sign * values[j * count + i])
        guard abs(here - across) <= 1e-6 * scale else {
          throw FileError(
            .invalidData, in: file.path, at: [name], found: "\(here) at (\(i), \(j)) and \(sign * across) at (\(j), \(i))",
            allowed: sign > 0 ? "a symmetric matrix" : "an antisymmetric matrix")
        }
        matrix[i, j] = Scalar(0.5 * (here + across), 0)
      }
    }
    return matrix
  }

  private func understood(
    _ modes: [Double], _ friction: Matrix, _ matrices: [String: Matrix]
  ) -> [(what: String, value: String)] {
    let diagonal = modes.indices.map { friction[$0, $0].real }
    let names = ["xim": "nonconservative force", "zeta1": "renormalisation", "zeta2": "Berry force"]
    let forces = ["xim", "zeta1", "zeta2"].filter { (matrices[$0]?.largestMagnitude ?? 0) > 0 }.compactMap { names[$0] }
    return [
      ("modes", "\(modes.count), \(modes.min() ?? 0) to \(modes.max() ?? 0) eV"),
      ("electronic friction", "\(diagonal.min() ?? 0) to \(diagonal.max() ?? 0) eV"),
      ("forces at a bias", forces.isEmpty ? "none" : forces.joined(separator: ", ")),
      ("temperature", "\(Self.temperature) K with sclmd's k_B = 8.6173423e-5 eV/K (the file does not say it)"),
    ]
  }

  /// What of the file is not what it says, and what is not used.
  private func faults(_ file: NetCDFFile, _ count: Int, _ own: Matrix) throws(FileError) -> [String] {
    var notes: [String] = []
    func rows(_ name: String) throws(FileError) -> (filled: Int, of: Int)? {
      guard file.hasVariable(name) else { return nil }
      let (values, shape) = { ($0.values, $0.shape) }(try file.doubles(name))
      guard let first = shape.first, first > 1, values.count % first == 0 else { return nil }
      let width = values.count / first
      return ((0..<first).count { row in values[(row * width)..<((row + 1) * width)].contains { $0 != 0 } }, first)
    }
    for name in ["blist", "invQs"] {
      if let found = try rows(name), found.filled <= 1 {
        notes.append("\(name): \(found.filled) of its \(found.of) rows \(found.filled == 1 ? "is" : "are") filled")
      }
    }
    if file.hasVariable("nhws"), file.hasVariable("invQs"), try file.doubles("nhws").values == file.doubles("invQs").values {
      notes.append("nhws: a copy of invQs")
    }
    if file.hasVariable("nph") { notes.append("nph: occupations, which the model computes: mode_population") }
    if ["eta_r", "xip_r", "U"].contains(where: file.hasVariable) {
      notes.append(
        "eta_r, xim_r, xip_r, zeta1_r, zeta2_r, U: the same matrices in coordinates of atoms, and the modes themselves")
    }
    if let lowest = try? HermitianEigenproblem(own).values.first, lowest < 0 {
      notes.append("eta - xip has the negative eigenvalue \(lowest) eV: rounding, or emission larger than the friction allows")
    }
    return notes
  }

  private func text(_ path: String) -> String {
    """
    # Made by 'pairbath import' from a file of sclmd. Everything may be changed.
    title: \(ModelText.scalar("Vibrations under \(path.split(separator: "/").last ?? "")"))
    pair_spectra: {file: \(ImportedModel.dataFile), electrodes: [L, R]}   # baths: {phonons: {friction: 1 meV}} adds others
    parameters:
      T: \(Self.temperature) K
      kB_sclmd: \(Self.boltzmann / PhysicalConstants.boltzmannInElectronVolts)   # sclmd's Boltzmann constant, 8.6173423e-5 eV/K, over today's
    state:
      chemical_potential: {L: V/2, R: -V/2}
      temperature: T*kB_sclmd
    sweep:
      V: {from: 0, to: 0.9975, points: 400}
    compute:
      observables: [mode_population, effective_temperature, damping_rate, mode_pole]
      tolerance: 1e-8

    """
  }
}
