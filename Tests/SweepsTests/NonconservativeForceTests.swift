import ComplexModule
import DenseMatrices
import Foundation
import JunctionModel
import Sweeps
import TestKinds
import Testing
import TransportResults

/// Forces without potential and the loss of stability; wide-band forces against the full solvers.
@Suite("Nonconservative forces", .tags(.limit))
struct NonconservativeForceTests {
  static func run(
    _ junction: Junction, _ points: [OperatingPoint], _ level: ComputeSettings.Level, tolerance: Double,
    _ observables: [Observable]
  ) throws -> TransportResult {
    var settings = ComputeSettings(level: level, observables: observables, tolerance: tolerance)
    settings.renormalization = .none
    return try SweepRunner(workers: 1).run(FastPath.request(junction, points, settings))
  }

  static func point(_ bias: Double, _ temperature: Double, bath: Double) -> OperatingPoint {
    OperatingPoint(
      chemicalPotentials: [0.5 * bias, -0.5 * bias], temperatures: [temperature, temperature], bathTemperatures: [bath])
  }

  /// Two levels, one on each electrode, joined by nothing but M^1 = m sigma_x and M^2 = m sigma_y.
  ///
  /// With A_L = a |1><1|, A_R = a |2><2|, a = 4/Gamma: X^{LR} = g_s a^2 m^2 [[1, -i], [i, 1]] and X^{LL} = X^{RR} = 0, so
  /// that eta = g_s a^2 m^2/2pi times 1 and xim = eta [[0, -1], [1, 0]], whose eigenvalues on circular motions are +-i eta.
  /// Both modes have energy W and Ohmic friction gamma:
  ///     D^-1 = w^2 - W^2 + i w (eta + gamma) -+ i V eta,
  /// zero at real w = W when V = W (eta + gamma)/eta: then the current feeds one circular motion as fast as it is damped.
  static func circular(eta: Double, scale: Double) throws -> FlatBandJunction {
    // Gamma = 1: a = 4, eta = 16 m^2/2pi.
    let m = (2 * Double.pi * eta).squareRoot() / 4
    return try FlatBandJunction(
      hamiltonian: Matrix(rows: 2, columns: 2), left: Matrix(diagonal: [1, 0]), right: Matrix(diagonal: [0, 1]),
      couplings: [
        Matrix(real: [[0, m], [m, 0]]), Matrix([[Scalar(0, 0), Scalar(0, -m)], [Scalar(0, m), Scalar(0, 0)]]),
      ], scale: scale)
  }

