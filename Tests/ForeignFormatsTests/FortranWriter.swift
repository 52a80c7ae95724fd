import Foundation

/// Writes sequential unformatted Fortran files for tests.
struct FortranWriter {
  enum Item {
    case integers([Int])
    case doubles([Double])
    case floats([Double])
    case text(String)
  }

  /// Bytes of a record marker, and their order.
  var marker = 4
  var isBig = false
  private(set) var bytes: [UInt8] = []

  mutating func record(_ items: Item...) {
    var body: [UInt8] = []
    for item in items {
      switch item {
      case .integers(let values): for value in values { body += word(UInt64(UInt32(bitPattern: Int32(value))), 4) }
      case .doubles(let values): for value in values { body += word(value.bitPattern, 8) }
      case .floats(let values): for value in values { body += word(UInt64(Float(value).bitPattern), 4) }
      case .text(let text): body += Array(text.utf8)
      }
    }
    let length = word(UInt64(body.count), marker)
    bytes += length + body + length
  }

  private func word(_ value: UInt64, _ size: Int) -> [UInt8] {
    let little = (0..<size).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
    return isBig ? little.reversed() : little
  }

  func write(_ path: String, truncatedTo count: Int? = nil) throws {
    try Data(count.map { Array(bytes.prefix($0)) } ?? bytes).write(to: URL(fileURLWithPath: path))
  }
}

/// A crystal with one atom per cell or several, in angstrom and eV, for tests to write in SIESTA's layouts.
struct TestCrystal {
  static let rydberg = 13.605693122994
  static let bohr = 0.529177210903
  var cell: [[Double]]
  var positions: [[Double]]
  var orbitalsPerAtom = 1
  /// Elements <i 0|H|j R> and S by R, for all R and -R.
  var elements: [(i: Int, j: Int, r: [Int], h: [Double], s: Double)]
  var fermi = 0.0

  var size: Int { positions.count * orbitalsPerAtom }
  var spins: Int { elements.first?.h.count ?? 1 }

  /// A square sheet of one-orbital atoms at distance 2 angstrom: `cells` along the current, `width` across, hopping and overlap between
  /// neighbours; `shift` moves the levels of the atoms listed.
  static func sheet(
    cells: Int, width: Int, hopping: Double = -1, across: Double = -0.5, overlap: Double = 0, level: Double = 0,
    shifts: [Int: Double] = [:], reach: Int = 1, far: Double = 0, spins: Int = 1
  ) -> TestCrystal {
    var crystal = TestCrystal(
      cell: [[2 * Double(cells), 0, 0], [0, 2 * Double(width), 0], [0, 0, 20]], positions: [], elements: [])
    for x in 0..<cells { for y in 0..<width { crystal.positions.append([2 * Double(x), 2 * Double(y), 0]) } }
    for x in 0..<cells {
      for y in 0..<width {
        let i = x * width + y
        func add(_ dx: Int, _ dy: Int, _ h: Double, _ s: Double) {
          let (tx, ty) = (x + dx, y + dy)
          let r = [Int((Double(tx) / Double(cells)).rounded(.down)), Int((Double(ty) / Double(width)).rounded(.down)), 0]
          let j = (tx - r[0] * cells) * width + ty - r[1] * width
          let values = (0..<spins).map { h + (dx == 0 && dy == 0 ? 0.3 * Double($0) : 0) }
          crystal.elements.append((i, j, r, values, s))
        }
        add(0, 0, level + (shifts[i] ?? 0), 1)
        for d in [-1, 1] {
          add(d, 0, hopping, overlap)
          add(0, d, across, 0)
        }
        if far != 0 { for d in [-reach, reach] { add(d, 0, far, 0) } }
      }
    }
    return crystal
  }

