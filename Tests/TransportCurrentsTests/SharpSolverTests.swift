import DenseMatrices
import JunctionModel
import TestKinds
import Testing

@testable import BosonPropagators
@testable import ElectronSpectra
@testable import TransportCurrents

@Suite("SharpSolver", .tags(.golden))
struct SharpSolverTests {
  static func doubleDot() throws -> Junction {
    try Junction(
      conductor: .levels([10.5, 9.5]),
      electrodes: [
        .wideBand("L", orbitals: [0], broadening: 0.5), .wideBand("R", orbitals: [1], broadening: 0.5),
      ], bosons: BosonSystem(modes: [1]), baths: [BosonBath("ph", .ohmic(friction: 0.02), coordinates: [0])],
      coupling: Coupling(.dimensionless, [Matrix(real: [[0, 0.5], [0.5, 0]])]))
  }

  @Test("reproduces the reference numbers of the double dot")
  func reference() throws {
    let junction = try Self.doubleDot()
    let point = OperatingPoint(chemicalPotentials: [10, 10], temperatures: [1.1, 1.1], bathTemperatures: [0.9])
    let points = OperatingPoints([point], electrodes: 2, baths: 1)
    let prepared = try PreparedJunction(junction, points: points, tolerance: 1e-10)
    let kernel = try prepared.pairKernel(at: 1, pairs: .diagonal([0]))
    let integrator = StateIntegrator()
    let state = OperatingState(points, state: 0, reference: prepared.referenceEnergy)
    let r = integrator.integrate(kernel, from: 0, to: 1, electrodes: 2, point: state)[0]
    #expect(abs(r.emission / 2 - 0.149213392505) < 1e-12)
    #expect(abs(r.absorption / 2 - 0.370357351695) < 1e-12)
    #expect(r.emissionError < 1e-10 * r.emission)
    for closedForms in [false, true] {
      let environment = try BosonEnvironment(prepared.junction, highest: 10)
      let solver = SharpSolver(prepared, environment: environment, kernels: [kernel], closedForms: closedForms)
      #expect((solver.poleSums[0] != nil) == closedForms)
      let worker = SharpWorker(solver, integrator: integrator, capacity: 4)
      let block = worker.block(points, 0..<1)
      var currents = StateCurrents(electrodes: 2, baths: 1, modes: 1)
      block.evaluate(state, slot: 0, currents: true, into: &currents)
      #expect(abs(currents.energyCurrent.value - 0.0427276154941) < 1e-13)
    }
  }
}
