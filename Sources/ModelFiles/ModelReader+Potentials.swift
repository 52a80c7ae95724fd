import DataFiles
import DenseMatrices
import JunctionModel

/// `conductor.potentials`: levels that follow voltages, H = H_0 + sum over i of V_i P_i.
extension ModelReader {
  /// The conductor with its potentials; none when there are no electrodes either.
  func electrons() throws(FileError) -> JunctionParts.Electrons {
    let bare = try bareElectrons()
    guard !isWithoutElectrons, let list = try conductorSection().optional("potentials") else { return bare }
    var electrons = bare
    for potential in try potentials(list, orbitals: bare.orbitals) { electrons = try electrons.adding(potential) }
    return electrons
  }

  /// dH/dV and d^2H/dV^2 for the parameter or sweep variable that stands for V; nil when H does not depend on it, when other parts of the
  /// junction do, too, or when H has too many orbitals for dense matrices.
  func conductorChange(along name: String, _ electrons: JunctionParts.Electrons) throws(FileError) -> ConductorChange? {
    let sections = place.namesBySection
    let others = sections.filter { $0.key != "conductor" && $0.value.contains(name) }
    guard sections["conductor"]?.contains(name) == true, others.isEmpty, electrons.orbitals <= JunctionParts.largestDense else {
      return nil
    }
    var derivatives: [Matrix] = []
    for order in 1...2 {
      guard let derivative = try derivative(along: name, order: order, of: electrons) else { return nil }
      derivatives.append(derivative)
    }
    return ConductorChange(first: derivatives[0], second: derivatives[1])
  }

  /// A derivative of H; nil where overlap or spin depend on the variable.
  private func derivative(
    along name: String, order: Int, of electrons: JunctionParts.Electrons
  ) throws(FileError) -> Matrix? {
    let reader = try differentiating(by: name, order: order)
    let section = try reader.conductorSection()
    var result = Matrix(rows: electrons.orbitals, columns: electrons.orbitals)
    // What stands in a file depends on nothing.
    if section.value.node["file"] == nil {
      let conductor = try reader.bareElectrons().dense
      guard conductor.overlap.map({ $0.largestMagnitude == 0 || $0 == electrons.dense.overlap }) ?? true else { return nil }
      result = conductor.hamiltonian
    }
    guard let list = try section.optional("potentials") else { return result }
    let overlap = electrons.dense.overlap
    for potential in try reader.potentials(list, orbitals: electrons.orbitals) where potential.value != 0 {
      result = result + potential.matrix(overlap)
    }
    return result
  }

  private func potentials(_ list: ModelValue, orbitals: Int) throws(FileError) -> [Potential] {
    var result: [Potential] = []
    for item in try list.list(allowed: "a list of {value: V, diagonal: [...]}, one for each voltage") {
      let section = try ModelSection(item, keys: ["value", "diagonal", "matrix", "file", "variable"])
      let value = try section.required("value").number(.energy)
      let (form, content) = try section.exactlyOne(of: ["diagonal", "matrix", "file"])
      if form != "file" { try section.refuse(["variable"], because: "it names what is read of a file") }
      // A profile is what it is; voltages change.
      var fixed = content
      fixed.scope?.derivative = nil
      fixed.scope?.refusal = "a profile is the same for all voltages; the value in front of it may be swept"
      let profile = try profile(fixed, form, try section.optional("variable")?.text() ?? "potential")
      let (found, wanted) = (profile.words, profile.isDiagonal ? "\(orbitals) numbers" : "shape (\(orbitals), \(orbitals))")
      guard profile.orbitals == orbitals else {
        throw content.fail(.invalidModel, found: found, allowed: "\(wanted), one for each orbital")
      }
      if case .matrix(let matrix) = profile, matrix.hermiticityDefect > 1e-10 * matrix.largestMagnitude {
        throw content.fail(
          .invalidModel, found: "largest |P_ij - conj(P_ji)| = \(matrix.hermiticityDefect)", allowed: "a Hermitian matrix")
      }
      result.append(Potential(value: value, profile: profile, place: content))
    }
    return result
  }

