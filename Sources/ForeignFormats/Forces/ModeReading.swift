import DataFiles
import DenseMatrices
import JunctionModel

/// The modes of a dynamical matrix as an import tells them.
struct ModeReading {
  /// Energies in eV, ascending in W^2; imaginary ones negative.
  let energies: [Double]
  /// Numbers of the modes with W^2 < 0 beyond rounding.
  let imaginary: [Int]
  /// The atoms that move most in each imaginary mode, from 0.
  private let atoms: [[Int]]

  var count: Int { energies.count }

  /// Modes of K (eV^2). `freeMotions`: masses of atoms, where uniform translations are free and are to be read as such.
  init(_ matrix: Matrix, freeMotions: [Double]?, path: String) throws(FileError) {
    var reading = matrix
    if let masses = freeMotions, matrix.rows > 3 {
      let perCoordinate = masses.flatMap { [$0, $0, $0] }
      let rule = AcousticSumRule.translations(masses: perCoordinate, directions: 3)
      do { reading = try rule.applied(to: matrix) } catch {
        throw FileError(.invalidData, in: path, found: error.found, allowed: error.allowed, hint: error.hint)
      }
    }
    let problem: HermitianEigenproblem
    do { problem = try HermitianEigenproblem(reading.hermitianPart) } catch {
      throw FileError(.invalidData, in: path, found: "\(error)", allowed: "force constants with eigenvalues")
    }
    let floor = 1e-10 * problem.values.reduce(0) { max($0, abs($1)) }
    energies = problem.values.map { abs($0) <= floor ? 0 : $0 < 0 ? -(-$0).squareRoot() : $0.squareRoot() }
    imaginary = energies.indices.filter { problem.values[$0] < -floor }
    atoms = imaginary.map { mode in
      let weights = (0..<matrix.rows / 3).map { atom in
        (0..<3).reduce(0.0) { $0 + problem.vectors[3 * atom + $1, mode].lengthSquared }
      }
      return Array(weights.indices.sorted { weights[$0] > weights[$1] }.prefix(3))
    }
  }

  /// "0 (3 times), 12.3, 545 meV", at most ten.
  var words: String {
    var groups: [(text: String, times: Int)] = []
    for energy in energies {
      let text = energy < 0 ? Wording.digits(-1000 * energy) + "i" : Wording.digits(1000 * energy)
      if groups.last?.text == text { groups[groups.count - 1].times += 1 } else { groups.append((text, 1)) }
    }
    let words = groups.map { $0.times > 1 ? "\($0.text) (\($0.times) times)" : $0.text }
    let shown = words.count > 10 ? Array(words.prefix(5)) + ["..."] + Array(words.suffix(4)) : words
    return shown.joined(separator: ", ") + " meV"
  }

  /// Which modes are imaginary, by how much, where, and what to do.
  var imaginaryWords: String {
    let list = zip(imaginary, atoms).prefix(8).map { mode, atoms in
      "mode \(mode) (\(Wording.digits(-1000 * energies[mode]))i meV, most of it on atom\(atoms.count > 1 ? "s" : "") "
        + atoms.map { "\($0 + 1)" }.joined(separator: ", ") + ")"
    }
    return "\(imaginary.count) imaginary mode\(imaginary.count == 1 ? "" : "s"), by bosons.project_out: "
      + list.joined(separator: "; ") + (imaginary.count > 8 ? "; ..." : "")
      + ". The structure is no minimum along them: relax it further, or compute the forces with a finer grid"
  }
}
