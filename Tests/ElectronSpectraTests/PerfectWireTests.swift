import ComplexModule
import DenseMatrices
import Foundation
import JunctionModel
import PairbathTestSupport
import Testing
import TransportResults

@testable import ElectronSpectra

/// Conductors that are cells of their leads: every channel passes, T = number of channels.
@Suite("Perfect wires")
struct PerfectWireTests {
  struct Wire {
    let direct: DirectGreensFunction
    let offsets: [Int]

    init(_ lead: PeriodicLead, cells: Int = 1) throws {
      let n = lead.cellSize
      let conductor = Conductor(
        hamiltonian: RandomLeads.wire(lead.h00, lead.h01, cells: cells),
        overlap: lead.s00 == nil && lead.s01 == nil
          ? nil : RandomLeads.wire(lead.s00 ?? .identity(n), lead.s01, cells: cells))
      let left = RandomLeads.mirrored(lead, orbitals: Array(0..<n))
      let right = PeriodicLead(
        orbitals: Array((cells - 1) * n..<cells * n), h00: lead.h00, h01: lead.h01, s00: lead.s00, s01: lead.s01)
      let electrodes = try [left, right].map {
        try ElectrodeSelfEnergy(Electrode("lead", .periodic($0)), conductorSize: cells * n)
      }
      direct = DirectGreensFunction(conductor, electrodes)
      offsets = [0, n, 2 * n]
    }

    func transmission(at energy: Double) throws -> Estimate {
      try direct.amplitudes(at: energy).transmissions(offsets: offsets)[1]
    }
  }

  struct Tally {
    var energies = 0
    var worst = 0.0
    /// Energies away from edges with errors above 1e-5.
    var uncertain = 0
    var failures: [String] = []
    var uncovered: [String] = []
  }

  /// Energies inside and around the bands, levels of a cell, extrema of bands, some units beside them, and 0.
  static func energies(_ lead: PeriodicLead, _ bands: TwinBlochBands, count: Int, _ random: inout SplitMix64) throws -> [Double] {
    let margin = 0.05 * (bands.range.upperBound - bands.range.lowerBound) + 1e-12
    var result = [0.0] + (try HermitianEigenproblem(lead.h00).values)
    for edge in bands.extrema.prefix(8) {
      result += [edge, edge + margin * 1e-9, edge - margin * 1e-6, edge + margin * 1e-4]
    }
    while result.count < count {
      result.append(random.uniform((bands.range.lowerBound - margin)...(bands.range.upperBound + margin)))
    }
    return result
  }

  static func examine(seed: UInt64, energies count: Int, into tally: inout Tally) throws {
    let lead = RandomLeads.make(seed: seed)
    let bands = try TwinBlochBands(lead)
    var random = SplitMix64(seed: seed &+ 77)
    let wire = try Wire(lead, cells: random.integer(1...2))
    let width = bands.range.upperBound - bands.range.lowerBound
    for energy in try energies(lead, bands, count: count, &random) {
      let found = try wire.transmission(at: energy)
      let distance = bands.distanceFromEdge(energy)
      // The number on both sides: on an edge either is right, and so is what lies between.
      let near = [-1.0, 1].map { Double(bands.channels(at: energy + $0 * 1e-13 * max(width, 1e-300))) }
      let deviation = max(near.min()! - found.value, found.value - near.max()!, 0)
      tally.energies += 1
      if distance > 1e-4 * width {
        if found.error > 1e-5 { tally.uncertain += 1 }
        tally.worst = max(tally.worst, deviation)
        if !(deviation <= 1e-9) {
          tally.failures.append("T = \(found), channels \(near), energy \(energy), seed \(seed)")
        }
      }
      if !(deviation <= found.error + 1e-13) {
        tally.uncovered.append("T = \(found), channels \(near), energy \(energy), distance \(distance), seed \(seed)")
      }
    }
  }

  @Test("random leads: the transmission of a perfect wire is its number of channels, and its error covers what is missing")
  func randomLeads() throws {
    let validates = ProcessInfo.processInfo.environment["PAIRBATH_VALIDATE"] != nil
    var tally = Tally()
    for seed in 1...UInt64(validates ? 2000 : 40) { try Self.examine(seed: seed, energies: validates ? 1000 : 40, into: &tally) }
    #expect(tally.failures.isEmpty, "\(tally.failures.count) of \(tally.energies): \(tally.failures.prefix(12))")
    #expect(Double(tally.uncertain) < 1e-3 * Double(tally.energies), "\(tally.uncertain) of \(tally.energies)")
    #expect(tally.uncovered.isEmpty, "\(tally.uncovered.count) of \(tally.energies): \(tally.uncovered.prefix(12))")
  }

  static func lead(_ h00: [[Double]], _ h01: [[Double]]) -> PeriodicLead {
    PeriodicLead(orbitals: Array(0..<h00.count), h00: Matrix(real: h00), h01: Matrix(real: h01))
  }

