import ComplexModule
import DataFiles
import DenseMatrices

/// H and S of a crystal or a junction as SIESTA stores them, whatever the file: rows of orbitals of the cell, columns of a supercell.
///
/// The element in row i and column (j, R) is the one between orbital i of cell 0 and orbital j of cell R. Spins: one component, two (up,
/// down), four (non-collinear) or eight (spin-orbit).
struct SiestaHamiltonian: Sendable {
  let path: String
  /// Lattice vectors, angstrom.
  let cell: [[Double]]
  /// Positions of the atoms, angstrom.
  let positions: [[Double]]
  /// Number of the last orbital of every atom, counted from 1.
  let lastOrbitals: [Int]
  /// R of every cell of the supercell, in lattice vectors.
  let offsets: [[Int]]
  /// Elements of every row.
  let counts: [Int]
  /// Column of every element in the supercell, from 0: cell * orbitals + orbital.
  let columns: [Int]
  let overlap: [Double]
  /// By component, eV.
  let components: [[Double]]
  /// eV; nil where the file does not say it.
  let fermiEnergy: Double?

  /// Orbitals of the cell.
  var size: Int { counts.count }
  /// Spin channels that do not mix.
  var channels: Int { components.count == 2 ? 2 : 1 }
  /// True when spins mix: H is then of twice the size, spin up and down of every orbital side by side.
  var isSpinor: Bool { components.count > 2 }
  /// Basis functions of a channel.
  var basisSize: Int { isSpinor ? 2 * size : size }
  /// Orbitals of an atom, from 0.
  func orbitals(of atom: Int) -> Range<Int> { (atom == 0 ? 0 : lastOrbitals[atom - 1])..<lastOrbitals[atom] }
  /// Farthest cell along a lattice vector that the file knows.
  func reach(along axis: Int) -> Int { offsets.reduce(0) { max($0, abs($1[axis])) } }

  /// Checks everything that is used as an index, and that numbers are finite. Throws `invalidData`.
  init(
    path: String, cell: [[Double]], positions: [[Double]], lastOrbitals: [Int], offsets: [[Int]], counts: [Int],
    columns: [Int], overlap: [Double], components: [[Double]], fermiEnergy: Double?
  ) throws(FileError) {
    (self.path, self.cell, self.positions, self.lastOrbitals) = (path, cell, positions, lastOrbitals)
    (self.offsets, self.counts, self.columns, self.overlap) = (offsets, counts, columns, overlap)
    (self.components, self.fermiEnergy) = (components, fermiEnergy)
    func require(_ holds: Bool, _ found: @autoclosure () -> String, _ allowed: String) throws(FileError) {
      guard holds else { throw FileError(.invalidData, in: path, found: found(), allowed: allowed) }
    }
    try require(!counts.isEmpty, "no orbitals", "one at least")
    try require([1, 2, 4, 8].contains(components.count), "\(components.count) spin components", "1, 2, 4 or 8")
    try require(positions.count == lastOrbitals.count && !positions.isEmpty, "\(positions.count) atoms", "one at least")
    try require(
      lastOrbitals.last == counts.count && zip([0] + lastOrbitals, lastOrbitals).allSatisfy { $0 <= $1 },
      "atoms with \(lastOrbitals.last ?? 0) orbitals in all", "ascending last orbitals up to \(counts.count)")
    let elements = columns.count
    // Numbers of a damaged file may be any: they are compared before they are summed.
    try require(
      counts.allSatisfy { (0...elements).contains($0) } && counts.reduce(0, { min($0 + $1, elements + 1) }) == elements,
      "rows of other lengths than the \(elements) columns of the file", "as many columns as elements of all rows")
    try require(overlap.count == elements, "\(overlap.count) numbers of S", "\(elements) elements")
    try require(components.allSatisfy { $0.count == elements }, "H of another length than S", "\(elements) elements")
    try require(
      offsets.allSatisfy { $0.count == 3 && $0.allSatisfy { $0.magnitude <= 10_000 } }, "a cell far from the first one",
      "cells up to 10000 lattice vectors away")
    try require(positions.allSatisfy { $0.allSatisfy { abs($0) < 1e9 } }, "a position that is none", "positions in angstrom")
    let limit = counts.count * offsets.count
    if let bad = columns.first(where: { !(0..<limit).contains($0) }) {
      try require(
        false, "column \(bad + 1) of the supercell", "1 to \(limit), \(offsets.count) cells of \(counts.count) orbitals")
    }
    try require(
      cell.joined().allSatisfy(\.isFinite) && abs(Self.volume(cell)) > 1e-9, "lattice vectors \(cell)",
      "three that span a volume, in angstrom")
    try require(
      overlap.allSatisfy(\.isFinite) && components.allSatisfy { $0.allSatisfy(\.isFinite) }, "infinity or NaN", "finite numbers")
    try require(fermiEnergy?.isFinite ?? true, "a Fermi energy of \(fermiEnergy ?? 0)", "a finite one")
  }

