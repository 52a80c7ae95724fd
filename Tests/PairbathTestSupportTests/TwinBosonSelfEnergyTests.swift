import ComplexModule
import DenseMatrices
import JunctionModel
import PairbathTestSupport
import RealModule
import TestKinds
import Testing

@Suite("Twin of general bosons: the electrons' self-energy")
struct TwinBosonSelfEnergyTests {
  /// Levels e_i - i gamma_i/2 = z_i on electrodes of their own at T = 0, M = m sigma_x:
  /// Pi = g_s m^2 sum_{i != j} int_{-inf}^{mu_j} de/2pi A_j(e) [G_i(e + w) + G_i(e - w)^*], every integral a logarithm.
  private func closedForm(_ z: [Scalar], _ mus: [Double], coupling: Double, frequency w: Double) -> Scalar {
    /// int_{-inf}^{mu} de 1/((e - a)(e - b)); log(a - mu) has no cut on the way.
    func integral(_ a: Scalar, _ b: Scalar, _ mu: Double) -> Scalar {
      (Complex.log(a - Scalar(mu, 0)) - Complex.log(b - Scalar(mu, 0))) / (a - b)
    }
    var sum = Scalar.zero
    for (i, j) in [(0, 1), (1, 0)] {
      for partner in [z[i] - Scalar(w, 0), z[i].conjugate + Scalar(w, 0)] {
        let difference = integral(z[j], partner, mus[j]) - integral(z[j].conjugate, partner, mus[j])
        sum += Scalar(0, 1) * difference
      }
    }
    return Scalar(coupling * coupling / (2 * Double.pi), 0) * sum
  }

  @Test("two levels at T = 0: the logarithms", .tags(.limit), arguments: [0.0, 0.3, 1.0, 2.7, -0.6])
  func logarithms(frequency: Double) throws {
    let junction = try Junction(
      conductor: .levels([0.4, -0.7]),
      electrodes: [
        .wideBand("L", orbitals: [0], broadening: 0.3), .wideBand("R", orbitals: [1], broadening: 0.5),
      ], bosons: BosonSystem(modes: [1]), baths: [BosonBath("p", .ohmic(friction: 0.1), coordinates: [0])],
      coupling: Coupling(.massWeighted, [Matrix(real: [[0, 0.2], [0.2, 0]])]))
    let twin = try TwinBosons(junction, at: state([0.35, -0.1], [0, 0]), level: .dressed)
    let expected = closedForm([Scalar(0.4, -0.15), Scalar(-0.7, -0.25)], [0.35, -0.1], coupling: 0.2, frequency: frequency)
    let found = try twin.electronSelfEnergy(frequency: frequency)[0, 0]
    #expect((found - expected).length < 1e-10 * expected.length)
    let spectra = try twin.pairSpectra(frequency: frequency).reduce(0) { $0 + $1.pairDensity[0, 0].rawStorage.x }
    #expect(abs(-2 * expected.rawStorage.y - spectra) < 1e-10 * expected.length)
  }

  @Test("the direct formula and the Hilbert transform of the pair density agree", .tags(.law), arguments: [0.9, -0.4])
  func kramersKronig(frequency: Double) throws {
    let junction = try Junction(
      conductor: Conductor(hamiltonian: Matrix([[Scalar(0.4, 0), Scalar(0.1, 0.2)], [Scalar(0.1, -0.2), Scalar(-0.5, 0)]])),
      electrodes: [
        .wideBand("L", orbitals: [0], broadening: 0.8), .wideBand("R", orbitals: [1], broadening: 0.6),
      ], bosons: BosonSystem(modes: [1, 1.5]), baths: [BosonBath("p", .ohmic(friction: 0.1), coordinates: [0, 1])],
      coupling: Coupling(
        .massWeighted,
        [
          Matrix([[Scalar(0.1, 0), Scalar(0.2, 0.1)], [Scalar(0.2, -0.1), .zero]]),
          Matrix([[Scalar(-0.1, 0), Scalar(0, 0.15)], [Scalar(0, -0.15), Scalar(0.1, 0)]]),
        ]))
    let twin = try TwinBosons(junction, at: state([0.35, -0.4], [0.3, 0.15]), level: .dressed, tolerance: 1e-11)
    let direct = try twin.electronSelfEnergy(frequency: frequency)
    let hilbert = try twin.electronSelfEnergyFromSpectra(frequency: frequency)
    #expect((direct - hilbert).norm < 1e-8 * direct.norm)
  }

  @Test("Pi - Pi^+ = -i sum L and Pi(-w) = Pi(w)^* on random junctions", .tags(.law), arguments: 1...8)
  func dissipation(seed: Int) throws {
    let random = RandomJunctions.makeBosons(seed: UInt64(seed))
    let twin = try TwinBosons(random.junction, at: random.point, level: .dressed, tolerance: 1e-11)
    let w = 0.83
    let pi = try twin.electronSelfEnergy(frequency: w)
    let mirrored = try twin.electronSelfEnergy(frequency: -w)
    let total = try twin.pairSpectra(frequency: w).reduce(Matrix(rows: pi.rows, columns: pi.rows)) { $0 + $1.pairDensity }
    #expect((pi - pi.adjoint + Scalar(0, 1) * total).norm < 1e-9 * pi.norm)
    let conjugate = Matrix(rows: pi.rows, columns: pi.rows, elements: pi.elements.map(\.conjugate))
    #expect((mirrored - conjugate).norm < 1e-9 * pi.norm)
  }
}
