import BosonPropagators
import ElectronSpectra
import JunctionModel
import Quadrature
import RealModule
import SpecialFunctions
import TransportCurrents
import TransportResults

/// The sums of poles that derivatives in closed form are made of; workers share them.
package struct ClosedFormKernels: Sendable {
  /// A mode at level `sharp`: its kernel, and its baths with their shares.
  struct Mode: Sendable {
    let energy: Double
    let kernel: PoleSumKernel
    let damping: ModeDamping
  }

  let elastic: PoleSumKernel
  let modes: [Mode]
  let electrodes: Int

  /// nil where electrodes depend on energy, for many levels, where modes have widths, and where one has no steady population.
  package init?(_ prepared: PreparedJunction, environment: BosonEnvironment, level: any BosonLevel) {
    let (junction, n) = (prepared.junction, prepared.junction.electrodes.count)
    guard !level.hasWidths || junction.bosons.count == 0,
      let elastic = PoleSumKernel(transmissionsOf: prepared, vanishing: (0..<(n * n)).map { $0 % (n + 1) == 0 })
    else { return nil }
    var modes: [Mode] = []
    for (mode, energy) in junction.bosons.modeEnergies.enumerated() {
      let damping = ModeDamping(junction, environment, mode: mode)
      guard !damping.isOutsideBands,
        let kernel = PoleSumKernel(
          prepared, mode: mode, frequency: energy, vanishing: [Bool](repeating: false, count: n * n))
      else { return nil }
      modes.append(Mode(energy: energy, kernel: kernel, damping: damping))
    }
    (self.elastic, self.modes, electrodes) = (elastic, modes, n)
  }
}

