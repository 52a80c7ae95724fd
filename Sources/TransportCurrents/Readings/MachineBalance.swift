import TransportResults

/// Heats and work of a steady state read as a machine, and the bound of the second law on it. Theory.md section 8.
///
/// With the heats Q_i that leave the bodies of temperature T_i (bodies of one temperature are one body here) and the work W
/// that comes out, W = sum Q_i and -sum Q_i/T_i >= 0 give, for any temperature T_0,
///
///     W - sum_i Q_i (1 - T_0/T_i) <= 0.
///
/// What is worth something at T_0 goes in (resources R) or comes out (products), and no product exceeds R. T_0 is the
/// lowest temperature for engines and heat pumps, for refrigerators that of the body that takes up most heat.
/// Between two temperatures the bounds are the ordinary ones: 1 - T_c/T_h and T_c/(T_h - T_c).
package struct MachineBalance: Sendable, Equatable {
  /// A body that exchanges heat with the junction.
  package struct Body: Sendable, Equatable {
    /// T >= 0, an energy.
    package var temperature: Double
    /// Heat leaving it per time, energy squared.
    package var heat: Estimate
    /// True for boson baths: at one common temperature they are what a refrigerator cools.
    package var isBath: Bool

    /// A body with its heat.
    package init(temperature: Double, heat: Estimate, isBath: Bool = false) {
      self.temperature = temperature
      self.heat = heat
      self.isBath = isBath
    }
  }

  /// What the junction is.
  package private(set) var kind = MachineKind.dissipator
  /// Useful output over the energy that was put in: efficiency or coefficient of performance; NaN for a dissipator.
  package private(set) var performance = Estimate.notANumber
  /// What the second law allows with these inputs and temperatures; infinite where cooling needs no work.
  package private(set) var bound = Estimate.notANumber
  /// performance/bound, the share of the free energy that is not lost.
  package private(set) var boundRatio = Estimate.notANumber

  /// - Parameters:
  ///   - bodies: every electrode and boson bath.
  ///   - electricalPower: -sum_a mu_a I_a, work the electrons deliver; negative when the bias drives.
  ///   - chemicalPower: sum_p nu_p N_p, work delivered into boson baths that have a chemical potential.
  ///
  /// A sign within its error counts as zero, so that equilibrium is no machine. Cost: O(bodies^2).
  package init(bodies: [Body], electricalPower: Estimate, chemicalPower: Estimate = Estimate()) {
    let groups = Self.merged(bodies)
    guard let coldest = groups.first, let hottest = groups.last else { return }
    let works = [electricalPower, chemicalPower]
    let workIn = works.reduce(Estimate()) { $1.value < 0 ? $0 - $1 : $0 }
    let workOut = works.reduce(Estimate()) { $1.value > 0 ? $0 + $1 : $0 }
    if works.contains(where: \.isPositive) {
      let inputs = Inputs(work: workIn, groups: groups, reference: coldest.temperature)
      set(.engineDrivenByHeat, .engineDrivenByBias, output: workOut, worth: 1, inputs)
    } else if groups.count == 1 {
      let cooling = bodies.reduce(Estimate()) { $1.isBath ? $0 + $1.heat : $0 }
      guard cooling.isPositive && workIn.isPositive else { return }
      set(.refrigeratorDrivenByHeat, .refrigeratorDrivenByBias, output: cooling, worth: 0, Inputs(work: workIn))
    } else if coldest.heat.isPositive && coldest.temperature > 0 {
      let sink = groups.min { $0.heat.value < $1.heat.value }?.temperature ?? hottest.temperature
      let inputs = Inputs(work: workIn, groups: Array(groups.dropFirst()), reference: sink)
      set(
        .refrigeratorDrivenByHeat, .refrigeratorDrivenByBias, output: coldest.heat,
        worth: (sink - coldest.temperature) / coldest.temperature, inputs)
    } else {
      let delivered = (-1) * hottest.heat
      guard (delivered - workIn).isPositive else { return }
      let inputs = Inputs(work: workIn, groups: groups.dropLast(), reference: coldest.temperature)
      set(
        .heatPumpDrivenByHeat, .heatPumpDrivenByBias, output: delivered,
        worth: Self.worth(at: hottest.temperature, reference: coldest.temperature), inputs)
    }
  }

  /// Energy that is put in, and what it is worth as work.
  private struct Inputs {
    var work: Estimate
    var energy: Estimate
    var heatWorth = Estimate()

    init(work: Estimate) { (self.work, energy) = (work, work) }

    /// Heat from above `reference` and heat into bodies below it are worth something.
    init(work: Estimate, groups: some Sequence<Body>, reference: Double) {
      self.init(work: work)
      for group in groups {
        let factor = MachineBalance.worth(at: group.temperature, reference: reference)
        // Heat at the reference is worth nothing, but an engine that takes it has put it in.
        let given = group.temperature >= reference ? group.heat : (-1) * group.heat
        guard given.value > 0 && factor.isFinite else { continue }
        energy += given
        heatWorth += abs(factor) * given
      }
    }
  }

  private mutating func set(
    _ byHeat: MachineKind, _ byBias: MachineKind, output: Estimate, worth: Double, _ inputs: Inputs
  ) {
    kind = inputs.work.value >= inputs.heatWorth.value ? byBias : byHeat
    let resources = inputs.work + inputs.heatWorth
    performance = output.over(inputs.energy)
    boundRatio = (worth * output).over(resources)
    bound = worth > 0 ? (1 / worth) * resources.over(inputs.energy) : Estimate(.infinity)
  }

  /// Work that heat at a temperature is worth, 1 - T_0/T.
  private static func worth(at temperature: Double, reference: Double) -> Double {
    temperature == reference ? 0 : 1 - reference / temperature
  }

  /// Bodies of one temperature together, coldest first.
  private static func merged(_ bodies: [Body]) -> [Body] {
    var groups: [Body] = []
    for body in bodies.sorted(by: { $0.temperature < $1.temperature }) {
      if let last = groups.indices.last, groups[last].temperature == body.temperature {
        groups[last].heat += body.heat
      } else {
        groups.append(body)
      }
    }
    return groups
  }
}

extension Estimate {
  /// True for a value above its error.
  package var isPositive: Bool { value > error }

  /// A quotient; |a'/b' - a/b| <= (da + |a/b| db)/(|b| - db). NaN when the denominator may be zero.
  package func over(_ other: Estimate) -> Estimate {
    guard abs(other.value) > other.error else { return .notANumber }
    let quotient = value / other.value
    let rounding = 4e-16 * abs(quotient)
    return Estimate(
      quotient, error: (error + abs(quotient) * other.error) / (abs(other.value) - other.error) + rounding)
  }
}
