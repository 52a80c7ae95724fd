import DataFiles
import DenseMatrices
import JunctionModel
import TransportResults

extension ModelReader {
  /// The most orbitals of a conductor whose matrices are sparse.
  private static let largestConductor = 1_000_000

  private static let forms = ["energies", "hamiltonian", "chain", "periodic", "file", "blocks"]

  /// The section `conductor`.
  func conductorSection() throws(FileError) -> ModelSection {
    try ModelSection(
      root.required("conductor", hint: withoutElectrons), keys: Self.forms + ["overlap", "potentials", "spin", "spin_degeneracy"])
  }

  /// The conductor without its potentials, or none when there are no electrodes either; chains, periodic conductors and sparse files stay
  /// sparse.
  func bareElectrons() throws(FileError) -> JunctionParts.Electrons {
    guard !isWithoutElectrons else { return .dense(.none) }
    let section = try conductorSection()
    let (form, value) = try section.exactlyOne(of: Self.forms)
    if form != "hamiltonian" { try section.refuse(["overlap"], because: "overlap belongs to hamiltonian") }
    let spin = try section.optional("spin_degeneracy")?.number(.plain) ?? 1
    switch form {
    case "energies": return .dense(.levels(try levels(value), spinDegeneracy: spin))
    case "chain": return try chain(value, spinDegeneracy: spin)
    case "periodic": return try cells(value, spinDegeneracy: spin)
    case "blocks":
      let sums = try value.blochSums([("hamiltonian", .energy), ("overlap", .plain)], hermitian: ["hamiltonian", "overlap"])
      guard let hamiltonian = sums["hamiltonian"] else {
        throw value.fail(.missingKey, found: "no block with the key hamiltonian", allowed: "one at least")
      }
      return .dense(Conductor(hamiltonian: hamiltonian, overlap: sums["overlap"], spinDegeneracy: spin))
    case "hamiltonian":
      let hamiltonian = try value.matrix(.energy)
      guard hamiltonian.isSquare else {
        throw value.fail(
          .invalidModel, found: "shape (\(hamiltonian.rows), \(hamiltonian.columns))", allowed: "a square matrix")
      }
      return .dense(
        Conductor(hamiltonian: hamiltonian, overlap: try section.optional("overlap")?.matrix(.plain), spinDegeneracy: spin))
    default:
      return try data.read(value) { (file) throws(FileError) in
        if let (hamiltonian, overlap) = try file.sparseElectrons() {
          return .sparse(hamiltonian: hamiltonian, overlap: overlap, spinDegeneracy: spin)
        }
        return .dense(
          Conductor(hamiltonian: try file.hamiltonian(for: value), overlap: try file.overlap(for: value), spinDegeneracy: spin))
      }
    }
  }

  private func levels(_ value: ModelValue) throws(FileError) -> [Double] {
    let energies = try value.numbers(.energy)
    guard !energies.isEmpty else { throw value.fail(.outOfRange, found: "an empty list", allowed: "at least one energy") }
    return energies
  }

  private func chain(_ value: ModelValue, spinDegeneracy: Double) throws(FileError) -> JunctionParts.Electrons {
    let section = try ModelSection(value, keys: ["sites", "energy", "hopping"])
    let sites = try count(section, "sites", "sites")
    let (energy, hopping) = (
      try section.required("energy").number(.energy), try section.required("hopping").number(.energy)
    )
    return try sparse(section.value, spinDegeneracy) { () throws(SparseHermitianMatrix.Fault) in
      (try WholeConductor.chain(sites: sites, energy: energy, hopping: hopping), nil)
    }
  }

