import DataFiles
import DenseMatrices

/// Matrices of a transport geometry taken apart.
struct DftbJunction {
  let folder: String
  let geometry: DftbGeometry
  /// eV.
  let hamiltonian: Matrix
  let overlap: Matrix
  /// eV.
  let fermi: Double

  /// Couplings left out may be this share of the largest element.
  private static let leftOutShare = 0.01

  func imported() throws(FileError) -> ImportedModel {
    var data = JunctionData()
    data.numbers = [("fermi_energy_eV", fermi)]
    let device = geometry.orbitals(geometry.device)
    data.add("hamiltonian", part(hamiltonian, device, device), over: ("orbital", "orbital_column"), unit: "eV")
    data.add("overlap", part(overlap, device, device), over: ("orbital", "orbital_column"))
    var notes: [String] = []
    for contact in geometry.contacts { notes += try add(contact, device, to: &data) }
    for (i, first) in geometry.contacts.enumerated() {
      for second in geometry.contacts[(i + 1)...] {
        let (a, b) = (geometry.orbitals(first.atoms), geometry.orbitals(second.atoms))
        notes += try check(a, b, "the coupling of contacts \(first.name) and \(second.name)", hint: "use a longer device")
      }
    }
    return ImportedModel(
      model: text, data: data,
      understood: [
        ("files", "\(folder): hamsqr1.dat (hartree), oversqr.dat"),
        ("device", "atoms \(geometry.device.lowerBound + 1) to \(geometry.device.upperBound), \(device.count) orbitals"),
      ]
        + geometry.contacts.map {
          (
            "contact \($0.name)",
            "atoms \($0.atoms.lowerBound + 1) to \($0.atoms.upperBound), two layers of \(geometry.orbitals($0.atoms).count / 2) orbitals"
          )
        } + [("Fermi energy", "\(fermi) eV")], leftOut: notes)
  }

  /// Adds a lead: H00 of the layer beside the device, H01 to the layer behind it, and the coupling of the device to the first one.
  private func add(
    _ contact: (name: String, atoms: Range<Int>), _ device: Range<Int>, to data: inout JunctionData
  ) throws(FileError) -> [String] {
    let all = geometry.orbitals(contact.atoms)
    let middle = contact.atoms.lowerBound + contact.atoms.count / 2
    guard contact.atoms.count % 2 == 0, 2 * geometry.offsets[middle] == all.lowerBound + all.upperBound else {
      throw FileError(
        .invalidData, in: folder, found: "\(contact.atoms.count) atoms and \(all.count) orbitals in contact \(contact.name)",
        allowed: "two equal principal layers")
    }
    let (inner, outer) = (all.lowerBound..<geometry.offsets[middle], geometry.offsets[middle]..<all.upperBound)
    let difference = part(hamiltonian, inner, inner) - part(hamiltonian, outer, outer)
    var notes = try check(
      device, outer, "coupling beyond the neighbouring layer of contact \(contact.name)", hint: "use longer principal layers")
    if difference.largestMagnitude > 1e-3 {
      notes.append(
        "the difference of the two layers of contact \(contact.name), up to \(Wording.digits(difference.largestMagnitude)) eV; the lead repeats the outer one"
      )
    }
    let parts: [(String, Matrix, Range<Int>, Range<Int>, Bool)] = [
      ("H00", hamiltonian, outer, outer, true), ("H01", hamiltonian, inner, outer, true), ("S00", overlap, outer, outer, false),
      ("S01", overlap, inner, outer, false),
    ]
    for (name, matrix, rows, columns, isEnergy) in parts {
      data.add(
        "electrode_\(contact.name)_\(name)", part(matrix, rows, columns),
        over: ("\(contact.name)_cell", "\(contact.name)_cell_column"),
        unit: isEnergy ? "eV" : nil)
    }
    let touching = device.filter { i in inner.contains { hamiltonian[i, $0] != .zero || overlap[i, $0] != .zero } }
    guard !touching.isEmpty else {
      throw FileError(
        .invalidData, in: folder, found: "no coupling of the device to contact \(contact.name)",
        allowed: "the layer beside the device first in each contact")
    }
    for (name, matrix, isEnergy) in [("coupling_hamiltonian", hamiltonian, true), ("coupling_overlap", overlap, false)] {
      data.add(
        "electrode_\(contact.name)_\(name)", part(matrix, touching, inner),
        over: ("\(contact.name)_contact", "\(contact.name)_cell"),
        unit: isEnergy ? "eV" : nil)
    }
    data.add(
      "electrode_\(contact.name)_orbitals", touching.map { Double($0 - device.lowerBound) },
      over: [("\(contact.name)_contact", touching.count)], isIndex: true)
    return notes
  }

  /// What is left out between two parts, in words; throws where it is too much.
  private func check(_ rows: Range<Int>, _ columns: Range<Int>, _ what: String, hint: String) throws(FileError) -> [String] {
    let most = part(hamiltonian, rows, columns).largestMagnitude
    guard most > 0 else { return [] }
    let scale = hamiltonian.largestMagnitude
    guard most <= Self.leftOutShare * scale else {
      throw FileError(
        .invalidData, in: folder, found: "\(what): \(Wording.digits(most)) eV",
        allowed: "at most 1 % of the largest element, \(Wording.digits(scale)) eV",
        hint: hint)
    }
    return ["\(what), at most \(Wording.digits(most)) eV"]
  }

  private func part(_ matrix: Matrix, _ rows: some Collection<Int>, _ columns: some Collection<Int>) -> Matrix {
    var result = Matrix(rows: rows.count, columns: columns.count)
    for (i, row) in rows.enumerated() { for (j, column) in columns.enumerated() { result[i, j] = matrix[row, column] } }
    return result
  }

  private var text: String {
    let names = geometry.contacts.map(\.name)
    let electrodes = names.map { "  \($0): {kind: periodic, file: \(ImportedModel.dataFile)}" }.joined(separator: "\n")
    let potentials = names.enumerated().map { i, name in
      "\(name): fermi_energy" + (i == 0 ? " + V/2" : i == 1 ? " - V/2" : "")
    }
    return """
      # Made by 'pairbath import' from files of DFTB+. Everything may be changed.
      title: \(ModelText.scalar("DFTB+ junction \(folder.split(separator: "/").last ?? "")"))
      conductor: {file: \(ImportedModel.dataFile), spin_degeneracy: 2}
      electrodes:                        # half-infinite leads of principal layers
      \(electrodes)
      parameters: {T: 300 K\(names.count > 1 ? ", V: 0" : "")}
      state:
        chemical_potential: {\(potentials.joined(separator: ", "))}
        temperature: T
      compute:
        observables: [transmission]
        energies: {from: \(fermi - 2), to: \(fermi + 2), points: 81}
        tolerance: 1e-6

      """
  }
}
