import JunctionModel
import TransportResults

/// Moments of independent events: electron from a at e to b at e - w, boson w into bath p (`forward`), and the reverse.
///
/// forward[k * 5 + m] is the sum of rate times (e - mu_a)^k w^m over all forward events, k + m <= 4.
package struct EventMoments {
  package static let powers = 5
  package var forward = [Estimate](repeating: Estimate(), count: 25)
  package var backward = [Estimate](repeating: Estimate(), count: 25)

  /// Cumulant sum rate h1 h2 ... of quantities that are linear in e - mu_a and w: independent events are Poissonian, every
  /// cumulant is the moment of what one event carries, and an event run backwards carries the opposite.
  package func cumulant(_ quantities: [EventQuantity]) -> GrossEstimate {
    var polynomial = [Double](repeating: 0, count: 25)
    polynomial[0] = 1
    for q in quantities { polynomial = q.times(polynomial) }
    let sign = quantities.count % 2 == 0 ? 1.0 : -1.0
    var result = GrossEstimate()
    for (i, factor) in polynomial.enumerated() where factor != 0 {
      let (f, b) = (forward[i], backward[i])
      result.estimate += factor * f + (sign * factor) * b
      result.estimate.error += 1e-15 * abs(factor) * (abs(f.value) + abs(b.value))
      result.gross += abs(factor) * (abs(f.value) + abs(b.value))
    }
    return result
  }
}

/// What a forward event carries: constant + initial (e - mu_a) + boson w.
package struct EventQuantity {
  package var constant = 0.0
  package var initial = 0.0
  package var boson = 0.0

  /// The product with a polynomial in e - mu_a and w, up to the fourth order.
  package func times(_ p: [Double]) -> [Double] {
    let n = EventMoments.powers
    var result = [Double](repeating: 0, count: n * n)
    for k in 0..<n {
      for m in 0..<(n - k) {
        let x = p[k * n + m]
        guard x != 0 else { continue }
        result[k * n + m] += constant * x
        if k + 1 < n { result[(k + 1) * n + m] += initial * x }
        if m + 1 < n { result[k * n + m + 1] += boson * x }
      }
    }
    return result
  }
}

extension StateFluctuations {
  /// Books the events of a channel a -> b with bath p.
  package mutating func add(_ events: EventMoments, from a: Int, to b: Int, bath p: Int, state: OperatingState) {
    // Heat that leaves b: what arrives there, e - w - mu_b = (e - mu_a) - (w - mu_ab), with the opposite sign.
    let bias = state.chemicalPotentials[a] - state.chemicalPotentials[b]
    let leavingA = EventQuantity(initial: 1)
    let leavingB = EventQuantity(constant: -bias, initial: -1, boson: 1)
    var heats: [(terminal: Int, quantity: EventQuantity)] = [
      (electrodes + p, EventQuantity(constant: -state.bathPotentials[p], boson: 1))
    ]
    if a == b {
      heats.append((a, EventQuantity(boson: 1)))
    } else {
      heats += [(a, leavingA), (b, leavingB)]
      let one = EventQuantity(constant: 1)
      for order in 1...4 {
        let moment = events.cumulant([EventQuantity](repeating: one, count: order))
        chargeCumulants[(order - 1) * electrodes + a] += moment
        var opposite = moment
        if order % 2 == 1 { opposite.estimate.value = -moment.estimate.value }
        chargeCumulants[(order - 1) * electrodes + b] += opposite
        guard order == 2 else { continue }
        charge[a * electrodes + a] += moment
        charge[b * electrodes + b] += moment
        opposite.estimate.value = -moment.estimate.value
        charge[a * electrodes + b] += opposite
        charge[b * electrodes + a] += opposite
      }
    }
    for (x, h) in heats {
      for order in 1...4 {
        heatCumulants[(order - 1) * terminals + x] += events.cumulant([EventQuantity](repeating: h, count: order))
      }
      for (y, g) in heats { heat[x * terminals + y] += events.cumulant([h, g]) }
    }
  }
}
