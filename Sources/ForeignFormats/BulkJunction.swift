import DataFiles
import DenseMatrices

/// A crystal as a junction with itself: one principal layer between two leads of such layers.
package struct BulkJunction {
  package let title: String
  /// The program the crystal comes from, for comments.
  package let program: String
  /// H(R), eV.
  package let hamiltonian: LatticeMatrix
  /// S(R); nil in an orthogonal basis.
  package let overlap: LatticeMatrix?
  /// Lattice vector along which the current flows, 0 to 2.
  package let direction: Int
  /// eV.
  package let fermiEnergy: Double

  /// More bytes of matrices than this are refused: a lattice vector far along the current makes a layer of as many cells.
  private static let mostBytes = 1e9

  /// The model: T(e) of the perfect crystal around its Fermi energy. `path` is the file, for the error of a layer too large for dense matrices.
  package func imported(from path: String) throws(FileError) -> ImportedModel {
    let reach = max(hamiltonian.reach(along: direction), overlap?.reach(along: direction) ?? 0)
    let cells = max(1, reach)
    let transverse = (0..<3).filter { axis in
      axis != direction && (hamiltonian.reach(along: axis) > 0 || (overlap?.reach(along: axis) ?? 0) > 0)
    }
    try requireMemory(cells, transverse, path)
    var data = JunctionData()
    data.numbers = [("fermi_energy_eV", fermiEnergy)]
    data.add("hamiltonian", blocks: layer(hamiltonian, cells, 0, transverse), over: ("orbital", "orbital_column"), unit: "eV")
    if let overlap { data.add("overlap", blocks: layer(overlap, cells, 0, transverse), over: ("orbital", "orbital_column")) }
    for (name, distance) in [("L", -1), ("R", 1)] {
      let parts =
        [("H00", hamiltonian, 0), ("H01", hamiltonian, distance)]
        + (overlap.map { [("S00", $0, 0), ("S01", $0, distance)] } ?? [])
      for (part, matrix, step) in parts {
        data.add(
          "electrode_\(name)_\(part)", blocks: layer(matrix, cells, step, transverse), over: ("cell", "cell_column"),
          unit: part.hasPrefix("H") ? "eV" : nil)
      }
      data.add(
        "electrode_\(name)_orbitals", (0..<(cells * hamiltonian.size)).map(Double.init),
        over: [("cell", cells * hamiltonian.size)],
        isIndex: true)
    }
    return ImportedModel(model: text(transverse.count), data: data, understood: understood(cells, transverse))
  }

  /// Five dense complex matrices of a layer for each lattice vector across, and as many of the overlap.
  private func requireMemory(_ cells: Int, _ transverse: [Int], _ path: String) throws(FileError) {
    let across = Set(hamiltonian.blocks.keys.map { key in transverse.map { key[$0] } }).count
    let orbitals = Double(cells) * Double(hamiltonian.size)
    let bytes = 80 * orbitals * orbitals * Double(across) * (overlap == nil ? 1 : 2)
    guard bytes > Self.mostBytes else { return }
    throw FileError(
      .invalidData, in: path,
      found: "a principal layer of \(cells) cells with \(Int(orbitals)) orbitals, for \(across) lattice vectors across: "
        + "\(Wording.digits(bytes / 1e9)) GB of matrices",
      allowed: "1 GB", hint: "leave lattice vectors out that are too far for the elements to matter")
  }

  private func layer(_ matrix: LatticeMatrix, _ cells: Int, _ distance: Int, _ transverse: [Int]) -> [(r: [Int], matrix: Matrix)]
  {
    matrix.layer(along: direction, cells: cells, distance: distance, transverse: transverse)
  }

  private func understood(_ cells: Int, _ transverse: [Int]) -> [(what: String, value: String)] {
    [
      ("current along", "a\(direction + 1)"),
      ("principal layer", "\(cells) cell\(cells == 1 ? "" : "s"), \(cells * hamiltonian.size) orbitals"),
      ("periodic across", transverse.isEmpty ? "nothing" : transverse.map { "a\($0 + 1)" }.joined(separator: ", ")),
      ("Fermi energy", "\(fermiEnergy) eV"),
    ]
  }

  private func text(_ transverse: Int) -> String {
    let grid = [String](repeating: "12", count: transverse).joined(separator: ", ")
    return """
      # Made by 'pairbath import' from files of \(program). Everything may be changed.
      title: \(ModelText.scalar(title))
      conductor: {file: \(ImportedModel.dataFile), spin_degeneracy: 2}
      electrodes:                        # half-infinite pieces of the same crystal
        L: {kind: periodic, file: \(ImportedModel.dataFile)}
        R: {kind: periodic, file: \(ImportedModel.dataFile)}
      \(transverse > 0 ? "k_points: {grid: [\(grid)]}             # across the current; more points for smoother numbers\n" : "")\
      parameters: {T: 300 K, V: 0}
      state:
        chemical_potential: {L: fermi_energy + V/2, R: fermi_energy - V/2}
        temperature: T
      compute:
        observables: [transmission]
        energies: {from: \(fermiEnergy - 2), to: \(fermiEnergy + 2), points: 81}
        tolerance: 1e-6

      """
  }
}

extension ImportRequest {
  /// The lattice vector of `--direction`, or the only one along which cells are coupled. Throws `missingKey` where there are several.
  func direction(of crystal: LatticeMatrix, in path: String) throws(FileError) -> Int {
    let coupled = (0..<3).filter { crystal.reach(along: $0) > 0 }
    let words = coupled.map { "a\($0 + 1)" }
    guard let word = options[.direction] else {
      guard coupled.count == 1 else {
        throw FileError(
          .missingKey, in: path,
          found: coupled.isEmpty
            ? "cells that are not coupled in any direction" : "cells that are coupled along \(words.joined(separator: ", "))",
          allowed: "the direction of the current", hint: coupled.isEmpty ? "" : "--direction \(words[0])")
      }
      return coupled[0]
    }
    guard let axis = ["a1", "a2", "a3"].firstIndex(of: word.lowercased()) else {
      throw FileError(.outOfRange, in: ImportOption.direction.flag, found: "'\(word)'", allowed: "a1, a2 or a3")
    }
    guard coupled.contains(axis) else {
      throw FileError(
        .outOfRange, in: ImportOption.direction.flag, found: "a\(axis + 1), along which no cells are coupled",
        allowed: words.joined(separator: ", "))
    }
    return axis
  }

  /// An energy in eV; nil when the option is not given.
  func energy(_ option: ImportOption) throws(FileError) -> Double? {
    guard let word = options[option] else { return nil }
    guard let value = Double(word), value.isFinite, abs(value) < 1e6 else {
      throw FileError(.outOfRange, in: option.flag, found: "'\(word)'", allowed: "an energy in eV")
    }
    return value
  }
}
