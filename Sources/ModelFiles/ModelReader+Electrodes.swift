import DataFiles
import DenseMatrices
import JunctionModel

extension ModelReader {
  /// The electrodes in the model's order, of a conductor with `size` orbitals.
  func electrodes(size: Int) throws(FileError) -> [Electrode] {
    guard !isWithoutElectrons else { return [] }
    let value = try root.required("electrodes")
    var electrodes: [Electrode] = []
    for (name, position, content) in try value.entries(allowed: "a mapping from names to electrodes") {
      try requireName(name, of: "electrode", in: value, at: position)
      electrodes.append(try electrode(name, content, size: size))
    }
    return electrodes
  }

  private func electrode(
    _ name: String, _ value: ModelValue, size: Int
  ) throws(FileError) -> Electrode {
    guard value.node.isMapping else { throw value.wrongType(allowed: "a mapping with the key kind") }
    let kinds = ["wide-band", "chain", "periodic", "table"]
    guard let kind = value.node["kind"] else {
      throw value.fail(
        .missingKey, found: value.node.keys.isEmpty ? "no keys" : "the keys \(value.node.keys.joined(separator: ", "))",
        allowed: "the key 'kind', which is missing: \(kinds.joined(separator: ", "))")
    }
    switch try value.child(kind, "kind").word(of: kinds) {
    case "wide-band": return try wideBand(name, value, size: size)
    case "chain": return .init(name, .chain(try chainLead(value)))
    case "periodic": return .init(name, .periodic(try periodic(name, value, size: size)))
    default:
      let section = try ModelSection(value, keys: ["kind", "file", "orbitals"])
      let orbitals = try section.optional("orbitals")?.orbitals(below: size)
      let table = try data.read(section.required("file")) { (file) throws(FileError) in try file.selfEnergy(of: name) }
      return .init(name, .table(table), on: orbitals)
    }
  }

  private func wideBand(
    _ name: String, _ value: ModelValue, size: Int
  ) throws(FileError) -> Electrode {
    let section = try ModelSection(value, keys: ["kind", "orbitals", "broadening", "file"])
    let (form, content) = try section.exactlyOne(of: ["broadening", "file"])
    if form == "file" {
      try section.refuse(["orbitals"], because: "the file holds the whole matrix")
      return .init(
        name,
        .wideBand(
          broadening: try data.read(content) { (file) throws(FileError) in try file.broadening(of: name, for: content) }))
    }
    let orbitals = try section.optional("orbitals")?.orbitals(below: size)
    if content.node.isScalar {
      guard let orbitals else { throw section.missing("orbitals", hint: "name the orbitals the electrode touches, from 0") }
      let broadening = Matrix(diagonal: [Double](repeating: try content.number(.energy), count: orbitals.count))
      return .init(name, .wideBand(broadening: broadening), on: orbitals)
    }
    let matrix = try content.matrix(.energy)
    let expected = orbitals?.count ?? size
    guard matrix.rows == expected && matrix.columns == expected else {
      throw content.fail(
        .invalidModel, found: "shape (\(matrix.rows), \(matrix.columns))", allowed: "shape (\(expected), \(expected))",
        hint: orbitals == nil ? "without 'orbitals' the matrix covers the whole conductor" : "one row per orbital listed")
    }
    return .init(name, .wideBand(broadening: matrix), on: orbitals)
  }

  private func chainLead(_ value: ModelValue) throws(FileError) -> ChainLead {
    let section = try ModelSection(value, keys: ["kind", "orbital", "energy", "hopping", "coupling"])
    return ChainLead(
      orbital: try section.required("orbital").integer(), energy: try section.required("energy").number(.energy),
      hopping: try section.required("hopping").number(.energy), coupling: try section.required("coupling").number(.energy))
  }

  private func periodic(_ name: String, _ value: ModelValue, size: Int) throws(FileError) -> PeriodicLead {
    let matrices = ["H00", "H01", "S00", "S01", "coupling_hamiltonian", "coupling_overlap"]
    let section = try ModelSection(
      value, keys: ["kind", "orbitals", "file", "blocks", "eta", "coupling_eta", "absorption"] + matrices)
    let eta = (
      cells: try section.optional("eta")?.number(.energy) ?? 0,
      coupling: try section.optional("coupling_eta")?.number(.energy) ?? 0
    )
    let absorption = try absorption(section, size: size)
    if let blocks = try section.optional("blocks") {
      try section.refuse(matrices + ["file"], because: "the blocks hold the matrices")
      return try periodic(blocks, matrices, orbitals: section.required("orbitals").integers())
        .absorbing(eta, absorption)
    }
    guard let path = try section.optional("file") else { return try periodic(section).absorbing(eta, absorption) }
    try section.refuse(matrices, because: "the file holds the matrices")
    let listed = try section.optional("orbitals")?.integers()
    let lead = try data.read(path) { (file) throws(FileError) in
      try periodicLead(of: name, in: file, for: path, orbitals: listed)
    }
    guard let lead else {
      throw section.missing("orbitals", hint: "or store the variable electrode_\(name)_orbitals in the file")
    }
    return lead.absorbing(eta, absorption ?? lead.absorption)
  }

