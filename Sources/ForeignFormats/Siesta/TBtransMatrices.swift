import ComplexModule
import DataFiles
import DenseMatrices

/// The matrices of one spin channel of a transport calculation, eV from the Fermi energy.
struct TBtransMatrices {
  let junction: TBtransJunction
  /// H and S of the conductor by transverse lattice vector; nil for a long conductor, which is sparse.
  private(set) var dense: (h: TransverseBlocks, s: TransverseBlocks)?
  /// H and S on and above the diagonal by row * size + column.
  private(set) var sparse: [Int: (h: Scalar, s: Double)] = [:]
  /// The coupling to every electrode's first cell.
  private(set) var couplings: [Coupling] = []
  let cells: [ElectrodeCell]
  /// True when S is the unit matrix everywhere.
  private(set) var isOrthogonal = true
  /// Which electrode an atom of the conductor outside the device region belongs to, by atom of the device.
  private(set) var regions: [Int: Int] = [:]
  /// Remarks about what is not in the model.
  private(set) var remarks: [String] = []

  /// Coupled orbitals of the conductor, and H and S from them to the cell.
  struct Coupling {
    var orbitals: [Int]
    var h: TransverseBlocks
    var s: TransverseBlocks
  }

  /// From so many orbitals on, without k points, matrices are sparse.
  private static let long = 300
  /// Elements that couple an electrode's cells beyond neighbours, or two electrodes, are errors above this, eV.
  private static let negligible = 1e-4

  init(_ junction: TBtransJunction, channel: Int) throws(FileError) {
    self.junction = junction
    let reference = try Self.fermiEnergy(junction.device, junction.input.fdf.path)
    var cells: [ElectrodeCell] = []
    for electrode in junction.electrodes {
      let input = electrode.input
      let fermi = try Self.fermiEnergy(electrode.file, junction.input.fdf.path) + input.fermiShift
      let cell = ElectrodeCell(
        electrode.file, input, channel: min(channel, electrode.file.channels - 1), reference: fermi - input.chemicalPotential,
        axes: electrode.axes, resolved: junction.resolved)
      try Self.check(cell, electrode, isNeglected: junction.input.neglectsBeyond, &remarks)
      if !cell.isOrthogonal { isOrthogonal = false }
      cells.append(cell)
    }
    self.cells = cells
    try collect(channel, reference)
    try checkOverlaps()
  }

  private static func fermiEnergy(_ file: SiestaHamiltonian, _ fdf: String) throws(FileError) -> Double {
    guard let energy = file.fermiEnergy else {
      throw FileError(
        .missingKey, in: file.path, found: "no Fermi energy, which an old HSX file does not hold", allowed: "LABEL.EIG beside it",
        hint: "or save a TSHS file (TS.HS.Save true)")
    }
    return energy
  }

  private static func check(
    _ cell: ElectrodeCell, _ electrode: ElectrodePlacement, isNeglected: Bool, _ remarks: inout [String]
  ) throws(FileError) {
    let input = electrode.input
    if let beyond = cell.beyond {
      let words = "cells \(beyond.cells) apart along a\(input.axis + 1) coupled by up to \(beyond.energy) eV"
      guard beyond.energy <= negligible || isNeglected else {
        throw FileError(
          .invalidData, in: electrode.file.path, found: words,
          allowed: "an electrode that couples to its neighbour cells only: its principal layer is too small",
          hint: "make the electrode \(input.name) longer; TBT.Elecs.Neglect.Principal true leaves the rest out")
      }
      remarks.append("electrode \(input.name): \(words)")
    }
    guard cell.h01.blocks.isEmpty else { return }
    throw FileError(
      .invalidData, in: electrode.file.path, found: "cells that are not coupled along a\(input.axis + 1)",
      allowed: "an electrode that repeats along its semi-inf-direction", hint: "compute it with k points along a\(input.axis + 1)"
    )
  }

  // MARK: The device

