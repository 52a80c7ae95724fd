import DenseMatrices

/// Finds atoms by their positions in a periodic cell.
struct PeriodicAtoms {
  private let atoms: [Atom]
  private let cell: [SIMD3<Double>]
  /// Rows of the inverse: fractional coordinate d of r is inverse[d] . r.
  private let inverse: [SIMD3<Double>]
  /// Boxes along each lattice vector.
  private let boxes: SIMD3<Int>
  private var contents: [Int: [Int]] = [:]

  /// Nil for a cell without volume. Cell and atoms are near enough (`ForceConstants.requirePlaces`).
  init?(atoms: [Atom], cell: [SIMD3<Double>]) {
    guard cell.count == 3, let inverse = Self.inverse(cell) else { return nil }
    (self.atoms, self.cell, self.inverse) = (atoms, cell, inverse)
    // Boxes of at least one angstrom: atoms within a tolerance below are in the same or in a neighbouring box.
    var boxes = SIMD3<Int>(1, 1, 1)
    for d in 0..<3 { boxes[d] = Int(max(1, min(1000, 1 / Self.length(inverse[d])))) }
    self.boxes = boxes
    for (number, atom) in atoms.enumerated() { contents[key(box(of: atom.position)), default: []].append(number) }
  }

  /// The nearest atom within `tolerance` (at most 1 angstrom) of a position, in any image; nil where there is none.
  func atom(at position: SIMD3<Double>, within tolerance: Double) -> Int? {
    let home = box(of: position)
    var best: (number: Int, distance: Double)?
    for number in neighbours(of: home) {
      let distance = Self.length(shortest(position - atoms[number].position))
      if distance <= tolerance && distance < best?.distance ?? .infinity { best = (number, distance) }
    }
    return best?.number
  }

  /// The shortest vector among the images of r (for cells that are not very oblique).
  func shortest(_ r: SIMD3<Double>) -> SIMD3<Double> {
    var result = r
    for d in 0..<3 { result -= (Self.dot(inverse[d], r)).rounded() * cell[d] }
    return result
  }

  private func neighbours(of box: SIMD3<Int>) -> [Int] {
    var keys: Set<Int> = []
    for x in -1...1 { for y in -1...1 { for z in -1...1 { keys.insert(key(box &+ SIMD3(x, y, z))) } } }
    return keys.flatMap { contents[$0] ?? [] }
  }

  private func box(of position: SIMD3<Double>) -> SIMD3<Int> {
    var box = SIMD3<Int>()
    for d in 0..<3 {
      let fraction = Self.dot(inverse[d], position)
      box[d] = Int(((fraction - fraction.rounded(.down)) * Double(boxes[d])).rounded(.down))
    }
    return box
  }

  private func key(_ box: SIMD3<Int>) -> Int {
    var key = 0
    for d in 0..<3 { key = key * boxes[d] + ((box[d] % boxes[d]) + boxes[d]) % boxes[d] }
    return key
  }

  static func dot(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double { (a * b).sum() }
  static func length(_ a: SIMD3<Double>) -> Double { dot(a, a).squareRoot() }

  static func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
  }

  static func inverse(_ cell: [SIMD3<Double>]) -> [SIMD3<Double>]? {
    let volume = dot(cell[0], cross(cell[1], cell[2]))
    guard abs(volume) > 1e-6, volume.isFinite else { return nil }
    return [
      cross(cell[1], cell[2]) / volume, cross(cell[2], cell[0]) / volume, cross(cell[0], cell[1]) / volume,
    ]
  }
}
