import ComplexModule
import DataFiles
import DenseMatrices

/// The device region by itself, where the electrodes are not known: wide bands on its first and last atoms stand in their place.
struct InelasticaDevice {
  private let output: PhononOutput
  private let modes: [Int]

  init(_ output: PhononOutput, _ modes: [Int]) throws(FileError) {
    (self.output, self.modes) = (output, modes)
    guard output.hamiltonians.count == 1 else {
      throw FileError(
        .notSupported, in: output.path, found: "two spins without electrodes", allowed: "--electrodes RUN.fdf beside it")
    }
  }

  var imported: ImportedModel {
    get throws(FileError) {
      let n = output.size
      var data = JunctionData()
      data.numbers = [("fermi_energy_eV", 0)]
      data.add("hamiltonian", output.hamiltonians[0].hermitianPart, over: ("orbital", "orbital_column"), unit: "eV")
      data.add("overlap", output.overlaps[0].hermitianPart, over: ("orbital", "orbital_column"))
      try InelasticaText.add(output, modes, spin: 0, places: Array(0..<n), size: n, to: &data)
      let share = max(n / output.deviceAtoms.count, 1)
      let ends = [Array(0..<min(share, n)), Array(max(n - share, 0)..<n)].map { ModelText.list($0.map(String.init), indent: 4) }
      let lines =
        [
          "# Made by 'pairbath import inelastica' from \(output.path). Everything may be changed.",
          "# The file does not know the electrodes: these are wide bands on the outermost orbitals. Put real ones here, or import with",
          "# --electrodes RUN.fdf.", "title: Vibrations from Inelastica",
          "conductor: {file: \(ImportedModel.dataFile), spin_degeneracy: 2}", "electrodes:",
          "  L: {kind: wide-band, orbitals: \(ends[0]), broadening: 1 eV}",
          "  R: {kind: wide-band, orbitals: \(ends[1]), broadening: 1 eV}",
        ] + InelasticaText.sections(file: ImportedModel.dataFile, electrodes: ["L", "R"])
      return ImportedModel(
        model: lines.joined(separator: "\n"), data: data,
        leftOut: [
          "the electrodes, which the file does not know: wide bands of 1 eV on the outermost orbitals; --electrodes RUN.fdf"
        ])
    }
  }
}

/// The device region within a transport calculation: conductor and electrodes from it, vibrations from Inelastica.
struct InelasticaJunction {
  private let output: PhononOutput
  private let modes: [Int]
  private let junction: TBtransJunction
  /// Place of every orbital of the device region in the conductor.
  private let places: [Int]
  private let remarks: [String]

  /// Atoms that belong together may differ by so much, angstrom, and matrices by so much, eV.
  private static let tolerance = 0.1
  private static let noticeable = 1e-3

  init(_ output: PhononOutput, _ modes: [Int], input path: String) throws(FileError) {
    (self.output, self.modes) = (output, modes)
    junction = try TBtransJunction(TBtransInput(path).atGamma)
    let device = junction.device
    guard !device.isSpinor, device.channels == output.hamiltonians.count else {
      throw FileError(
        .invalidData, in: output.path, found: "\(output.hamiltonians.count) spins",
        allowed: "\(device.components.count), as \(device.path)")
    }
    (places, remarks) = try Self.places(output, junction)
  }

  private static func places(
    _ output: PhononOutput, _ junction: TBtransJunction
  ) throws(FileError) -> (places: [Int], remarks: [String]) {
    let device = junction.device
    if let last = output.deviceAtoms.max(), last >= device.positions.count {
      throw FileError(
        .invalidData, in: output.path, at: ["DeviceAtoms"], found: "atom \(last + 1)",
        allowed: "1 to \(device.positions.count), the atoms of \(device.path)")
    }
    let first = output.deviceAtoms[0]
    let shift = (0..<3).map { output.positions[first][$0] - device.positions[first][$0] }
    var (places, largest) = ([Int](), 0.0)
    for atom in output.deviceAtoms {
      let d = (0..<3).map { output.positions[atom][$0] - device.positions[atom][$0] - shift[$0] }
      let distance = d.reduce(0) { $0 + $1 * $1 }.squareRoot()
      largest = max(largest, distance)
      guard distance <= tolerance else {
        throw FileError(
          .invalidData, in: output.path, at: ["GeometryXYZ"],
          found: "atom \(atom + 1) \(distance) angstrom from its place in \(device.path)",
          allowed: "the same positions, to \(tolerance) angstrom", hint: "phonons and transport must be of one junction")
      }
      for orbital in device.orbitals(of: atom) {
        guard junction.places[orbital] >= 0 else {
          throw FileError(
            .invalidData, in: output.path, at: ["DeviceAtoms"],
            found: "atom \(atom + 1), which is an electrode's or a buffer's in \(junction.input.fdf.path)",
            allowed: "atoms between the electrodes", hint: "run Phonons with --DeviceFirst and --DeviceLast between them")
        }
        places.append(junction.places[orbital])
      }
    }
    guard places.count == output.size else {
      throw FileError(
        .invalidData, in: output.path, at: ["H0"], found: "\(output.size) orbitals",
        allowed: "\(places.count), as the same atoms have in \(device.path)",
        hint: "phonons and transport need the same basis")
    }
    return (places, largest > 1e-3 ? ["a displacement of atoms by up to \(largest) angstrom between phonons and transport"] : [])
  }

  var imported: ImportedModel {
    get throws(FileError) {
      var channels: [TBtransMatrices] = []
      guard junction.input.spin == nil else {
        throw FileError(
          .notSupported, in: junction.input.fdf.path, found: "TBT.Spin", allowed: "all spins: both heat the same modes")
      }
      for channel in junction.channels { channels.append(try TBtransMatrices(junction, channel: channel)) }
      let transport = TBtransModel(junction, channels)
      var model = try transport.imported
      for (index, channel) in channels.enumerated() {
        var data = channels.count == 1 ? model.data! : model.otherData[index].data
        try InelasticaText.add(output, modes, spin: index, places: places, size: junction.size, to: &data)
        if channels.count == 1 { model.data = data } else { model.otherData[index].data = data }
        if let remark = difference(channel, spin: index) { model.leftOut.append(remark) }
      }
      let names = transport.names + (transport.absorber.map { [$0] } ?? [])
      let file = channels.count == 1 ? ImportedModel.dataFile : "{up: junction_up.nc, down: junction_down.nc}"
      let head = transport.headLines("'pairbath import inelastica' from \(output.path) and \(junction.input.fdf.path)")
      model.model = (head + InelasticaText.sections(file: file, electrodes: names)).joined(separator: "\n")
      model.leftOut += remarks
      return model
    }
  }

  /// What H0 of the phonons differs by from the transport calculation's, in words; nil where that is little.
  private func difference(_ channel: TBtransMatrices, spin: Int) -> String? {
    guard let dense = channel.dense else { return nil }
    let h = dense.h.sum.submatrix(rows: places, columns: places)
    let largest = (h - output.hamiltonians[spin]).largestMagnitude
    guard largest > Self.noticeable else { return nil }
    return "H0 of \(output.path), which differs from \(junction.device.path) by up to \(largest) eV; the latter is taken"
  }
}
