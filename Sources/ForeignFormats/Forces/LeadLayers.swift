import DataFiles

/// Two principal layers of a lead: the inner one beside the device, the outer one behind it, atoms in the same order.
struct LeadLayers {
  let inner: [Int]
  let outer: [Int]

  /// Splits the atoms of a lead. The halves are images of each other, one layer apart: as they are named, or as the program finds them.
  ///
  /// The inner layer is the one with the stronger springs to the device. Throws `outOfRange` where there are no two such halves.
  init(_ atoms: [Int], of forces: ForceConstants, device: [Int], option: ImportOption) throws(FileError) {
    guard atoms.count >= 2, atoms.count % 2 == 0 else {
      throw FileError(
        .outOfRange, in: option.flag, found: "\(atoms.count) atom\(atoms.count == 1 ? "" : "s")",
        allowed: "two principal layers with the same number of atoms each")
    }
    guard let periodic = PeriodicAtoms(atoms: forces.atoms, cell: forces.cell) else {
      throw FileError(.invalidData, in: forces.path, found: "lattice vectors without volume", allowed: "three lattice vectors")
    }
    func strength(_ layer: [Int]) -> Double { forces.largest(between: layer, and: device).value }
    var best: (layers: LeadLayers, ratio: Double)?
    for (first, second) in [Self.named(atoms, forces, periodic)].compactMap({ $0 }) + Self.found(atoms, forces, periodic) {
      let (a, b) = (strength(first), strength(second))
      let layers = a >= b ? LeadLayers(inner: first, outer: second) : LeadLayers(inner: second, outer: first)
      let ratio = min(a, b) / max(a, b, .leastNormalMagnitude)
      if best == nil || ratio < best!.ratio * (1 - 1e-6) { best = (layers, ratio) }
    }
    guard let best else {
      throw FileError(
        .outOfRange, in: option.flag, found: "atoms \(AtomSelection.words(atoms)), of which no half is the other one moved along",
        allowed: "two equal principal layers",
        hint: "name them one behind the other, the outer one first, both in the same order of atoms")
    }
    self = best.layers
  }

  private init(inner: [Int], outer: [Int]) { (self.inner, self.outer) = (inner, outer) }

  /// Positions of relaxed layers may differ from perfect images by so much, angstrom.
  private static let tolerance = 0.3

  /// The halves as they are named, when they are of the same elements and images of each other.
  private static func named(_ atoms: [Int], _ forces: ForceConstants, _ periodic: PeriodicAtoms) -> ([Int], [Int])? {
    let (first, second) = (Array(atoms.prefix(atoms.count / 2)), Array(atoms.suffix(atoms.count / 2)))
    let shifts = zip(first, second).map { periodic.shortest(forces.atoms[$1].position - forces.atoms[$0].position) }
    for (i, j) in zip(first, second) where forces.atoms[i].symbol != forces.atoms[j].symbol { return nil }
    guard shifts.allSatisfy({ PeriodicAtoms.length(periodic.shortest($0 - shifts[0])) <= tolerance }) else { return nil }
    return (first, second)
  }

  /// All translations that carry one half of the atoms onto the other half.
  private static func found(_ atoms: [Int], _ forces: ForceConstants, _ periodic: PeriodicAtoms) -> [([Int], [Int])] {
    let members = Set(atoms)
    let start = forces.atoms[atoms[0]]
    var result: [([Int], [Int])] = []
    for target in atoms.dropFirst() where forces.atoms[target].symbol == start.symbol {
      let shift = periodic.shortest(forces.atoms[target].position - start.position)
      var pairs: [(Int, Int)] = []
      for atom in atoms {
        guard let image = periodic.atom(at: forces.atoms[atom].position + shift, within: tolerance), members.contains(image),
          image != atom, forces.atoms[image].symbol == forces.atoms[atom].symbol
        else { continue }
        pairs.append((atom, image))
      }
      guard 2 * pairs.count == atoms.count, Set(pairs.map(\.0)).isDisjoint(with: pairs.map(\.1)),
        Set(pairs.map(\.1)).count == pairs.count
      else { continue }
      result.append((pairs.map(\.0), pairs.map(\.1)))
    }
    return result
  }
}
