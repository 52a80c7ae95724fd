import DataFiles
import TransportResults

extension ExportFormat {
  /// Extended XYZ: a frame for each mode, positions and displacements in angstrom.
  static let xyz = ExportFormat(
    word: "xyz", abstract: "atoms with the displacements and populations of every mode, for OVITO, VMD, ASE", suffix: ".xyz",
    needsStructure: true
  ) { (request) throws(FileError) in
    let structure = try VibratingStructure(request.structure ?? "")
    var text = ""
    for frame in try structure.frames(request.result) {
      text += "\(structure.symbols.count)\nProperties=species:S:1:pos:R:3:displacement:R:3 \(frame.words)\n"
      for atom in structure.symbols.indices {
        let numbers =
          structure.positions[(3 * atom)..<(3 * atom + 3)] + structure.displacements[frame.mode][(3 * atom)..<(3 * atom + 3)]
        text += "\(structure.symbols[atom]) " + numbers.map { "\($0)" }.joined(separator: " ") + "\n"
      }
    }
    return [ExportedFile(name: ".xyz", text: text)]
  }

  /// XCrySDen's animated structures: a frame for each mode, displacements where forces stand.
  static let axsf = ExportFormat(
    word: "axsf", abstract: "the same for XCrySDen: displacements as its force arrows", suffix: ".axsf", needsStructure: true
  ) { (request) throws(FileError) in
    let structure = try VibratingStructure(request.structure ?? "")
    let frames = try structure.frames(request.result)
    var text = "# A step for each mode; the arrows are displacements.\n"
    for (step, frame) in frames.enumerated() { text += "# step \(step + 1): \(frame.words)\n" }
    text += "ANIMSTEPS \(frames.count)\n"
    for (step, frame) in frames.enumerated() {
      text += "ATOMS \(step + 1)\n"
      for atom in structure.symbols.indices {
        let numbers =
          structure.positions[(3 * atom)..<(3 * atom + 3)] + structure.displacements[frame.mode][(3 * atom)..<(3 * atom + 3)]
        text += "\(structure.symbols[atom]) " + numbers.map { "\($0)" }.joined(separator: " ") + "\n"
      }
    }
    return [ExportedFile(name: ".axsf", text: text)]
  }
}
