import ComplexModule
import DataFiles
import DenseMatrices

/// The parts of a transport calculation, for one spin channel: the conductor between the electrodes and what couples it to them.
///
/// The electrode's atoms of the device are the first cell of its lead, with the matrices of the bulk, and no part of the conductor;
/// `Bulk false` leaves them in it.
struct TBtransJunction {
  let input: TBtransInput
  let device: SiestaHamiltonian
  let electrodes: [ElectrodePlacement]
  /// The device's axes with k points, in whose order transverse lattice vectors count.
  let resolved: [Int]
  /// Place of every orbital of the device in the conductor, -1 for those that are not in it.
  let places: [Int]
  /// Number of the electrode of every orbital, -1 for none.
  let owners: [Int]
  /// Atoms of the conductor in the order of its orbitals, from 0.
  let atoms: [Int]
  /// Device axes along which the device is not repeated.
  private let cut: [Bool]

  /// As many as a list may have: each stands in the model.
  private static let mostPoints = 100_000

  /// The spin channels that are wanted.
  var channels: [Int] {
    let all = Array(0..<device.channels)
    return input.spin.map { spin in all.filter { $0 == spin } } ?? all
  }

  /// Orbitals of the conductor.
  var size: Int { (places.max() ?? -1) + 1 }

  init(_ input: TBtransInput) throws(FileError) {
    self.input = input
    device = try SiestaHamiltonian.read(input.hamiltonian)
    var electrodes: [ElectrodePlacement] = []
    var files: [String: SiestaHamiltonian] = [:]
    for electrode in input.electrodes {
      let file = if let known = files[electrode.file] { known } else { try SiestaHamiltonian.read(electrode.file) }
      files[electrode.file] = file
      electrodes.append(try ElectrodePlacement(electrode, file, in: device))
    }
    self.electrodes = electrodes
    cut = Self.cut(device, electrodes)
    let sides = (0..<3).filter { [cut] axis in !cut[axis] }
    resolved = try Self.resolved(input, device, electrodes, sides)
    (owners, places, atoms) = try Self.places(input, device, electrodes)
  }

  /// Axes along the current of some electrode, and those that the electrodes do not share.
  private static func cut(_ device: SiestaHamiltonian, _ electrodes: [ElectrodePlacement]) -> [Bool] {
    (0..<3).map { axis in
      electrodes.contains { electrode in
        !electrode.axes.contains(axis) || isParallel(device.cell[axis], electrode.file.cell[electrode.input.axis])
      }
    }
  }

  private static func isParallel(_ a: [Double], _ b: [Double]) -> Bool {
    let dot = zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
    let lengths = a.reduce(0) { $0 + $1 * $1 } * b.reduce(0) { $0 + $1 * $1 }
    return dot * dot > (1 - 1e-6) * lengths
  }

  /// Axes with k points along which something repeats.
  private static func resolved(
    _ input: TBtransInput, _ device: SiestaHamiltonian, _ electrodes: [ElectrodePlacement], _ sides: [Int]
  ) throws(FileError) -> [Int] {
    let wanted = input.grid.resolved(sides)
    let axes = wanted.filter { axis in
      device.reach(along: axis) > 0
        || electrodes.contains { e in e.axes.firstIndex(of: axis).map { e.file.reach(along: $0) > 0 } ?? false }
    }
    if let place = input.grid.place, input.grid.list.isEmpty {
      let points = axes.reduce(1) { $0 * input.grid.counts[$1] }
      guard points <= mostPoints else {
        throw place.error(0, found: "a grid of \(points) k points", allowed: "up to \(mostPoints)")
      }
    }
    for axis in axes {
      for electrode in electrodes {
        guard let own = electrode.axes.firstIndex(of: axis), electrode.file.reach(along: own) == 0,
          device.reach(along: axis) > 0
        else { continue }
        throw FileError(
          .invalidData, in: electrode.file.path,
          found:
            "one cell along a\(own + 1): an electrode at the Gamma point, with a k grid of \(input.grid.counts[axis]) points",
          allowed: "an electrode computed with k points along a\(own + 1)",
          hint: "run the electrode \(electrode.input.name) with a k grid, or take one k point")
      }
      guard device.reach(along: axis) > 0 else {
        throw FileError(
          .invalidData, in: device.path, found: "one cell along a\(axis + 1): a device at the Gamma point, with k points there",
          allowed: "a device computed with k points along a\(axis + 1)")
      }
    }
    return axes
  }

