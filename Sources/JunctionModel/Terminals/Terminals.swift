/// Landauer by itself: baths of bosons or fermions joined by given transmissions, [07:1, A1]; Theory.md section 11.
package struct Terminals: Sendable {
  /// What moves between the baths.
  package enum Particles: String, Sendable, CaseIterable {
    /// w > 0, n = 1/(exp((w - nu)/T) - 1).
    case bosons
    /// All real energies, f = 1/(exp((w - mu)/T) + 1).
    case fermions
  }

  /// A transmission from one bath (index) to another.
  package struct Link: Sendable {
    /// Where the particles come from.
    package let from: Int
    /// Where they arrive.
    package let to: Int
    /// Index in `functions`.
    package let function: Int

    init(from: Int, to: Int, function: Int) { (self.from, self.to, self.function) = (from, to, function) }
  }

  /// Statistics of the particles.
  package let particles: Particles
  /// Factor in front of every current, for example 2 for spin or polarisations.
  package let degeneracy: Double
  /// Names of the baths, at least two, unique.
  package let names: [String]
  /// The transmissions as given.
  package let functions: [TransmissionFunction]
  /// Every ordered pair of baths with a transmission.
  package let links: [Link]

  /// One transmission as a user gives it.
  package struct Transmission: Sendable {
    /// Name of the bath the particles come from.
    package let from: String
    /// Name of the bath where they arrive.
    package let to: String
    /// The transmission between the two baths.
    package let function: TransmissionFunction

    /// The transmission `from` one bath `to` another; it holds both ways unless the opposite one is given too.
    package init(from: String, to: String, _ function: TransmissionFunction) {
      (self.from, self.to, self.function) = (from, to, function)
    }
  }

  /// Checks and freezes a set of terminals.
  ///
  /// Throws `ModelError` with the key path (`terminals.transmission.a>b`) of the first part that is not allowed: fewer than
  /// two baths, unknown or equal names, a pair given twice, numbers that are not finite, transmissions that are negative
  /// (functions are checked where they are sampled), energies below 0 for bosons.
  package init(
    _ particles: Particles, degeneracy: Double = 1, baths names: [String], transmissions: [Transmission]
  ) throws(ModelError) {
    try TerminalsValidation.check(names, degeneracy: degeneracy)
    guard !transmissions.isEmpty else {
      throw ModelError(
        .missing, at: ["terminals", "transmission"], found: "no transmission",
        allowed: "at least one, for example "
          + "\(names[0])>\(names[1]): {kind: constant, height: 1}")
    }
    var places: [(from: Int, to: Int)] = []
    for t in transmissions {
      try TerminalsValidation.check(t, names: names, particles: particles)
      let place = (names.firstIndex(of: t.from)!, names.firstIndex(of: t.to)!)
      guard !places.contains(where: { $0 == place }) else {
        throw ModelError(
          .duplicate, at: ["terminals", "transmission", "\(t.from)>\(t.to)"], found: "the pair twice", allowed: "each pair once")
      }
      places.append(place)
    }
    var links = places.enumerated().map { Link(from: $1.from, to: $1.to, function: $0) }
    for (i, place) in places.enumerated() where !places.contains(where: { $0 == (place.to, place.from) }) {
      links.append(Link(from: place.to, to: place.from, function: i))
    }
    self.particles = particles
    self.degeneracy = degeneracy
    self.names = names
    self.functions = transmissions.map(\.function)
    self.links = links
  }

  /// The transmission between two baths (indices); nil for none.
  package func function(from: Int, to: Int) -> Int? { links.first { $0.from == from && $0.to == to }?.function }

  /// tau from one bath to another at an energy; 0 for bosons below w = 0.
  package func transmission(from: Int, to: Int, at w: Double) -> Double {
    if particles == .bosons && w < 0 { return 0 }
    return function(from: from, to: to).map { functions[$0].value(w) } ?? 0
  }

  /// The lowest energy at which a bath exchanges bosons: its chemical potential must stay below. -infinity for fermions.
  package func bandBottom(ofBath p: Int) -> Double {
    guard particles == .bosons else { return -.infinity }
    return links.filter { $0.from == p || $0.to == p }.reduce(.infinity) { min($0, max(functions[$1.function].support.lower, 0)) }
  }

  /// True when some transmission differs from the opposite one.
  package var isNonreciprocal: Bool {
    links.contains { link in function(from: link.to, to: link.from) != link.function }
  }
}
