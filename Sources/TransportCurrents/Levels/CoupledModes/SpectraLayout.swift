import JunctionModel

/// Which rows of a state's node table hold what; every block is a packed Hermitian matrix of n^2 rows.
package struct SpectraLayout {
  package struct Channel {
    package let from: Int
    package let to: Int
    /// mu_ab and the common temperature; isothermal emission is n((w - mu_ab)/T) L.
    package let bias: Double
    package let temperature: Double
    package let isIsothermal: Bool
    /// First row of L and of its e-weighted companion.
    package let density: Int
    package let densityEnergy: Int
    /// First row of E and its companion; those of L for isothermal channels, where a factor makes E of L.
    package let emission: Int
    package let emissionEnergy: Int
    /// First row of B where it stands by itself; nil for E + L.
    package let absorption: Int?
  }

  package let modes: Int
  package let block: Int
  package let channels: [Channel]
  /// First row of the Hermitian part of Pi_e; nil without it.
  package let dispersion: Int?
  package let rows: Int

  /// `separately`: E, B and L of every channel in rows of their own, as computed at single frequencies (no interpolation).
  package init(
    _ state: OperatingState, modes: Int, vanishing: [Bool], dispersion wantsDispersion: Bool, separately: Bool = false
  ) {
    let electrodes = state.chemicalPotentials.count
    self.modes = modes
    block = modes * modes
    var next = 0
    func take(_ block: Int) -> Int {
      defer { next += block }
      return next
    }
    var channels: [Channel] = []
    for a in 0..<electrodes {
      for b in 0..<electrodes where !vanishing[a * electrodes + b] {
        let s = state.channel(from: a, to: b, frequency: 0)
        let (density, energy) = (take(block), take(block))
        let isIsothermal = s.isIsothermal && !separately
        channels.append(
          Channel(
            from: a, to: b, bias: s.initialPotential - s.finalPotential, temperature: s.initialTemperature,
            isIsothermal: isIsothermal, density: density, densityEnergy: energy,
            emission: isIsothermal ? density : take(block), emissionEnergy: isIsothermal ? energy : take(block),
            absorption: separately ? take(block) : nil))
      }
    }
    dispersion = wantsDispersion ? take(block) : nil
    self.channels = channels
    rows = next
  }
}
