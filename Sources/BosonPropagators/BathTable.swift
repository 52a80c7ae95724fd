import ComplexModule
import DenseMatrices
import ElectronSpectra
import JunctionModel
import TransportResults

/// Pi(w) between a bath's own coordinates where no closed form exists: a periodic lead put on panels once, or the user's
/// table.
package struct BathTable: Sendable {
  private enum Form: Sendable {
    case spline(SelfEnergyTable, size: Int)
    case parts([Part], size: Int)
  }

  /// A part of a periodic lead: in closed form, on panels, or from its waves at every frequency.
  private enum Part: Sendable {
    case waves(PeriodicBathPart)
    case panels(PeriodicBathTable)
  }

  private let form: Form
  package let edges: [Double]
  package let bandBottom: Double
  /// Absolute error of Pi, from the waves and interpolation; 0 for the user's table and for closed forms.
  package let error: Double
  /// A typical frequency.
  package let scale: Double
  /// Parts of a periodic lead.
  private let bands: [PeriodicBathPart]

  /// The user's table, as a cubic spline; zero broadening beyond its last frequency.
  package init(_ table: TabulatedBosonSelfEnergy) {
    let spline = SelfEnergyTable(TabulatedSelfEnergy(energies: table.frequencies, values: table.values))
    form = .spline(spline, size: table.values[0].rows)
    edges = (spline.edges + [table.frequencies[table.frequencies.count - 1]]).filter { $0 > 0 }
    let largest = table.values.reduce(0.0) { max($0, ($1 - $1.adjoint).largestMagnitude) }
    let first = table.values.firstIndex { ($0 - $0.adjoint).largestMagnitude > 1e-9 * largest } ?? 0
    bandBottom = first == 0 ? 0 : table.frequencies[first - 1]
    scale = table.frequencies[table.frequencies.count - 1]
    error = 0
    bands = []
  }

  /// A periodic lead, part by part: coordinates of the cell that no spring joins are waves of their own. `isTabulated` false: Pi from
  /// the waves at every frequency, for few of them; poles of Pi are not looked for.
  package init(
    _ lead: PeriodicBosonLead, named name: String, coordinates: Int, highest: Double, isTabulated: Bool = true
  ) throws(SolverError) {
    let subject = SolverError.Subject.bath(name)
    do {
      let waves = try lead.independentParts.map { try PeriodicBathPart($0, coordinates: coordinates, at: subject) }
      let parts = try waves.map { part in
        part.isClosed || !isTabulated
          ? Part.waves(part) : Part.panels(try PeriodicBathTable(part, at: subject, highest: highest))
      }
      form = .parts(parts, size: coordinates)
      let found = Array(Set(waves.flatMap(\.edges))).sorted()
      edges = found
      bandBottom = waves.map(\.bandBottom).min() ?? 0
      bands = waves
      scale = found.last ?? 1
      error = parts.reduce(0) {
        if case .panels(let table) = $1 { return $0 + table.error.value }
        return $0
      }
    } catch let error as SolverError {
      throw error
    } catch let error as LinearAlgebraError where error.code == .interrupted {
      throw SolverError(.interrupted, "tabulating a lead was interrupted")
    } catch {
      throw SolverError(.linearAlgebra, at: subject, "the lead's surface Green's function could not be computed: \(error)")
    }
  }

  /// Channels of a periodic lead whose band edge lies at a frequency to rounding.
  package func edgeChannels(at w: Double) -> Int { bands.reduce(0) { $0 + ((try? $1.value(at: w))?.edgeChannels ?? 0) } }

  /// What the bath is to a junction at a single frequency, part by part. Cost: one set of waves for every part without table.
  func contacts(at w: Double) throws(LinearAlgebraError) -> [BathContact] {
    switch form {
    case .spline(let spline, let size): return [try BathContact(Self.value(spline, size, at: w), error: 0, edgeChannels: 0)]
    case .parts(let parts, let size):
      var result: [BathContact] = []
      for part in parts {
        switch part {
        case .waves(let waves): result.append(try waves.contact(at: w))
        case .panels(let table):
          var pi = Matrix(rows: size, columns: size)
          table.add(at: Scalar(w, 0), step: 0, to: &pi)
          result.append(try BathContact(pi, error: table.error(at: w), edgeChannels: table.edgeChannels(at: w)))
        }
      }
      return result
    }
  }

  /// True when waves may travel at a frequency: Gamma is zero elsewhere.
  package func isInBand(_ w: Double) -> Bool {
    guard case .spline(let spline, _) = form else { return bands.contains { $0.isInBand(w) } }
    return w > spline.range.upperBound ? false : w < spline.range.lowerBound || spline.isInBand(w)
  }

  /// Frequencies at which integrals are to be broken: knots of a table (few enough to matter one by one), poles of Pi.
  package var breaks: [Double] {
    switch form {
    case .spline(let spline, _): return spline.energies.count <= Self.knotLimit ? spline.energies.filter { $0 > 0 } : []
    case .parts: return surfaceStates.map(\.frequency)
    }
  }

  private static let knotLimit = 1000

  /// Poles of Pi.
  package var surfaceStates: [SurfaceState] {
    guard case .parts(let parts, _) = form else { return [] }
    return parts.flatMap { part -> [SurfaceState] in
      guard case .panels(let table) = part else { return [] }
      return table.surfaceStates
    }
  }

  /// Absolute error of Pi near a frequency; 0 for the user's table.
  package func error(at w: Double, floored: Bool = true) -> Double {
    guard case .parts(let parts, _) = form else { return 0 }
    return parts.reduce(0) { sum, part in
      switch part {
      case .panels(let table): return sum + table.error(at: w, floored: floored)
      case .waves(let part): return sum + ((try? part.value(at: w))?.error ?? .infinity)
      }
    }
  }

  /// Pi(z), Re z >= 0, near the real axis: poles as they are, the rest continued linearly.
  package func value(at z: Scalar) -> Matrix {
    let (w, step) = (z.rawStorage.x, 1e-6 * max(z.rawStorage.x, scale))
    switch form {
    case .spline(let spline, let size):
      let local = Self.value(spline, size, at: w)
      guard z.rawStorage.y != 0 else { return local }
      let slope = Self.value(spline, size, at: w + step) - Self.value(spline, size, at: max(w - step, 0))
      return local + Scalar(0, 0.5 * z.rawStorage.y / step) * slope
    case .parts(let parts, let size):
      var result = Matrix(rows: size, columns: size)
      for part in parts {
        switch part {
        case .panels(let table): table.add(at: z, step: step, to: &result)
        case .waves(let waves): result = result + Self.value(waves, at: z, size: size, step: step)
        }
      }
      return result
    }
  }

  /// Pi(z) without a table; what the waves cannot tell is no number.
  private static func value(_ part: PeriodicBathPart, at z: Scalar, size: Int, step: Double) -> Matrix {
    if part.isClosed { return part.closed(at: z) }
    let missing = Matrix(rows: size, columns: size, elements: [Scalar](repeating: Scalar(.nan, .nan), count: size * size))
    func value(_ w: Double) -> Matrix { (try? part.value(at: w))?.selfEnergy ?? missing }
    let (w, y) = (z.rawStorage.x, z.rawStorage.y)
    guard y != 0 else { return value(w) }
    return value(w) + Scalar(0, 0.5 * y / step) * (value(w + step) - value(max(w - step, 0)))
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

extension PeriodicBosonLead {
  /// The lead as leads of coordinates that no element of K00 or K01 joins, without those the junction does not touch; every
  /// part has its coupling. Bands and gaps are those of a part.
  fileprivate var independentParts: [PeriodicBosonLead] {
    let v = coupling ?? k01
    var label = Array(0..<cellSize)
    for _ in 0..<cellSize {
      for i in 0..<cellSize {
        for j in 0..<cellSize where k00[i, j] != .zero || k01[i, j] != .zero {
          let least = min(label[i], label[j])
          (label[i], label[j]) = (least, least)
        }
      }
    }
    return Set(label).sorted().compactMap { part in
      let own = (0..<cellSize).filter { label[$0] == part }
      let joint = v.submatrix(rows: Array(0..<v.rows), columns: own)
      guard joint.norm > 0 else { return nil }
      return PeriodicBosonLead(
        k00: k00.submatrix(rows: own, columns: own), k01: k01.submatrix(rows: own, columns: own), coupling: joint)
    }
  }
}
