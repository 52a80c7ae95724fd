import ElectronSpectra
import RealModule
import SpecialFunctions

/// State integrals of a `PoleSumKernel` in closed form, four states at a time.
///
/// L = (1/pi) Re sum_pj a_pj [Phi_j(c_p; mu_b + w, T_b) - Phi_j(c_p; mu_a, T_a)],
/// Phi_j = (i/(2 pi T))^j psi^(j)(1/2 + i(c - mu)/(2 pi T))/j! (Matsubara sum of the residues in the upper half plane);
/// for equal temperatures E = n((w - mu_ab)/T) L and B = (1 + n) L. T -> 0 is the limit of large arguments: logarithms.
/// Cost: about 30 ns per pole, order and electrode for a state.
package final class PoleSumIntegrator {
  private var initial: [SIMD4<Double>] = []
  private var final: [SIMD4<Double>] = []
  /// psi(1/2 + i(z_k - mu_a)/(2 pi T_a)) of the present states, (re, im) at 2 (a * poles + k): what all frequencies share.
  private var shared: [SIMD4<Double>] = []
  private var sharedPoles = 0

  /// Computes what kernels of all frequencies share for four states: `integrate` must then be called for these states only.
  package func share(_ poles: [(position: Double, width: Double)], electrodes: Int, states: StateBlock, first: Int) {
    sharedPoles = poles.count
    shared = [SIMD4<Double>](repeating: .zero, count: 2 * electrodes * poles.count)
    shared.withUnsafeMutableBufferPointer { out in
      for a in 0..<electrodes {
        let mu = states.potentials(a, first)
        let rate = Self.rate(states.temperatures(a, first))
        for (k, pole) in poles.enumerated() {
          Polygamma.evaluate(
            real: 0.5 + pole.width * rate, imaginary: (pole.position - mu) * rate, highest: 0,
            into: out.baseAddress! + 2 * (a * poles.count + k))
        }
      }
    }
  }

  /// 1/(2 pi T); T = 0 as a temperature far below every other energy.
  private static func rate(_ temperature: SIMD4<Double>) -> SIMD4<Double> {
    1 / (2 * Double.pi * pointwiseMax(temperature, SIMD4<Double>(repeating: 1e-40)))
  }

  /// Fills `result[channel * states + s]` for four states starting at `first`; lanes beyond the block are dropped.
  ///
  /// A state and channel whose error bound exceeds `tolerance` relative to L, or with two temperatures, gets
  /// `resolved = false`: it needs quadrature.
  package func integrate(
    _ kernel: PoleSumKernel, electrodes: Int, states: StateBlock, first: Int, tolerance: Double,
    into result: UnsafeMutablePointer<ChannelIntegrals>, resolved: UnsafeMutablePointer<Bool>
  ) {
    let stride = kernel.centers.count * 2 * (kernel.highestOrder + 1)
    // Local while they are filled: members of a class are checked for exclusive access, each time.
    var (initial, final) = (self.initial, self.final)
    (self.initial, self.final) = ([], [])
    defer { (self.initial, self.final) = (initial, final) }
    if initial.count < electrodes * stride {
      initial = [SIMD4<Double>](repeating: .zero, count: electrodes * stride)
      final = initial
    }
    for a in 0..<electrodes {
      let mu = states.potentials(a, first)
      let t = states.temperatures(a, first)
      fill(
        &initial, at: a * stride, kernel, orders: kernel.initialOrders[a], step: mu, temperature: t, electrode: a,
        poles: kernel.barePoles)
      fill(
        &final, at: a * stride, kernel, orders: kernel.finalOrders[a], step: mu + kernel.frequency, temperature: t, electrode: a,
        poles: kernel.shiftedPoles)
    }
    for a in 0..<electrodes {
      for b in 0..<electrodes {
        let channel = a * electrodes + b
        guard !kernel.terms[channel].isEmpty else {
          for s in first..<min(first + 4, states.count) {
            result[channel * states.count + s] = ChannelIntegrals()
            resolved[channel * states.count + s] = true
          }
          continue
        }
        initial.withUnsafeBufferPointer { initial in
          final.withUnsafeBufferPointer { final in
            contract(
              kernel, from: a, to: b, states: states, first: first, tolerance: tolerance,
              initial: initial.baseAddress! + a * stride,
              final: final.baseAddress! + b * stride, into: result, resolved: resolved)
          }
        }
      }
    }
  }

  private func fill(
    _ buffer: inout [SIMD4<Double>], at start: Int, _ kernel: PoleSumKernel, orders: [Int], step mu: SIMD4<Double>,
    temperature: SIMD4<Double>, electrode: Int, poles: [Int]
  ) {
    let width = 2 * (kernel.highestOrder + 1)
    let rate = Self.rate(temperature)
    buffer.withUnsafeMutableBufferPointer { out in
      for (p, order) in orders.enumerated() where order >= 0 {
        if order == 0, sharedPoles > 0, poles[p] >= 0 {
          let source = 2 * (electrode * sharedPoles + poles[p])
          out[start + p * width] = shared[source]
          out[start + p * width + 1] = shared[source + 1]
          continue
        }
        let c = kernel.centers[p].rawStorage
        let phi = out.baseAddress! + start + p * width
        Polygamma.evaluate(real: 0.5 - c.y * rate, imaginary: (c.x - mu) * rate, highest: order, into: phi)
        if order == 0 { continue }
        // Multiply by (i rate)^j.
        var factor = SIMD4<Double>(repeating: 1)
        for j in 1...order {
          factor *= rate
          let (re, im) = (phi[2 * j], phi[2 * j + 1])
          switch j % 4 {
          case 1: (phi[2 * j], phi[2 * j + 1]) = (-factor * im, factor * re)
          case 2: (phi[2 * j], phi[2 * j + 1]) = (-factor * re, -factor * im)
          case 3: (phi[2 * j], phi[2 * j + 1]) = (factor * im, -factor * re)
          default: (phi[2 * j], phi[2 * j + 1]) = (factor * re, factor * im)
          }
        }
      }
    }
  }

  private func contract(
    _ kernel: PoleSumKernel, from a: Int, to b: Int, states: StateBlock, first: Int, tolerance: Double,
    initial: UnsafePointer<SIMD4<Double>>, final: UnsafePointer<SIMD4<Double>>,
    into result: UnsafeMutablePointer<ChannelIntegrals>, resolved: UnsafeMutablePointer<Bool>
  ) {
    let channel = a * kernel.initialOrders.count + b
    let width = 2 * (kernel.highestOrder + 1)
    var (density, energy) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
    var (doubt, energyDoubt) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
    for term in kernel.terms[channel] {
      let index = term.center * width + 2 * term.order
      let (fr, fi) = (final[index], final[index + 1])
      let (ir, ii) = (initial[index], initial[index + 1])
      let (dr, di) = (fr - ir, fi - ii)
      let (amplitude, weighted) = (term.amplitude.rawStorage, term.energyAmplitude.rawStorage)
      density += amplitude.x * dr - amplitude.y * di
      energy += weighted.x * dr - weighted.y * di
      let size = pointwiseMax(fr.replacing(with: -fr, where: fr .< 0), ir.replacing(with: -ir, where: ir .< 0)) + 2
      let modulus = abs(amplitude.x) + abs(amplitude.y)
      let change = dr.replacing(with: -dr, where: dr .< 0) + di.replacing(with: -di, where: di .< 0)
      let weightedModulus = abs(weighted.x) + abs(weighted.y)
      let weightedDoubt = term.doubt * weightedModulus / max(modulus, 1e-300)
      doubt += (2e-15 * modulus) * size + term.doubt * change
      energyDoubt += (2e-15 * weightedModulus) * size + weightedDoubt * change
    }
    let scale = 1 / Double.pi
    (density, energy, doubt, energyDoubt) = (scale * density, scale * energy, scale * doubt, scale * energyDoubt)
    let muA = states.potentials(a, first)
    let muB = states.potentials(b, first)
    let (tA, tB) = (states.temperatures(a, first), states.temperatures(b, first))
    let x = (kernel.frequency - (muA - muB)) / tA
    for lane in 0..<min(4, states.count - first) {
      let index = channel * states.count + first + lane
      let exponent = x[lane]
      let l = density[lane]
      resolved[index] = tA[lane] == tB[lane] && doubt[lane] <= tolerance * abs(l) && l.isFinite
      guard resolved[index] else { continue }
      let small = Double.exp(-abs(exponent))
      let larger = 1 / (1 - small)
      var r = ChannelIntegrals()
      let (le, error, energyError) = (energy[lane], doubt[lane], energyDoubt[lane])
      (r.density, r.densityEnergy, r.densityError, r.densityEnergyError) = (l, le, error, energyError)
      // w > mu_ab: B = L/(1 - e^-x), E = e^-x B; w < mu_ab: L < 0, E = -L/(1 - e^x), B = e^x E.
      let tail = small * min(abs(exponent), 708) * 4e-16
      if exponent > 0 {
        (r.absorption, r.absorptionEnergy, r.absorptionError, r.absorptionEnergyError) =
          (larger * l, larger * le, larger * error, larger * energyError)
        (r.emission, r.emissionEnergy) = (small * r.absorption, small * r.absorptionEnergy)
        r.emissionError = small * r.absorptionError + tail * r.absorption
        r.emissionEnergyError = small * r.absorptionEnergyError + tail * abs(r.absorptionEnergy)
      } else {
        (r.emission, r.emissionEnergy, r.emissionError, r.emissionEnergyError) =
          (-larger * l, -larger * le, larger * error, larger * energyError)
        (r.absorption, r.absorptionEnergy) = (small * r.emission, small * r.emissionEnergy)
        r.absorptionError = small * r.emissionError + tail * r.emission
        r.absorptionEnergyError = small * r.emissionEnergyError + tail * abs(r.emissionEnergy)
      }
      result[index] = r
    }
  }
}