  @Test(
    "degenerate modes under a current lose stability at V = W (eta + gamma)/eta",
    arguments: [(1.0, 0.02, 0.01), (0.7, 1e-3, 2e-3), (1.3, 0.3, 0.3)])
  func criticalBias(mode: Double, eta: Double, gamma: Double) throws {
    let band = try Self.circular(eta: eta, scale: 1e4)
    let junction = try band.junction(
      modes: [mode, mode], baths: [BosonBath("ph", .ohmic(friction: gamma), coordinates: [0, 1])])
    let critical = mode * (eta + gamma) / eta
    // A(e) = a/(1 + 4 e^2/Gamma^2): L is smaller by about 4 (w^2 + V^2)/Gamma^2, 4e-8 for w and V of order one.
    let slack = 8 * (mode * mode + critical * critical) / 1e8
    let biases = [0.2, 0.9, 1 - slack, 1 + slack, 1.1, 2].map { $0 * critical }
    for temperature in [0.3, 0] {
      // Flows diverge as 1/damping at the threshold: they are known less well there.
      let result = try Self.run(
        junction, biases.map { Self.point($0, temperature, bath: temperature) }, .dressed, tolerance: 1e-5,
        [.dampingRate, .renormalizedEnergy])
      let stable = biases.indices.map { result.isStable(state: $0) }
      #expect(stable == [true, true, true, false, false, false], "T = \(temperature), W = \(mode): \(stable)")
      for (state, bias) in biases.enumerated() where stable[state] {
        // z^2 + i z (eta + gamma) - W^2 - i V eta = 0: the driven and the damped circular motion.
        let expected = [1.0, -1].map { sign -> Double in
          let half = Scalar(0, -0.5 * (eta + gamma))
          let z = half + Scalar.sqrt(half * half + Scalar(mode * mode, sign * bias * eta))
          return -2 * z.imaginary
        }
        let reported = result.reported("damping_rate", state: state)
        for (rate, value) in zip(reported.map(\.value).sorted(), expected.sorted()) {
          #expect(
            abs(rate - value) <= slack * (eta + gamma + eta * bias / mode), "V = \(bias): \(reported) against \(expected)")
        }
        #expect(reported.allSatisfy { $0.error < 1e-3 * gamma }, "V = \(bias), T = \(temperature): \(reported)")
      }
      // At the critical bias the damping of the driven motion is the distance to it.
      let last = result.numbers("damping_rate", state: 2).min()!
      #expect(last > 0 && last < 3 * slack * (eta + gamma), "\(last)")
    }
  }

  @Test("poles of the full solver follow the equation of motion with eta and xim: complex levels, three modes, any bias")
  func poles() throws {
    let modes = [0.8, 0.83, 1.1]
    let gamma = 0.01
    let scale = 1e6
    let band = try FlatBandJunction.generic(friction: 0.05, modes: 3, scale: scale)
    let forces = band.forces(modeEnergies: modes)
    let junction = try band.junction(modes: modes, baths: [BosonBath("ph", .ohmic(friction: gamma), coordinates: [0, 1, 2])])
    let biases = [0.0, 0.5, 1.5, -1.5]
    let result = try Self.run(
      junction, biases.map { Self.point($0, 0.2, bath: 0.2) }, .dressed, tolerance: 1e-8, [.dampingRate, .renormalizedEnergy])
    for (state, bias) in biases.enumerated() {
      let motions = try forces.motions(bias: bias, extraFriction: [gamma, gamma, gamma])
      #expect(result.isStable(state: state) == (motions.map(\.growthRate).max()! < 0))
      guard result.isStable(state: state) else { continue }
      let poles = zip(result.numbers("renormalized_energy", state: state), result.numbers("damping_rate", state: state)).sorted {
        $0.0 < $1.0
      }
      for (pole, motion) in zip(poles, motions) {
        // Linear in energies over the bands' scale: the bias's part of L has slopes 1/scale.
        #expect(abs(pole.0 - motion.energy) < 20 / scale, "V = \(bias): \(poles), \(motions)")
        #expect(abs(pole.1 + 2 * motion.growthRate) < 2 / scale, "V = \(bias): \(poles), \(motions)")
      }
    }
  }

  @Test("friction and nonconservative force of the full self-energy are eta and -V xim in flat bands")
  func forces() throws {
    let scale = 1e7
    let band = try FlatBandJunction.generic(friction: 0.05, modes: 3, scale: scale, spinDegeneracy: 2)
    let expected = band.forces(modeEnergies: [0.8, 0.9, 1.1])
    let junction = try band.junction(modes: [0.8, 0.9, 1.1], baths: [])
    let biases = [0.0, 0.7, -1.4]
    var settings = ComputeSettings(
      observables: [.friction, .nonconservativeForce, .berryForce], tolerance: 1e-10, frequencies: [0.3, 1.2])
    settings.renormalization = .none
    let result = try SweepRunner(workers: 1).run(
      FastPath.request(
        junction,
        biases.map { Self.point($0, 0.1, bath: 0) }.map {
          OperatingPoint(chemicalPotentials: $0.chemicalPotentials, temperatures: $0.temperatures, bathTemperatures: [])
        }, settings))
    for (state, bias) in biases.enumerated() {
      let friction = result.numbers("friction", state: state)
      let force = result.numbers("nonconservative_force", state: state)
      let berry = result.numbers("berry_force", state: state)
      for m in 0..<3 {
        for n in 0..<3 {
          for f in 0..<2 {
            let i = (m * 3 + n) * 2 + f
            // Slopes of the bands: a few energies over the scale, times V/w.
            #expect(abs(friction[i] - expected.friction[m, n].real) < 20 / scale)
            #expect(abs(force[i] + bias * expected.nonconservative[m, n].real) < 20 / scale)
            #expect(abs(berry[i]) < 20 / scale)
          }
        }
      }
    }
  }

  @Test("populations of the full solvers tend to the wide-band formula: exactly when sharp, linearly in the damping when dressed")
  func populations() throws {
    let modes = [0.6, 1.0]
    let scale = 1e7
    let biases = [0.0, 0.4, 1.0, 1.7, -1.3]
    var deviations: [Double] = []
    for friction in [0.02, 0.002] {
      let band = try FlatBandJunction.generic(friction: friction, modes: 2, scale: scale, spinDegeneracy: 2)
      let forces = band.forces(modeEnergies: modes)
      let gamma = 0.3 * friction
      let junction = try band.junction(modes: modes, baths: [BosonBath("ph", .ohmic(friction: gamma), coordinates: [0, 1])])
      var largest = 0.0
      for (temperature, bath) in [(0.3, 0.3), (0, 0.2), (0.05, 0.6)] {
        let points = biases.map { Self.point($0, temperature, bath: bath) }
        let sharp = try Self.run(junction, points, .sharp, tolerance: 1e-10, [.modePopulation])
        let dressed = try Self.run(junction, points, .dressed, tolerance: 1e-7, [.modePopulation])
        for (state, bias) in biases.enumerated() {
          for k in modes.indices {
            let n = forces.occupation(
              ofMode: k, bias: bias, temperature: temperature, phonons: .init(friction: gamma, temperature: bath))
            let s = sharp.reported("mode_population", state: state)[k]
            // Slopes of the bands: a few energies over the scale.
            #expect(abs(s.value - n) < 20 / scale * (n + 1), "sharp, V = \(bias), T = \(temperature), mode \(k): \(s), \(n)")
            #expect(dressed.isStable(state: state))
            largest = max(largest, abs(dressed.numbers("mode_population", state: state)[k] - n))
          }
        }
      }
      deviations.append(largest)
    }
    print("NonconservativeForces: dressed populations deviate by \(deviations)")
    // Lorentzian tails and coherences between modes: first order in friction over energies and their differences.
    #expect(deviations[0] < 0.1 && abs(deviations[0] / deviations[1] / 10 - 1) < 0.3, "\(deviations)")
  }
}
