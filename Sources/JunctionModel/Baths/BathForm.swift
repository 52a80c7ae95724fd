import DenseMatrices

/// A form of self-energy that is one complex function of frequency, the same on each coordinate of the bath.
///
/// To add one: a file with a constant of this type, and its line in `all`; model files, checks, solvers and `pairbath check` follow.
package struct BathForm: Sendable {
  /// A number of the form, a key of the model file.
  package struct Parameter: Sendable {
    package let key: String
    /// False where zero is allowed.
    package let isPositive: Bool

    /// An energy; `isPositive` false allows zero.
    package init(_ key: String, isPositive: Bool = true) { (self.key, self.isPositive) = (key, isPositive) }
  }

  /// The word after `kind:`.
  package let word: String
  /// All energies.
  package let parameters: [Parameter]
  /// Pi(z) near the positive real axis, from the numbers in the order of `parameters`; Pi(0) = 0, Gamma = -2 Im Pi >= 0.
  package let selfEnergy: @Sendable (_ numbers: [Double], _ z: Scalar) -> Scalar
  /// Poles of Pi: position and distance from the real axis.
  package let poles: @Sendable (_ numbers: [Double]) -> [(position: Double, width: Double)]

  package init(
    _ word: String, _ parameters: [Parameter], poles: @escaping @Sendable ([Double]) -> [(position: Double, width: Double)],
    selfEnergy: @escaping @Sendable ([Double], Scalar) -> Scalar
  ) {
    (self.word, self.parameters, self.poles, self.selfEnergy) = (word, parameters, poles, selfEnergy)
  }

  /// Every form.
  package static let all: [BathForm] = [.drude, .underdamped]
}

/// A bath of a closed form with its numbers.
public struct ClosedFormBath: Sendable, Equatable {
  /// The form's word in model files.
  package let word: String
  /// Its numbers, energies, in the order of the form's parameters.
  package let numbers: [Double]

  package init(_ form: BathForm, _ numbers: [Double]) { (word, self.numbers) = (form.word, numbers) }

  /// The form.
  package var form: BathForm {
    guard let form = BathForm.all.first(where: { $0.word == word }) else {
      preconditionFailure("no form of baths is called \(word)")
    }
    return form
  }
}
