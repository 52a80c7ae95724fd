import ComplexModule
import DenseMatrices
import JunctionModel
import RealModule
import SpecialFunctions
import TransportResults

/// Everything about one state of modes under given pair spectra, Theory.md section 5: with
///     E^{ab} = K^{ab} int de f_a(e) [1 - f_b(e - w)],   L^{ab} = K^{ab} (w - mu_ab)
/// a mode's population obeys dN/dt = sum_ab [E^{ab} - L^{ab} N]/(2W) + sum_p eta_p (n_p - N).
struct PairSpectraState {
  private let spectra: GivenPairSpectra
  private let potentials: [Double]
  private let temperatures: [Double]
  private let bathTemperatures: [Double]

  init(_ spectra: GivenPairSpectra, _ points: OperatingPoints, state: Int) {
    self.spectra = spectra
    potentials = points.chemicalPotentials.map { $0[state] }
    temperatures = points.temperatures.map { $0[state] }
    bathTemperatures = points.bathTemperatures.map { $0[state] }
  }

  /// E_kk/(2W) and L_kk/(2W) of every channel, and rounding.
  private func rates(ofMode k: Int) throws(SolverError) -> [(emission: Estimate, density: Estimate)] {
    let (w, n) = (spectra.modes[k], spectra.electrodes.count)
    var rates: [(emission: Estimate, density: Estimate)] = []
    for (channel, kernel) in spectra.kernels.enumerated() {
      let (a, b) = (channel / n, channel % n)
      let scale = kernel[k, k].rawStorage.x / (2 * w)
      guard scale != 0 else {
        rates.append((Estimate(), Estimate()))
        continue
      }
      let shift = w - (potentials[a] - potentials[b])
      let rounding = Double.ulpOfOne * (w + abs(potentials[a]) + abs(potentials[b]))
      let pairs = try Self.pairs(shift, temperatures[a], temperatures[b])
      // The number of pairs falls by at most 1 per energy.
      rates.append(
        (
          scale
            * Estimate(
              pairs,
              error: 4 * Double.ulpOfOne * pairs + rounding * min(1, pairs / max(min(temperatures[a], temperatures[b]), 1e-300))),
          scale * Estimate(shift, error: rounding)
        ))
    }
    return rates
  }

  /// int dx f(x/T_a) [1 - f((x - s)/T_b)]: s n(s/T) at one temperature; at two the trapezoidal rule, whose error falls as exp(-4 pi^2) at
  /// a step of half the lower temperature, because the integrand is analytic within pi T of the real axis.
  static func pairs(_ s: Double, _ ta: Double, _ tb: Double) throws(SolverError) -> Double {
    guard ta != tb else { return BoseFunction.occupationTimesFrequency(s, temperature: ta) }
    let (low, high) = (min(ta, tb), max(ta, tb))
    let (start, end) = (min(0, s) - 45 * high, max(0, s) + 45 * high)
    let count = low > 0 ? (end - start) / (0.5 * low) : .infinity
    guard count < 2e6 else {
      throw SolverError(
        .unsuitableModel, at: .temperature(of: nil),
        "pair spectra that are given need electrode temperatures within a factor of some 10^4 of each other, and none of unequal ones at 0",
        hint: "Raise the lower temperature")
    }
    let steps = Int(count.rounded(.up))
    let step = (end - start) / Double(steps)
    var sum = 0.0
    for i in 0...steps {
      let x = start + Double(i) * step
      sum +=
        FermiFunction.occupation(x / ta, chemicalPotential: 0, temperature: 1)
        * FermiFunction.occupation((s - x) / tb, chemicalPotential: 0, temperature: 1)
    }
    return sum * step
  }

  /// The numbers of the modes taken by themselves.
  struct Modes {
    var population: [Estimate] = []
    var electronicDamping: [Estimate] = []
    var damping: [Estimate] = []
    /// Net energy out of every channel.
    var channelEnergy: [Estimate]
    /// Net energy into the baths.
    var bathEnergy = Estimate()
    /// Sums of moduli: what errors of flows are relative to.
    var grossEnergy = 0.0
    var isStable = true

    /// Without a steady state there are no populations, nor what depends on them.
    mutating func forgetPopulations() {
      isStable = false
      population = population.map { _ in .notANumber }
      channelEnergy = channelEnergy.map { _ in .notANumber }
      bathEnergy = .notANumber
    }
  }