  private mutating func collect(_ channel: Int, _ reference: Double) throws(FileError) {
    let size = junction.size
    let isSparse = junction.resolved.isEmpty && size >= Self.long
    var (h, s) = (TransverseBlocks(rows: size, columns: size), TransverseBlocks(rows: size, columns: size))
    try checkMemory(size, isSparse)
    var entries = junction.electrodes.map { _ in [(row: Int, column: Int, r: [Int], h: Scalar, s: Double)]() }
    var direct: (energy: Double, a: Int, b: Int) = (0, 0, 0)
    var graph = RegionGraph(junction)
    var elements: [Int: (h: Scalar, s: Double)] = [:]
    var isUnit = isOrthogonal
    junction.forEach(channel: channel) { (role, r, element) throws(Never) in
      let value = element.hamiltonian - Scalar(reference * element.overlap, 0)
      switch role {
      case .inside(let row, let column):
        let isDiagonal = row == column && r.allSatisfy { $0 == 0 } && junction.device.offsets[element.cell] == [0, 0, 0]
        if element.overlap != (isDiagonal ? 1 : 0) { isUnit = false }
        if isSparse {
          guard row <= column else { break }
          let old = elements[row * size + column] ?? (.zero, 0)
          elements[row * size + column] = (old.h + value, old.s + element.overlap)
        } else {
          h.add(value, at: r, row, column)
          s.add(Scalar(element.overlap, 0), at: r, row, column)
        }
        if value != .zero || element.overlap != 0 { graph.join(row, column) }
      case .coupling(let electrode, let row, let column):
        guard value != .zero || element.overlap != 0 else { break }
        if element.overlap != 0 { isUnit = false }
        entries[electrode].append((row, column, r, value, element.overlap))
        graph.touch(row, electrode)
      case .between(let a, let b):
        if value.length > direct.energy { direct = (value.length, a, b) }
      }
    }
    isOrthogonal = isUnit
    if isSparse { sparse = elements } else { dense = (h, s) }
    try checkDirect(direct)
    try makeCouplings(entries)
    regions = graph.regions
    if let remark = graph.remark { remarks.append(remark) }
  }

  private func checkMemory(_ size: Int, _ isSparse: Bool) throws(FileError) {
    let reach = junction.resolved.reduce(1) { $0 * (2 * junction.device.reach(along: $1) + 1) }
    let bytes = 32 * Double(size) * Double(size) * Double(reach)
    guard !isSparse, bytes > 8e9 else { return }
    throw FileError(
      .invalidData, in: junction.device.path, found: "\(size) orbitals in \(reach) cells: \(Int(bytes / 1e9)) GB of matrices",
      allowed: "8 GB", hint: "take one k point, or a smaller device")
  }

  private func checkDirect(_ direct: (energy: Double, a: Int, b: Int)) throws(FileError) {
    guard direct.energy > Self.negligible else { return }
    let names = [direct.a, direct.b].map { junction.electrodes[$0].input.name }
    throw FileError(
      .invalidData, in: junction.device.path,
      found: "the electrodes \(names[0]) and \(names[1]) coupled to each other by up to \(direct.energy) eV",
      allowed: "a device long enough to keep them apart", hint: "electrode-position and used-atoms say which atoms are electrodes"
    )
  }

  private mutating func makeCouplings(
    _ entries: [[(row: Int, column: Int, r: [Int], h: Scalar, s: Double)]]
  ) throws(FileError) {
    for (index, own) in entries.enumerated() {
      let electrode = junction.electrodes[index]
      let columns = cells[index].h00.rows
      guard electrode.input.isBulk else {
        couplings.append(Coupling(orbitals: try ownOrbitals(electrode), h: cells[index].h01, s: cells[index].s01))
        continue
      }
      let orbitals = Set(own.map(\.row)).sorted()
      guard !orbitals.isEmpty else {
        throw FileError(
          .invalidData, in: junction.device.path, found: "no orbital coupled to the electrode \(electrode.input.name)",
          allowed: "atoms beside it that are neither electrode nor buffer")
      }
      let positions = Dictionary(uniqueKeysWithValues: orbitals.enumerated().map { ($1, $0) })
      var h = TransverseBlocks(rows: orbitals.count, columns: columns)
      var s = h
      for entry in own {
        h.add(entry.h, at: entry.r, positions[entry.row]!, entry.column)
        s.add(Scalar(entry.s, 0), at: entry.r, positions[entry.row]!, entry.column)
      }
      couplings.append(Coupling(orbitals: orbitals, h: h, s: s))
    }
  }

