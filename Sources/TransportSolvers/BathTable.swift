import ComplexModule
import DenseMatrices
import JunctionModel
import Quadrature

/// Pi(w) between a bath's own coordinates where no closed form exists: a periodic lead put on panels once, or the user's
/// table.
struct BathTable: Sendable {
  private enum Form: Sendable {
    case spline(SelfEnergyTable, size: Int)
    case panels([Samples], size: Int)
  }

  private struct Samples: Sendable {
    let panel: Panel
    /// Legendre coefficients of every element, [element * order + k].
    let coefficients: [Scalar]
  }

  private let form: Form
  let edges: [Double]
  let bandBottom: Double
  /// Absolute error of Pi, from decimation and interpolation; 0 for the user's table.
  let error: Double
  /// A typical frequency.
  let scale: Double

  private static let rule = GaussLegendreRule(order: 16)
  /// Panels are halved until the last Legendre coefficients fall below this fraction of the largest element.
  private static let tolerance = 1e-11
  private static let panelLimit = 1000

  /// The user's table, as a cubic spline; zero broadening beyond its last frequency.
  init(_ table: TabulatedBosonSelfEnergy) {
    let spline = SelfEnergyTable(TabulatedSelfEnergy(energies: table.frequencies, values: table.values))
    form = .spline(spline, size: table.values[0].rows)
    edges = (spline.edges + [table.frequencies[table.frequencies.count - 1]]).filter { $0 > 0 }
    let largest = table.values.reduce(0.0) { max($0, ($1 - $1.adjoint).largestMagnitude) }
    let first = table.values.firstIndex { ($0 - $0.adjoint).largestMagnitude > 1e-9 * largest } ?? 0
    bandBottom = first == 0 ? 0 : table.frequencies[first - 1]
    scale = table.frequencies[table.frequencies.count - 1]
    error = 0
  }

  /// A periodic lead: decimation at the nodes of panels that end at the band edges and follow their square roots.
  init(_ lead: PeriodicBosonLead, named name: String, coordinates: Int, highest: Double) throws(SolverError) {
    let surface = SurfaceGreensFunction(
      PeriodicLead(
        orbitals: Array(0..<coordinates), h00: lead.k00, h01: lead.k01, s00: nil, s01: nil,
        couplingHamiltonian: lead.coupling, couplingOverlap: nil))
    let path = ["baths", name]
    do {
      let structure = try surface.bandStructure()
      let top = structure.edges.last ?? 0
      if let lowest = structure.edges.first, lowest < -1e-9 * max(abs(top), abs(lowest)) {
        throw SolverError(
          .unsuitableModel, at: path, "the lead has imaginary phonons: its lowest W^2 is \(lowest)",
          hint: "Check that K00 contains the springs to both neighbouring cells")
      }
      let floor = 1e-9 * abs(top)
      let found = structure.edges.filter { $0 > floor }.map { $0.squareRoot() }
      edges = found
      bandBottom = (structure.edges.first ?? 0) > floor ? found[0] : 0
      scale = found.last ?? 1
      let samples = try Self.panels(surface, edges: found, highest: max(highest, 1.01 * (found.last ?? 0)))
      form = .panels(samples, size: coordinates)
      let largest = samples.reduce(0.0) { $1.coefficients.reduce($0) { max($0, $1.length) } }
      error = Self.tolerance * largest
    } catch let error as SolverError {
      throw error
    } catch {
      throw SolverError(.linearAlgebra, at: path, "the lead's surface Green's function could not be computed: \(error)")
    }
  }

  private static func panels(_ surface: SurfaceGreensFunction, edges: [Double], highest: Double) throws -> [Samples] {
    let points = ([0] + edges + [highest]).sorted()
    var pending = Panel.between(points, edges: edges)
    pending.reverse()
    var result: [Samples] = []
    while let panel = pending.popLast() {
      let values = try rule.nodes.map { node -> Matrix in
        let w = panel.position(node).0
        return try surface.selfEnergy(at: w * w)
      }
      let (coefficients, resolved) = expand(values)
      if !resolved, result.count + pending.count < panelLimit, let (left, right) = panel.bisected {
        pending += [right, left]
      } else {
        result.append(Samples(panel: panel, coefficients: coefficients))
      }
    }
    return result
  }

  /// Legendre coefficients of every element, and whether the last two are negligible.
  private static func expand(_ values: [Matrix]) -> ([Scalar], Bool) {
    let n = rule.order
    let size = values[0].elements.count
    var coefficients = [Scalar](repeating: .zero, count: size * n)
    var (largest, tail) = (0.0, 0.0)
    for e in 0..<size {
      for k in 0..<n {
        var sum = Scalar.zero
        for i in 0..<n {
          let weight = rule.weights[i] * rule.legendreAtNodes[k * n + i]
          sum = sum + values[i].elements[e].multiplied(by: weight)
        }
        coefficients[e * n + k] = sum.multiplied(by: Double(k) + 0.5)
        if k >= n - 2 { tail = max(tail, coefficients[e * n + k].length) }
      }
      for v in values { largest = max(largest, v.elements[e].length) }
    }
    return (coefficients, tail <= tolerance * largest || largest < 1e-280)
  }

  /// Pi(w), w >= 0.
  func value(at w: Double) -> Matrix {
    switch form {
    case .spline(let spline, let size): return Self.value(spline, size, at: w)
    case .panels(let samples, let size):
      var (low, high) = (0, samples.count - 1)
      while low < high {
        let middle = (low + high) / 2
        if samples[middle].panel.end < w { low = middle + 1 } else { high = middle }
      }
      let x = samples[low].panel.parameter(w)
      let n = Self.rule.order
      var legendre = [Double](repeating: 0, count: n)
      legendre.withUnsafeMutableBufferPointer { Self.rule.addLegendre(at: x, factor: 1, to: $0.baseAddress!) }
      var result = Matrix(rows: size, columns: size)
      for e in 0..<(size * size) {
        var sum = Scalar.zero
        for k in 0..<n { sum = sum + samples[low].coefficients[e * n + k].multiplied(by: legendre[k]) }
        result.elements[e] = sum
      }
      return result
    }
  }

  /// The spline; below the table friction falls linearly to zero, beyond it only a real part that decays as 1/w^2 is left.
  private static func value(_ spline: SelfEnergyTable, _ size: Int, at w: Double) -> Matrix {
    let range = spline.range
    let local = spline(at: min(max(w, range.lowerBound), range.upperBound))
    var full = local.embedded(rows: spline.orbitals, columns: spline.orbitals, size: size)
    if w < range.lowerBound {
      let ratio = w / range.lowerBound
      for i in full.elements.indices {
        full.elements[i] = Scalar(full.elements[i].rawStorage.x, ratio * full.elements[i].rawStorage.y)
      }
    } else if w > range.upperBound {
      let ratio = range.upperBound / w
      for i in full.elements.indices { full.elements[i] = Scalar(ratio * ratio * full.elements[i].rawStorage.x, 0) }
    } else if !spline.isInBand(w) {
      for i in full.elements.indices { full.elements[i] = Scalar(full.elements[i].rawStorage.x, 0) }
    }
    return full
  }
}
