import ComplexModule
import DenseMatrices

/// Level `landauer`: D of the baths alone, every channel's flow into every bath apart.
extension FlowIntegrand {
  /// What every channel gives to every bath, and the baths to each other.
  func bookUndressed(
    _ w: Double, _ rows: UnsafePointer<Double>, _ spectra: SpectraLayout, into flows: UnsafeMutablePointer<Double>
  ) {
    let prefactor = 1 / (2 * Double.pi)
    let (received, supplied) = (vector(.received), vector(.supplied))
    var (gross, whole) = (0.0, 0.0)
    for p in 0..<layout.baths {
      PackedHermitian.dual(spectral(p), into: vector(after: p), size: n)
      guard !spectra.channels.isEmpty else { continue }
      setDirected(p)
      norms.spectral += PackedHermitian.norm(dual: received, size: n)
      norms.occupied += PackedHermitian.norm(dual: supplied, size: n)
      addModuli(received, supplied)
      var (allEmitted, allAbsorbed) = (0.0, 0.0)
      for (c, channel) in spectra.channels.enumerated() {
        let at = layout.channel(c, bath: p)
        let (emitted, absorbed) = book(
          channel, factor: emissionFactors[c] * prefactor, w, rows, weights: (received, supplied), at: at, into: flows)
        gross += abs(emitted) + abs(absorbed)
        allEmitted += emitted
        allAbsorbed += absorbed
        guard layout.options.exchange else { continue }
        flows[layout.exchange(c, layout.channels + p)] = flows[at + 1]
        flows[layout.exchange(layout.channels + p, c)] = -flows[at + 1]
      }
      whole += abs(allEmitted) + abs(allAbsorbed)
      flows[layout.total(bath: p)] = net(allEmitted, allAbsorbed)
      flows[layout.total(bath: p) + 1] = w * flows[layout.total(bath: p)]
    }
    let (electrons, electronsTogether) = (gross, whole)
    for p in 0..<layout.baths {
      PackedHermitian.dual(gamma(p), into: vector(.broadening), size: n)
      for q in 0..<layout.baths where q != p {
        // Phonons from q to p count for p, and against q.
        let arriving = prefactor * occupations[q] * bathTrace(vector(.broadening), spectral(q))
        add(arriving, w, to: p, from: q, flows)
        gross += 2 * abs(arriving)
        whole += 2 * abs(arriving)
      }
      if layout.options.population { addPopulation(w, p, into: flows) }
    }
    bookGross(w, (electrons, gross), together: (electronsTogether, whole), into: flows)
  }

  /// What arrives in bath p: the reversed spectral function A~_p = D^+ Gamma_p D for emission, and
  /// n_p A~_p - sum_q (n_q - n_p) Im(K_pq - K_qp)/2 with K_pq = D Gamma_q D^+ Gamma_p D for absorption.
  ///
  /// For one bath, equal occupations or real spectra this is n_p A_p; see Theory.md section 3 for the general case.
  private func setDirected(_ p: Int) {
    let block = n * n
    let (propagated, reversed, loop, sum) = (matrix(.propagated), matrix(.reversed), matrix(.loop), matrix(.sum))
    algebra.multiply(gamma(p), matrix(.propagator), into: propagated)
    algebra.multiplyAdjoint(matrix(.propagator), propagated, into: reversed)
    unfelt?.remove(from: reversed)
    PackedHermitian.dual(reversed, into: vector(.received), size: n)
    for i in 0..<block { sum[i] = reversed[i].multiplied(by: occupations[p]) }
    for q in 0..<layout.baths where q != p && occupations[q] != occupations[p] {
      let factor = 0.5 * (occupations[q] - occupations[p])
      algebra.multiply(gamma(p), matrix(.propagator), into: propagated)
      algebra.multiply(spectral(q), propagated, into: loop)
      subtractImaginary(loop, times: factor, from: sum)
      algebra.multiply(gamma(q), matrix(.propagator), into: propagated)
      algebra.multiply(spectral(p), propagated, into: loop)
      subtractImaginary(loop, times: -factor, from: sum)
    }
    unfelt?.remove(from: sum)
    PackedHermitian.dual(sum, into: vector(.supplied), size: n)
  }

  /// sum -= factor (K - K^+)/2i: Im Tr[L K] = Tr[L (K - K^+)/2i] for Hermitian L.
  private func subtractImaginary(
    _ k: UnsafePointer<Scalar>, times factor: Double, from sum: UnsafeMutablePointer<Scalar>
  ) {
    for j in 0..<n {
      for i in 0..<n {
        let difference = k[j * n + i] - k[i * n + j].conjugate
        sum[j * n + i] = sum[j * n + i] - Scalar(0, -0.5 * factor) * difference
      }
    }
  }

  private func add(_ rate: Double, _ w: Double, to p: Int, from q: Int, _ flows: UnsafeMutablePointer<Double>) {
    flows[layout.bath(p)] += rate
    flows[layout.bath(p) + 1] += w * rate
    flows[layout.bath(q)] -= rate
    flows[layout.bath(q) + 1] -= w * rate
    guard layout.options.exchange else { return }
    flows[layout.exchange(layout.channels + q, layout.channels + p)] += w * rate
    flows[layout.exchange(layout.channels + p, layout.channels + q)] -= w * rate
  }

  private func addPopulation(_ w: Double, _ p: Int, into flows: UnsafeMutablePointer<Double>) {
    let factor = occupations[p] / Double.pi
    let a = vector(after: p)
    for i in 0..<(n * n) { flows[layout.populationStart + i] += factor * quanta(w, i) * (i < n ? 1 : 0.5) * a[i] }
  }
}