  func modes() throws(SolverError) -> Modes {
    var result = Modes(channelEnergy: [Estimate](repeating: Estimate(), count: spectra.kernels.count))
    for (k, w) in spectra.modes.enumerated() {
      let rates = try rates(ofMode: k)
      var (gain, electronic) = (Estimate(), Estimate())
      for rate in rates {
        gain += rate.emission
        electronic += rate.density
      }
      var (friction, supply) = (0.0, gain)
      for (p, bath) in spectra.baths.enumerated() {
        let n = BoseFunction.occupation(w, temperature: bathTemperatures[p])
        friction += bath.frictions[k]
        supply +=
          bath.frictions[k]
          * Estimate(n, error: BoseFunction.rounding(of: n, frequency: w, potential: 0, temperature: bathTemperatures[p]))
      }
      let total = electronic + Estimate(friction)
      let isSteady = total.value > total.error
      let population = isSteady ? ratio(supply, total) : .notANumber
      result.isStable = result.isStable && isSteady
      result.population.append(population)
      result.electronicDamping.append(electronic)
      result.damping.append(total)
      for (channel, rate) in rates.enumerated() {
        let flow = rate.emission.value - rate.density.value * population.value
        let doubt =
          rate.emission.error + rate.density.error * abs(population.value) + abs(rate.density.value) * population.error
          + 4 * .ulpOfOne * (rate.emission.value + abs(rate.density.value * population.value))
        result.channelEnergy[channel] += w * Estimate(flow, error: doubt)
        result.bathEnergy += w * Estimate(flow, error: doubt)
        result.grossEnergy += w * (rate.emission.value + abs(rate.density.value * population.value))
      }
    }
    return result
  }

  private func ratio(_ a: Estimate, _ b: Estimate) -> Estimate {
    let value = a.value / b.value
    return Estimate(value, error: (a.error + abs(value) * b.error) / (b.value - b.error) + 4 * .ulpOfOne * abs(value))
  }

  /// Poles of D(w) = [w^2 - W^2 - Pi(w)]^-1 with Pi(w) = -i w (eta + B) + R + N: friction, Berry force, renormalisation and the nonconservative
  /// force N = sum_ab mu_ab i K^{ab}/2, which is antisymmetric. With q = e^{lambda t}, lambda = -i w, lambda^2 + lambda (eta + B) + W^2 + R + N
  /// is singular: eigenvalues of a matrix of twice the size. Energies and damping rates (-2 Im w) of the poles that belong to the modes.
  func poles() throws(SolverError) -> [(energy: Estimate, damping: Estimate)] {
    let count = spectra.modes.count
    let biases = spectra.biases(potentials)
    var friction = Matrix(rows: count, columns: count)
    var springs = Matrix(diagonal: spectra.modes.map { $0 * $0 })
    for (channel, kernel) in spectra.kernels.enumerated() {
      for j in 0..<count {
        for i in 0..<count {
          friction[i, j] += Scalar(0.5 * kernel[i, j].rawStorage.x, 0)
          springs[i, j] += Scalar(-0.5 * biases[channel] * kernel[i, j].rawStorage.y, 0)
        }
      }
      if let matrix = spectra.renormalizations[channel] { springs = springs + Scalar(biases[channel], 0) * matrix }
      if let matrix = spectra.berryForces[channel] { friction = friction + Scalar(biases[channel], 0) * matrix }
    }
    for bath in spectra.baths {
      for k in 0..<count { friction[k, k] += Scalar(bath.frictions[k], 0) }
    }
    // With W q in place of q the matrix is nearly antisymmetric, so that its eigenvalues are as exact as its elements.
    var companion = Matrix(rows: 2 * count, columns: 2 * count)
    for j in 0..<count {
      companion[j, count + j] = Scalar(spectra.modes[j], 0)
      for i in 0..<count {
        companion[count + i, j] = Scalar(-1 / spectra.modes[j], 0) * springs[i, j]
        companion[count + i, count + j] = -friction[i, j]
      }
    }
    let problem: GeneralEigenproblem
    do { problem = try GeneralEigenproblem(companion) } catch {
      throw SolverError(.linearAlgebra, "the poles of the modes could not be computed: \(error)")
    }
    // Eigenvalues come in pairs lambda, lambda^*; w = i lambda with Re w >= 0 is one of each.
    let order = problem.values.indices.sorted { a, b in
      let (x, y) = (problem.values[a].rawStorage, problem.values[b].rawStorage)
      return (-x.y, -x.x) > (-y.y, -y.x)
    }.prefix(count)
    let doubt = 4 * Double.ulpOfOne * companion.norm
    return Self.assigned(Array(order), problem, modes: count).map { pole in
      let value = problem.values[pole].rawStorage
      return (Estimate(-value.y, error: doubt), Estimate(-2 * value.x, error: 2 * doubt))
    }
  }

  /// The pole of every mode: the one that moves it most, in descending order of how much; of poles that move a mode alike the less damped
  /// one goes to the first mode.
  private static func assigned(_ poles: [Int], _ problem: GeneralEigenproblem, modes count: Int) -> [Int] {
    var pairs: [(weight: Int, decay: Double, mode: Int, pole: Int)] = []
    for pole in poles {
      let total = (0..<count).reduce(0.0) { $0 + problem.vectors[$1, pole].lengthSquared }
      for mode in 0..<count {
        let share = total > 0 ? problem.vectors[mode, pole].lengthSquared / total : 0
        pairs.append((Int((1e6 * share).rounded()), -problem.values[pole].rawStorage.x, mode, pole))
      }
    }
    pairs.sort { (-$0.weight, $0.decay, $0.mode, $0.pole) < (-$1.weight, $1.decay, $1.mode, $1.pole) }
    var (result, taken) = ([Int](repeating: -1, count: count), Set<Int>())
    for pair in pairs where result[pair.mode] < 0 && !taken.contains(pair.pole) {
      result[pair.mode] = pair.pole
      taken.insert(pair.pole)
    }
    return result
  }
}