  private func profile(_ content: ModelValue, _ form: String, _ variable: String) throws(FileError) -> Potential.Profile {
    switch form {
    case "diagonal": return .diagonal(try content.numbers(.plain))
    case "matrix": return .matrix(try content.matrix(.plain))
    default:
      return try data.read(content) { (file) throws(FileError) in
        if file.file.hasVariable(variable), try file.file.dimensions(of: variable).count == 1 {
          return .diagonal(try file.array(variable, .plain, rank: 1).values)
        }
        return .matrix(try file.square(variable, .plain))
      }
    }
  }
}

/// One voltage and the part of it that every orbital takes.
struct Potential {
  enum Profile {
    /// P_i: in a basis with overlap the potential is (P S + S P)/2.
    case diagonal([Double])
    /// The matrix as it is added to H.
    case matrix(Matrix)

    var isDiagonal: Bool { if case .diagonal = self { true } else { false } }

    var orbitals: Int {
      switch self {
      case .diagonal(let shares): shares.count
      case .matrix(let matrix): matrix.isSquare ? matrix.rows : -1
      }
    }

    var words: String {
      switch self {
      case .diagonal(let shares): "\(shares.count) numbers"
      case .matrix(let matrix): "shape (\(matrix.rows), \(matrix.columns))"
      }
    }
  }

  /// The voltage as an energy.
  let value: Double
  let profile: Profile
  /// Where the profile stands.
  let place: ModelValue

  /// V P as a matrix.
  func matrix(_ overlap: Matrix?) -> Matrix {
    switch profile {
    case .matrix(let matrix): return value * matrix
    case .diagonal(let shares):
      guard let overlap else { return Matrix(diagonal: shares.map { value * $0 }) }
      var result = overlap
      for j in shares.indices {
        for i in shares.indices { result[i, j] = overlap[i, j].multiplied(by: 0.5 * value * (shares[i] + shares[j])) }
      }
      return result
    }
  }
}

extension JunctionParts.Electrons {
  /// The same with a potential added to H.
  fileprivate func adding(_ potential: Potential) throws(FileError) -> JunctionParts.Electrons {
    guard case .sparse(let hamiltonian, let overlap, let spin) = self else {
      let conductor = dense
      // Matrices of other shapes are the junction's to complain about.
      guard conductor.hamiltonian.isSquare, conductor.overlap.map({ $0.rows == conductor.orbitals && $0.isSquare }) ?? true else {
        return self
      }
      return .dense(
        Conductor(
          hamiltonian: conductor.hamiltonian + potential.matrix(conductor.overlap), overlap: conductor.overlap,
          spinDegeneracy: conductor.spinDegeneracy))
    }
    do throws(SparseHermitianMatrix.Fault) {
      return .sparse(hamiltonian: try hamiltonian.adding(potential, overlap), overlap: overlap, spinDegeneracy: spin)
    } catch {
      throw potential.place.fail(.invalidModel, found: "\(error)", allowed: "a Hermitian matrix of finite numbers")
    }
  }
}

extension SparseHermitianMatrix {
  /// Elements of the upper triangle.
  private var upper: [Entry] {
    (0..<size).flatMap { i in (starts[i]..<starts[i + 1]).filter { columns[$0] >= i }.map { Entry(i, columns[$0], values[$0]) } }
  }

  fileprivate func adding(_ potential: Potential, _ overlap: SparseHermitianMatrix?) throws(Fault) -> SparseHermitianMatrix {
    let added: [Entry]
    switch potential.profile {
    case .matrix(let matrix): added = SparseHermitianMatrix(potential.value * matrix).upper
    case .diagonal(let shares):
      func half(_ i: Int, _ j: Int) -> Double { 0.5 * potential.value * (shares[i] + shares[j]) }
      let ones = (0..<size).map { Entry($0, $0, Scalar(1, 0)) }
      added = (overlap?.upper ?? ones).map { Entry($0.row, $0.column, $0.value.multiplied(by: half($0.row, $0.column))) }
    }
    var sums: [Int: Entry] = [:]
    for entry in upper + added {
      let key = entry.row * size + entry.column
      sums[key] = sums[key].map { Entry(entry.row, entry.column, $0.value + entry.value) } ?? entry
    }
    return try SparseHermitianMatrix(size: size, entries: Array(sums.values))
  }
}
