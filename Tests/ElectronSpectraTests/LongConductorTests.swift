import ComplexModule
import DenseMatrices
import JunctionModel
import PairbathTestSupport
import RealModule
import TestKinds
import Testing

@testable import ElectronSpectra
@testable import TransportResults

/// Junctions whose untouched orbitals are left out of the dense matrices, against the same junctions with all of them.
@Suite("Long conductors")
struct LongConductorTests {
  static let seed: UInt64 = 4_711

  /// Parts with a shuffled banded Hamiltonian, three electrodes of different kinds and two local couplings.
  static func parts(_ generator: inout SplitMix64, orbitals size: Int, allWide: Bool = false) throws -> JunctionParts {
    let width = generator.integer(1...3)
    let places = Array(0..<size).shuffled(using: &generator)
    func band(_ strength: Double, diagonal: () -> Double) throws -> SparseHermitianMatrix {
      var entries: [SparseHermitianMatrix.Entry] = []
      for i in 0..<size {
        entries.append(.init(places[i], places[i], Scalar(diagonal(), 0)))
        for j in (i + 1)..<max(min(i + width + 1, size), i + 1) {
          let value = Scalar(generator.uniform(-1...1), generator.uniform(-1...1))
          entries.append(.init(places[i], places[j], Scalar(strength, 0) * value))
        }
      }
      return try SparseHermitianMatrix(size: size, entries: entries)
    }
    let hamiltonian = try band(0.8) { generator.uniform(-1...1) }
    let overlap = generator.chance(0.5) ? try band(0.05) { 1 } : nil
    let (left, right, middle) = (places[0], places[size - 1], places[size / 2])
    func gamma(_ rank: Int) -> Matrix {
      let r = randomMatrix(rank, rank, &generator)
      return 0.3 * Matrix.product(r, .plain, r, .adjoint)
    }
    var electrodes: [Electrode] = [
      .init("L", .wideBand(broadening: gamma(2)), on: [left, places[1]]),
      .init("C", .wideBand(broadening: gamma(1)), on: [middle]),
    ]
    if allWide {
      electrodes.append(.init("R", .wideBand(broadening: gamma(2)), on: [right, places[size - 2]]))
    } else if generator.chance(0.5) {
      electrodes.append(.init("R", .chain(ChainLead(orbital: right, energy: 0.1, hopping: 1.2, coupling: 0.7))))
    } else {
      let h01 = 0.8 * randomMatrix(2, 2, &generator)
      electrodes.append(
        .init(
          "R",
          .periodic(
            PeriodicLead(orbitals: [right, places[size - 2]], h00: 0.4 * RandomJunctions.hermitian(2, &generator), h01: h01))))
    }
    let couplings = [
      [LocalMatrix(0.2 * RandomJunctions.hermitian(2, &generator), on: [places[4], places[5]])],
      [
        LocalMatrix(0.2 * RandomJunctions.hermitian(2, &generator), on: [places[size - 4], places[4]]),
        LocalMatrix(Matrix(diagonal: [0.1]), on: [places[7]]),
      ],
    ]
    return JunctionParts(
      .sparse(hamiltonian: hamiltonian, overlap: overlap, spinDegeneracy: 2), electrodes: electrodes,
      convention: .massWeighted, couplings: couplings)
  }

  static func junction(_ parts: JunctionParts, long: Bool) throws -> Junction {
    let reduced = try long ? parts.reduced(always: true) : parts.reduced()
    return try Junction(
      conductor: reduced.conductor, electrodes: reduced.electrodes, bosons: BosonSystem(modes: [0.3, 0.5]),
      baths: [BosonBath("ph", .ohmic(friction: 0.01), coordinates: [0, 1])], coupling: reduced.coupling)
  }

  static func direct(_ junction: Junction) throws -> DirectGreensFunction {
    DirectGreensFunction(
      junction.conductor, try junction.electrodes.map { try ElectrodeSelfEnergy($0, conductorSize: junction.conductor.orbitals) })
  }