  @Test("an armchair ribbon of five dimer lines is a metal: one channel where its bands cross")
  func armchair() throws {
    let (h00, h01) = ArmchairRibbon.blocks(hopping: -2.7)
    let wire = try Wire(PeriodicLead(orbitals: Array(0..<10), h00: h00, h01: h01))
    // A state bound to the surface lies where the bands cross: of the energy 1e-10 is left beside it.
    for energy in [0, 1e-15, 1e-12, 1e-9, -1e-6, 1e-3, 0.3] {
      let found = try wire.transmission(at: energy)
      #expect(abs(found.value - 1) < 1e-9 && found.error < 1e-3, "at \(energy): \(found)")
    }
  }

  @Test("on and beside a state bound to a lead's surface, where its self-energy is infinite, a perfect wire passes its channel")
  func boundSurface() throws {
    // Six orbitals with hoppings of integers: the surface binds a state at -1 exactly, beside one open channel.
    let lead = RandomLeads.make(seed: 6)
    for cells in 1...2 {
      let wire = try Wire(lead, cells: cells)
      for distance in [0, 1e-14, -1e-13, 1e-12, 1e-10, -1e-8, 1e-6, 1e-4] {
        let found = try wire.transmission(at: -1 + distance)
        // Rounding of the waves, 1e-13, times what the wire makes of it.
        #expect(abs(found.value - 1) < 1e-12 && found.error < 1e-10, "\(cells) cells, \(distance) beside: \(found)")
      }
    }
  }

  @Test("where one band ends and another begins the number of channels stays, and the error spans the wave that stands still")
  func endAndBegin() throws {
    let lead = RandomLeads.make(seed: 508)
    #expect(try TwinBlochBands(lead).edges.contains { abs($0 - 2) < 1e-8 })
    let wire = try Wire(lead)
    let edge = try wire.transmission(at: 2)
    #expect(abs(edge.value - 1) <= edge.error && edge.error <= 2, "\(edge)")
    for distance in [-1e-4, -1e-6, -1e-10, 1e-10, 1e-6, 1e-4] {
      let found = try wire.transmission(at: 2 + distance)
      #expect(abs(found.value - 1) < 1e-9 && abs(found.value - 1) <= found.error, "\(distance) beside: \(found)")
    }
  }

  @Test("an orbital that nothing is joined to transmits nothing at its own level, zero")
  func lonelyOrbital() throws {
    let wire = try Wire(Self.lead([[0]], [[0]]))
    #expect(try wire.transmission(at: 0).value == 0)
    #expect(try wire.transmission(at: 0.1).value == 0)
  }

  @Test("nothing transmits more than its channels: errors are at most that")
  func mostTransmission() throws {
    for seed in UInt64(1)...12 {
      let lead = RandomLeads.make(seed: seed)
      let wire = try Wire(lead)
      for edge in try SurfaceGreensFunction(lead).bandStructure().edges.prefix(6) {
        let found = try wire.transmission(at: edge)
        #expect(found.error <= max(found.value, Double(lead.cellSize) - found.value), "seed \(seed), \(edge): \(found)")
      }
    }
  }

  @Test("a dimerised chain passes at the level of its dimers")
  func dimers() throws {
    let wire = try Wire(Self.lead([[0, -1], [-1, 0]], [[0, 0], [-0.6, 0]]))
    for energy in [1.0, -1, 0.41, 1.5999, 0.7] {
      let found = try wire.transmission(at: energy)
      #expect(abs(found.value - 1) < 1e-12 && found.error < 1e-9, "at \(energy): \(found)")
    }
    #expect(try wire.transmission(at: 0).value == 0)
  }

  @Test("two equal chains beside each other next to their band edges, and on them")
  func edges() throws {
    let wire = try Wire(Self.lead([[0, 0], [0, 0]], [[-1, 0], [0, -1]]))
    for (energy, channels) in [(-1.9999999999, 2.0), (0, 2), (1, 2), (1.9999999999, 2), (2.0000000001, 0)] {
      let found = try wire.transmission(at: energy)
      // Rounding of the energy over its distance from the edge, 1e-10, is 2e-6; the bound is some hundred times that.
      #expect(abs(found.value - channels) <= found.error && found.error < 1e-2, "at \(energy): \(found)")
      #expect(abs(found.value - channels) < 1e-9, "at \(energy): \(found)")
    }
    for energy in [-2.0, 2] {
      let found = try wire.transmission(at: energy)
      #expect(abs(found.value - 2) <= found.error && abs(found.value) <= found.error, "at \(energy): \(found)")
    }
  }

  @Test("very narrow bands have the closed form of the chain", arguments: [3e-8, 1e-8, 1e-12])
  func narrow(hopping: Double) throws {
    let center = 0.25
    let lead = PeriodicLead(orbitals: [0], h00: Matrix(diagonal: [center]), h01: Matrix(diagonal: [hopping]))
    let surface = try SurfaceGreensFunction(lead)
    for x in [-2.5, -1.999, -1, 0, 0.3, 1.7, 2.1] {
      // The energy as it is rounded: x t is known to its last bit again.
      let energy = center + x * hopping
      let exact = Scalar(hopping * hopping, 0) * ElectrodeSelfEnergy.chainGreensFunction(energy - center, hopping: hopping)
      let found = try surface(at: energy)
      let deviation = (found.sigma[0, 0] - exact).length
      #expect(deviation <= found.error && deviation < 1e-12 * hopping, "at \(x): \(found.sigma[0, 0]), \(exact)")
    }
  }
}
