import DataFiles

/// Where the atoms of an electrode's cell stand in the device, and which lattice vectors they share.
struct ElectrodePlacement: Sendable {
  let input: ElectrodeInput
  let file: SiestaHamiltonian
  /// Atoms of the device, from 0.
  let atoms: Range<Int>
  /// The device's axis of each of the electrode's axes; nil for the one along the current, and where nothing repeats.
  let axes: [Int?]
  /// For every atom of `atoms`: the electrode's atom, the copy of its cell, and the lattice vector of the device it is displaced by.
  let partners: [Partner]

  struct Partner: Sendable {
    let atom: Int
    let copy: Int
    let shift: [Int]
  }

  /// Positions that agree to this are the same, angstrom.
  private static let tolerance = 0.01
  /// Orbitals of an electrode's cell, whose matrices are dense.
  private static let most = 6000

  /// Places an electrode. Throws `invalidData` when it does not fit the device: counts, lattice vectors, positions.
  init(_ input: ElectrodeInput, _ file: SiestaHamiltonian, in device: SiestaHamiltonian) throws(FileError) {
    (self.input, self.file) = (input, file)
    let used = input.usedAtoms ?? file.positions.count
    guard used <= file.positions.count else {
      throw input.place.error(
        1, found: "electrode \(input.name): used-atoms \(used)",
        allowed: "up to \(file.positions.count), the atoms of \(file.path)")
    }
    guard input.bloch[input.axis] == 1 else {
      throw input.place.error(
        1, found: "electrode \(input.name): Bloch expansion along a\(input.axis + 1), along which it is semi-infinite",
        allowed: "1 in this direction")
    }
    let copies = input.bloch.reduce(1, *)
    guard file.basisSize <= Self.most / copies else {
      throw FileError(
        .invalidData, in: file.path, found: "\(file.basisSize) orbitals in \(copies) copies",
        allowed: "up to \(Self.most) in the electrode's cell")
    }
    atoms = try input.atoms(count: used * copies, of: device.positions.count)
    axes = try Self.axes(input, file, device)
    partners = try Self.partners(input, file, device, atoms, axes)
    try checkOrbitals(device)
  }

  /// Throws when atoms that belong together have other numbers of orbitals.
  private func checkOrbitals(_ device: SiestaHamiltonian) throws(FileError) {
    for (atom, partner) in zip(atoms, partners) {
      let (mine, theirs) = (file.orbitals(of: partner.atom).count, device.orbitals(of: atom).count)
      guard mine == theirs else {
        throw FileError(
          .invalidData, in: file.path, found: "\(mine) orbitals on atom \(partner.atom + 1)",
          allowed: "\(theirs), as on atom \(atom + 1) of \(device.path)",
          hint: "electrode and device need the same basis; electrode \(input.name) of \(input.place.path)")
      }
    }
    guard file.components.count == device.components.count || (file.components.count <= 2 && device.components.count <= 2) else {
      throw FileError(
        .invalidData, in: file.path, found: "\(file.components.count) spin components",
        allowed: "\(device.components.count), as \(device.path) has")
    }
  }

  private static func axes(
    _ input: ElectrodeInput, _ file: SiestaHamiltonian, _ device: SiestaHamiltonian
  ) throws(FileError) -> [Int?] {
    var result: [Int?] = [nil, nil, nil]
    for axis in 0..<3 where axis != input.axis {
      let vector = file.cell[axis].map { $0 * Double(input.bloch[axis]) }
      let found = [axis, (axis + 1) % 3, (axis + 2) % 3].first { distance(device.cell[$0], vector) < tolerance }
      if let found {
        result[axis] = found
      } else if file.reach(along: axis) > 0 && device.reach(along: axis) > 0 {
        throw FileError(
          .invalidData, in: file.path,
          found: "a\(axis + 1)\(input.bloch[axis] > 1 ? " times \(input.bloch[axis])" : "") = \(words(vector)) angstrom",
          allowed: "a lattice vector of \(device.path): a\(axis + 1) = \(words(device.cell[axis]))",
          hint: "electrode \(input.name) and device must repeat alike along their sides; Bloch in its block repeats the electrode"
        )
      }
    }
    return result
  }