  @Test("Green's functions between kept orbitals are those of the dense matrices", .tags(.twin))
  func greensFunctions() throws {
    var generator = SplitMix64(seed: Self.seed)
    for round in 0..<12 {
      let parts = try Self.parts(&generator, orbitals: 20 + round, allWide: round % 3 == 0)
      let (dense, long) = (try Self.junction(parts, long: false), try Self.junction(parts, long: true))
      let kept = try #require(long.conductor.whole?.kept)
      #expect(dense.conductor.whole == nil && kept.count < dense.conductor.orbitals)
      #expect(long.conductor.hamiltonian == dense.conductor.hamiltonian.submatrix(rows: kept, columns: kept))
      let (whole, banded) = (try Self.direct(dense), try Self.direct(long))
      for _ in 0..<5 {
        let energy = generator.uniform(-2...2)
        let (w, r) = try whole.factors(at: energy)
        let (v, s) = try banded.factors(at: energy)
        let all = Array(0..<w.columns)
        let restricted = w.submatrix(rows: kept, columns: all)
        // Two orders of elimination: rounding times the condition of e S - H - Sigma, up to 1e4 here.
        let (a, b) = (Matrix.product(v, .plain, v, .adjoint), Matrix.product(restricted, .plain, restricted, .adjoint))
        #expect((a - b).norm <= 1e-11 * b.norm, "seed \(Self.seed), round \(round)")
        #expect((s - r.submatrix(rows: kept, columns: all)).norm <= 1e-13 * r.norm)
        let (g, _) = try whole.greensFunction(at: energy)
        let (h, _) = try banded.greensFunction(at: energy)
        #expect((h - g.submatrix(rows: kept, columns: kept)).norm <= 1e-11 * g.norm)
        let x = randomMatrix(kept.count, 2, &generator)
        #expect((try banded.apply(at: energy, to: x) - h * x).norm <= 1e-12 * h.norm * x.norm)
      }
      let shifted = long.measuringEnergies(from: 0.37)
      let (a, _) = try banded.greensFunction(at: 0.5)
      let (b, _) = try Self.direct(shifted).greensFunction(at: 0.13)
      // The shift rounds every element once.
      #expect((a - b).norm <= 1e-11 * a.norm)
    }
  }

  @Test("transmissions agree with the textbook twin, which inverts the dense matrix", .tags(.twin))
  func twin() throws {
    var generator = SplitMix64(seed: Self.seed + 1)
    for _ in 0..<4 {
      let parts = try Self.parts(&generator, orbitals: 24)
      let (dense, long) = (try Self.junction(parts, long: false), try Self.junction(parts, long: true))
      let (twin, factors) = (try TextbookTwin(dense), try SpectralFactors(long))
      for _ in 0..<4 {
        let energy = generator.uniform(-1.5...1.5)
        let transmission = try factors.boundedAmplitudes(at: energy).transmissions(offsets: factors.offsets)
        for a in 0..<3 {
          for b in 0..<3 where a != b {
            let expected = try twin.transmission(from: a, to: b, energy: energy)
            #expect(abs(transmission[a * 3 + b].value - expected) <= 1e-10 * max(expected, 1e-3))
          }
        }
      }
    }
  }

  /// A chain between chains of its own kind with some sites changed.
  static func chain(_ sites: Int, coupling: Double = -1, impurities: [Int: Double] = [:]) throws -> Junction {
    var entries = (0..<sites).map { SparseHermitianMatrix.Entry($0, $0, Scalar(impurities[$0] ?? 0, 0)) }
    entries += (0..<(sites - 1)).map { .init($0, $0 + 1, Scalar(-1, 0)) }
    let parts = JunctionParts(
      .sparse(hamiltonian: try SparseHermitianMatrix(size: sites, entries: entries), overlap: nil, spinDegeneracy: 1),
      electrodes: [
        .init("L", .chain(ChainLead(orbital: 0, energy: 0, hopping: -1, coupling: coupling))),
        .init("R", .chain(ChainLead(orbital: sites - 1, energy: 0, hopping: -1, coupling: coupling))),
      ])
    let reduced = try parts.reduced(always: true)
    return try Junction(conductor: reduced.conductor, electrodes: reduced.electrodes)
  }

  static func prepared(_ junction: Junction, mu: [Double], temperature: Double = 0) throws -> PreparedJunction {
    try PreparedJunction(
      junction,
      points: OperatingPoints(
        [OperatingPoint(chemicalPotentials: mu, temperatures: [temperature, temperature], bathTemperatures: [])],
        electrodes: 2, baths: 0), tolerance: 1e-8)
  }

  @Test(
    "an ordered chain transmits everything, one impurity (2 sin k)^2/((2 sin k)^2 + U^2)", .tags(.limit),
    arguments: [0.0, 0.7, 5.0])
  func impurity(strength: Double) throws {
    for sites in [3, 100, 100_000] {
      let junction = try Self.chain(sites, impurities: [sites / 2: strength])
      let prepared = try Self.prepared(junction, mu: [0.5, -0.5])
      #expect(prepared.resonances.isEmpty)
      for energy in [-1.9, -0.31, 0.0, 0.5, 1.3] {
        let speed = 4 - energy * energy
        let expected = speed / (speed + strength * strength)
        // Rounding adds up over the sites, as a random walk at best and linearly at worst: 1e5 units of 1e-16.
        #expect(abs(try prepared.transmission(at: energy)[1].value - expected) <= 1e-10)
      }
    }
  }

