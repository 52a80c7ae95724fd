import DenseMatrices
import JunctionModel
import RadiativeTransfer
import Testing
import TransportResults

@testable import Sweeps

@Suite("Memory of sweeps")
struct SweepMemoryTests {
  private static let megabyte = 1_048_576.0

  /// The budget that holds what a request needs, and one that just does not.
  private static func budgets(_ request: SweepRequest) -> (enough: MemoryBudget, short: MemoryBudget) {
    let bytes = SweepMemory(request, request.needs).sum(workers: 1) / MemoryBudget.usable
    return (MemoryBudget(available: 1.001 * bytes), MemoryBudget(available: 0.999 * bytes))
  }

  private static func refusal(_ body: () throws(SolverError) -> Void) -> SolverError? {
    do throws(SolverError) { try body() } catch { return error }
    return nil
  }

  private static func dot(_ observables: [Observable], modes: Int = 1, states: Int = 3, level: ComputeSettings.Level = .sharp)
    throws -> SweepRequest
  {
    let junction = try Junction(
      conductor: .levels([10.5, 9.5]),
      electrodes: [
        .wideBand("L", orbitals: [0], broadening: 0.5), .wideBand("R", orbitals: [1], broadening: 0.5),
      ], bosons: BosonSystem(modes: (0..<modes).map { 1 + 0.01 * Double($0) }),
      baths: [BosonBath("ph", .ohmic(friction: 0.02), coordinates: Array(0..<modes))],
      coupling: Coupling(.dimensionless, [Matrix](repeating: Matrix(real: [[0, 0.1], [0.1, 0]]), count: modes)))
    let points = (0..<states).map {
      OperatingPoint(chemicalPotentials: [10 + 0.01 * Double($0), 10], temperatures: [1, 1], bathTemperatures: [1])
    }
    return SweepRunnerTests.request(junction, points, ComputeSettings(level: level, observables: observables, tolerance: 1e-4))
  }

