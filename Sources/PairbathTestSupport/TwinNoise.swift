import ComplexModule
import DenseMatrices
import JunctionModel

/// Zero-frequency noise as textbooks have it, for tests: Büttiker's formula for the elastic current, sums over golden-rule
/// events for the inelastic one. No generating function, no series of determinants.
package struct TwinNoise: Sendable {
  /// S_ab of the charges.
  package var charge: [[Double]]
  /// S_ab of the heats of the electrodes (and baths behind them, inelastic part only).
  package var heat: [[Double]]
  /// Absolute error bound of the quadrature.
  package var error: Double
}

extension TextbookTwin {
  /// S_ab = 2 g_s int de/2pi sum_cd Tr[A_cd(a) A_dc(b)] f_c (1 - f_d), A_cd(a) = delta_ac delta_ad - s_ac^+ s_ad (M. Büttiker, Phys.
  /// Rev. B 46, 12485 (1992)), symmetrised by taking the real part; the heats with (e - mu_a)(e - mu_b).
  package func elasticNoise(at point: OperatingPoint) throws -> TwinNoise {
    let n = junction.electrodes.count
    let occupancies = zip(point.chemicalPotentials, point.temperatures).map { (position: $0, temperature: $1) }
    let panels = breakpoints(frequency: 0, occupancies: occupancies)
    let quadrature = TwinQuadrature(
      tolerance: tolerance, groups: [0..<(n * n), (n * n)..<(2 * n * n)], smoothsEdges: hasStructuredElectrodes)
    let spin = junction.conductor.spinDegeneracy
    let outcome = try quadrature.integrate(panels, components: 2 * n * n) { e in
      let s = try scatteringBlocks(energy: e)
      // A[a][c][d] = delta_ac delta_ad - s_ac^+ s_ad.
      let current = (0..<n).map { a in
        (0..<n).map { c in
          (0..<n).map { d -> Matrix in
            let product = Matrix.product(s[a][c], .adjoint, s[a][d], .plain)
            return a == c && a == d ? Matrix.identity(product.rows) - product : -1.0 * product
          }
        }
      }
      let f = (0..<n).map {
        FermiFactors.occupation(
          FermiFactors.reduced(e, from: point.chemicalPotentials[$0], temperature: point.temperatures[$0]))
      }
      let g = (0..<n).map {
        FermiFactors.occupation(
          -FermiFactors.reduced(e, from: point.chemicalPotentials[$0], temperature: point.temperatures[$0]))
      }
      var values = [Double](repeating: 0, count: 2 * n * n)
      for a in 0..<n {
        for b in 0..<n {
          var sum = 0.0
          for c in 0..<n {
            for d in 0..<n {
              sum += f[c] * g[d] * Self.traceOfProduct(current[a][c][d], current[b][d][c]).rawStorage.x
            }
          }
          values[a * n + b] = spin / Double.pi * sum
          values[n * n + a * n + b] =
            spin / Double.pi * sum * (e - point.chemicalPotentials[a]) * (e - point.chemicalPotentials[b])
        }
      }
      return values
    }
    func table(_ start: Int) -> [[Double]] {
      (0..<n).map { a in (0..<n).map { outcome.values[start + a * n + $0] } }
    }
    return TwinNoise(charge: table(0), heat: table(n * n), error: outcome.errors.max() ?? 0)
  }

  /// s_ab = delta_ab - i Gamma_a^1/2 G Gamma_b^1/2 (D. S. Fisher, P. A. Lee, Phys. Rev. B 23, 6851 (1981)), one channel per orbital.
  func scatteringBlocks(energy: Double) throws -> [[Matrix]] {
    let green = try greensFunction(energy: energy)
    let roots = try junction.electrodes.indices.map { try Self.squareRoot(broadening(electrode: $0, energy: energy)) }
    return roots.indices.map { a in
      roots.indices.map { b in
        let amplitude = Scalar(0, -1) * (roots[a] * green * roots[b])
        return a == b ? Matrix.identity(green.rows) + amplitude : amplitude
      }
    }
  }

  /// The positive root of a positive semidefinite matrix.
  static func squareRoot(_ m: Matrix) throws -> Matrix {
    let problem = try HermitianEigenproblem(m.hermitianPart)
    let root = Matrix(diagonal: problem.values.map { max($0, 0).squareRoot() })
    return Matrix.product(problem.vectors * root, .plain, problem.vectors, .adjoint)
  }

  /// Noise of the inelastic events at level sharp, electrodes then baths: every event has Poissonian statistics, so that
  /// S = 2 sum (rate forward + rate backward) x (charge of one event) x (charge of one event). Heat between baths is left out.
  package func sharpInelasticNoise(at point: OperatingPoint) throws -> TwinNoise {
    let (n, baths) = (junction.electrodes.count, junction.baths.count)
    let terminals = n + baths
    var charge = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
    var heat = [[Double]](repeating: [Double](repeating: 0, count: terminals), count: terminals)
    var error = 0.0
    let size = n * n + terminals * terminals
    for (mode, w) in junction.bosons.modeEnergies.enumerated() {
      for channel in junction.channels {
        let (a, b) = (channel.from, channel.to)
        let occupancies = [
          (position: point.chemicalPotentials[a], temperature: point.temperatures[a]),
          (position: point.chemicalPotentials[b] + w, temperature: point.temperatures[b]),
        ]
        let quadrature = TwinQuadrature(
          tolerance: tolerance, groups: [0..<size], smoothsEdges: hasStructuredElectrodes)
        let outcome = try quadrature.integrate(breakpoints(frequency: w, occupancies: occupancies), components: size) { e in
          let initial = try spectralFunctions(energy: e, electrodes: [a])[0]
          let final = try spectralFunctions(energy: e - w, electrodes: [b])[0]
          let x =
            junction.conductor.spinDegeneracy
            * Self.traceOfProduct(couplings[mode] * initial, couplings[mode] * final).rawStorage.x / (2 * Double.pi)
          let pair = PairWeights(
            energy: e, frequency: w, from: Occupancy(mu: point.chemicalPotentials[a], temperature: point.temperatures[a]),
            to: Occupancy(mu: point.chemicalPotentials[b], temperature: point.temperatures[b]))
          var values = [Double](repeating: 0, count: size)
          for p in 0..<baths where shares[p][mode] > 0 {
            let bose = FermiFactors.bose(w, temperature: point.bathTemperatures[p])
            let rate = shares[p][mode] / (2 * w) * x * (pair.emission * (1 + bose) + pair.absorption * bose)
            var charges = [Double](repeating: 0, count: n)
            var heats = [Double](repeating: 0, count: terminals)
            charges[a] += 1
            charges[b] -= 1
            heats[a] += e - point.chemicalPotentials[a]
            heats[b] -= e - w - point.chemicalPotentials[b]
            heats[n + p] += w
            for i in 0..<n {
              for j in 0..<n { values[i * n + j] += 2 * rate * charges[i] * charges[j] }
            }
            for i in 0..<terminals {
              for j in 0..<terminals { values[n * n + i * terminals + j] += 2 * rate * heats[i] * heats[j] }
            }
          }
          return values
        }
        for i in 0..<n {
          for j in 0..<n { charge[i][j] += outcome.values[i * n + j] }
        }
        for i in 0..<terminals {
          for j in 0..<terminals { heat[i][j] += outcome.values[n * n + i * terminals + j] }
        }
        error += outcome.errors.max() ?? 0
      }
    }
    return TwinNoise(charge: charge, heat: heat, error: error)
  }
}
