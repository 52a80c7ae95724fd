import DataFiles

/// `FORCE_CONSTANTS_2ND` of ShengBTE, GULP or hiPhive, in eV/angstrom^2, beside ShengBTE's `CONTROL` with the structure.
package struct ShengBTESource: JunctionSource {
  package let format = ImportFormat(
    "shengbte", argument: "FORCE_CONSTANTS_2ND",
    abstract: "second-order force constants beside CONTROL: mode energies, or with --device, --left, --right a phonon junction",
    options: [.device, .left, .right, .masses])

  package init() {}

  package func read(_ request: ImportRequest) throws(FileError) -> ImportedModel {
    guard request.files.count <= 2 else {
      throw FileError(.outOfRange, in: request.files[2], found: "a third file", allowed: "FORCE_CONSTANTS_2ND and CONTROL")
    }
    let path = request.file
    let controlPath = request.files.count > 1 ? request.files[1] : TextFile.folder(of: path) + "/CONTROL"
    let control = try ShengBTEControl(controlPath)
    let cells = control.cells
    let perAtom = cells[0] * cells[1] * cells[2]
    let count = control.atoms.count * perAtom
    let masses = try MassOption(request, atoms: count)
    var atoms: [Atom] = []
    for atom in control.atoms {
      // Cells along the first vector vary fastest, atoms slowest.
      for cell in 0..<perAtom {
        let (x, y, z) = (cell % cells[0], cell / cells[0] % cells[1], cell / (cells[0] * cells[1]))
        let shift = Double(x) * control.lattice[0] + Double(y) * control.lattice[1] + Double(z) * control.lattice[2]
        let mass = try masses.mass(atoms.count, symbol: atom.symbol, given: nil, path: controlPath)
        atoms.append(Atom(symbol: atom.symbol, mass: mass, position: atom.position + shift))
      }
    }
    let raw = try PhonopyForceConstants(text: path, atoms: count)
    let primitive = (0..<count).map { $0 / perAtom * perAtom }
    let rows = raw.rows ?? Array(0..<count)
    let known = Set(rows)
    guard primitive.allSatisfy({ known.contains($0) }) else {
      throw FileError(
        .invalidData, in: path, found: "rows of atoms \(AtomSelection.words(rows))",
        allowed: "rows of all atoms, or of those of the first cell: \(AtomSelection.words(Array(Set(primitive))))")
    }
    let lattice = (0..<3).map { control.lattice[$0] * Double(cells[$0]) }
    let forces = raw.forceConstants(atoms: atoms, cell: lattice, rows: rows, factor: 1)
    var model = try PhonopySource.model(forces, primitive: primitive, request, program: "ShengBTE", title: path)
    model.understood.insert(("files", "\(path) (eV/angstrom^2), \(controlPath)"), at: 0)
    model.understood.insert(
      (
        "supercell",
        "\(cells[0]) x \(cells[1]) x \(cells[2]) cells of \(control.atoms.count) atoms\(request.options[.masses] == nil ? ", standard masses" : "")"
      ), at: 1)
    return model
  }
}
