import ComplexModule
import DenseMatrices
import JunctionModel

/// A frequency near which something varies, and on what scale.
struct TwinFeature {
  let position: Double
  let width: Double
}

extension TwinBosons {
  /// Panels for int_0^inf dw: poles of D, edges of the baths, pair thresholds, level distances, thermal scales.
  func frequencyPanels() throws -> [Double] {
    let temperatures = point.temperatures + point.bathTemperatures
    let spread = (point.chemicalPotentials.max() ?? 0) - (point.chemicalPotentials.min() ?? 0)
    let reach = TextbookTwin.thermalReach
    let upper = max(
      spread + 1.5 * reach * (point.temperatures.max() ?? 0), reach * (point.bathTemperatures.max() ?? 0))
    var half = TwinBreakpoints(from: 0, to: upper)
    for pole in try poles() { half.add(pole.position, gradedFrom: pole.width) }
    for edge in baths.flatMap(\.edges) { half.add(edge) }
    for temperature in temperatures { half.add(0, gradedFrom: 0.25 * temperature) }
    for nu in point.bathChemicalPotentials { half.add(0, gradedFrom: 0.25 * abs(nu)) }
    for feature in electrons.map(pairFeatures) ?? [] { half.add(feature.position, gradedFrom: feature.width) }
    return half.sorted
  }

  /// Frequencies where the pair spectra vary fast: biases, level to Fermi energy, level to level, band edges.
  func pairFeatures(_ electrons: TextbookTwin) -> [TwinFeature] {
    let states = occupancies
    var result: [TwinFeature] = []
    for (a, one) in states.enumerated() {
      for other in states.dropFirst(a) {
        let temperature = max(one.temperature, other.temperature)
        result.append(TwinFeature(position: abs(one.mu - other.mu), width: 0.5 * temperature))
      }
      for level in electrons.levels {
        result.append(TwinFeature(position: abs(level.energy - one.mu), width: max(level.width, one.temperature)))
      }
      result += electrons.edges.map { TwinFeature(position: abs($0 - one.mu), width: one.temperature) }
    }
    for (i, level) in electrons.levels.enumerated() {
      for other in electrons.levels.dropFirst(i + 1) {
        result.append(TwinFeature(position: abs(level.energy - other.energy), width: level.width + other.width))
      }
      result += electrons.edges.map { TwinFeature(position: abs($0 - level.energy), width: level.width) }
    }
    for (i, edge) in electrons.edges.enumerated() {
      result += electrons.edges.dropFirst(i + 1).map { TwinFeature(position: $0 - edge, width: 0) }
    }
    return result
  }

  /// Poles of D with their half widths and edges of the baths with width zero.
  package func resonances() throws -> [(position: Double, width: Double)] {
    try poles().map { ($0.position, $0.width) } + baths.flatMap(\.edges).map { ($0, 0) }
  }

  /// Poles of D near the real axis, from eigenvalues z of diag(W^2) + Pi(w) by fixed-point steps w = Re sqrt z, with half
  /// widths -Im sqrt z. Every eigenvalue met on the way counts, those alike once.
  func poles() throws -> [TwinFeature] {
    let energies = junction.bosons.modeEnergies
    var result: [TwinFeature] = []
    // Modes pushed out of a lead's band are found from the other side of its edges.
    for start in energies + gyratedEnergies + baths.flatMap(\.edges).flatMap({ [0.98 * $0, 1.02 * $0] }) where start > 0 {
      var w = start
      for step in 0..<4 {
        var matrix = Matrix(diagonal: energies.map { $0 * $0 }) + (try dressing(frequency: w))
        matrix = matrix + gyration(frequency: w)
        for bath in baths { matrix = matrix + (try bath.selfEnergy(w)) }
        if junction.isRotatingWave {
          // z = W + Pi/2W: half of W + (W^2 + Pi)/W.
          for (k, energy) in energies.enumerated() {
            for j in energies.indices { matrix[k, j] = Scalar(0.5 / energy, 0) * matrix[k, j] }
            matrix[k, k] = matrix[k, k] + Scalar(0.5 * energy, 0)
          }
        }
        let roots = try GeneralEigenproblem(matrix).values.map { junction.isRotatingWave ? $0 : Complex.sqrt($0) }
        let found = roots.map {
          TwinFeature(position: $0.rawStorage.x, width: max(abs($0.rawStorage.y), 1e-9 * abs($0.rawStorage.x)))
        }
        if step >= 1 { result += found }
        w = found.min { abs($0.position - w) < abs($1.position - w) }?.position ?? w
      }
    }
    if junction.isRotatingWave { result += try scannedPoles() }
    // A pole of Pi draws a pole of D near to it, where the steps above do not converge.
    result += baths.flatMap(\.surfaceStates).map { TwinFeature(position: $0, width: 1e-4 * $0) }
    return result.sorted { $0.width < $1.width }.reduce(into: []) { kept, pole in
      let known = kept.contains { abs($0.position - pole.position) < 0.3 * pole.width && pole.width < 3 * $0.width }
      if !known { kept.append(pole) }
    }
  }

  /// What gyration makes of two modes: roots of (w^2 - W_m^2)(w^2 - W_n^2) = w^2 g^2, where panels should break.
  private var gyratedEnergies: [Double] {
    guard junction.bosons.gyration != nil else { return [] }
    let (n, w) = (junction.bosons.count, junction.bosons.modeEnergies)
    let g = Scalar(0, -1) * gyration(frequency: 1)
    return (0..<n).flatMap { i in
      ((i + 1)..<max(n, i + 1)).flatMap { j -> [Double] in
        let coupling = g[i, j].rawStorage.x
        let sum = w[i] * w[i] + w[j] * w[j] + coupling * coupling
        let root = max(0.25 * sum * sum - w[i] * w[i] * w[j] * w[j], 0).squareRoot()
        return [(0.5 * sum + root).squareRoot(), max(0.5 * sum - root, 0).squareRoot()]
      }
    }
  }
}
