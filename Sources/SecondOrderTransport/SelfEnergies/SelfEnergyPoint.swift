import ComplexModule
import DenseMatrices
import Quadrature
import RealModule

/// Currents per electron energy from the self-energies there, Theory.md section 3: with S = sum_mn M^m [..]_mn M^n of the sums R, S^>, S^<,
///     correction of a:  2 Re sum_b g_ab tr[P_ab R] - Im sum_b tr[(P_ab - P_ba) Z_a],   inelastic:  Re tr[A_a Z_a],
///     Z_a = f_a S^> - (1 - f_a) S^<.
///
/// Owns the matrices of one worker.
final class SelfEnergyPoint {
  private let source: MeshTraceTable
  private let size: Int
  private let square: Int
  private let n: Int
  private let isDynamic: Bool
  private let algebra: SquareMatrices
  private let strength: Double
  private var row: [Double]
  private var weights = [Double](repeating: 0, count: 16)
  private var legendre = [Double](repeating: 0, count: 16)
  private var retarded: [Scalar]
  private var greater: [Scalar]
  private var lesser: [Scalar]
  private var work: [Scalar]
  private var scratch: [Scalar]
  private var hermitian: [Scalar]
  private var operators: [Scalar]
  private var norms: [Double]

  /// Per electrode: correction, then inelastic current; their gross flows, and bounds of their errors.
  private(set) var currents: [Double]
  private(set) var gross = [0.0, 0.0]
  private(set) var errors = [0.0, 0.0]

  init(_ source: MeshTraceTable, isDynamic: Bool) {
    self.source = source
    self.isDynamic = isDynamic
    (size, n) = (source.size, source.electrodes)
    square = size * size
    algebra = SquareMatrices(size: size)
    let largest = source.couplings.reduce(0) { max($0, $1.norm) }
    strength = largest * largest
    row = [Double](repeating: 0, count: source.table.rows)
    retarded = [Scalar](repeating: .zero, count: square)
    (greater, lesser, work, scratch, hermitian) = (retarded, retarded, retarded, retarded, retarded)
    operators = [Scalar](repeating: .zero, count: n * n * square)
    norms = [Double](repeating: 0, count: n * n)
    currents = [Double](repeating: 0, count: 2 * n)
  }

  /// Currents at an energy of a panel of the mesh. Cost: 6 N^3 flops per pair of modes, 8 N^2 per pair of electrodes.
  func fill(
    panel p: Int, x: Double, energy e: Double, _ sums: SelfEnergySums, _ bosons: DensityTable, _ electrodes: [ReservoirLine],
    parts: SecondOrderParts
  ) {
    let table = source.table
    table.fillWeights(panel: p, x: x, legendre: &legendre, into: &weights)
    row.withUnsafeMutableBufferPointer {
      table.interpolate(panel: p, weights: weights, range: 0..<table.rows, into: $0.baseAddress!)
    }
    setOperators()
    setSelfEnergies(sums, bosons)
    for i in currents.indices { currents[i] = 0 }
    (gross, errors) = ([0, 0], [0, 0])
    let beyond = bosons.beyond.reduce(0, +)
    let unknown =
      sums.doubt + 5e-13 * sums.norm + beyond
      * (isDynamic ? Self.norm(hermitian) : 1 / bosons.panels[bosons.panels.count - 1].end)
    var operatorDoubt = 0.0
    for g in 1..<table.groups.count { operatorDoubt = max(operatorDoubt, table.tails[p * table.groups.count + g]) }
    let f = electrodes.map { $0.fermi(e) }
    for a in 0..<n {
      let (occupied, empty) = (f[a].occupied.value, f[a].empty.value)
      var doubt = 0.0
      for b in 0..<n where b != a {
        let g = occupied - f[b].occupied.value
        let (ab, ba) = (a * n + b, b * n + a)
        let elastic = 2 * g * trace(ab, retarded).rawStorage.x
        let up = trace(ab, greater).rawStorage.y - trace(ba, greater).rawStorage.y
        let down = trace(ab, lesser).rawStorage.y - trace(ba, lesser).rawStorage.y
        currents[a] += elastic - (occupied * up - empty * down)
        gross[0] += abs(elastic) + abs(occupied * up) + abs(empty * down)
        doubt += 2 * abs(g) * norms[ab] + norms[ab] + norms[ba]
      }
      errors[0] = max(errors[0], doubt * strength * unknown + 4 * Double(n) * operatorDoubt * strength * sums.norm)
      guard parts.contains(a, a) else { continue }
      let (up, down) = (trace(a * n + a, greater).rawStorage.x, trace(a * n + a, lesser).rawStorage.x)
      currents[n + a] = occupied * up - empty * down
      gross[1] += abs(occupied * up) + abs(empty * down)
      errors[1] = max(errors[1], strength * (norms[a * n + a] * unknown + operatorDoubt * sums.norm))
    }
  }

