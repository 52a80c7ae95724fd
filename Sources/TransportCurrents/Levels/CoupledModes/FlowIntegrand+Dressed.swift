import DenseMatrices

/// Level `dressed`: E, L and D of all channels and baths together.
extension FlowIntegrand {
  /// What every channel gives, what every bath takes.
  func bookDressed(
    _ w: Double, _ rows: UnsafePointer<Double>, _ spectra: SpectraLayout, into flows: UnsafeMutablePointer<Double>
  ) {
    let block = n * n
    sandwich(matrix(.density), into: matrix(.spectral))
    sandwich(matrix(.emission), into: matrix(.occupied))
    for p in 0..<layout.baths {
      let occupation = occupations[p]
      for i in 0..<block {
        matrix(.spectral)[i] = matrix(.spectral)[i] + spectral(p)[i]
        matrix(.occupied)[i] = matrix(.occupied)[i] + spectral(p)[i].multiplied(by: occupation)
      }
    }
    let (a, occupied) = (vector(.received), vector(.supplied))
    PackedHermitian.dual(felt(matrix(.spectral)), into: a, size: n)
    PackedHermitian.dual(felt(matrix(.occupied)), into: occupied, size: n)
    norms.spectral = PackedHermitian.norm(dual: a, size: n)
    norms.occupied = PackedHermitian.norm(dual: occupied, size: n)
    addModuli(a, occupied)
    let prefactor = 1 / (2 * Double.pi)
    var (gross, allEmitted, allAbsorbed) = (0.0, 0.0, 0.0)
    for (c, channel) in spectra.channels.enumerated() {
      let (emitted, absorbed) = book(
        channel, factor: emissionFactors[c] * prefactor, w, rows, weights: (a, occupied), at: layout.channel(c), into: flows)
      gross += abs(emitted) + abs(absorbed)
      allEmitted += emitted
      allAbsorbed += absorbed
    }
    let electrons = gross
    var whole = abs(allEmitted) + abs(allAbsorbed)
    flows[layout.total()] = net(allEmitted, allAbsorbed)
    flows[layout.total() + 1] = w * flows[layout.total()]
    let electronsTogether = whole
    for p in 0..<layout.baths {
      PackedHermitian.dual(gamma(p), into: vector(.broadening), size: n)
      let (taken, given) = (
        bathTrace(vector(.broadening), matrix(.occupied)), occupations[p] * bathTrace(vector(.broadening), matrix(.spectral))
      )
      let at = layout.bath(p)
      flows[at] = prefactor * net(taken, given)
      flows[at + 1] = w * flows[at]
      gross += prefactor * (abs(taken) + abs(given))
      whole += prefactor * (abs(taken) + abs(given))
    }
    bookGross(w, (electrons, gross), together: (electronsTogether, whole), into: flows)
    if layout.options.population {
      // N_mn = <a_m^+ a_n> -> 2 w i D^<_mn; packed without the factor two of the dual.
      PackedHermitian.dual(matrix(.occupied), into: occupied, size: n)
      for i in 0..<block { flows[layout.populationStart + i] = 2 * quanta(w, i) * prefactor * (i < n ? 1 : 0.5) * occupied[i] }
    }
    if layout.options.exchange { bookExchange(w, rows, spectra, into: flows) }
  }

  /// G_{x -> y} = Tr[L^y D E^x D^+] - Tr[L^x D E^y D^+], antisymmetric; E = n Gamma, L = Gamma for baths.
  private func bookExchange(
    _ w: Double, _ rows: UnsafePointer<Double>, _ spectra: SpectraLayout, into flows: UnsafeMutablePointer<Double>
  ) {
    let block = n * n
    let channels = layout.channels
    func occupied(_ c: Int) -> UnsafeMutablePointer<Scalar> { matrix(after: 2 * layout.baths + c) }
    for (c, channel) in spectra.channels.enumerated() {
      for i in 0..<block { matrix(.emission)[i] = .zero }
      PackedHermitian.add(rows + channel.emission, times: Scalar(emissionFactors[c], 0), to: matrix(.emission), size: n)
      sandwich(matrix(.emission), into: occupied(c))
    }
    for p in 0..<layout.baths { PackedHermitian.dual(gamma(p), into: vector(after: p), size: n) }
    let prefactor = w / (2 * Double.pi)
    /// Tr[L^y D E^x D^+]
    func flow(_ x: Int, _ y: Int) -> Double {
      let (source, factor) = x < channels ? (occupied(x), 1.0) : (spectral(x - channels), occupations[x - channels])
      if y >= channels { return factor * bathTrace(vector(after: y - channels), source) }
      PackedHermitian.dual(felt(source), into: vector(.source), size: n)
      return factor * PackedHermitian.dot(rows + spectra.channels[y].density, vector(.source), count: block)
    }
    for x in 0..<(channels + layout.baths) {
      for y in (x + 1)..<max(channels + layout.baths, x + 1) {
        let net = prefactor * (flow(x, y) - flow(y, x))
        flows[layout.exchange(x, y)] = net
        flows[layout.exchange(y, x)] = -net
      }
    }
  }
}