  /// The conductor's orbitals of an electrode that stays in it (`Bulk false`), in the order of its cell.
  private func ownOrbitals(_ electrode: ElectrodePlacement) throws(FileError) -> [Int] {
    let columns = junction.columnsOfCell(electrode)
    guard columns.count == electrode.file.basisSize * electrode.input.bloch.reduce(1, *),
      columns.values.allSatisfy({ $0.shift == [0, 0, 0] })
    else {
      throw electrode.input.place.error(
        1, found: "Bulk false for the electrode \(electrode.input.name) with used-atoms or atoms moved into another cell",
        allowed: "all atoms of its cell, unmoved, or Bulk true")
    }
    return columns.sorted { $0.value.column < $1.value.column }.map { junction.places[$0.key] }
  }

  // MARK: Overlaps

  /// S must be positive: at k = 0 of every electrode's crystal, and of the conductor unless it is large.
  private func checkOverlaps() throws(FileError) {
    guard !isOrthogonal else { return }
    for (cell, electrode) in zip(cells, junction.electrodes) {
      let hop = cell.s01.sum
      try Self.checkPositive(cell.s00.sum + hop + hop.adjoint, electrode.file.path, "the electrode \(electrode.input.name)")
    }
    if let dense, dense.s.rows <= 1500 { try Self.checkPositive(dense.s.sum, junction.device.path, "the conductor") }
  }

  private static func checkPositive(_ s: Matrix, _ path: String, _ what: String) throws(FileError) {
    let smallest: Double
    do throws(LinearAlgebraError) { smallest = try HermitianEigenproblem(s.hermitianPart).values.first ?? 1 } catch {
      throw FileError(
        .invalidData, in: path, found: "an overlap of \(what) without eigenvalues", allowed: "a positive definite one")
    }
    guard smallest <= 0 else { return }
    throw FileError(
      .invalidData, in: path, found: "an overlap of \(what) at k = 0 with the eigenvalue \(smallest)",
      allowed: "a positive definite overlap",
      hint: "two atoms may stand in one place, or the file is damaged")
  }
}

extension ElectrodeCell {
  /// True when S is the unit matrix.
  var isOrthogonal: Bool {
    guard s01.blocks.isEmpty, s00.blocks.count <= 1, let block = s00.blocks.values.first else { return s01.blocks.isEmpty }
    return (0..<block.columns).allSatisfy { j in (0..<block.rows).allSatisfy { block[$0, j] == ($0 == j ? .one : .zero) } }
  }
}

/// Which atoms of the conductor outside the device region hang together, and with which electrode.
private struct RegionGraph {
  private let atomOfPlace: [Int]
  private let isDevice: Set<Int>?
  private var neighbours: [Int: Set<Int>] = [:]
  private var touched: [Int: Set<Int>] = [:]
  private let names: [String]

  init(_ junction: TBtransJunction) {
    let spins = junction.device.isSpinor ? 2 : 1
    atomOfPlace = junction.atoms.flatMap { [Int](repeating: $0, count: spins * junction.device.orbitals(of: $0).count) }
    isDevice = junction.input.eta > 0 ? junction.input.deviceAtoms.map { Set($0) } : nil
    names = junction.electrodes.map(\.input.name)
  }

  mutating func join(_ row: Int, _ column: Int) {
    guard let isDevice else { return }
    let (a, b) = (atomOfPlace[row], atomOfPlace[column])
    guard a != b, !isDevice.contains(a), !isDevice.contains(b) else { return }
    neighbours[a, default: []].insert(b)
    neighbours[b, default: []].insert(a)
  }

  mutating func touch(_ row: Int, _ electrode: Int) {
    guard let isDevice, !isDevice.contains(atomOfPlace[row]) else { return }
    touched[electrode, default: []].insert(atomOfPlace[row])
  }

  private var found: (regions: [Int: Int], clash: (Int, Int)?) {
    var (regions, clash) = ([Int: Int](), (Int, Int)?.none)
    for (electrode, start) in touched.sorted(by: { $0.key < $1.key }) {
      var pending = Array(start)
      while let atom = pending.popLast() {
        if let other = regions[atom] {
          if other != electrode { clash = (other, electrode) }
          continue
        }
        regions[atom] = electrode
        pending += neighbours[atom] ?? []
      }
    }
    return (regions, clash)
  }

  var regions: [Int: Int] { found.regions }

  var remark: String? {
    found.clash.map {
      "atoms outside TBT.Atoms.Device join the electrodes \(names[$0.0]) and \(names[$0.1]): the device's eta there is counted to \(names[$0.0])"
    }
  }
}
