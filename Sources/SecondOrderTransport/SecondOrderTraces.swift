import DenseMatrices
import Quadrature

/// What the second-order currents need of the electrons, Theory.md section 3: for the operators
/// O_ab(e) = A_b Gamma_a G (a != b) and O_aa(e) = A_a(e), and for a pair of modes (m, n), the traces
///     green  tr[O M^m G(z) M^n],  filled  tr[O M^m F(z) M^n],  spectral[c]  tr[O M^m A_c(z) M^n],
/// F(z) = sum_c int de'/2pi f_c(e') A_c(e')/(z - e' + i0).
///
/// One instance per worker; it owns its buffers.
package protocol SecondOrderTraces: AnyObject {
  /// Operators and elastic transmissions by energy: rows 0 ..< n^2 are Tr[Gamma_a G Gamma_b G^+].
  var table: EnergyTable { get }
  /// Derivatives of the table's rows, where the Hamiltonian moves with the state.
  var derivatives: TraceDerivatives { get }
  /// Where the traces vary fast with z: position and distance of the pole from the real axis; 0 for an edge.
  var features: [PanelFeature] { get }
  /// Makes the occupations those of a state and its derivatives.
  func load(_ line: StateLine)
  /// Fixes e by its panel and Lagrange weights, for a range of mode pairs. `measures` asks for doubts; O_aa
  /// belong to the inelastic part.
  func setInitial(panel: Int, weights: UnsafePointer<Double>, pairs: Range<Int>, measures: Bool, parts: SecondOrderParts)
  /// Fixes z on the real axis (+ i0). Traces that are not wanted are left undefined, and the doubts are those of the others.
  func setFinal(_ z: Double, wanted: FinalTraces)
  /// Writes the traces of a pair of modes, all operators asked for.
  func fill(pair: Int, into result: inout TraceValues)
}

/// Derivatives that a table has of its own rows: those of order k stand `k * rows` rows and `k * groups` groups further.
package struct TraceDerivatives: Sendable {
  package let order: Int
  package let rows: Int
  package let groups: Int

  /// A Hamiltonian that stays.
  package static let none = TraceDerivatives(order: 0, rows: 0, groups: 0)
}

/// Traces of one pair of modes at one (e, z), by operator a * electrodes + b.
package struct TraceValues {
  package let operators: Int
  /// Derivatives of order k, as far as the traces have any: [k * operators + operator].
  package var green: [Scalar]
  /// Derivatives of order k of the filled part: [k * operators + operator].
  package var filled: [Scalar]
  /// [(k * electrodes + c) * operators + operator]
  package var spectral: [Scalar]
  /// Bounds of the interpolation error of the derivative of order k of the filled part, [k * operators + operator]; those
  /// of order k also hold for green and the spectral traces.
  package var doubts: [Double]

  package init(electrodes: Int) {
    operators = electrodes * electrodes
    green = [Scalar](repeating: .zero, count: 3 * operators)
    filled = [Scalar](repeating: .zero, count: 3 * operators)
    spectral = [Scalar](repeating: .zero, count: 3 * electrodes * operators)
    doubts = [Double](repeating: 0, count: 3 * operators)
  }
}

/// The pairs of modes (m, n) of a computation and their couplings.
package struct TracePairs: Sendable {
  package let list: [(m: Int, n: Int)]
  /// Place of (n, m) for the pair at (m, n).
  let partners: [Int]

  /// One mode with itself.
  package init(mode: Int) { (list, partners) = ([(mode, mode)], [0]) }

  init(list: [(m: Int, n: Int)], partners: [Int]) { (self.list, self.partners) = (list, partners) }

  /// Every mode with itself.
  package static func diagonal(_ modes: Int) -> TracePairs {
    TracePairs(list: (0..<modes).map { ($0, $0) }, partners: Array(0..<modes))
  }

  /// All ordered pairs, m * modes + n.
  package static func all(_ modes: Int) -> TracePairs {
    let list = (0..<(modes * modes)).map { (m: $0 / modes, n: $0 % modes) }
    return TracePairs(list: list, partners: list.map { $0.n * modes + $0.m })
  }

  /// Rotating-wave modes of `modes`, with M^k+ as coupling k + modes: (M^k+, M^k) at e - w with A_kk, and its transpose at e + w.
  /// The pair of `selected[i]` is 2i; 2i + 1 serves as its transpose only.
  package static func rotatingWave(_ selected: [Int], of modes: Int) -> TracePairs {
    TracePairs(
      list: selected.flatMap { [($0 + modes, $0), ($0, $0 + modes)] }, partners: (0..<(2 * selected.count)).map { $0 ^ 1 })
  }

  package var count: Int { list.count }

  /// Place of (n, m) for the pair at (m, n).
  package func transposed(_ pair: Int) -> Int { partners[pair] }
}

/// Which traces of z are wanted.
package enum FinalTraces: Sendable {
  /// green and spectral.
  case unfilled
  /// filled, too.
  case all
}
