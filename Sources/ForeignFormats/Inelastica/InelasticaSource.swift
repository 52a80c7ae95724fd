import ComplexModule
import DataFiles
import DenseMatrices

/// Inelastica's phonon output with the electrodes of a TranSIESTA or TBtrans input: vibrations that the current heats.
package struct InelasticaSource: JunctionSource {
  package let format = ImportFormat(
    "inelastica", argument: "Output.nc",
    abstract: "vibrations and their couplings from Inelastica's phonon step; --electrodes RUN.fdf joins the electrodes",
    options: [.electrodes])

  /// Modes below are left out, eV: translations and what numbers leave of them. Inelastica's own ModeCutoff.
  static let cutoff = 2.5e-3

  package init() {}

  package func read(_ request: ImportRequest) throws(FileError) -> ImportedModel {
    let output = try PhononOutput(request.onlyFile(of: format))
    let modes = output.energies.indices.filter { output.energies[$0] > Self.cutoff }
    guard !modes.isEmpty else {
      throw FileError(
        .invalidData, in: output.path, at: ["hw"], found: "no mode above \(Self.cutoff) eV", allowed: "one at least")
    }
    var model: ImportedModel
    if let path = request.options[.electrodes] {
      model = try InelasticaJunction(output, modes, input: path).imported
    } else {
      model = try InelasticaDevice(output, modes).imported
    }
    let left = output.energies.filter { $0 <= Self.cutoff }
    if !left.isEmpty {
      model.leftOut.insert(
        "\(left.count) modes at or below \(Self.cutoff) eV (the lowest one \(left.min() ?? 0) eV; imaginary ones count as negative)",
        at: 0)
    }
    model.understood += [
      ("modes", "\(modes.count), \(output.energies[modes.last!]) to \(output.energies[modes[0]]) eV"),
      ("device region", "\(output.deviceAtoms.count) atoms, \(output.size) orbitals; \(output.dynamicAtoms.count) atoms move"),
    ]
    return model
  }
}

/// Sections of a model about the vibrations that both forms share.
enum InelasticaText {
  /// Bosons, coupling and what is computed, behind the electrodes.
  static func sections(file: String, electrodes: [String]) -> [String] {
    return [
      "bosons: {file: \(ImportedModel.dataFile == file ? file : "junction_up.nc")}",
      "baths:",
      "  # Inelastica's own external damping, next to none. The leads' vibrations give more: put their friction here.",
      "  lattice: {kind: ohmic, friction: 1e-15}", "coupling: {file: \(file)}",
      "parameters: {T: 4.2 K}", "state:",
      "  chemical_potential: {"
        + electrodes.enumerated().map { "\($1): \($0 == 0 ? "V/2" : ($1 == "absorber" ? "0" : "-V/2"))" }.joined(separator: ", ")
        + "}",
      "  temperature: T", "sweep:", "  V: {from: 0.01 V, to: 0.4 V, points: 40}", "compute:",
      "  elastic_correction: dynamic         # H is that of the relaxed junction: its static shift is in it",
      "  observables: [charge_current, conductance, iets, mode_population, electronic_damping]",
      "  tolerance: 1e-6", "",
    ]
  }

  /// Data of modes and couplings on `places` of a conductor with `size` orbitals.
  static func add(
    _ output: PhononOutput, _ modes: [Int], spin: Int, places: [Int], size: Int, to data: inout JunctionData
  ) throws(FileError) {
    data.add("mode_energy", modes.map { output.energies[$0] }, over: [("mode", modes.count)], attributes: [("units", "eV")])
    let couplings = try output.couplings(of: modes, spin: spin)
    let attributes = [(name: "convention", text: "dimensionless"), (name: "units", text: "eV")]
    guard size >= 300 else {
      let whole = couplings.map { $0.embedded(rows: places, columns: places, size: size) }
      data.add("coupling", whole, along: "mode", over: ("orbital", "orbital_column"), unit: "eV", attributes: [attributes[0]])
      return
    }
    var (numbers, rows, columns, values) = ([Double](), [Double](), [Double](), [Scalar]())
    for (mode, matrix) in couplings.enumerated() {
      for j in 0..<matrix.columns {
        for i in 0..<matrix.rows where matrix[i, j] != .zero {
          numbers.append(Double(mode))
          rows.append(Double(places[i]))
          columns.append(Double(places[j]))
          values.append(matrix[i, j])
        }
      }
    }
    if values.isEmpty { (numbers, rows, columns, values) = ([0], [0], [0], [.zero]) }  // a dimension has one index at least
    data.numbers.append(("modes", Double(modes.count)))
    let dimension = [(name: "coupling_element", length: values.count)]
    for (name, list) in [("mode", numbers), ("row", rows), ("column", columns)] {
      data.add("coupling_\(name)", list, over: dimension, isIndex: true)
    }
    let isReal = values.allSatisfy { $0.imaginary == 0 }
    data.add("coupling_value" + (isReal ? "" : "_real"), values.map(\.real), over: dimension, attributes: attributes)
    if !isReal { data.add("coupling_value_imag", values.map(\.imaginary), over: dimension, attributes: attributes) }
  }
}