  /// Cells of the supercell, R = 0 first.
  var offsets: [[Int]] {
    var all = Set(elements.map(\.r))
    all.remove([0, 0, 0])
    return [[0, 0, 0]] + all.sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// Rows with columns in the supercell, from 1.
  private var rows: [[(column: Int, r: [Int], h: [Double], s: Double)]] {
    let numbers = Dictionary(uniqueKeysWithValues: offsets.enumerated().map { ($1, $0) })
    var rows = [[(column: Int, r: [Int], h: [Double], s: Double)]](repeating: [], count: size)
    for e in elements { rows[e.i].append((numbers[e.r]! * size + e.j + 1, e.r, e.h, e.s)) }
    return rows
  }

  private func inBohr(_ vectors: [[Double]]) -> [Double] { vectors.flatMap { $0 }.map { $0 / Self.bohr } }
  private var last: [Int] { (1...positions.count).map { $0 * orbitalsPerAtom } }

  /// Version 1 of a TSHS file.
  func tshs(version: Int = 1) -> FortranWriter {
    var f = FortranWriter()
    let rows = rows
    let ry = Self.rydberg
    f.record(.integers([version]))
    f.record(.integers([positions.count, size, size * offsets.count, spins, elements.count]))
    f.record(.integers([3, 3, 1]))
    f.record(.doubles(inBohr(cell) + inBohr(positions)))
    f.record(.integers([0, 0, 0]))
    f.record(.integers([1, 0, 0, 0, 1, 0, 0, 0, 1]), .doubles([0, 0, 0]))
    f.record(.doubles([fermi / ry, 0, 0.002]))
    f.record(.integers([0, 0]))
    f.record(.integers([0] + last))
    f.record(.integers(rows.map(\.count)))
    for row in rows { f.record(.integers(row.map(\.column))) }
    for row in rows { f.record(.doubles(row.map(\.s))) }
    for spin in 0..<spins { for row in rows { f.record(.doubles(row.map { $0.h[spin] / ry })) } }
    f.record(.integers(offsets.flatMap { $0 }))
    return f
  }

  /// Version 0, with distances instead of cells.
  var oldTSHS: FortranWriter {
    var f = FortranWriter()
    let rows = rows
    f.record(.integers([positions.count, size, size * offsets.count, spins, elements.count]))
    f.record(.doubles(inBohr(positions)))
    f.record(.integers(positions.map { _ in 6 }))
    f.record(.doubles(inBohr(cell)))
    f.record(.integers([0]))
    f.record(.integers([0]))
    f.record(.integers([0]))
    f.record(.integers([1, 0, 0, 0, 1, 0, 0, 0, 1]))
    f.record(.doubles([0, 0, 0]))
    f.record(.integers([0, 0]))
    f.record(.integers([0] + last))
    f.record(.integers((0..<(size * offsets.count)).map { $0 % size + 1 }))
    f.record(.integers(rows.map(\.count)))
    f.record(.doubles([0, 0.002]))
    f.record(.doubles([fermi / Self.rydberg]))
    for row in rows { f.record(.integers(row.map(\.column))) }
    for row in rows { f.record(.doubles(row.map(\.s))) }
    for spin in 0..<spins { for row in rows { f.record(.doubles(row.map { $0.h[spin] / Self.rydberg })) } }
    for (i, row) in rows.enumerated() {
      let distances = row.map { distance(i, $0.column, $0.r) }
      f.record(.doubles((0..<3).flatMap { axis in distances.map { $0[axis] } }))
    }
    return f
  }

  private func distance(_ i: Int, _ column: Int, _ r: [Int]) -> [Double] {
    let (a, b) = (positions[i / orbitalsPerAtom], positions[(column - 1) % size / orbitalsPerAtom])
    return (0..<3).map { x in (b[x] - a[x] + (0..<3).reduce(0) { $0 + Double(r[$1]) * cell[$1][x] }) / Self.bohr }
  }

  /// HSX of version 1 or 2, in double or single precision.
  func hsx(version: Int, isDouble: Bool = true) -> FortranWriter {
    var f = FortranWriter()
    let rows = rows
    f.record(.integers([version]))
    f.record(.integers([isDouble ? 1 : 0]))
    f.record(.integers([positions.count, size, spins, 1, offsets.count, 1, 1]))
    f.record(.doubles(inBohr(cell) + [fermi / Self.rydberg, 0, 0.002]))
    f.record(
      .integers(offsets.flatMap { $0 }), .doubles(inBohr(positions)), .integers(positions.map { _ in 1 }), .integers(last))
    f.record(.text("C                   "), .doubles([4]), .integers([orbitalsPerAtom]))
    f.record(.integers((0..<orbitalsPerAtom).flatMap { _ in [2, 0, 1] }))
    if version == 2 { f.record(.integers([1, 0, 0, 0, 1, 0, 0, 0, 1]), .doubles([0, 0, 0])) }
    f.record(.integers(rows.map(\.count)))
    for row in rows { f.record(.integers(row.map(\.column))) }
    func put(_ values: [Double]) { f.record(isDouble ? .doubles(values) : .floats(values)) }
    for spin in 0..<spins { for row in rows { put(row.map { $0.h[spin] / Self.rydberg }) } }
    for row in rows { put(row.map(\.s)) }
    return f
  }

  /// The form of HSX before versions; XV and EIG go with it.
  var oldHSX: FortranWriter {
    var f = FortranWriter()
    let rows = rows
    f.record(.integers([size, size * offsets.count, spins, elements.count]))
    f.record(.integers([0]))
    f.record(.integers((0..<(size * offsets.count)).map { $0 % size + 1 }))
    f.record(.integers(rows.map(\.count)))
    for row in rows { f.record(.integers(row.map(\.column))) }
    for spin in 0..<spins { for row in rows { f.record(.floats(row.map { $0.h[spin] / Self.rydberg })) } }
    for row in rows { f.record(.floats(row.map(\.s))) }
    f.record(.doubles([0, 0.002]))
    for (i, row) in rows.enumerated() { f.record(.floats(row.flatMap { distance(i, $0.column, $0.r) })) }
    f.record(.integers([1]))
    f.record(.text("C                   "), .doubles([4]), .integers([orbitalsPerAtom]))
    for _ in 0..<orbitalsPerAtom { f.record(.integers([2, 0, 1])) }
    f.record(.integers([positions.count]))
    f.record(.integers(positions.map { _ in 1 }))
    f.record(.integers((0..<size).flatMap { [$0 / orbitalsPerAtom + 1, $0 % orbitalsPerAtom + 1] }))
    return f
  }

  var xv: String {
    let vectors = cell.map { $0.map { "\($0 / Self.bohr)" }.joined(separator: " ") + "  0.0 0.0 0.0" }
    let atoms = positions.map { "1 6 " + $0.map { "\($0 / Self.bohr)" }.joined(separator: " ") + " 0.0 0.0 0.0" }
    return (vectors + ["\(positions.count)"] + atoms).joined(separator: "\n") + "\n"
  }
}