  /// P_ab = A_b Gamma_a G, A_a on the diagonal, and their norms.
  private func setOperators() {
    var transfer = 0
    for a in 0..<n {
      for b in 0..<n {
        let slot = (a * n + b) * square
        if a == b {
          for i in 0..<square { work[i] = .zero }
          row.withUnsafeBufferPointer {
            PackedMatrix.add($0.baseAddress! + source.spectralRow(a), size: size, factor: Scalar(1, 0), to: &work)
          }
          for i in 0..<square { operators[slot + i] = work[i] }
        } else {
          let first = source.transferRow(transfer)
          for i in 0..<square { operators[slot + i] = Scalar(row[first + 2 * i], row[first + 2 * i + 1]) }
          transfer += 1
        }
        var sum = 0.0
        for i in 0..<square { sum += operators[slot + i].lengthSquared }
        norms[a * n + b] = sum.squareRoot()
      }
    }
    guard isDynamic else { return }
    for j in 0..<size {
      for i in 0..<size {
        let (u, v) = (source.greenRow() + 2 * (j * size + i), source.greenRow() + 2 * (i * size + j))
        hermitian[j * size + i] = Scalar(0.5 * (row[u] + row[v]), 0.5 * (row[u + 1] - row[v + 1]))
      }
    }
  }

  private static func norm(_ m: [Scalar]) -> Double { m.reduce(0) { $0 + $1.lengthSquared }.squareRoot() }

  private func setSelfEnergies(_ sums: SelfEnergySums, _ bosons: DensityTable) {
    for i in 0..<square { (retarded[i], greater[i], lesser[i]) = (.zero, .zero, .zero) }
    for (index, pair) in sums.pairs.list.enumerated() {
      let first = sums.accumulator(index)
      let d = sums.pairs.first(index)
      let still = bosons.integrals[d] + 2 * bosons.integrals[d + 1]
      let turning = pair.m == pair.n ? 0 : bosons.integrals[d + 2]
      for (m, k, sign) in pair.m == pair.n ? [(pair.m, pair.n, 0.0)] : [(pair.m, pair.n, 1.0), (pair.n, pair.m, -1.0)] {
        let stride = sums.stride
        sums.values.withUnsafeBufferPointer { v in
          let (re, im) = (v.baseAddress! + first, v.baseAddress! + first + (sign == 0 ? 0 : stride))
          for i in 0..<square {
            work[i] = Scalar(re[2 * i], re[2 * i + 1])
            if sign != 0 { work[i] = work[i] + Scalar(0, sign) * Scalar(im[2 * i], im[2 * i + 1]) }
            if isDynamic { work[i] = work[i] - Scalar(still, sign * turning) * hermitian[i] }
          }
          sandwich(m, k, addTo: &retarded)
          unpack(re + 2 * square, im + 2 * square, sign)
          sandwich(m, k, addTo: &greater)
          unpack(re + 3 * square, im + 3 * square, sign)
          sandwich(m, k, addTo: &lesser)
        }
      }
    }
  }

  private func unpack(_ re: UnsafePointer<Double>, _ im: UnsafePointer<Double>, _ sign: Double) {
    for i in 0..<square { work[i] = .zero }
    PackedMatrix.add(re, size: size, factor: Scalar(1, 0), to: &work)
    if sign != 0 { PackedMatrix.add(im, size: size, factor: Scalar(0, sign), to: &work) }
  }

  /// Adds M^m (work) M^k.
  private func sandwich(_ m: Int, _ k: Int, addTo sum: inout [Scalar]) {
    algebra.multiply(source.couplings[m].elements, work, into: &scratch)
    algebra.multiply(scratch, source.couplings[k].elements, into: &work)
    for i in 0..<square { sum[i] += work[i] }
  }

  /// tr[O_x Y].
  private func trace(_ x: Int, _ y: [Scalar]) -> Scalar {
    var (re, im) = (0.0, 0.0)
    let first = x * square
    for j in 0..<size {
      for i in 0..<size {
        let (p, q) = (operators[first + j * size + i].rawStorage, y[i * size + j].rawStorage)
        re += p.x * q.x - p.y * q.y
        im += p.x * q.y + p.y * q.x
      }
    }
    return Scalar(re, im)
  }
}
