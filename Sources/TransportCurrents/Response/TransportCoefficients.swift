import DenseMatrices
import RealModule
import TransportResults

/// What an experiment near equilibrium measures, from the Onsager matrix; Theory.md section 7.
///
/// Voltages are differences of chemical potentials over e; "between a and b" leaves all other electrodes open (no charge
/// current) and all other temperatures at T. Internal units (hbar = k_B = e = 1). A number that does not exist, because no
/// charge flows between a and b or no heat flows at all, is NaN.
package struct TransportCoefficients: Sendable, Equatable {
  /// The matrix they follow from.
  package let matrix: OnsagerMatrix
  /// T > 0.
  package let temperature: Double
  /// dQ_x/dT_y without charge currents, shape (terminals, terminals), row-major: heat leaving terminal x.
  package let openThermalConductance: [Estimate]

  /// Electrodes, then baths.
  package var terminals: Int { matrix.electrodes + matrix.baths }

  /// Cost: one small linear system per pair of electrodes. `temperature` > 0.
  package init(_ matrix: OnsagerMatrix, temperature: Double) {
    precondition(temperature > 0, "transport coefficients at T = \(temperature)")
    self.matrix = matrix
    self.temperature = temperature
    openThermalConductance = Self.openThermalConductance(matrix, temperature)
  }

  /// G_ab = dI_a/dV_b at one temperature.
  package func conductance(_ a: Int, _ b: Int) -> Estimate { (1 / temperature) * matrix[matrix.charge(a), matrix.charge(b)] }

  /// Current from a to b per voltage between them.
  package func pairConductance(_ a: Int, _ b: Int) -> Estimate {
    if a != b, matrix[matrix.charge(a), matrix.charge(b)].value == -.infinity { return Estimate(.infinity, error: 0) }
    guard a != b, let network = ChargeNetwork(matrix, grounding: b, reaching: a) else { return .notANumber }
    return (1 / temperature) * network.response(to: network.unitCurrent(into: a))[network.place(a)].reciprocal
  }

  /// S_ab = (mu_a - mu_b)/e per T_a - T_b (half of it on each side) without charge currents; negative when electrons above
  /// the chemical potential carry the current.
  package func seebeck(_ a: Int, _ b: Int) -> Estimate {
    guard a != b else { return .notANumber }
    let half = 0.5 / (temperature * temperature)
    return voltage(a, b) { c in
      half * matrix[matrix.charge(c), matrix.heat(a)] - half * matrix[matrix.charge(c), matrix.heat(b)]
    }
  }

  /// (mu_a - mu_b)/e per temperature of bath p without charge currents, the electrodes at T.
  package func bosonSeebeck(_ a: Int, _ b: Int, bath p: Int) -> Estimate {
    guard a != b else { return .notANumber }
    let factor = 1 / (temperature * temperature)
    return voltage(a, b) { factor * matrix[matrix.charge($0), matrix.bosonHeat(p)] }
  }

  /// Heat that conventional current from a to b takes from a and brings to b (half the difference), per charge, at one
  /// temperature; T times the Seebeck coefficient (Kelvin).
  package func peltier(_ a: Int, _ b: Int) -> Estimate {
    guard a != b else { return .notANumber }
    return heatPerCurrent(a, b) { 0.5 * matrix[matrix.heat(a), $0] - 0.5 * matrix[matrix.heat(b), $0] }
  }

  /// Heat that conventional current from a to b takes from bath p, per charge, at one temperature.
  package func bosonPeltier(_ a: Int, _ b: Int, bath p: Int) -> Estimate {
    guard a != b else { return .notANumber }
    return heatPerCurrent(a, b) { matrix[matrix.bosonHeat(p), $0] }
  }

  /// dQ_x/dT_y between terminals (electrodes, then baths) without charge currents: heat leaving x.
  package func thermalConductance(_ x: Int, _ y: Int) -> Estimate { openThermalConductance[x * terminals + y] }

  /// Heat from a to b, half the difference of what leaves a and b, per T_a - T_b; the bosons stay at T.
  package func pairThermalConductance(_ a: Int, _ b: Int) -> Estimate {
    guard a != b else { return .notANumber }
    let sum = thermalConductance(a, a) + thermalConductance(b, b) - thermalConductance(a, b) - thermalConductance(b, a)
    return 0.25 * sum
  }

  /// Heat that arrives in all electrodes per temperature of bath p.
  package func bosonThermalConductance(bath p: Int) -> Estimate {
    (0..<matrix.electrodes).reduce(Estimate()) { $0 - thermalConductance($1, matrix.electrodes + p) }
  }

  /// ZT = G S^2 T/kappa between two electrodes.
  package func figureOfMerit(_ a: Int, _ b: Int) -> Estimate {
    figure(pairConductance(a, b), seebeck(a, b), pairThermalConductance(a, b))
  }

  /// ZT = G S_p^2 T/kappa_p with bath p as the heat source, kappa_p all heat that leaves it.
  package func bosonFigureOfMerit(_ a: Int, _ b: Int, bath p: Int) -> Estimate {
    let terminal = matrix.electrodes + p
    return figure(pairConductance(a, b), bosonSeebeck(a, b, bath: p), thermalConductance(terminal, terminal))
  }

  private func figure(_ conductance: Estimate, _ seebeck: Estimate, _ thermal: Estimate) -> Estimate {
    guard thermal.value > 0 else { return .notANumber }
    let power = conductance * seebeck * seebeck
    guard thermal.value > thermal.error else { return Estimate(temperature * power.value / thermal.value, error: .infinity) }
    return temperature * (power * thermal.reciprocal)
  }

  /// mu_a - mu_b where a drive of the charge currents is balanced.
  private func voltage(_ a: Int, _ b: Int, drive: (Int) -> Estimate) -> Estimate {
    guard let network = ChargeNetwork(matrix, grounding: b, reaching: a) else { return .notANumber }
    return (-temperature) * network.response(to: network.nodes.map(drive))[network.place(a)]
  }

  private func heatPerCurrent(_ a: Int, _ b: Int, row: (Int) -> Estimate) -> Estimate {
    guard let network = ChargeNetwork(matrix, grounding: b, reaching: a) else { return .notANumber }
    let forces = network.response(to: network.unitCurrent(into: a))
    return zip(network.nodes, forces).reduce(Estimate()) { $0 - row(matrix.charge($1.0)) * $1.1 }
  }

  private static func openThermalConductance(_ l: OnsagerMatrix, _ t: Double) -> [Estimate] {
    let terminals = l.electrodes + l.baths
    // Where charges answer in an unknown way nothing is known with the electrodes open, but what no charge brings.
    let unknown = (0..<l.electrodes).filter { l[$0, $0].value.isNaN }
    // Infinite conductances leave no voltage: heat that is finite beside them is that at short circuit.
    let shorted = (0..<l.electrodes).filter { l[$0, $0].value.isInfinite }
    var result = [Estimate](repeating: Estimate(), count: terminals * terminals)
    let networks = ChargeNetwork.components(of: l)
    for y in 0..<terminals {
      let column = l.terminalHeat(y)
      let forces = networks.map { network in network.response(to: network.nodes.map { l[l.charge($0), column] }) }
      for x in 0..<terminals {
        let row = l.terminalHeat(x)
        var sum = l[row, column]
        for (network, force) in zip(networks, forces) {
          for (c, f) in zip(network.nodes, force) { sum -= l[row, l.charge(c)] * f }
        }
        if unknown.contains(where: { l[row, $0].value != 0 })
          || shorted.contains(where: { !l[row, $0].value.isFinite || !l[$0, column].value.isFinite })
        {
          sum = .notANumber
        }
        result[x * terminals + y] = (1 / (t * t)) * sum
      }
    }
    return result
  }
}