  /// `absorption: {orbitals: [...], broadening: A}`, A a number or a matrix over the orbitals.
  private func absorption(_ lead: ModelSection, size: Int) throws(FileError) -> PeriodicLead.Absorption? {
    guard let value = try lead.optional("absorption") else { return nil }
    let section = try ModelSection(value, keys: ["orbitals", "broadening"])
    let orbitals = try section.required("orbitals").orbitals(below: size)
    let content = try section.required("broadening")
    guard content.node.isScalar else { return .init(orbitals: orbitals, broadening: try content.matrix(.energy)) }
    let diagonal = [Double](repeating: try content.number(.energy), count: orbitals.count)
    return .init(orbitals: orbitals, broadening: Matrix(diagonal: diagonal))
  }

  /// Cells of a lead at the present wave vector along the sides.
  private func periodic(_ blocks: ModelValue, _ matrices: [String], orbitals: [Int]) throws(FileError) -> PeriodicLead {
    let names = matrices.map { (name: $0, kind: $0.hasPrefix("S") || $0.hasSuffix("overlap") ? NumberKind.plain : .energy) }
    let sums = try blocks.blochSums(names, hermitian: ["H00", "S00"])
    guard let inner = sums["H00"], let outer = sums["H01"] else {
      throw blocks.fail(
        .missingKey, found: "no block with \(sums["H00"] == nil ? "H00" : "H01")", allowed: "H00 and H01 in one block at least")
    }
    return PeriodicLead(
      orbitals: orbitals, h00: inner, h01: outer, s00: sums["S00"], s01: sums["S01"],
      couplingHamiltonian: sums["coupling_hamiltonian"], couplingOverlap: sums["coupling_overlap"])
  }

  private func periodicLead(
    of name: String, in file: JunctionFile, for key: ModelValue, orbitals listed: [Int]?
  ) throws(FileError) -> PeriodicLead? {
    let stored = try file.orbitals(of: name)
    guard let orbitals = listed ?? stored else { return nil }
    func part(_ part: String) throws(FileError) -> Matrix? { try file.matrix(part, of: name, for: key) }
    guard let inner = try part("H00"), let outer = try part("H01") else {
      throw try file.missing("H00", "H01", of: name)
    }
    return PeriodicLead(
      orbitals: orbitals, h00: inner, h01: outer, s00: try part("S00"), s01: try part("S01"),
      couplingHamiltonian: try part("coupling_hamiltonian"), couplingOverlap: try part("coupling_overlap"),
      absorption: try file.absorption(of: name, for: key))
  }

  private func periodic(_ section: ModelSection) throws(FileError) -> PeriodicLead {
    PeriodicLead(
      orbitals: try section.required("orbitals").integers(), h00: try section.required("H00").matrix(.energy),
      h01: try section.required("H01").matrix(.energy), s00: try section.optional("S00")?.matrix(.plain),
      s01: try section.optional("S01")?.matrix(.plain),
      couplingHamiltonian: try section.optional("coupling_hamiltonian")?.matrix(.energy),
      couplingOverlap: try section.optional("coupling_overlap")?.matrix(.plain))
  }
}

extension PeriodicLead {
  /// The same lead with absorption in its cells and beside it.
  fileprivate func absorbing(_ eta: (cells: Double, coupling: Double), _ absorption: Absorption?) -> PeriodicLead {
    PeriodicLead(
      orbitals: orbitals, h00: h00, h01: h01, s00: s00, s01: s01, couplingHamiltonian: couplingHamiltonian,
      couplingOverlap: couplingOverlap, eta: eta.cells, couplingEta: eta.coupling, absorption: absorption)
  }
}

extension ModelValue {
  /// Distinct orbital indices of the conductor, at least one.
  func orbitals(below size: Int) throws(FileError) -> [Int] {
    let indices = try integers()
    guard !indices.isEmpty else {
      throw fail(.invalidModel, found: "no orbitals", allowed: "at least one orbital, 0 to \(size - 1)")
    }
    var known: Set<Int> = []
    for (position, index) in indices.enumerated() {
      let place: ModelNode.Position
      if case .sequence(let items) = node.content { place = items[position].position } else { place = node.position }
      guard index >= 0 && index < size else {
        throw fail(
          .invalidModel, found: "orbital \(index)", allowed: "0 to \(size - 1)", hint: "indices count from 0", at: place)
      }
      guard known.insert(index).inserted else {
        throw fail(.invalidModel, found: "orbital \(index) twice", allowed: "each orbital once", at: place)
      }
    }
    return indices
  }
}