  static func volume(_ a: [[Double]]) -> Double {
    a[0][0] * (a[1][1] * a[2][2] - a[1][2] * a[2][1]) - a[0][1] * (a[1][0] * a[2][2] - a[1][2] * a[2][0])
      + a[0][2] * (a[1][0] * a[2][1] - a[1][1] * a[2][0])
  }

  /// An element of H and S between basis functions of cell 0 (row) and of the cell number `cell` (column).
  struct Element {
    let row: Int
    let column: Int
    /// Index into `offsets`.
    let cell: Int
    /// eV.
    let hamiltonian: Scalar
    let overlap: Double
  }

  /// Visits all elements of a channel, 0 for up or both.
  ///
  /// With spins that mix the file holds <j R s|H|i 0 s'> in row i, column (j, R); its adjoint is visited, with H11 = h1 + i h5,
  /// H22 = h2 + i h6, H12 = h3 - i h4, H21 = h7 + i h8 (of four components H21 = h3 + i h4).
  func forEach<E: Error>(channel: Int, _ body: (Element) throws(E) -> Void) throws(E) {
    var k = 0
    for i in 0..<size {
      for _ in 0..<counts[i] {
        defer { k += 1 }
        let (cell, j) = columns[k].quotientAndRemainder(dividingBy: size)
        guard isSpinor else {
          let h = Scalar(components[min(channel, components.count - 1)][k], 0)
          try body(Element(row: i, column: j, cell: cell, hamiltonian: h, overlap: overlap[k]))
          continue
        }
        for (s, t, h) in box(k) {
          let element = Element(
            row: 2 * i + t, column: 2 * j + s, cell: cell, hamiltonian: h.conjugate, overlap: s == t ? overlap[k] : 0)
          try body(element)
        }
      }
    }
  }

  private func box(_ k: Int) -> [(s: Int, t: Int, value: Scalar)] {
    let h = components.map { $0[k] }
    let isFull = h.count == 8
    return [
      (0, 0, Scalar(h[0], isFull ? h[4] : 0)), (1, 1, Scalar(h[1], isFull ? h[5] : 0)), (0, 1, Scalar(h[2], -h[3])),
      (1, 0, isFull ? Scalar(h[6], h[7]) : Scalar(h[2], h[3])),
    ]
  }
}

extension SiestaHamiltonian {
  /// Reads any of SIESTA's files of H by the ending of its name. `fermi` replaces what the file says.
  static func read(_ path: String) throws(FileError) -> SiestaHamiltonian {
    let name = path.lowercased()
    if name.hasSuffix(".tshs") || name.contains(".tshs_") { return try TSHSFile.read(path) }
    if name.hasSuffix(".hsx") { return try HSXFile.read(path) }
    if name.hasSuffix(".nc") { return try SiestaNetCDF.read(path) }
    throw FileError(
      .invalidData, in: path, found: "a file of another name", allowed: "LABEL.TSHS, LABEL.HSX or LABEL.nc",
      hint: "name a Hamiltonian of SIESTA; TBT.HS in the fdf says which")
  }
}

/// Cells of a supercell found one by one, for files that hold distances instead of cells.
struct SupercellImages {
  private(set) var offsets: [[Int]] = [[0, 0, 0]]
  private var known: [[Int]: Int] = [[0, 0, 0]: 0]
  private let inverse: [[Double]]

  /// `cell` in any unit of length, that of the distances.
  init(_ cell: [[Double]]) { inverse = Self.inverse(cell) }

  /// Number of the cell R with `distance` = x_j + R - x_i; nil when that is no lattice vector to 1 %.
  mutating func number(_ distance: [Double], from i: [Double], to j: [Double]) -> Int? {
    let rest = (0..<3).map { distance[$0] - j[$0] + i[$0] }
    var r: [Int] = []
    for axis in 0..<3 {
      let part = (0..<3).reduce(0) { $0 + rest[$1] * inverse[$1][axis] }
      guard abs(part) < 1e4, abs(part - part.rounded()) < 0.01 else { return nil }
      r.append(Int(part.rounded()))
    }
    if let number = known[r] { return number }
    known[r] = offsets.count
    offsets.append(r)
    return offsets.count - 1
  }

  /// The inverse of three rows.
  static func inverse(_ a: [[Double]]) -> [[Double]] {
    let volume = SiestaHamiltonian.volume(a)
    return (0..<3).map { i in
      (0..<3).map { j in
        let (p, q, r, s) = ((j + 1) % 3, (j + 2) % 3, (i + 1) % 3, (i + 2) % 3)
        return (a[p][r] * a[q][s] - a[p][s] * a[q][r]) / volume
      }
    }
  }
}
