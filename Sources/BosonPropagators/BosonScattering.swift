import ComplexModule
import DenseMatrices
import ElectronSpectra
import TransportResults

/// S = 1 - i R^+ D R of a junction between all its baths at one frequency, with a bound of the error of every element.
///
/// An element t_ij = R_i^+ D R_j moves by u_i^+ dD^-1 w_j with w_j = D R_j and u_i = D^+ R_i, and by what the waves behind R_i and R_j are
/// turned: bounds by directions, so that a large D of motions that carry nothing counts with what it carries. S is unitary: what does not
/// arrive in p from q is what comes back or goes elsewhere. Cost: one LU factorisation in the modes, one set of waves per bath.
struct BosonScattering {
  private let amplitudes: TransmissionAmplitudes
  /// First channel of every bath; channels on their band edge are zeros after the open ones of a contact.
  private let offsets: [Int]

  /// `contacts` of every bath, its `projections` V of shape (modes, coordinates), and D^-1 without baths. Throws when D does not exist.
  init(_ contacts: [[BathContact]], projections: [Matrix], freeInverse: Matrix) throws(LinearAlgebraError) {
    var inverse = freeInverse
    var (r, first) = (Matrix(rows: inverse.rows, columns: 0), [0])
    for (parts, v) in zip(contacts, projections) {
      for part in parts {
        inverse = inverse - v * Matrix.product(part.selfEnergy, .plain, v, .adjoint)
        r = r.joined(with: v * part.broadening).joined(with: Matrix(rows: r.rows, columns: part.edgeChannels))
      }
      first.append(r.columns)
    }
    offsets = first
    let factorization = try LUFactorization(inverse)
    let (w, u) = (factorization.solve(r), factorization.solveAdjoint(r))
    // W^2 and the shapes of the modes are known to rounding of the largest springs.
    let unit = Double(max(r.rows, 4)) * .ulpOfOne
    let perturbation = 2 * unit * inverse.norm
    var errors = factorization.roundingBounds(left: u, right: w)
    let (left, right) = (u.columnNorms, w.columnNorms)
    for j in right.indices {
      for i in left.indices { errors[j * left.count + i] += perturbation * left[i] * right[j] + unit * r.overlap(i, w, j) }
    }
    var column = 0
    for (parts, v) in zip(contacts, projections) {
      let (ownLeft, ownRight) = (Matrix.product(v, .adjoint, u, .plain), Matrix.product(v, .adjoint, w, .plain))
      for part in parts {
        Self.add(part, ownLeft, ownRight, firstChannel: column, to: &errors)
        column += part.broadening.columns + part.edgeChannels
      }
    }
    amplitudes = TransmissionAmplitudes(
      Matrix.product(r, .adjoint, w, .plain), errors: errors, edgeChannels: contacts.map { $0.reduce(0) { $0 + $1.edgeChannels } }
    )
  }

  /// What errors of Pi and of R of a contact change.
  private static func add(_ contact: BathContact, _ u: Matrix, _ w: Matrix, firstChannel: Int, to errors: inout [Double]) {
    let channels = u.columns
    let bounds = contact.bounds(left: u, right: w)
    let (turnsRight, turnsLeft) = (contact.turns(of: w), contact.turns(of: u))
    for j in 0..<channels {
      for i in 0..<channels { errors[j * channels + i] += bounds.reduce(.infinity) { min($0, $1.left[i] * $1.right[j]) } }
    }
    for k in 0..<contact.broadening.columns {
      for j in 0..<channels {
        errors[j * channels + firstChannel + k] += turnsRight[k][j]
        errors[(firstChannel + k) * channels + j] += turnsLeft[k][j]
      }
    }
  }

  /// Tr[Gamma_p D Gamma_q D^+], [p * baths + q].
  var transmissions: [Estimate] { amplitudes.transmissions(offsets: offsets, isUnitary: true) }
}
