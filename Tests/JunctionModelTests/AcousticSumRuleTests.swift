import DenseMatrices
import Testing

@testable import JunctionModel

@Suite("Acoustic sum rule")
struct AcousticSumRuleTests {
  /// Three atoms on a line, springs 1 between neighbours, masses 4, 1, 9.
  private static let masses = [4.0, 1, 9]
  private static func trimer(digits: Double? = nil) -> Matrix {
    let springs: [[Double]] = [[1, -1, 0], [-1, 2, -1], [0, -1, 1]]
    return Matrix(
      (0..<3).map { i in
        (0..<3).map { j in
          let k = springs[i][j] / (masses[i] * masses[j]).squareRoot()
          return Scalar(digits.map { (k * $0).rounded() / $0 } ?? k, 0)
        }
      })
  }

  @Test("a matrix with few digits has W = 0 again and keeps its other modes within its digits", arguments: [true, false])
  func rounding(byMasses: Bool) throws {
    let rule = byMasses ? AcousticSumRule.translations(masses: Self.masses, directions: 1) : .softest(1)
    let exact = try BosonSystem(dynamicalMatrix: Self.trimer())
    let rounded = try BosonSystem(dynamicalMatrix: Self.trimer(digits: 1e4), sumRule: rule)
    #expect(exact.modeEnergies[0] == 0 && rounded.modeEnergies[0] == 0)
    for k in 1...2 { #expect(abs(rounded.modeEnergies[k] - exact.modeEnergies[k]) < 1e-4) }
    let vectors = try #require(rounded.modeVectors)
    // The free motion is that of the masses: sqrt(m)/sqrt(14).
    for i in 0..<3 { #expect(abs(abs(vectors[i, 0].rawStorage.x) - (Self.masses[i] / 14).squareRoot()) < 1e-4) }
  }

  @Test("an exact matrix does not change")
  func exact() throws {
    let matrix = Self.trimer()
    for rule in [AcousticSumRule.softest(1), .translations(masses: Self.masses, directions: 1)] {
      #expect((try rule.applied(to: matrix) - matrix).largestMagnitude < 1e-15)
    }
  }

  @Test("motions that something holds, wrong masses and too many motions are refused with their place")
  func refused() {
    func error(_ rule: AcousticSumRule) -> ModelError? {
      do { _ = try rule.applied(to: Self.trimer()) } catch { return error }
      return nil
    }
    #expect(error(.softest(2))?.path == ["bosons", "sum_rule"])
    #expect(error(.softest(3))?.allowed.contains("1 to 2") == true)
    #expect(error(.translations(masses: [1, 1, 1], directions: 1))?.code == .inconsistent)
    #expect(error(.translations(masses: [1, 1], directions: 1))?.path == ["bosons", "sum_rule", "masses"])
    #expect(error(.translations(masses: [1, -1, 1], directions: 1))?.code == .outOfRange)
  }

  @Test("a small imaginary mode leads to the sum rule, a large one to the structure")
  func advice() throws {
    func hint(_ matrix: Matrix) -> String {
      do { _ = try BosonSystem(dynamicalMatrix: matrix) } catch { return error.hint }
      return ""
    }
    var bent = Self.trimer()
    bent[0, 0] = Scalar(bent[0, 0].rawStorage.x - 1e-5, 0)
    #expect(hint(bent).contains("bosons.sum_rule: 1") && hint(bent).contains("project_out would hold it fast"))
    bent[0, 0] = Scalar(-0.5, 0)
    #expect(hint(bent).contains("Relax the structure") && !hint(bent).contains("sum_rule"))
  }
}
