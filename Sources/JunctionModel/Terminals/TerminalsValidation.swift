/// The checks behind `Terminals.init`.
enum TerminalsValidation {
  static func check(_ names: [String], degeneracy: Double) throws(ModelError) {
    guard names.count >= 2 else {
      throw ModelError(
        .missing, at: ["terminals", "baths"], found: "\(names.count) bath\(names.count == 1 ? "" : "s")",
        allowed: "two baths or more")
    }
    for (i, name) in names.enumerated() where names[..<i].contains(name) {
      throw ModelError(.duplicate, at: ["terminals", "baths"], found: "the name '\(name)' twice", allowed: "one name per bath")
    }
    guard degeneracy.isFinite && degeneracy > 0 else {
      throw ModelError(
        .outOfRange, at: ["terminals", "degeneracy"], found: "\(degeneracy)", allowed: "a positive number",
        hint: "2 for two spins or polarisations")
    }
  }

  static func check(
    _ t: Terminals.Transmission, names: [String], particles: Terminals.Particles
  ) throws(ModelError) {
    let path = ["terminals", "transmission", "\(t.from)>\(t.to)"]
    for name in [t.from, t.to] where !names.contains(name) {
      throw ModelError(
        .outOfRange, at: path, found: "the unknown bath '\(name)'", allowed: "two of \(names.joined(separator: ", "))")
    }
    guard t.from != t.to else {
      throw ModelError(
        .inconsistent, at: path, found: "a transmission from \(t.from) to itself", allowed: "two different baths",
        hint: "What is reflected carries no current; leave it out")
    }
    try check(t.function, particles: particles, at: path)
  }

  private static func check(
    _ function: TransmissionFunction, particles: Terminals.Particles, at path: [String]
  ) throws(ModelError) {
    for (key, value) in [("from", function.from), ("to", function.to)] {
      guard let value else { continue }
      guard value.isFinite else { throw JunctionValidation.notFinite(value, at: path + [key]) }
      guard particles == .fermions || value >= 0 else {
        throw ModelError(
          .outOfRange, at: path + [key], found: "\(value)", allowed: "an energy that is zero or positive: bosons have w > 0")
      }
    }
    if let from = function.from, let to = function.to, from >= to {
      throw ModelError(.outOfRange, at: path + ["to"], found: "\(to), with from = \(from)", allowed: "an energy above 'from'")
    }
    switch function.shape {
    case .constant(let height): try requireNotNegative(height, at: path + ["height"])
    case .lorentzian(let energy, let width, let height):
      guard energy.isFinite else { throw JunctionValidation.notFinite(energy, at: path + ["energy"]) }
      try requirePositive(width, at: path + ["width"])
      try requireNotNegative(height, at: path + ["height"])
    case .power(let energy, let exponent, let height, let cutoff):
      try requirePositive(energy, at: path + ["energy"])
      try requireNotNegative(exponent, at: path + ["exponent"])
      try requireNotNegative(height, at: path + ["height"])
      if let cutoff { try requirePositive(cutoff, at: path + ["cutoff"]) }
      guard particles == .bosons || (function.from ?? -1) >= 0 else {
        throw ModelError(
          .inconsistent, at: path, found: "a power of w, which is defined for w >= 0, and fermions, which have w < 0 too",
          allowed: "kind: power with from: 0 or above", hint: "Add from: 0")
      }
    case .table(let energies, let values): try check(energies, values, particles: particles, at: path)
    case .expression(_, let breakpoints, _):
      for (i, value) in breakpoints.enumerated() where !value.isFinite {
        throw JunctionValidation.notFinite(value, at: ["terminals", "breakpoints", "\(i)"])
      }
    }
  }

  private static func check(
    _ energies: [Double], _ values: [Double], particles: Terminals.Particles, at path: [String]
  ) throws(ModelError) {
    guard energies.count >= 2, energies.count == values.count else {
      throw ModelError(
        .wrongShape, at: path + ["file"], found: "\(energies.count) energies and \(values.count) transmissions",
        allowed: "one transmission per energy, two at least")
    }
    for i in energies.indices {
      guard energies[i].isFinite, values[i].isFinite else {
        throw ModelError(
          .notFinite, at: path + ["file"], found: "(\(energies[i]), \(values[i])) in row \(i)", allowed: "finite numbers")
      }
      guard i == 0 || energies[i] > energies[i - 1] else {
        throw ModelError(
          .inconsistent, at: path + ["file"], found: "the energy \(energies[i]) after \(energies[i - 1])",
          allowed: "ascending energies")
      }
      guard values[i] >= 0 else {
        throw ModelError(
          .outOfRange, at: path + ["file"], found: "the transmission \(values[i]) at \(energies[i])",
          allowed: "transmissions that are zero or positive")
      }
    }
    guard particles == .fermions || energies[0] >= 0 else {
      throw ModelError(
        .outOfRange, at: path + ["file"], found: "the energy \(energies[0])", allowed: "energies w >= 0 for bosons")
    }
  }

  private static func requireNotNegative(_ value: Double, at path: [String]) throws(ModelError) {
    guard value.isFinite && value >= 0 else {
      throw ModelError(.outOfRange, at: path, found: "\(value)", allowed: "a finite number, zero or positive")
    }
  }

  private static func requirePositive(_ value: Double, at path: [String]) throws(ModelError) {
    guard value.isFinite && value > 0 else {
      throw ModelError(.outOfRange, at: path, found: "\(value)", allowed: "a positive number")
    }
  }
}