/// The charge block of an Onsager matrix as a network of conductances, one electrode of a connected part grounded.
package struct ChargeNetwork {
  /// Electrodes of the part that are not grounded.
  package let nodes: [Int]
  private let block: [[Estimate]]
  private let inverse: [[Double]]

  /// The part that contains both electrodes; nil when no charge flows between them.
  package init?(_ matrix: OnsagerMatrix, grounding b: Int, reaching a: Int) {
    let part = Self.parts(of: matrix).first { $0.contains(a) && $0.contains(b) }
    guard let part else { return nil }
    self.init(matrix, part: part, grounding: b)
  }

  private init?(_ matrix: OnsagerMatrix, part: [Int], grounding ground: Int) {
    let nodes = part.filter { $0 != ground }
    let block = nodes.map { x in nodes.map { matrix[matrix.charge(x), matrix.charge($0)] } }
    // Scaled to a unit diagonal: electrodes may differ by many orders of magnitude.
    let scales = block.indices.map { block[$0][$0].value.squareRoot() }
    guard !nodes.isEmpty, scales.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
    let scaled = Matrix(real: block.indices.map { i in block.indices.map { block[i][$0].value / (scales[i] * scales[$0]) } })
    guard let inverse = try? LUFactorization(scaled).inverse else { return nil }
    self.nodes = nodes
    self.block = block
    self.inverse = nodes.indices.map { i in
      nodes.indices.map { inverse[i, $0].rawStorage.x / (scales[i] * scales[$0]) }
    }
  }

  /// One network for every part of two electrodes or more.
  package static func components(of matrix: OnsagerMatrix) -> [ChargeNetwork] {
    parts(of: matrix).compactMap { part in
      // The best connected electrode is grounded.
      let best = part.max { matrix[$0, $0].value < matrix[$1, $1].value }
      return best.flatMap { ChargeNetwork(matrix, part: part, grounding: $0) }
    }
  }

  /// Electrodes between which charge flows, by more than the error.
  private static func parts(of matrix: OnsagerMatrix) -> [[Int]] {
    var open = Array(0..<matrix.electrodes)
    var result: [[Int]] = []
    while let first = open.first {
      var part = [first]
      var reached = 0
      open.removeFirst()
      while reached < part.count {
        let next = open.filter { abs(matrix[part[reached], $0].value) > matrix[part[reached], $0].error }
        open.removeAll { next.contains($0) }
        part += next
        reached += 1
      }
      result.append(part.sorted())
    }
    return result
  }

  /// Where an electrode stands among the nodes.
  package func place(_ electrode: Int) -> Int { nodes.firstIndex(of: electrode)! }

  package func unitCurrent(into a: Int) -> [Estimate] { nodes.map { Estimate($0 == a ? 1 : 0) } }

  /// Solves L F = b for the forces of the nodes: |dF| <= |L^-1| (|db| + |dL| |F|), and rounding.
  package func response(to b: [Estimate]) -> [Estimate] {
    let values = inverse.map { row in zip(row, b).reduce(0) { $0 + $1.0 * $1.1.value } }
    return inverse.indices.map { i in
      var error = 0.0
      for (j, weight) in inverse[i].enumerated() {
        var doubt = b[j].error + 4e-16 * abs(b[j].value)
        for (k, l) in block[j].enumerated() { doubt += (l.error + 1e-15 * abs(l.value)) * abs(values[k]) }
        error += abs(weight) * doubt
      }
      return Estimate(values[i], error: error)
    }
  }
}

extension Estimate {
  /// Product and reciprocal with errors to first order, the second-order term of the product included.
  package static func * (a: Estimate, b: Estimate) -> Estimate {
    Estimate(a.value * b.value, error: abs(a.value) * b.error + abs(b.value) * a.error + a.error * b.error)
  }

  package var reciprocal: Estimate {
    guard value != 0 else { return .notANumber }
    // Divided twice: the square of a small or large number need not exist.
    return Estimate(1 / value, error: error < abs(value) ? error / abs(value) / (abs(value) - error) : .infinity)
  }
}
