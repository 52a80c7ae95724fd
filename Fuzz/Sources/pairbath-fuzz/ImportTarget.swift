@testable import DataFiles
@testable import ForeignFormats
@testable import ModelFiles

/// A format of `pairbath import`. Every format of `ImportFormats.all` has one.
///
/// What an import makes must be readable: its model's text is YAML with known keys, and with its data it is a model or a fault of a model.
struct ImportTarget: FuzzTarget {
  let format: ImportFormat
  var name: String { "import-\(format.word)" }

  static var all: [any FuzzTarget] { ImportFormats.all.map { ImportTarget(format: $0.format) } }

  /// What a file alone is called.
  private var alone: String {
    switch format.word {
    case "wannier90": "X_hr.dat"
    case "optical": "table.yml"
    case "phonopy": "phonopy_params.yaml"
    case "shengbte": "CONTROL"
    case "dftb": "dftb_pin.hsd"
    case "sclmd", "inelastica": "Output.nc"
    default: "RUN.fdf"
    }
  }

  func run(_ input: [UInt8], in folder: InputFolder) throws(FileError) -> String {
    let words = folder.unpack(input, alone: alone)
    var options: [ImportOption: String] = [:]
    for (key, value) in words.options { if let option = ImportOption(rawValue: key) { options[option] = value } }
    let files = format.word == "dftb" ? [folder.path] : words.files
    let imported = try ImportFormats.read(format.word, ImportRequest(files: files, options: options))
    for line in imported.understood { require(!line.what.isEmpty, "something understood without a name") }
    // The text by itself, and with what it names in memory.
    let parsed: ParsedModel
    do { parsed = try ParsedModel(imported.model, named: "model.yaml", folder: folder.path) } catch {
      fatalError("an import made a model that is none: \(error)\n\(imported.model)")
    }
    for variable in (imported.data.map { [$0] } ?? []).flatMap(\.variables) + imported.otherData.flatMap(\.data.variables) {
      require(variable.dimensions.allSatisfy { $0.length > 0 }, "\(variable.name): a dimension without length")
    }
    // Materials are read from files alone.
    if format.word == "optical" { return "a table" }
    guard let data = imported.data else {
      return imported.otherData.isEmpty
        ? try ModelTarget.checked(try parsed.model(overrides: [], tolerance: nil)) : "several files"
    }
    let text = imported.model.replacing("file: \(ImportedModel.dataFile)", with: "file: \(ArraysInMemory.name)")
    return try ModelTarget.checked(try ModelFile.read(text: text, arrays: Self.arrays(data)))
  }

  private static func arrays(_ data: JunctionData) -> [NamedArray] {
    data.variables.map { variable in
      NamedArray(
        variable.name, shape: variable.dimensions.map(\.length), values: variable.values,
        attributes: Dictionary(variable.attributes.map { ($0.name, $0.text) }) { first, _ in first })
    } + data.numbers.map { NamedArray($0.name, shape: [], values: [$0.value]) }
  }
}

/// Hamiltonians of SIESTA by themselves: TSHS, HSX with XV and EIG beside it, and LABEL.nc.
struct HamiltonianTarget: FuzzTarget {
  let name = "hamiltonian"

  func run(_ input: [UInt8], in folder: InputFolder) throws(FileError) -> String {
    let words = folder.unpack(input, alone: "a.TSHS")
    let file = try SiestaHamiltonian.read(words.files[0])
    var sum = 0.0
    for channel in 0..<file.channels {
      file.forEach(channel: channel) { (element) throws(Never) in
        require((0..<file.basisSize).contains(element.row) && (0..<file.basisSize).contains(element.column), "\(element)")
        sum += element.hamiltonian.length + Double(file.offsets[element.cell][0] + file.orbitals(of: 0).count)
      }
    }
    require(!sum.isNaN, "elements that are no numbers")
    return "\(file.size) orbitals"
  }
}

/// Optical constants of refractiveindex.info, as a material of a model and by themselves.
struct OpticalTarget: FuzzTarget {
  let name = "optical"

  private static let model = """
    materials: {m: {file: table.yml}}
    bodies: {hot: {kind: half-space, material: m}, cold: {kind: half-space, material: m}}
    state: {temperature: {hot: 400 K, cold: 300 K}, gap: 1 um}
    compute: {observables: [energy_flux], missing_spectrum: 1}

    """

  func run(_ input: [UInt8], in folder: InputFolder) throws(FileError) -> String {
    _ = folder.unpack(input, alone: "table.yml")
    return try ModelTarget.checked(try ModelFile.read(text: Self.model, folder: folder.path))
  }
}