  @Test("a sweep that does not fit is refused by plan and by run before anything is computed; one that fits runs")
  func refusal() throws {
    let request = try Self.dot([.energyCurrent])
    let (enough, short) = Self.budgets(request)
    #expect(try SweepRunner(workers: 1, memory: enough).run(request).stateCount == 3)
    for refused in [
      Self.refusal { () throws(SolverError) in _ = try SweepRunner(workers: 1, memory: short).plan(request) },
      Self.refusal { () throws(SolverError) in _ = try SweepRunner(workers: 1, memory: short).measuredPlan(request) },
      Self.refusal { () throws(SolverError) in
        _ = try SweepRunner(workers: 1, memory: short).run(request, progress: { _ in Issue.record("computed") })
      },
    ] {
      #expect(
        refused?.code == .tooLarge && refused?.message.contains("in the budget given") == true, "\(String(describing: refused))")
      #expect(refused?.hint.isEmpty == false)
    }
  }

  @Test("a limit of addresses also counts the buffers of threads, and fewer threads are the advice")
  func addresses() throws {
    let request = try Self.dot([.energyCurrent])
    let narrow = MemoryBudget(available: 150 * Self.megabyte, source: .addressSpace, mappable: 150 * Self.megabyte)
    let refused = Self.refusal { () throws(SolverError) in _ = try SweepRunner(workers: 2, memory: narrow).plan(request) }
    #expect(refused?.code == .tooLarge && refused?.advice.parts == [.workers])
    #expect(try SweepRunner(workers: 1, memory: narrow).plan(request).states == 3)
  }

  @Test("what grows is counted: states, frequencies, energies and modes as they enter the result, kernels of all pairs of modes")
  func growth() throws {
    func bytes(_ request: SweepRequest) -> SweepMemory { SweepMemory(request, request.needs) }
    let base = try Self.dot([.energyCurrent])
    #expect(bytes(try Self.dot([.energyCurrent], states: 300)).result == 100 * bytes(base).result)
    var spectra = try Self.dot([.emission])
    spectra.settings.frequencies = [Double](repeating: 1, count: 1000)
    // Value and error of the real and imaginary part, four channels, three states.
    #expect(bytes(spectra).result > 1000 * 4 * 3 * 32)
    var transmission = try Self.dot([.chargeCurrent, .transmission])
    let few = bytes(transmission)
    transmission.settings.energies = [Double](repeating: 1, count: 1000)
    #expect(bytes(transmission).result == few.result + 1000 * 4 * 16)
    let (ten, twenty) = (
      bytes(try Self.dot([.energyCurrent], modes: 10, level: .dressed)),
      bytes(try Self.dot([.energyCurrent], modes: 20, level: .dressed))
    )
    let sharp = bytes(try Self.dot([.energyCurrent], modes: 20))
    #expect(twenty.work > 3 * ten.work && twenty.work > 50 * sharp.work)
  }

  @Test("the plan's peak holds what the process holds already, and what it held before")
  func peak() throws {
    let request = try Self.dot([.energyCurrent])
    let plan = try SweepRunner(workers: 1, memory: MemoryBudget(available: 1e12)).plan(request)
    let later = try SweepRunner(workers: 1, memory: MemoryBudget(available: 1e12, resident: 1e9)).plan(request)
    #expect(later.peakBytes == plan.peakBytes - SweepPlan.programBytes + 1_000_000_000)
    let before = try SweepRunner(workers: 1, memory: MemoryBudget(available: 1e12, resident: 1e9, highWater: 5e9)).plan(request)
    #expect(before.peakBytes == 5_000_000_000)
  }

  @Test("terminals and bodies are refused alike")
  func others() throws {
    let small = MemoryBudget(available: 1000)
    let terminals = try TerminalSweepTests.request(.bosons, TerminalSweepTests.all)
    #expect(throws: SolverError.self) { try SweepRunner(workers: 1, memory: small).run(terminals) }
    #expect(try SweepRunner(workers: 1, memory: MemoryBudget(available: 1e9)).plan(terminals).states == 63)
    let pair = try RadiatingPair(
      RadiatingBody("hot", .blackBody(interbandGap: 0.2)), RadiatingBody("cold", .blackBody(interbandGap: 0.3)))
    let bodies = RadiationRequest(
      title: "", pair: pair, axes: [SweepAxis("d", [1e-6])],
      states: [RadiationState(BodyState(kelvin: 600), BodyState(kelvin: 300))],
      gaps: [1e-6], settings: RadiationSettings(observables: [.energyFlux], tolerance: 1e-3, frequencies: []))
    for body in [
      { _ = try SweepRunner(workers: 1, memory: small).plan(bodies) },
      { _ = try SweepRunner(workers: 1, memory: small).run(bodies) },
    ] as [() throws -> Void] {
      let error = #expect(throws: SolverError.self) { try body() }
      #expect(error?.code == .tooLarge)
    }
    #expect(try SweepRunner(workers: 1, memory: MemoryBudget(available: 1e9)).plan(bodies).states == 1)
  }

  @Test("transmissions at many energies are counted, with the copy that is made of them")
  func transmissions() throws {
    var settings = TerminalSweepTests.all
    let few = try SweepRunner(workers: 1, memory: MemoryBudget(available: 1e9)).plan(
      TerminalSweepTests.request(.bosons, settings))
    settings.observables = [.bathEnergyCurrent, .transmissionFunction]
    settings.frequencies = (0..<10_000).map { 0.5 + 1e-5 * Double($0) }
    let request = try TerminalSweepTests.request(.bosons, settings)
    let many = try SweepRunner(workers: 1, memory: MemoryBudget(available: 1e9)).plan(request)
    #expect(many.resultBytes - few.resultBytes > 16 * 9 * 9900 - 500_000 && many.resultBytes >= 16 * 9 * 10_000)
    let error = #expect(throws: SolverError.self) {
      try SweepRunner(workers: 1, memory: MemoryBudget(available: 1_200_000)).run(request)
    }
    #expect(error?.code == .tooLarge)
    let dot = try Self.dot([.energyCurrent, .transmission])
    var wide = dot
    wide.settings.energies = (0..<10_000).map { 1e-3 * Double($0) }
    let budget = MemoryBudget(available: 1e12)
    let (narrow, broad) = (
      SweepPlan.estimate(dot, workers: 1, memory: budget), SweepPlan.estimate(wide, workers: 1, memory: budget)
    )
    let pairs = dot.junction.electrodes.count * dot.junction.electrodes.count
    #expect(broad.workBytes - narrow.workBytes >= 16 * pairs * 9900)
  }

  @Test("columns that do not fit are an error and not the end of the process")
  func columns() throws {
    #expect(throws: SolverError.self) { try ResultColumns(components: 10, states: 10, within: MemoryBudget(available: 1000)) }
    #expect(try ResultColumns(components: 10, states: 10, within: MemoryBudget(available: 2000)).allValues.count == 100)
    // More than any machine has: refused by the system's own budget.
    let error = #expect(throws: SolverError.self) { try ResultColumns(components: 1 << 20, states: 1 << 30) }
    #expect(error?.code == .tooLarge)
    #expect(throws: SolverError.self) {
      try ResultColumns.filled([.init(components: 1 << 20, states: 1 << 30)]) { _ in Issue.record("filled") }
    }
  }
}
