import Pairbath
import PairbathTestSupport
import TestKinds
import Testing

/// Blocks over lattice vectors from data files.
@Suite("Wave vectors of data files")
struct WavevectorFileTests {
  private static let vectors: [[Double]] = [[0, 0], [1, 0], [1, -1]]
  private static let hamiltonian: [[[Double]]] = [
    [[0.1, 0.4], [0.4, -0.2]], [[0.2, 0.3], [-0.1, 0.15]], [[0.05, -0.1], [0.2, 0.1]],
  ]
  private static let imaginary: [[[Double]]] = [[[0, 0.2], [-0.2, 0]], [[0.1, 0], [0.05, 0.2]], [[0, 0], [0, 0]]]
  private static let overlap: [[[Double]]] = [[[1, 0.1], [0.1, 1]], [[0.05, 0], [0.02, 0.05]], [[0, 0], [0, 0.01]]]
  private static let inner: [[[Double]]] = [[[0.3]], [[-0.2]], [[0.1]]]
  private static let outer: [[[Double]]] = [[[-1]], [[0.2]]]
  private static let coupling: [[[Double]]] = [[[0.1, 0], [0, -0.1]], [[0, 0.05], [0.02, 0]], [[0.01, 0], [0, 0]]]

  private static func rows(_ matrix: [[Double]]) -> String { "[" + matrix.map { "\($0)" }.joined(separator: ", ") + "]" }

  private static func complexRows(_ re: [[Double]], _ im: [[Double]]) -> String {
    let rows = zip(re, im).map { zip($0, $1).map { "\($0)\($1 < 0 ? "-" : "+")\(abs($1))i" }.joined(separator: ", ") }
    return "[" + rows.map { "[\($0)]" }.joined(separator: ", ") + "]"
  }

  private static func r(_ b: Int) -> String { "R: \(vectors[b].map { Int($0) })" }

  private static func model(_ conductor: String, _ electrode: String, _ coupling: String) -> String {
    """
    units: eV
    conductor: {\(conductor)}
    electrodes:
      L: {kind: periodic, \(electrode)}
      R: {kind: wide-band, orbitals: [1], broadening: 0.3}
    bosons: {modes: [0.3]}
    baths: {ph: {kind: ohmic, friction: 0.01}}
    coupling: {\(coupling)}
    k_points: {grid: [3, 2], shift: [0.2, 0.4]}
    state: {chemical_potential: {L: 0.6, R: -0.1}, temperature: 400}
    compute: {observables: [charge_current, energy_current, transmission], energies: [0.3], tolerance: 1e-7}
    """
  }

  private static var written: String {
    let blocks = vectors.indices.map {
      "{\(r($0)), hamiltonian: \(complexRows(hamiltonian[$0], imaginary[$0])), overlap: \(rows(overlap[$0]))}"
    }
    let electrode = vectors.indices.map { b in
      "{\(r(b)), H00: \(rows(inner[b]))\(b < 2 ? ", H01: \(rows(outer[b]))" : "")}"
    }
    let matrix = vectors.indices.map { "{\(r($0)), matrix: \(rows(coupling[$0]))}" }.joined(separator: ", ")
    return model(
      "blocks: [\(blocks.joined(separator: ", "))]", "orbitals: [0], blocks: [\(electrode.joined(separator: ", "))]",
      "convention: dimensionless, matrices: [{blocks: [\(matrix)]}]")
  }

  private static let read = model("file: layer.nc", "file: layer.nc", "file: layer.nc")

  /// The layer as a file; `change` leaves variables out or gives them other names.
  private static func write(to path: String, vectors: [[Double]] = vectors, named lattice: String = "lattice_vector") throws {
    let file = try NetCDFFile(creating: path)
    for (name, length) in [
      ("block", 3), ("block2", 2), ("direction", vectors[0].count), ("orbital", 2), ("cell", 1), ("mode", 1),
      ("given", vectors.count),
    ] { try file.defineDimension(name, length: length) }
    func define(_ name: String, _ dimensions: [String], _ values: [Double]) throws {
      try file.defineVariable(name, over: dimensions)
      try file.write(values, to: name)
    }
    func flat(_ blocks: [[[Double]]]) -> [Double] { blocks.flatMap { $0.flatMap { $0 } } }
    try define(lattice, ["given", "direction"], vectors.flatMap { $0 })
    try define("hamiltonian_real", ["block", "orbital", "orbital"], flat(hamiltonian))
    try define("hamiltonian_imag", ["block", "orbital", "orbital"], flat(imaginary))
    try define("overlap", ["block", "orbital", "orbital"], flat(overlap))
    try define("electrode_L_H00", ["block", "cell", "cell"], flat(inner))
    try define("electrode_L_H01", ["block2", "cell", "cell"], flat(outer))
    try define("electrode_L_H01_lattice_vector", ["block2", "direction"], vectors.prefix(2).flatMap { $0 })
    try define("electrode_L_orbitals", ["cell"], [0])
    try define("coupling", ["mode", "block", "orbital", "orbital"], flat(coupling))
    try file.write(attribute: "convention", "dimensionless", of: "coupling")
    try file.close()
  }

  @Test("Blocks of a data file give the bits of the same blocks in the model")
  func sameBits() throws {
    try withTemporaryFolder { folder in
      try Self.write(to: folder + "/layer.nc")
      let (a, b) = (try ModelFile.read(text: Self.written).run(), try ModelFile.read(text: Self.read, folder: folder).run())
      for variable in a.variables {
        let twin = try #require(b.variable(variable.name))
        #expect(variable.values == twin.values && variable.errors == twin.errors, "\(variable.name)")
      }
      #expect((a.variable("charge_current_inelastic")?.values[0] ?? 0) != 0)
    }
  }

  @Test("Lattice vectors that are missing, too few, repeated, or of other directions are refused with their place")
  func faults() throws {
    let faults: [([[Double]], String, String)] = [
      (Self.vectors, "other", "without lattice vectors"), (Array(Self.vectors.prefix(2)), "lattice_vector", "one for each block"),
      ([[0, 0], [1, 0], [1, 0]], "lattice_vector", "twice"), ([[0], [1], [2]], "lattice_vector", "as many as wave vectors have"),
      ([[0, 0], [1, 0], [0.5, 0]], "lattice_vector", "whole numbers"),
    ]
    for (vectors, name, words) in faults {
      try withTemporaryFolder { folder in
        try Self.write(to: folder + "/layer.nc", vectors: vectors, named: name)
        let error = try #require(throws: FileError.self) { try ModelFile.read(text: Self.read, folder: folder) }
        #expect(error.description.contains(words) && error.description.contains("layer.nc"), "\(error)")
      }
    }
  }

  @Test("Blocks without wave vectors name the section that is missing")
  func withoutWavevectors() throws {
    try withTemporaryFolder { folder in
      try Self.write(to: folder + "/layer.nc")
      let text = Self.read.replacing("k_points: {grid: [3, 2], shift: [0.2, 0.4]}", with: "")
      let error = try #require(throws: FileError.self) { try ModelFile.read(text: text, folder: folder) }
      #expect(error.description.contains("k_points") && error.description.contains("lattice vectors"), "\(error)")
    }
  }
}