/// A block of consecutive states, chemical potentials measured from the reference energy.
package struct StateBlock {
  package let count: Int
  private let padded: Int
  private var potentialColumns: [Double]
  private var temperatureColumns: [Double]

  /// Room for blocks of `capacity` states, padded to a multiple of four.
  package init(electrodes: Int, capacity: Int) {
    count = capacity
    padded = (capacity + 3) / 4 * 4
    potentialColumns = [Double](repeating: 0, count: electrodes * padded)
    temperatureColumns = potentialColumns
  }

  /// Four chemical potentials of an electrode.
  @inline(__always)
  package func potentials(_ a: Int, _ first: Int) -> SIMD4<Double> { Self.load(potentialColumns, a * padded + first) }

  /// Four temperatures of an electrode.
  @inline(__always)
  package func temperatures(_ a: Int, _ first: Int) -> SIMD4<Double> { Self.load(temperatureColumns, a * padded + first) }

  @inline(__always)
  private static func load(_ column: [Double], _ i: Int) -> SIMD4<Double> {
    SIMD4(column[i], column[i + 1], column[i + 2], column[i + 3])
  }

  /// Loads an electrode's column for consecutive states; places beyond them repeat the last state.
  package mutating func load(
    _ electrode: Int, potentials: [Double], temperatures: [Double], _ states: Range<Int>, reference: Double
  ) {
    potentials.withUnsafeBufferPointer { mu in
      temperatures.withUnsafeBufferPointer { t in
        for i in 0..<padded {
          let state = min(states.lowerBound + i, states.upperBound - 1)
          potentialColumns[electrode * padded + i] = mu[state] - reference
          temperatureColumns[electrode * padded + i] = t[state]
        }
      }
    }
  }
}