  /// `{cells, H00, H01, S00, S01}`: equal cells in a row.
  private func cells(_ value: ModelValue, spinDegeneracy: Double) throws(FileError) -> JunctionParts.Electrons {
    let section = try ModelSection(value, keys: ["cells", "H00", "H01", "S00", "S01"])
    let inner = try section.required("H00").matrix(.energy)
    guard inner.isSquare else {
      throw try section.required("H00").fail(
        .invalidModel, found: "shape (\(inner.rows), \(inner.columns))", allowed: "a square matrix")
    }
    let size = inner.rows
    func matrix(_ key: String, _ kind: NumberKind) throws(FileError) -> Matrix? {
      guard let value = try section.optional(key) else { return nil }
      let matrix = try value.matrix(kind)
      guard matrix.rows == size && matrix.columns == size else {
        throw value.fail(
          .invalidModel, found: "shape (\(matrix.rows), \(matrix.columns))", allowed: "shape (\(size), \(size)) of H00")
      }
      return matrix
    }
    guard let outer = try matrix("H01", .energy) else { throw section.missing("H01") }
    let (innerOverlap, outerOverlap) = (try matrix("S00", .plain), try matrix("S01", .plain))
    if outerOverlap != nil && innerOverlap == nil { throw section.missing("S00", hint: "S01 needs it") }
    for (key, matrix) in [("H00", inner), ("S00", innerOverlap)] {
      guard let matrix, matrix.hermiticityDefect > 1e-10 * matrix.largestMagnitude else { continue }
      throw try section.required(key).fail(
        .invalidModel, found: "largest |A_ij - conj(A_ji)| = \(matrix.hermiticityDefect)", allowed: "a Hermitian matrix")
    }
    let cells = try count(section, "cells", "cells", orbitalsEach: size)
    return try sparse(section.value, spinDegeneracy) { () throws(SparseHermitianMatrix.Fault) in
      (
        try WholeConductor.cells(cells, inner, outer),
        try innerOverlap.map { (s) throws(SparseHermitianMatrix.Fault) in
          try WholeConductor.cells(cells, s, outerOverlap ?? Matrix(rows: size, columns: size))
        }
      )
    }
  }

  private func count(
    _ section: ModelSection, _ key: String, _ words: String, orbitalsEach size: Int = 1
  ) throws(FileError) -> Int {
    let value = try section.required(key)
    let count = try value.integer()
    let most = Self.largestConductor / max(size, 1)
    guard count >= 1 && count <= most else {
      throw value.fail(
        .outOfRange, found: "\(count) \(words)",
        allowed: "1 to \(most) \(words)" + (size > 1 ? " of \(size) orbitals" : ""))
    }
    return count
  }

  private func sparse(
    _ value: ModelValue, _ spin: Double,
    _ matrices: () throws(SparseHermitianMatrix.Fault) -> (SparseHermitianMatrix, SparseHermitianMatrix?)
  ) throws(FileError) -> JunctionParts.Electrons {
    do {
      let (hamiltonian, overlap) = try matrices()
      return .sparse(hamiltonian: hamiltonian, overlap: overlap, spinDegeneracy: spin)
    } catch {
      throw value.fail(.invalidModel, found: "\(error)", allowed: "a Hermitian matrix of finite numbers")
    }
  }

  /// True when the section `compute` asks for something that needs all levels of the conductor.
  func needsAllLevels() -> Bool {
    guard let compute = root.value.node["compute"] else { return false }
    func word(_ key: String) -> String? {
      if case .scalar(let text, _, _)? = compute[key]?.content { return text }
      return nil
    }
    var wanted: [String] = []
    if case .sequence(let items)? = compute["observables"]?.content {
      wanted = items.compactMap { if case .scalar(let text, _, _) = $0.content { text } else { nil } }
    }
    let forces = [Observable.friction, .nonconservativeForce, .berryForce, .renormalization, .renormalizedEnergy].map(\.rawValue)
    let level = word("level").flatMap { ComputeSettings.Level(rawValue: $0) }
    let shifts = level?.isDressed == true || wanted.contains { forces.contains($0) }
    return word("cross_check") == "true" || shifts && word("renormalization") != "none"
  }
}
