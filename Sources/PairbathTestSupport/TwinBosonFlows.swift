import ComplexModule
import DenseMatrices
import JunctionModel

/// Everything about the bosons at one frequency w > 0 and one state, in the normal modes.
///
/// Baths x of a mode are pair channels first, then boson baths: E^x = E^{ab} or n_p Gamma_p, L^x = L^{ab} or Gamma_p.
package struct TwinBosonSpectra: Sendable {
  /// w > 0, energy.
  package let frequency: Double
  /// Spectra of the pair channels.
  package let pairs: [TwinPairMatrices]
  /// E^x of every bath.
  package let emissions: [Matrix]
  /// L^x of every bath.
  package let densities: [Matrix]
  /// D(w).
  package let green: Matrix
  /// iD^<(w): at the level `landauer` D sum_p n_p Gamma_p D^+, dressed D sum_x E^x D^+.
  package let lesser: Matrix
  /// i(D^> - D^<) = D sum_x L^x D^+ over the same baths.
  package let spectral: Matrix
  /// <a_m^+ a_n> per dw/2pi.
  let quanta: Matrix
  /// True at the level `landauer`.
  let undressed: Bool

  var converged: Bool { pairs.allSatisfy(\.converged) }

  /// Net bosons from x to y per time and frequency, 2 pi left out.
  ///
  /// Dressed: Tr[L^y D E^x D^+] - Tr[L^x D E^y D^+]. Undressed, from a pair channel to a boson bath: the second order in M of
  /// Tr[Gamma_p iD^<] - n_p Tr[Gamma_p i(D^> - D^<)] less what only moves heat between boson baths (`directed`); between
  /// boson baths Tr[Gamma_p D Gamma_q D^+] (n_p - n_q); none between pair channels.
  package func flow(from x: Int, to y: Int) -> Double {
    let (first, second) = (x < pairs.count, y < pairs.count)
    if undressed {
      if first && second { return 0 }
      if second { return -flow(from: y, to: x) }
      if first { return directed(emissions[x], densities[x], into: y) }
    }
    return trace(densities[y], emissions[x]) - trace(densities[x], emissions[y])
  }

  /// Net bosons that bath x gives, Tr[E^x iD^> - B^x iD^<] = Tr[E^x D (sum L) D^+] - Tr[L^x iD^<].
  package func supply(from x: Int) -> Double { balance(emissions[x], densities[x]) }

  /// Tr[E iD^> - B iD^<] for weighted spectra E and L = B - E.
  func balance(_ emission: Matrix, _ density: Matrix) -> Double {
    (TextbookTwin.traceOfProduct(emission, spectral) - TextbookTwin.traceOfProduct(density, lesser)).rawStorage.x
  }

  /// Tr[Gamma_p D (E - n_p L) D^+] + sum_q (n_q - n_p) (X_pq - X_qp)/2 with X_pq = Im Tr[Gamma_p D L D Gamma_q D^+]: the part
  /// of 2 Re Tr[Gamma_p D Pi_e D Gamma_q D^+] that does not cancel between p and q.
  private func directed(_ emission: Matrix, _ density: Matrix, into p: Int) -> Double {
    func loop(_ p: Int, _ q: Int) -> Double {
      let left = densities[p] * green * density
      return TextbookTwin.traceOfProduct(left, Matrix.product(green * densities[q], .plain, green, .adjoint)).rawStorage.y
    }
    // n_p from E = n_p Gamma_p.
    func occupation(_ p: Int) -> Double {
      let trace = densities[p].trace.rawStorage.x
      return trace > 0 ? emissions[p].trace.rawStorage.x / trace : 0
    }
    var sum = trace(densities[p], emission) - occupation(p) * trace(densities[p], density)
    for q in pairs.count..<densities.count where q != p {
      sum += 0.5 * (occupation(q) - occupation(p)) * (loop(p, q) - loop(q, p))
    }
    return sum
  }

  /// Tr[X D Y D^+].
  private func trace(_ x: Matrix, _ y: Matrix) -> Double {
    TextbookTwin.traceOfProduct(x, Matrix.product(green * y, .plain, green, .adjoint)).rawStorage.x
  }

  /// The integrand of every current, 1/2pi included.
  func vector(_ layout: TwinFlowLayout) -> [Double] {
    let flows = layout.pairs.map { flow(from: $0.0, to: $0.1) }
    let initial = pairs.map { balance($0.emissionHeat, $0.pairHeat) }
    let final = pairs.map { balance($0.finalEmissionHeat, $0.finalPairHeat) }
    let population = quanta.elements.flatMap { [$0.rawStorage.x, $0.rawStorage.y] }
    return (flows.map { $0 * frequency } + flows + initial + final + population).map { $0 / (2 * Double.pi) }
  }
}

extension TwinBosons {
  /// Spectra of all baths and of the bosons at one frequency w > 0.
  package func spectra(frequency w: Double) throws -> TwinBosonSpectra {
    let pairs = try pairSpectra(frequency: w)
    let gammas = try baths.map { try $0.broadening(w) }
    let occupied = gammas.indices.map { bathOccupation($0, frequency: w) * gammas[$0] }
    let (emissions, densities) = (pairs.map(\.emission) + occupied, pairs.map(\.pairDensity) + gammas)
    // Without a shift the dressing is known from the spectra already.
    let zero = Matrix(rows: junction.bosons.count, columns: junction.bosons.count)
    let dressing: Matrix
    if level == .dressedWithoutShift {
      dressing = Scalar(0, -0.5) * pairs.reduce(zero) { $0 + $1.pairDensity }
    } else {
      dressing = try self.dressing(frequency: w)
    }
    let green = try greensFunction(frequency: w, dressing: dressing)
    let first = level == .landauer ? pairs.count : 0
    func dressed(_ sources: [Matrix]) -> Matrix {
      Matrix.product(green * sources[first...].reduce(zero) { $0 + $1 }, .plain, green, .adjoint)
    }
    return TwinBosonSpectra(
      frequency: w, pairs: pairs, emissions: emissions, densities: densities, green: green, lesser: dressed(emissions),
      spectral: dressed(densities), quanta: quanta(dressed(emissions), frequency: w), undressed: level == .landauer)
  }

  /// iD^<(w) of bosons dressed by their baths alone, at any w: D sum_p n_p Gamma_p D^+, and [iD^>(-w)]^T for w < 0.
  package func undressedLesser(frequency w: Double) throws -> Matrix {
    let green = try greensFunction(frequency: abs(w), dressing: Matrix(rows: counterterm.rows, columns: counterterm.rows))
    var source = Matrix(rows: counterterm.rows, columns: counterterm.rows)
    for p in baths.indices {
      let n = bathOccupation(p, frequency: abs(w))
      source = source + (w < 0 ? 1 + n : n) * (try baths[p].broadening(abs(w)))
    }
    let result = Matrix.product(green * source, .plain, green, .adjoint)
    if w >= 0 { return result }
    // The transpose of a Hermitian matrix.
    return Matrix(rows: result.rows, columns: result.columns, elements: result.elements.map(\.conjugate))
  }
}
