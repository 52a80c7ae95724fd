import DataFiles
import Foundation

/// SIESTA's force constants, `LABEL.FC` beside `LABEL.XV` and the input that made them; or the modes of its tool vibra, `LABEL.vectors`.
package struct SiestaForcesSource: JunctionSource {
  package let format = ImportFormat(
    "siesta-forces", argument: "RUN.fdf",
    abstract:
      "force constants of SIESTA (LABEL.FC, LABEL.XV): mode energies, or with --device, --left, --right a phonon junction",
    options: [.device, .left, .right, .masses])

  package init() {}

  package func read(_ request: ImportRequest) throws(FileError) -> ImportedModel {
    let path = try request.onlyFile(of: format)
    if path.hasSuffix(".vectors") { return try VibraModes(path).imported }
    let (labels, base) = try Self.labels(path)
    let geometry = try SiestaGeometry(base + ".XV")
    let (forces, file) = try forces(base, geometry, labels, request)
    let title = "Vibrations of \(base.split(separator: "/").last ?? "")"
    try forces.requirePlaces()
    var model: ImportedModel
    if PhononJunction.isAsked(by: request) {
      model = try PhononJunction(
        title: "Phonons through \(base.split(separator: "/").last ?? "")", program: "SIESTA", forces: forces,
        request: request
      ).imported()
    } else {
      let isFree = forces.known.count == forces.count
      model = try VibrationModel(
        title: title, program: "SIESTA", forces: isFree ? forces : forces.fragment(forces.known), original: forces, isFree: isFree
      ).imported()
      if !isFree {
        model.leftOut.append(
          "motions of atoms that were not displaced; these are held fast: displaced were atoms \(AtomSelection.words(forces.known))"
        )
      }
    }
    model.understood.insert(("files", "\(base).FC (eV/angstrom^2), \(base).XV (bohr)"), at: 0)
    model.understood.insert(
      (
        "anharmonicity",
        "displacements to both sides differ by up to \(Wording.digits(file.anharmonicity)) eV/angstrom^2; their mean is taken"
      ),
      at: model.understood.count)
    return model
  }

  /// The label of an fdf file and the path without extension of what SIESTA wrote beside it; a `.FC` file stands for itself.
  private static func labels(_ path: String) throws(FileError) -> (SiestaLabels?, String) {
    guard path.hasSuffix(".FC") else {
      let labels = try SiestaLabels(path)
      let base = TextFile.folder(of: path) + "/" + labels.label
      guard FileManager.default.fileExists(atPath: base + ".FC") else {
        throw FileError(
          .cannotRead, in: base + ".FC", found: "no such file", allowed: "the force constants of SystemLabel '\(labels.label)'",
          hint: "run SIESTA with MD.TypeOfRun FC, or name the .FC file itself")
      }
      return (labels, base)
    }
    return (nil, String(path.dropLast(3)))
  }

  private func forces(
    _ base: String, _ geometry: SiestaGeometry, _ labels: SiestaLabels?, _ request: ImportRequest
  ) throws(FileError) -> (ForceConstants, SiestaForceConstantsFile) {
    let count = geometry.atoms.count
    guard count <= ForceConstants.mostAtoms else {
      throw FileError(
        .outOfRange, in: base + ".XV", found: "\(count) atoms", allowed: "1 to \(ForceConstants.mostAtoms) atoms")
    }
    let option = try MassOption(request, atoms: count)
    var atoms: [Atom] = []
    for (number, atom) in geometry.atoms.enumerated() {
      let element = labels?.numbers[atom.species] ?? atom.number
      // Ghosts are negative, atoms of synthetic pseudopotentials 201 and more.
      let symbol = AtomicMasses.symbol(of: element) ?? "species \(atom.species)"
      let mass = try option.mass(number, symbol: symbol, given: labels?.masses[atom.species], path: base + ".XV")
      atoms.append(Atom(symbol: symbol, mass: mass, position: atom.position))
    }
    let file = try SiestaForceConstantsFile(base + ".FC", atoms: count)
    let first = (labels?.first ?? 1) - 1
    guard first + file.displaced <= count else {
      throw FileError(
        .invalidData, in: base + ".FC", found: "\(file.displaced) displaced atoms from atom \(first + 1) on (MD.FCfirst)",
        allowed: "atoms 1 to \(count)")
    }
    return (
      ForceConstants(
        path: base + ".FC", atoms: atoms, cell: geometry.cell, known: Array(first..<first + file.displaced), values: file.values),
      file
    )
  }
}
