import DataFiles
import SystemFiles

/// What an fdf says about a transport calculation of TBtrans, before any Hamiltonian is read. Energies in eV.
struct TBtransInput: Sendable {
  /// The whole input.
  let fdf: FdfFile
  /// Path of the device's Hamiltonian.
  let hamiltonian: String
  let electrodes: [ElectrodeInput]
  /// Bias.
  let voltage: Double
  /// kT of the electrodes without one of their own.
  let temperature: Double
  /// Imaginary part of the energy in the device.
  let eta: Double
  /// Energies, relative to the Fermi energy.
  let energies: [Double]
  /// Atoms of the device region and of the buffer, from 0; the region is nil where the input does not say it.
  let deviceAtoms: [Int]?
  let bufferAtoms: [Int]
  private(set) var grid: WavevectorGrid
  /// True when couplings of an electrode beyond its neighbour cells are left out.
  let neglectsBeyond: Bool
  /// The only spin that is wanted, 0 for up and 1 for down; nil for all.
  let spin: Int?
  /// Remarks: files found elsewhere, keys not used.
  private(set) var remarks: [String] = []

  /// Reads an input; without `needsElectrodes` the electrodes' files need not be there. Throws `FileError` with line and column.
  init(_ path: String, needsElectrodes: Bool = true) throws(FileError) {
    fdf = try FdfFile(path)
    let label = fdf["SystemLabel"]?[1] ?? "siesta"
    var remarks: [String] = []
    hamiltonian = try Self.device(fdf, label, &remarks)
    voltage = try (fdf["TBT.Voltage"] ?? fdf["TS.Voltage"])?.energy() ?? 0
    temperature =
      try fdf["TBT.ElectronicTemperature", "TS.ElectronicTemperature", "ElectronicTemperature"]?.energy()
      ?? 1.9e-3 * FdfUnits.rydberg
    electrodes = try ElectrodeInput.all(
      fdf, EnergyExpression(voltage: voltage, temperature: temperature), needsFiles: needsElectrodes, &remarks)
    let least = electrodes.map(\.eta).min() ?? 0
    eta = try fdf["TBT.Contours.Eta"]?.energy() ?? least / 10
    guard eta >= 0 else {
      throw fdf["TBT.Contours.Eta"]!.error(1, found: "an eta below 0", allowed: "an energy from 0: the retarded Green's function")
    }
    energies = try TransmissionContour(fdf, EnergyExpression(voltage: voltage, temperature: temperature)).energies
    deviceAtoms = try Self.atoms("TBT.Atoms.Device", fdf)
    let buffer = try Self.atoms("TBT.Atoms.Buffer", fdf)
    bufferAtoms = if let buffer { buffer } else { try Self.atoms("TS.Atoms.Buffer", fdf) ?? [] }
    grid = try WavevectorGrid(fdf)
    neglectsBeyond = try fdf["TBT.Elecs.Neglect.Principal", "TS.Elecs.Neglect.Principal"]?.isTrue() ?? false
    spin = try fdf["TBT.Spin"].map { (line) throws(FileError) in try line.integer(1, in: 1...2) - 1 }
    for (prefix, words) in [
      ("TBT.dH", "TBT.dH (a change of H)"), ("TBT.dSE", "TBT.dSE (a self-energy of its own)"),
      ("TBT.HS.Interp", "TBT.HS.Interp (H between two biases)"),
    ] where !fdf.names(beginningWith: prefix).isEmpty {
      remarks.append("\(words), which changes the junction itself: the numbers will differ")
    }
    if !fdf.names(beginningWith: "TBT.Proj").isEmpty { remarks.append("TBT.Projs: projections on states of a molecule") }
    let wantsDensity = [try fdf["TBT.DOS.Gf"]?.isTrue() ?? false, try fdf["TBT.DOS.A"]?.isTrue() ?? false]
    if wantsDensity.contains(true) {
      remarks.append("TBT.DOS: densities of states are no observable yet")
    }
    self.remarks = remarks
  }

  /// The same calculation with one k point, where bosons have none.
  var atGamma: TBtransInput {
    var result = self
    result.grid = .gamma
    return result
  }

  /// The device's file: TBT.HS, or LABEL with one of the usual endings.
  private static func device(_ fdf: FdfFile, _ label: String, _ remarks: inout [String]) throws(FileError) -> String {
    if let line = fdf["TBT.HS"] {
      _ = try line.word(1, "a file: LABEL.TSHS, LABEL.HSX or LABEL.nc")
      return try found(line, 1, &remarks)
    }
    let folder = TextFile.folder(of: fdf.path)
    let names = ["TSHS", "HSX", "nc"].map { (folder == "." ? "" : folder + "/") + label + "." + $0 }
    guard let name = names.first(where: { SystemCall.status($0) != nil }) else {
      throw FileError(
        .cannotRead, in: names[0], found: "no such file", allowed: names.joined(separator: ", "),
        hint: "TBT.HS in \(fdf.path) names the device's Hamiltonian")
    }
    return name
  }

  /// A file that a line names; beside the fdf where it is not at its place.
  static func found(_ line: FdfLine, _ word: Int, _ remarks: inout [String]) throws(FileError) -> String {
    let path = line.path(word)
    if SystemCall.status(path) != nil { return path }
    let folder = TextFile.folder(of: line.path)
    let last = path.split(separator: "/").last.map(String.init) ?? path
    let beside = folder == "." ? last : folder + "/" + last
    guard SystemCall.status(beside) != nil else {
      throw FileError(
        .cannotRead, in: line.path, line: line.number, column: line.words[word].column, found: "no file \(path), nor \(beside)",
        allowed: "an existing file", hint: "copy it there, or change the fdf")
    }
    let remark = "\(path) is not there; \(beside) is taken"
    if !remarks.contains(remark) { remarks.append(remark) }
    return beside
  }

  /// Atoms from 0 of a list `[1 -- 12]` or a block of lines `atom [1 -- 12]`, `position 3`; nil without either.
  private static func atoms(_ name: String, _ fdf: FdfFile) throws(FileError) -> [Int]? {
    var numbers: Set<Int> = []
    var last: FdfLine?
    if let lines = fdf.block(name) {
      for line in lines {
        guard ["atom", "atoms", "position", "pos"].contains(FdfFile.key(line.key)) else {
          throw line.error(0, found: "'\(line.key)'", allowed: "atom [1 -- 12]")
        }
        numbers.formUnion(try line.list())
        last = line
      }
    } else if let line = fdf[name] {
      numbers = Set(try line.list())
      last = line
    }
    guard let last else { return nil }
    if let bad = numbers.min(), bad < 1 { throw last.error(1, found: "atom \(bad)", allowed: "atoms from 1") }
    return numbers.map { $0 - 1 }.sorted()
  }
}