  private static func words(_ v: [Double]) -> String {
    "(" + v.map { "\(($0 * 1e5).rounded() / 1e5)" }.joined(separator: ", ") + ")"
  }

  private static func distance(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
  }

  private static func partners(
    _ input: ElectrodeInput, _ file: SiestaHamiltonian, _ device: SiestaHamiltonian, _ atoms: Range<Int>, _ axes: [Int?]
  ) throws(FileError) -> [Partner] {
    let copies = input.bloch.reduce(1, *)
    // Those nearest to the device: the last ones of an electrode that goes to minus infinity, the first ones of the other.
    let used = atoms.count / copies
    let first = input.side < 0 ? file.positions.count - used : 0
    var places: [(atom: Int, copy: Int, position: [Double])] = []
    for copy in 0..<copies {
      let b = ElectrodeCell.vector(copy, input.bloch)
      for atom in first..<(first + used) {
        places.append(
          (
            atom, copy,
            (0..<3).map { x in
              file.positions[atom][x] + (0..<3).reduce(0) { $0 + Double(b[$1]) * file.cell[$1][x] }
            }
          ))
      }
    }
    let lattice = Lattice(device.cell, axes.compactMap { $0 })
    let own = device.positions[atoms.lowerBound]
    var best: (missing: Int, distance: Double) = (0, .infinity)
    for start in places {
      let shift = (0..<3).map { own[$0] - start.position[$0] }
      var (partners, taken) = ([Partner](), Set<Int>())
      var failure: (atom: Int, distance: Double)?
      for atom in atoms {
        let target = (0..<3).map { device.positions[atom][$0] - shift[$0] }
        var nearest = (index: -1, distance: Double.infinity, shift: [0, 0, 0])
        for (index, place) in places.enumerated() where !taken.contains(index) {
          let (rest, shift) = lattice.reduced((0..<3).map { target[$0] - place.position[$0] })
          if rest < nearest.distance { nearest = (index, rest, shift) }
          if rest < tolerance { break }
        }
        guard nearest.index >= 0, nearest.distance < tolerance else {
          failure = (atom, nearest.distance)
          break
        }
        taken.insert(nearest.index)
        partners.append(Partner(atom: places[nearest.index].atom, copy: places[nearest.index].copy, shift: nearest.shift))
      }
      guard let failure else { return partners }
      if failure.atom > best.missing || best.distance == .infinity { best = (failure.atom, failure.distance) }
    }
    throw FileError(
      .invalidData, in: file.path,
      found: "no atom of electrode \(input.name) where atom \(best.missing + 1) of the device is (the nearest one is "
        + "\((best.distance * 1000).rounded() / 1000) angstrom away)",
      allowed:
        "the atoms \(atoms.lowerBound + 1) to \(atoms.upperBound) of \(device.path) at the same distances from each other, to \(tolerance) angstrom",
      hint:
        "electrode-position, used-atoms, Bloch and semi-inf-direction say which atoms they are; the layers next to the device need the bulk positions"
    )
  }

  /// Lattice vectors along which atoms may be displaced.
  private struct Lattice {
    let cell: [[Double]]
    let axes: [Int]
    let inverse: [[Double]]

    init(_ cell: [[Double]], _ axes: [Int]) { (self.cell, self.axes, inverse) = (cell, axes, SupercellImages.inverse(cell)) }

    /// What is left of a vector without lattice vectors, its length, and these.
    func reduced(_ v: [Double]) -> (length: Double, shift: [Int]) {
      var (rest, shift) = (v, [0, 0, 0])
      for axis in axes {
        let part = (0..<3).reduce(0) { $0 + v[$1] * inverse[$1][axis] }.rounded()
        guard abs(part) < 1e4 else { continue }
        shift[axis] = Int(part)
        for x in 0..<3 { rest[x] -= part * cell[axis][x] }
      }
      return (rest.reduce(0) { $0 + $1 * $1 }.squareRoot(), shift)
    }
  }
}
