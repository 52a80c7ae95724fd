import ComplexModule
import DenseMatrices
import JunctionModel

/// A number that may follow one of two sweep variables, x and y, and how it is written in a model.
package struct SweptNumber: Sendable {
  let base: Double
  /// base (1 + slope v) with v = x, y; nil for a number that stays.
  let variable: String?
  let slope: Double
  /// The parameter that stands for it in the model; nil where it is written out.
  let parameter: String?

  /// Its value at a point of the sweep.
  package func value(_ x: Double, _ y: Double) -> Double { variable.map { base * (1 + slope * ($0 == "x" ? x : y)) } ?? base }

  private var arithmetic: String { variable.map { "(\(base))*(1 + (\(slope))*\($0))" } ?? "\(base)" }

  /// As it stands in its place.
  var text: String { parameter ?? arithmetic }

  /// Its definition where a parameter stands for it.
  var definition: String? { parameter.map { "\($0): \(arithmetic)" } }
}

/// A random junction of which numbers of any kind, drawn at random, follow sweep variables: as a model file, and as junction and state at any
/// point of the sweep, made without the model file.
package struct RandomSweep: Sendable, CustomStringConvertible {
  package let seed: UInt64
  /// The values of both variables.
  package let x = [0.0, 0.3]
  package let y = [0.1, 0.4]
  private let drawn: RandomJunction
  private let hamiltonian: SweptMatrix
  private let overlap: SweptMatrix?
  private let spin: SweptNumber
  private let broadenings: [SweptMatrix?]
  private let chains: [[SweptNumber]]
  private let modes: [SweptNumber]
  private let frictions: [SweptNumber]
  private let couplings: [SweptMatrix]
  private let potentials: [SweptNumber]
  private let temperatures: [SweptNumber]
  private let bathTemperatures: [SweptNumber]

  /// The sweep of a seed.
  package init(seed: UInt64) {
    self.seed = seed
    var limits = RandomJunctions.Limits.small
    (limits.electrodes, limits.chainProbability) = (2...3, 0.3)
    drawn = RandomJunctions.make(seed: seed, limits: limits)
    var draw = NumberDraw(seed: seed)
    let (junction, point) = (drawn.junction, drawn.point)
    // x moves the junction and y the state in any case: a variable without effect is an error.
    hamiltonian = SweptMatrix(junction.conductor.hamiltonian, offDiagonals: true, &draw, first: "x")
    overlap = junction.conductor.overlap.map { SweptMatrix($0, offDiagonals: false, &draw) }
    spin = draw.number(junction.conductor.spinDegeneracy)
    broadenings = junction.electrodes.map {
      if case .wideBand(let gamma) = $0.kind { SweptMatrix(gamma, offDiagonals: false, &draw) } else { nil }
    }
    chains = junction.electrodes.map {
      guard case .chain(let lead) = $0.kind else { return [] }
      return [lead.energy, lead.hopping, lead.coupling].map { draw.number($0) }
    }
    modes = junction.bosons.modeEnergies.map { draw.number($0) }
    frictions = junction.baths.map {
      if case .ohmic(let friction) = $0.kind { draw.number(friction) } else { fatalError("baths of random sweeps are Ohmic") }
    }
    couplings = junction.coupling.matrices.map { SweptMatrix($0, offDiagonals: true, &draw) }
    potentials = point.chemicalPotentials.enumerated().map { draw.number($1, always: $0 == 0 ? "y" : nil) }
    temperatures = point.temperatures.map { draw.number($0) }
    bathTemperatures = point.bathTemperatures.map { draw.number($0) }
  }

  package var description: String { "random sweep of seed \(seed):\n\(text)" }

  /// The junction at a point of the sweep.
  package func junction(_ x: Double, _ y: Double) throws -> Junction {
    let electrodes = drawn.junction.electrodes.enumerated().map { a, electrode in
      if let gamma = broadenings[a] { return Electrode(electrode.name, .wideBand(broadening: gamma.value(x, y))) }
      guard case .chain(let lead) = electrode.kind else { fatalError("electrodes of random sweeps are bands or chains") }
      let numbers = chains[a].map { $0.value(x, y) }
      return Electrode(
        electrode.name,
        .chain(ChainLead(orbital: lead.orbital, energy: numbers[0], hopping: numbers[1], coupling: numbers[2])))
    }
    let baths = zip(drawn.junction.baths, frictions).map {
      BosonBath($0.name, .ohmic(friction: $1.value(x, y)), coordinates: $0.coordinates)
    }
    return try Junction(
      conductor: Conductor(
        hamiltonian: hamiltonian.value(x, y), overlap: overlap?.value(x, y), spinDegeneracy: spin.value(x, y)),
      electrodes: electrodes, bosons: BosonSystem(modes: modes.map { $0.value(x, y) }), baths: baths,
      coupling: Coupling(drawn.junction.coupling.convention, couplings.map { $0.value(x, y) }))
  }

  /// The state at a point of the sweep.
  package func point(_ x: Double, _ y: Double) -> OperatingPoint {
    OperatingPoint(
      chemicalPotentials: potentials.map { $0.value(x, y) }, temperatures: temperatures.map { $0.value(x, y) },
      bathTemperatures: bathTemperatures.map { $0.value(x, y) })
  }

  /// The model file.
  package var text: String {
    let junction = drawn.junction
    var lines = ["units: natural", "conductor:", "  hamiltonian: \(hamiltonian.text)"]
    if let overlap { lines.append("  overlap: \(overlap.text)") }
    lines += ["  spin_degeneracy: \(spin.text)", "electrodes:"]
    for (a, electrode) in junction.electrodes.enumerated() {
      if let gamma = broadenings[a] {
        lines.append("  \(electrode.name): {kind: wide-band, broadening: \(gamma.text)}")
      } else if case .chain(let lead) = electrode.kind {
        let words = zip(["energy", "hopping", "coupling"], chains[a]).map { "\($0): \($1.text)" }.joined(separator: ", ")
        lines.append("  \(electrode.name): {kind: chain, orbital: \(lead.orbital), \(words)}")
      }
    }
    lines += ["bosons: {modes: [\(Self.list(modes))]}", "baths:"]
    for (bath, friction) in zip(junction.baths, frictions) {
      lines.append("  \(bath.name): {kind: ohmic, coordinates: \(bath.coordinates), friction: \(friction.text)}")
    }
    let matrices = couplings.map(\.text).joined(separator: ", ")
    lines.append("coupling: {convention: \(junction.coupling.convention.rawValue), matrices: [\(matrices)]}")
    let definitions = everyNumber.compactMap(\.definition)
    if !definitions.isEmpty { lines.append("parameters: {\(definitions.joined(separator: ", "))}") }
    let names = junction.electrodes.map(\.name)
    let mu = zip(names, potentials).map { "\($0): \($1.text)" }.joined(separator: ", ")
    let t = zip(names + junction.baths.map(\.name), temperatures + bathTemperatures).map { "\($0): \($1.text)" }
    lines += [
      "state: {chemical_potential: {\(mu)}, temperature: {\(t.joined(separator: ", "))}}", "sweep: {x: \(x), y: \(y)}",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  private var everyNumber: [SweptNumber] {
    let matrices = [hamiltonian] + [overlap].compactMap { $0 } + broadenings.compactMap { $0 } + couplings
    return matrices.flatMap(\.numbers) + [spin] + chains.flatMap { $0 } + modes + frictions + potentials + temperatures
      + bathTemperatures
  }

  private static func list(_ numbers: [SweptNumber]) -> String { numbers.map(\.text).joined(separator: ", ") }
}

/// Draws which numbers follow a variable, and how.
private struct NumberDraw {
  private var random: SplitMix64
  private var parameters = 0

  init(seed: UInt64) { random = SplitMix64(seed: seed &+ 0x5EE9_15) }

  /// A number that follows x, y or nothing, or the variable of `always`; `grows` keeps it from becoming smaller.
  mutating func number(_ base: Double, always: String? = nil, grows: Bool = false) -> SweptNumber {
    let drawn = random.chance(0.4) ? (random.chance(0.5) ? "x" : "y") : nil
    let slope = grows ? random.uniform(0.05...1) : random.uniform(-1...1)
    let variable = always ?? drawn
    guard random.chance(0.2) else { return SweptNumber(base: base, variable: variable, slope: slope, parameter: nil) }
    parameters += 1
    return SweptNumber(base: base, variable: variable, slope: slope, parameter: "p\(parameters)")
  }
}

/// A Hermitian matrix whose real elements may follow variables; those of overlaps and broadenings on the diagonal only, where they grow, so that
/// the matrix stays positive.
private struct SweptMatrix: Sendable {
  private let base: Matrix
  /// Numbers by row and column, both triangles of an off-diagonal pair; nil for a complex element.
  private let places: [[SweptNumber?]]

  init(_ base: Matrix, offDiagonals: Bool, _ draw: inout NumberDraw, first: String? = nil) {
    var matrix = base
    var places = [[SweptNumber?]](repeating: [SweptNumber?](repeating: nil, count: base.rows), count: base.rows)
    for i in 0..<base.rows {
      places[i][i] = draw.number(
        base[i, i].rawStorage.x, always: i == 0 ? first : nil, grows: !offDiagonals)
      // Elements of even sum are made real, so that they may follow a variable.
      for j in 0..<i where offDiagonals && (i + j) % 2 == 0 {
        let number = draw.number(base[i, j].rawStorage.x)
        (places[i][j], places[j][i]) = (number, number)
        (matrix[i, j], matrix[j, i]) = (Scalar(number.base, 0), Scalar(number.base, 0))
      }
    }
    (self.base, self.places) = (matrix, places)
  }

  func value(_ x: Double, _ y: Double) -> Matrix {
    var matrix = base
    for i in 0..<base.rows {
      for j in 0..<base.rows {
        if let number = places[i][j] { matrix[i, j] = Scalar(number.value(x, y), 0) }
      }
    }
    return matrix
  }

  /// Each number once.
  var numbers: [SweptNumber] { places.indices.flatMap { i in places[i][...i].compactMap { $0 } } }

  var text: String {
    let rows = places.indices.map { i in
      "[" + places[i].indices.map { j in places[i][j]?.text ?? Self.complex(base[i, j]) }.joined(separator: ", ") + "]"
    }
    return "[" + rows.joined(separator: ", ") + "]"
  }

  private static func complex(_ z: Scalar) -> String {
    "\(z.rawStorage.x)\(z.rawStorage.y < 0 ? "-" : "+")\(abs(z.rawStorage.y))i"
  }
}
