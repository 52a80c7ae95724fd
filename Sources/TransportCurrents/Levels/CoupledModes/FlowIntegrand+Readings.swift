import DenseMatrices

/// What is read off the same matrices beside currents: light and thermal conductances.
extension FlowIntegrand {
  /// (1 + n_p) Tr[E A~_p] and n_p Tr[B A~_p] over 2 pi, A~_p = D^+ Gamma_p D, summed over channels.
  func bookLight(
    _ rows: UnsafePointer<Double>, _ spectra: SpectraLayout, into flows: UnsafeMutablePointer<Double>
  ) {
    let block = n * n
    let prefactor = 1 / (2 * Double.pi)
    for p in 0..<layout.baths {
      algebra.multiply(gamma(p), matrix(.propagator), into: matrix(.product))
      algebra.multiplyAdjoint(matrix(.propagator), matrix(.product), into: matrix(.reversed))
      unfelt?.remove(from: matrix(.reversed))
      let received = vector(.received)
      PackedHermitian.dual(matrix(.reversed), into: received, size: n)
      lightWeights[p] = (occupations[p], max(norm(matrix(.reversed)), norm(spectral(p))))
      var (emitted, absorbed) = (0.0, 0.0)
      for (c, channel) in spectra.channels.enumerated() {
        let emission = emissionFactors[c] * PackedHermitian.dot(rows + channel.emission, received, count: block)
        emitted += emission
        absorbed +=
          channel.absorption.map { PackedHermitian.dot(rows + $0, received, count: block) }
          ?? emission + PackedHermitian.dot(rows + channel.density, received, count: block)
      }
      flows[layout.emission(p)] = prefactor * (1 + occupations[p]) * emitted
      flows[layout.absorption(p)] = prefactor * occupations[p] * absorbed
      flows[layout.bareEmission] += prefactor * emitted
      flows[layout.bareAbsorption] += prefactor * absorbed
    }
  }

  /// w Tr[Gamma_p D Gamma_q D^+] dn_q/dT_q/2 pi, heat into p; the diagonal is what q loses.
  func bookConductance(_ w: Double, into flows: UnsafeMutablePointer<Double>) {
    for p in 0..<layout.baths {
      PackedHermitian.dual(gamma(p), into: vector(.broadening), size: n)
      for q in 0..<layout.baths where q != p {
        let rate = w / (2 * Double.pi) * responses[q] * bathTrace(vector(.broadening), spectral(q))
        flows[layout.conductance(p, q)] += rate
        flows[layout.conductance(q, q)] -= rate
      }
    }
  }

  /// sum_q Tr[Gamma_p D Gamma_q D^+] over the other baths at the last point.
  func transmissionInto(_ p: Int) -> Double {
    PackedHermitian.dual(gamma(p), into: vector(.broadening), size: n)
    return (0..<layout.baths).reduce(0) { $0 + ($1 == p ? 0 : bathTrace(vector(.broadening), spectral($1))) }
  }
}
