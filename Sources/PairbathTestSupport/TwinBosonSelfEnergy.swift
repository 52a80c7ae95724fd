import ComplexModule
import DenseMatrices
import JunctionModel

extension TwinBosons {
  /// Pi_e(w) from its definition, shape (modes, modes), energy^2, Theory.md section 4:
  /// Pi_mn = -i g_s int de/2pi tr[M^m G(e) M^n+ G^<(e - w) + M^m G^<(e) M^n+ G^+(e - w)], G^< = i sum_a f_a A_a.
  package func electronSelfEnergy(frequency w: Double) throws -> Matrix {
    let modes = junction.bosons.count
    guard let electrons else { return Matrix(rows: modes, columns: modes) }
    let count = 2 * modes * modes
    let quadrature = TwinQuadrature(
      tolerance: tolerance, groups: [0..<count], smoothsEdges: electrons.hasStructuredElectrodes)
    let panels = selfEnergyPanels(electrons, frequency: w)
    var work = TwinElectronWorkspace(electrons)
    let (end, scale) = (panels[0], panels.last! - panels[0])
    let window = try quadrature.integrate(panels, components: count) { e in
      try polarisation(&work, energy: e, frequency: w)
    }
    // The rest, e = end - scale s/(1 - s): the integrand falls off as 1/e^3.
    let tail = try quadrature.integrate([0, 0.5, 1], components: count) { s in
      let e = end - scale * s / (1 - s)
      return try polarisation(&work, energy: e, frequency: w).map { $0 * scale / ((1 - s) * (1 - s)) }
    }
    let values = zip(window.values, tail.values).map { ($0 + $1) / (2 * Double.pi) }
    return Matrix(
      rows: modes, columns: modes, elements: (0..<(modes * modes)).map { Scalar(values[2 * $0], values[2 * $0 + 1]) })
  }

  /// -i g_s tr[...] at one electron energy, real and imaginary parts, column by column.
  private func polarisation(_ work: inout TwinElectronWorkspace, energy e: Double, frequency w: Double) throws -> [Double] {
    try work.fill(0, energy: e)
    try work.fill(1, energy: e - w)
    var sum = [Scalar](repeating: .zero, count: work.modes * work.modes)
    let factor = Scalar(0, -1)
    work.addTraces(
      work.coupledGreen(0), work.coupledLesser(1, occupations: occupations(e - w), isRight: true), factor: factor, to: &sum)
    work.addTraces(
      work.coupledLesser(0, occupations: occupations(e)), work.coupledAdvanced(1), factor: factor, to: &sum)
    return sum.flatMap { [$0.rawStorage.x, $0.rawStorage.y] }
  }

  /// f_a(e) of every electrode.
  private func occupations(_ energy: Double) -> [Double] {
    occupancies.map {
      FermiFactors.occupation(FermiFactors.reduced(energy, from: $0.mu, temperature: $0.temperature))
    }
  }

  /// Panels from below every level and Fermi energy, by ten widths, up to where every f is zero.
  private func selfEnergyPanels(_ electrons: TextbookTwin, frequency w: Double) -> [Double] {
    let states = occupancies
    let reach = TextbookTwin.thermalReach
    let levels = electrons.levels.flatMap { [$0.energy, $0.energy + w] } + electrons.edges.flatMap { [$0, $0 + w] }
    let width = electrons.levels.map(\.width).max() ?? 0
    let starts = states.flatMap { [$0.mu - reach * $0.temperature, $0.mu + w - reach * $0.temperature] } + levels
    let ends = states.flatMap { [$0.mu + reach * $0.temperature, $0.mu + w + reach * $0.temperature] }
    let (lower, upper) = (starts.min()! - 10 * width, ends.max()!)
    var result = TwinBreakpoints(from: lower, to: max(upper, lower + width))
    for shift in w == 0 ? [0] : [0, w] {
      for state in states { result.add(state.mu + shift, gradedFrom: state.temperature) }
      for level in electrons.levels { result.add(level.energy + shift, gradedFrom: level.width) }
      for edge in electrons.edges { result.add(edge + shift) }
    }
    return result.sorted
  }

  /// Pi_e(w) from its dissipative part Lambda = sum_ab L^{ab}, Pi = int dw'/2pi Lambda(w')/(w - w' + i0):
  /// -i Lambda(w)/2 + int_0^inf ds/2pi [Lambda(w - s) - Lambda(w + s)]/s.
  ///
  /// For wide bands, where Lambda falls off as 1/w^2. The slow way: an integral over frequencies of integrals over energies.
  package func electronSelfEnergyFromSpectra(frequency w: Double, tolerance: Double = 1e-9) throws -> Matrix {
    let modes = junction.bosons.count
    guard let electrons else { return Matrix(rows: modes, columns: modes) }
    let count = 2 * modes * modes
    func total(_ frequency: Double) throws -> Matrix {
      try pairSpectra(frequency: frequency).reduce(Matrix(rows: modes, columns: modes)) { $0 + $1.pairDensity }
    }
    func difference(_ s: Double) throws -> [Double] {
      ((1 / s) * (try total(w - s) - total(w + s))).elements.flatMap { [$0.rawStorage.x, $0.rawStorage.y] }
    }
    let features = pairFeatures(electrons)
    let largest = 4 * (abs(w) + (features.map { abs($0.position) + $0.width }.max() ?? 0))
    var half = TwinBreakpoints(from: 0, to: largest)
    for feature in features {
      for centre in [feature.position, -feature.position] { half.add(abs(w - centre), gradedFrom: feature.width) }
    }
    let quadrature = TwinQuadrature(tolerance: tolerance, groups: [0..<count], panelLimit: 4000)
    let window = try quadrature.integrate(half.sorted, components: count, difference)
    let tail = try quadrature.integrate([0, 1], components: count) { t in
      let s = largest / (1 - t)
      return try difference(s).map { $0 * largest / ((1 - t) * (1 - t)) }
    }
    let values = zip(window.values, tail.values).map { ($0 + $1) / (2 * Double.pi) }
    let shift = (0..<(modes * modes)).map { Scalar(values[2 * $0], values[2 * $0 + 1]) }
    return Matrix(rows: modes, columns: modes, elements: shift) + Scalar(0, -0.5) * (try total(w))
  }
}