  @Test("every narrow resonance of a double barrier is found, at its place and with its width", .tags(.limit))
  func resonances() throws {
    for barrier in [5.0, 30, 1000] {
      let junction = try Self.chain(60, impurities: [20: barrier, 30: barrier])
      let found = try Self.prepared(junction, mu: [1.9, -1.9]).features
      let dense = try Junction(
        conductor: Conductor(hamiltonian: try #require(junction.conductor.whole).hamiltonian.dense),
        electrodes: [
          Electrode("L", .chain(ChainLead(orbital: 0, energy: 0, hopping: -1, coupling: -1))),
          Electrode("R", .chain(ChainLead(orbital: 59, energy: 0, hopping: -1, coupling: -1))),
        ])
      let expected = try Self.prepared(dense, mu: [1.9, -1.9]).features.resonances.filter { $0.width < 0.02 }
      #expect(expected.count >= 7)
      let panels = KernelMesh(found, shiftedBy: 0, window: -1.9...1.9).panels()
      for r in expected where abs(r.position) < 1.9 {
        // Sixteen nodes on a panel of twenty widths or less: interpolation and refinement see the resonance.
        let panel = try #require(panels.first { $0.start <= r.position && $0.end >= r.position })
        #expect(panel.length <= 20 * r.width, "barrier \(barrier), \(r) on \(panel)")
        guard r.width < 1e-3 else { continue }
        let nearest = try #require(found.resonances.min { abs($0.position - r.position) < abs($1.position - r.position) })
        // The search stops where theta falls by less than 1 per half interval: a width within a factor of three.
        #expect(abs(nearest.position - r.position) <= 2 * r.width, "barrier \(barrier), \(r) and \(nearest)")
        #expect(nearest.width <= 3 * r.width && nearest.width >= r.width / 3, "barrier \(barrier), \(r) and \(nearest)")
      }
    }
  }

  @Test("a resonance a million times narrower than the window carries its current", .tags(.limit))
  func narrowCurrent() throws {
    // One site between barriers U = 1000: a level at -2/U whose half width is g = 2/U^2, and all of its transmission.
    let junction = try Self.chain(2000, impurities: [1000: 1000, 1002: 1000])
    let prepared = try Self.prepared(junction, mu: [0.4, -0.4])
    let kernel = try prepared.elasticKernel()
    let integral = (0..<kernel.count).reduce(0.0) { $0 + kernel.values[kernel.count + $1] }
    // T = g^2/((e - e0)^2 + g^2) integrates to pi g, over 2 pi; corrections of order 1/U.
    let g = 2e-6
    #expect(abs(integral - 0.5 * g) <= 0.01 * 0.5 * g)
    #expect(kernel.unresolvedPanels == 0)
  }

  @Test("more narrow levels than can be resolved are an error, not a number")
  func tooMany() throws {
    let junction = try Self.chain(3000, coupling: 1e-3)
    let error = #expect(throws: SolverError.self) { try Self.prepared(junction, mu: [1.5, -1.5]) }
    #expect(error?.code == .linearAlgebra && error?.message.contains("too many of them") == true)
  }

  @Test("what needs all levels says so")
  func refusals() throws {
    var generator = SplitMix64(seed: Self.seed)
    let junction = try Self.junction(try Self.parts(&generator, orbitals: 24), long: true)
    let point = OperatingPoint(chemicalPotentials: [0.1, 0, -0.1], temperatures: [0.1, 0.1, 0.1], bathTemperatures: [0.1])
    let prepared = try PreparedJunction(
      junction, points: OperatingPoints([point], electrodes: 3, baths: 1), tolerance: 1e-6)
    let dispersion = #expect(throws: SolverError.self) { try prepared.dispersion(at: 0.3) }
    #expect(dispersion?.code == .unsuitableModel && dispersion?.subject == .renormalization)
    let check = #expect(throws: SolverError.self) { try DirectElectrons(junction) }
    #expect(check?.code == .unsuitableModel && check?.subject == .crossCheck)
  }
}

/// A matrix with random complex elements.
private func randomMatrix(_ rows: Int, _ columns: Int, _ generator: inout SplitMix64) -> Matrix {
  var matrix = Matrix(rows: rows, columns: columns)
  for i in matrix.elements.indices { matrix.elements[i] = Scalar(generator.uniform(-1...1), generator.uniform(-1...1)) }
  return matrix
}