/// First and second derivatives of elastic and inelastic charge currents along a line of states, in closed form.
///
/// With wide bands T_ab and X^{ab} are sums of poles (`PoleSumKernel`), and
///     L^{ab}(w) = (1/pi) Re sum_pj a_pj [Phi_j(c_p; mu_b + w) - Phi_j(c_p; mu_a)],   dPhi_j/dmu = -(j + 1) Phi_{j+1},
/// gives I_ab^el = -L^{ab}(0) of the transmissions and, at level `sharp`, R^{ab} = L^{ab}(W) [n((W - mu_ab)/T) - N]/(2 W).
/// One instance per worker. Cost: some 100 ns per pole, electrode and mode.
package final class ClosedFormDerivatives {
  private let elastic: PoleSumKernel
  private let modes: [ClosedFormKernels.Mode]
  package let electrodes: Int
  private let order: Int
  /// Phi_j of every electrode and center: lane 0 measured from mu, lane 1 from mu + w.
  private var functions: [SIMD4<Double>] = []

  /// Derivatives up to `order`, 1 or 2.
  package init(_ kernels: ClosedFormKernels, order: Int) {
    (elastic, modes, electrodes, self.order) = (kernels.elastic, kernels.modes, kernels.electrodes, order)
  }

  /// Particle currents leaving every electrode with derivatives; nil where a closed form does not apply: a conductor or temperatures that
  /// move, unequal temperatures with bosons, T = 0, a bias of exactly W. `grossRate` is a lower bound.
  package func evaluate(_ line: StateLine) -> (elastic: SecondOrderCurrents, inelastic: SecondOrderCurrents)? {
    guard !line.movesConductor, line.electrodes.allSatisfy({ $0.isFixedAndWarm }) else { return nil }
    let temperature = line.electrodes[0].temperature.value
    guard modes.isEmpty || line.electrodes.allSatisfy({ $0.temperature.value == temperature }) else { return nil }
    var result = (SecondOrderCurrents(electrodes: electrodes), SecondOrderCurrents(electrodes: electrodes))
    fill(elastic, line)
    forEachChannel(of: elastic) { a, b in
      guard a != b else { return }
      let density = density(elastic, from: a, to: b, line)
      for k in 0...order {
        result.0.particles[3 * a + k] += Estimate(-density.value[k], error: density.error[k])
        result.0.grossRate[k] += abs(density.value[k])
      }
    }
    for mode in modes { addInelastic(mode, temperature, line, &result.1) }
    // At W = mu_ab, where L vanishes, n is infinite.
    return result.1.grossRate.allSatisfy(\.isFinite) ? result : nil
  }

  private func forEachChannel(of kernel: PoleSumKernel, _ body: (Int, Int) -> Void) {
    for channel in kernel.terms.indices where !kernel.terms[channel].isEmpty {
      body(channel / electrodes, channel % electrodes)
    }
  }

  /// I_a += sum_b (R^{ab} - R^{ba}).
  private func addInelastic(
    _ mode: ClosedFormKernels.Mode, _ temperature: Double, _ line: StateLine, _ result: inout SecondOrderCurrents
  ) {
    var population = Jet.zero
    for (p, share) in zip(mode.damping.baths, mode.damping.shares) {
      let n = line.baths[p].bose(mode.energy)
      population = population + Jet(share * n.value, share * n.first, share * n.second)
    }
    fill(mode.kernel, line)
    let scale = 1 / (2 * mode.energy)
    forEachChannel(of: mode.kernel) { a, b in
      guard a != b else { return }
      let density = density(mode.kernel, from: a, to: b, line)
      let excess = excess(mode.energy, line.electrodes[a], line.electrodes[b], temperature, over: population)
      for k in 0...order {
        var (value, error, size) = (0.0, 0.0, 0.0)
        for i in 0...k {
          let multiple = scale * MatrixJet.binomial(k, i)
          let (l, n) = (density.value[i], excess.value[k - i])
          value += multiple * l * n
          size += multiple * abs(l * n)
          error += multiple * (density.error[i] * abs(n) + abs(l) * excess.error[k - i])
        }
        let estimate = Estimate(value, error: error + 4 * .ulpOfOne * size)
        result.particles[3 * a + k] += estimate
        result.particles[3 * b + k] += Estimate(-value, error: estimate.error)
        result.grossRate[k] += abs(value)
      }
    }
  }

  /// n((W - mu_ab)/T) - N with derivatives, and what rounding makes of them.
  private func excess(
    _ w: Double, _ a: ReservoirLine, _ b: ReservoirLine, _ temperature: Double, over population: Jet
  ) -> (value: Jet, error: Jet) {
    let bias = a.potential - b.potential
    let n = ReservoirLine(bias, Jet(temperature)).pairs(w)
    let shift = Double.ulpOfOne * (w + abs(a.potential.value) + abs(b.potential.value)) / temperature
    // n' = -n (1 + n) and so on: every derivative moves by the next one.
    let m = n.value
    let slope = abs(m * (1 + m))
    let (bend, twist) = (slope * abs(1 + 2 * m), slope * abs(1 + 6 * m + 6 * m * m))
    let (u, v) = (abs(bias.first) / temperature, abs(bias.second) / temperature)
    let rounding = 8 * Double.ulpOfOne
    return (
      n - population,
      Jet(
        slope * shift + rounding * (abs(m) + abs(population.value)),
        u * bend * shift + rounding * (abs(n.first) + abs(population.first)),
        (u * u * twist + v * bend) * shift + rounding * (abs(n.second) + abs(population.second) + u * u * bend))
    )
  }

  // MARK: Sums over poles

  /// Phi_j of every center for every electrode, as initial and as final one: [(a * centers + p) * stride + 2 j].
  private func fill(_ kernel: PoleSumKernel, _ line: StateLine) {
    let stride = stride(kernel)
    let count = electrodes * kernel.centers.count
    if functions.count < count * stride { functions = [SIMD4<Double>](repeating: .zero, count: count * stride) }
    for a in 0..<electrodes {
      let reservoir = line.electrodes[a]
      let rate = 1 / (2 * Double.pi * reservoir.temperature.value)
      for p in kernel.centers.indices {
        let place = (a * kernel.centers.count + p) * stride
        let needed = max(kernel.initialOrders[a][p], kernel.finalOrders[a][p])
        guard needed >= 0 else { continue }
        // Two lanes: measured from mu and from mu + w.
        let c = kernel.centers[p].rawStorage
        let mu = reservoir.potential.value
        let x = SIMD4<Double>(repeating: 0.5 - c.y * rate)
        let y = SIMD4<Double>(c.x - mu, c.x - mu - kernel.frequency, c.x - mu, c.x - mu) * rate
        functions.withUnsafeMutableBufferPointer { out in
          let psi = out.baseAddress! + place
          Polygamma.evaluate(real: x, imaginary: y, highest: needed + order, into: psi)
          var factor = 1.0
          for j in 1...max(needed + order, 1) where needed + order > 0 {
            factor *= rate
            let (re, im) = (psi[2 * j], psi[2 * j + 1])
            switch j % 4 {
            case 1: (psi[2 * j], psi[2 * j + 1]) = (-factor * im, factor * re)
            case 2: (psi[2 * j], psi[2 * j + 1]) = (-factor * re, -factor * im)
            case 3: (psi[2 * j], psi[2 * j + 1]) = (factor * im, -factor * re)
            default: (psi[2 * j], psi[2 * j + 1]) = (factor * re, factor * im)
            }
          }
        }
      }
    }
  }

  private func stride(_ kernel: PoleSumKernel) -> Int { 2 * (kernel.highestOrder + order + 1) }

  /// L^{ab} of a kernel with derivatives along the line, and their errors.
  private func density(
    _ kernel: PoleSumKernel, from a: Int, to b: Int, _ line: StateLine
  ) -> (value: Jet, error: Jet) {
    let stride = stride(kernel)
    var (value, error) = (Jet.zero, Jet.zero)
    let (muA, muB) = (line.electrodes[a].potential, line.electrodes[b].potential)
    let offset = abs(muA.value) + abs(muB.value) + kernel.frequency
    for term in kernel.terms[a * electrodes + b] {
      let j = Double(term.order)
      let center = kernel.centers[term.center]
      // How far the arguments are off, in energy.
      let shift = 2.3e-16 * (abs(center.rawStorage.x) + offset)
      let modulus = abs(term.amplitude.rawStorage.x) + abs(term.amplitude.rawStorage.y)
      for (electrode, mu, lane, sign) in [(b, muB, 1, 1.0), (a, muA, 0, -1.0)] {
        let first = (electrode * kernel.centers.count + term.center) * stride + 2 * term.order
        func part(_ i: Int) -> (real: Double, size: Double) {
          let (re, im) = (functions[first + 2 * i][lane], functions[first + 2 * i + 1][lane])
          return (term.amplitude.rawStorage.x * re - term.amplitude.rawStorage.y * im, abs(re) + abs(im))
        }
        let (zero, one) = (part(0), part(1))
        let (d1, d2) = (j + 1, (j + 1) * (j + 2))
        let two = order > 1 ? part(2) : (real: 0, size: 0)
        value =
          value
          + Jet(
            sign * zero.real, -sign * d1 * one.real * mu.first,
            sign * (d2 * two.real * mu.first * mu.first - d1 * one.real * mu.second))
        // Digamma functions to 2e-15, their derivatives to 1e-14; then rounding of the argument and of the amplitude.
        let s1 = d1 * one.size
        let s2 = d2 * two.size
        error =
          error
          + Jet(
            modulus * (2e-15 * (zero.size + 2) + s1 * shift) + term.doubt * zero.size,
            abs(mu.first) * (modulus * (1e-14 * s1 + s2 * shift) + term.doubt * s1),
            (mu.first * mu.first)
              * (modulus * (1e-14 * s2 + next(s2, order: term.order, line.electrodes[electrode]) * shift) + term.doubt * s2)
              + abs(mu.second) * (modulus * (1e-14 * s1 + s2 * shift) + term.doubt * s1))
      }
    }
    let scale = 1 / Double.pi
    return (
      Jet(scale * value.value, scale * value.first, scale * value.second),
      Jet(scale * error.value, scale * error.first, scale * error.second)
    )
  }

  /// A bound of the third derivative of Phi_j from the second: (j + 3) Phi_{j+3}/Phi_{j+2} is largest at s = 1/2, where polygamma functions of
  /// order k + 1 and k have the ratio 2 (k + 1), (j + 3)/(pi T) in all.
  private func next(_ second: Double, order j: Int, _ reservoir: ReservoirLine) -> Double {
    Double(j + 3) / (Double.pi * reservoir.temperature.value) * second
  }
}

extension ReservoirLine {
  /// True where the temperature is above zero and stays.
  fileprivate var isFixedAndWarm: Bool { temperature.value > 0 && temperature.first == 0 && temperature.second == 0 }

  /// n((w - nu)/T) of pairs, also below nu, where it is negative: -(1 + n(|x|)).
  fileprivate func pairs(_ frequency: Double) -> Jet {
    let t = temperature.value
    let x = (frequency - potential.value) / t
    let n = 1 / Double.expMinusOne(x)
    let slope = -n * (1 + n)
    let first = -potential.first / t
    return Jet(n, slope * first, -slope * (1 + 2 * n) * first * first - slope * potential.second / t)
  }
}
