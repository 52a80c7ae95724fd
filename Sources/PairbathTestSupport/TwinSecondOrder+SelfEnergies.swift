import ComplexModule
import DenseMatrices
import JunctionModel

extension TwinSecondOrder {
  /// S^>(e), S^<(e) and S^r(e), each of shape (orbitals, orbitals), energy. Throws `LinearAlgebraError`.
  package func selfEnergies(at e: Double) throws -> (greater: Matrix, lesser: Matrix, retarded: Matrix) {
    let work = TwinSecondOrderPoint(electrons, states: states)
    if level == .sharp {
      try addSharpSelfEnergies(e, try sharpModes(), try TwinFilledStates(electrons, states: states), to: work)
    } else {
      try integrateSelfEnergies(e, work)
    }
    return (
      Scalar(0, -1) * work.pad.matrix(work.greater), Scalar(0, 1) * work.pad.matrix(work.lesser),
      work.pad.matrix(work.retarded)
    )
  }

  /// S^r(e) as the Hilbert transform of S^> - S^<, i int de'/2pi (S^> - S^<)(e')/(e - e' + i0), which makes no use of D^r or of
  /// the real part of G: (1/2pi) {int_0^inf dx [g(e-x) - g(e+x)]/x - i pi g(e)}, g = i (S^> - S^<).
  package func retardedFromDissipation(at e: Double) throws -> Matrix {
    let work = TwinSecondOrderPoint(electrons, states: states)
    let modes = level == .sharp ? try sharpModes() : []
    func dissipation(_ energy: Double) throws -> [Double] {
      if level == .sharp {
        try addSharpSelfEnergies(energy, modes, nil, to: work)
      } else {
        try integrateSelfEnergies(energy, work)
      }
      work.pad.add(.one, work.lesser, to: work.greater)
      return work.pad.matrix(work.greater).elements.flatMap { [$0.rawStorage.x, $0.rawStorage.y] }
    }
    let energies = junction.bosons.modeEnergies
    let shifts: [Double] = [0] + energies + energies.map { -$0 }
    let positions = energyPanels(shifts: shifts, widening: energies.max() ?? 0).map { abs($0 - e) }
    let farthest = max(positions.max() ?? 1, energies.max() ?? 1)
    var half = TwinBreakpoints(from: 0, to: 1e6 * farthest)
    for x in positions { half.add(x) }
    for x in sequence(first: farthest, next: { 4 * $0 }).prefix(while: { $0 < 1e6 * farthest }) { half.add(x) }
    let count = 2 * electrons.overlap.rows * electrons.overlap.rows
    let outcome = try quadrature([0..<count], tolerance: tolerance).integrate(half.sorted, components: count) { x in
      zip(try dissipation(e - x), try dissipation(e + x)).map { ($0 - $1) / x }
    }
    let local = try dissipation(e)
    let elements = (0..<(count / 2)).map { i in
      let principal = Scalar(outcome.values[2 * i], outcome.values[2 * i + 1])
      return (principal - Scalar(0, Double.pi) * Scalar(local[2 * i], local[2 * i + 1])) / Scalar(2 * Double.pi, 0)
    }
    return Matrix(rows: electrons.overlap.rows, columns: electrons.overlap.rows, elements: elements)
  }

  /// Tr[Sigma_a^< dG^> - Sigma_a^> dG^<] at one energy exactly as it is written, from explicit matrices; with g_s, without 1/2pi.
  package func keldyshIntegrand(electrode a: Int, energy e: Double) throws -> Double {
    let s = try selfEnergies(at: e)
    let g = try electrons.greensFunction(energy: e)
    var (lesser, greater) = ([Matrix](), [Matrix]())
    for (b, state) in states.enumerated() {
      let gamma = try electrons.broadening(electrode: b, energy: e)
      let x = FermiFactors.reduced(e, from: state.mu, temperature: state.temperature)
      lesser.append(Scalar(0, FermiFactors.occupation(x)) * gamma)
      greater.append(Scalar(0, -FermiFactors.occupation(-x)) * gamma)
    }
    func change(_ scattering: Matrix, _ supply: [Matrix]) -> Matrix {
      let sum = supply.dropFirst().reduce(supply[0]) { $0 + $1 }
      let one = g * scattering * g.adjoint
      let two = g * s.retarded * g * sum * g.adjoint
      let three = g * sum * g.adjoint * s.retarded.adjoint * g.adjoint
      return one + two + three
    }
    let trace = (lesser[a] * change(s.greater, greater) - greater[a] * change(s.lesser, lesser)).trace
    return junction.conductor.spinDegeneracy * trace.rawStorage.x
  }

  /// The same integrand as it is integrated: inelastic part plus correction.
  package func integrand(electrode a: Int, energy e: Double) throws -> Double {
    let s = try selfEnergies(at: e)
    let work = TwinSecondOrderPoint(electrons, states: states)
    try work.fill(energy: e)
    work.pad.store(Scalar(0, 1) * s.greater, in: work.greater)
    work.pad.store(Scalar(0, -1) * s.lesser, in: work.lesser)
    work.pad.store(s.retarded, in: work.retarded)
    let all = work.currents(energy: e)
    return junction.conductor.spinDegeneracy * (all[a] + all[junction.electrodes.count + a])
  }

  /// s^>, s^< and S^r at e by the integral over frequencies, into the point.
  private func integrateSelfEnergies(_ e: Double, _ work: TwinSecondOrderPoint) throws {
    let size = work.pad.order * work.pad.order
    let slots = [work.greater, work.lesser, work.retarded]
    let frequencies = signedFrequencies(try bosons.frequencyPanels())
    var panels = TwinBreakpoints(from: frequencies.first!, to: frequencies.last!)
    for w in frequencies { panels.add(w) }
    for state in states { panels.add(e - state.mu, gradedFrom: state.temperature) }
    for level in electrons.levels { panels.add(e - level.energy, gradedFrom: level.width) }
    for edge in electrons.edges { panels.add(e - edge) }
    let groups = slots.indices.map { ($0 * 2 * size)..<(($0 + 1) * 2 * size) }
    let outcome = try quadrature(groups, tolerance: 0.1 * tolerance).integrate(panels.sorted, components: 6 * size) { w in
      try contract(w, work)
      try addSelfEnergyDensity(e, w, to: work)
      return slots.flatMap { slot in
        (0..<size).flatMap { [work.pad[slot][$0].rawStorage.x, work.pad[slot][$0].rawStorage.y] }
      }
    }
    for (list, slot) in slots.enumerated() {
      for i in 0..<size {
        let base = list * 2 * size + 2 * i
        work.pad[slot][i] = Scalar(outcome.values[base], outcome.values[base + 1]) / Scalar(2 * Double.pi, 0)
      }
    }
  }
}
