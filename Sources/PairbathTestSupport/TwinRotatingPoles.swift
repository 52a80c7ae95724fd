import DenseMatrices
import JunctionModel

extension TwinBosons {
  /// Resonances of rotating-wave modes by brute force: where an eigenvalue of the Hermitian part of D^-1 changes its sign on a fine
  /// grid, bisected, with the width from its slope. Finds the narrow poles next to the poles and edges of structured baths, which
  /// fixed-point steps miss; the electrons' self-energy is taken constant near each of them.
  func scannedPoles() throws -> [TwinFeature] {
    let zero = Matrix(rows: junction.bosons.count, columns: junction.bosons.count)
    let highest = 1.3 * ((junction.bosons.modeEnergies + baths.flatMap(\.edges)).max() ?? 0)
    var result = try signChanges(from: 1e-6 * highest, to: highest, count: 4000, dressing: zero)
    guard level != .landauer else { return result }
    for feature in result {
      var place = feature.position
      for _ in 0..<2 {
        let dressing = try self.dressing(frequency: place)
        let found = try signChanges(from: 0.9 * place, to: 1.1 * place, count: 400, dressing: dressing)
        guard let nearest = found.min(by: { abs($0.position - place) < abs($1.position - place) }) else { break }
        place = nearest.position
        result.append(nearest)
      }
    }
    return result
  }

  private func signChanges(from lower: Double, to upper: Double, count: Int, dressing: Matrix) throws -> [TwinFeature] {
    func values(_ w: Double) throws -> [Double] {
      try HermitianEigenproblem(try rotatingInverse(frequency: w, dressing: dressing).hermitianPart).values
    }
    var result: [TwinFeature] = []
    var before = try values(lower)
    for i in 1...count {
      let (left, right) = (
        lower + (upper - lower) * Double(i - 1) / Double(count), lower + (upper - lower) * Double(i) / Double(count)
      )
      let after = try values(right)
      for k in after.indices where before[k] * after[k] < 0 {
        var (a, b, sign) = (left, right, before[k])
        for _ in 0..<45 {
          let middle = 0.5 * (a + b)
          let value = try values(middle)[k]
          if value * sign > 0 { (a, sign) = (middle, value) } else { b = middle }
        }
        result.append(try feature(at: 0.5 * (a + b), eigenvalue: k, dressing))
      }
      before = after
    }
    return result
  }

  /// Width: the damping of the eigenvector over the slope of its eigenvalue.
  private func feature(at w: Double, eigenvalue k: Int, _ dressing: Matrix) throws -> TwinFeature {
    let step = 1e-6 * w
    func problem(_ w: Double) throws -> HermitianEigenproblem {
      try HermitianEigenproblem(try rotatingInverse(frequency: w, dressing: dressing).hermitianPart)
    }
    let here = try rotatingInverse(frequency: w, dressing: dressing)
    let x = try problem(w).vectors.columns(k..<(k + 1))
    let damping = Matrix.product(x, .adjoint, (here - here.adjoint) * x, .plain)[0, 0].length / 2
    let slope = try (problem(w + step).values[k] - problem(w - step).values[k]) / (2 * step)
    return TwinFeature(position: w, width: max(damping / max(abs(slope), 1e-300), 1e-9 * w))
  }
}