  private static func places(
    _ input: TBtransInput, _ device: SiestaHamiltonian, _ electrodes: [ElectrodePlacement]
  ) throws(FileError) -> (owners: [Int], places: [Int], atoms: [Int]) {
    let count = device.positions.count
    var atomOwners = [Int](repeating: -1, count: count)
    for (index, electrode) in electrodes.enumerated() {
      for atom in electrode.atoms {
        guard atomOwners[atom] < 0 else {
          throw electrode.input.place.error(
            1, found: "atom \(atom + 1) in the electrodes \(electrodes[atomOwners[atom]].input.name) and \(electrode.input.name)",
            allowed: "each atom in one electrode")
        }
        atomOwners[atom] = index
      }
    }
    for atom in input.bufferAtoms + (input.deviceAtoms ?? []) where atom >= count {
      throw FileError(
        .invalidData, in: input.fdf.path, found: "atom \(atom + 1)", allowed: "atoms 1 to \(count) of \(device.path)")
    }
    let buffer = Set(input.bufferAtoms)
    let spins = device.isSpinor ? 2 : 1
    var (owners, places, atoms, next) = ([Int](), [Int](), [Int](), 0)
    for atom in 0..<count {
      let owner = atomOwners[atom]
      let isKept = !buffer.contains(atom) && (owner < 0 || !electrodes[owner].input.isBulk)
      if isKept { atoms.append(atom) }
      for _ in 0..<(spins * device.orbitals(of: atom).count) {
        owners.append(buffer.contains(atom) ? -2 : owner)
        places.append(isKept ? next : -1)
        if isKept { next += 1 }
      }
    }
    guard next > 0 else {
      throw FileError(
        .invalidData, in: input.fdf.path, found: "no atom between the electrodes", allowed: "one at least",
        hint: "electrode-position and used-atoms say which atoms are electrodes")
    }
    return (owners, places, atoms)
  }

  /// What an element of the device belongs to.
  enum Role {
    /// Within the conductor: places of row and column.
    case inside(row: Int, column: Int)
    /// From the conductor to the first cell of an electrode: its number, the place in the conductor, the column of its cell.
    case coupling(electrode: Int, row: Int, column: Int)
    /// Between two electrodes.
    case between(Int, Int)
  }

  /// Visits the elements of a channel with what they belong to and the transverse lattice vector; the device's own images along the
  /// current are no part of it.
  func forEach<E: Error>(
    channel: Int, _ body: (Role, [Int], SiestaHamiltonian.Element) throws(E) -> Void
  ) throws(E) {
    let columns = electrodes.map { columnsOfCell($0) }
    let origin = [0, 0, 0]
    try device.forEach(channel: channel) { (element) throws(E) in
      let r = device.offsets[element.cell]
      guard !(0..<3).contains(where: { cut[$0] && r[$0] != 0 }) else { return }
      let (from, to) = (owners[element.row], owners[element.column])
      guard from > -2, to > -2 else { return }
      let (row, column) = (places[element.row], places[element.column])
      if row >= 0, column >= 0 {
        try body(.inside(row: row, column: column), transverse(r, origin), element)
      } else if row >= 0, to >= 0 {
        let target = columns[to][element.column]!
        try body(.coupling(electrode: to, row: row, column: target.column), transverse(r, target.shift), element)
      } else if from >= 0, to >= 0, from != to {
        try body(.between(from, to), transverse(r, origin), element)
      }
    }
  }

  private func transverse(_ r: [Int], _ shift: [Int]) -> [Int] { resolved.map { r[$0] + shift[$0] } }

  /// Place in the lead's cell of every basis function of the device that an electrode holds, and its displacement.
  func columnsOfCell(_ electrode: ElectrodePlacement) -> [Int: (column: Int, shift: [Int])] {
    let spins = device.isSpinor ? 2 : 1
    var result: [Int: (column: Int, shift: [Int])] = [:]
    for (atom, partner) in zip(electrode.atoms, electrode.partners) {
      let own = electrode.file.orbitals(of: partner.atom)
      for (k, orbital) in device.orbitals(of: atom).enumerated() {
        for s in 0..<spins {
          let column = partner.copy * electrode.file.basisSize + spins * (own.lowerBound + k) + s
          result[spins * orbital + s] = (column, partner.shift)
        }
      }
    }
    return result
  }
}
