import DenseMatrices

extension MemoryBudget {
  /// Throws when dense complex matrices of one size do not fit; `count` of them. Small ones are not worth a look at the system.
  package static func requireMatrices(
    _ count: Double, size: Int, of what: String, at path: [String], hint: String, within budget: MemoryBudget? = nil
  ) throws(ModelError) {
    let bytes = 16 * count * Double(size) * Double(size)
    guard budget != nil || bytes > 67_108_864 else { return }
    let budget = budget ?? .now()
    guard !budget.holds(bytes) else { return }
    throw ModelError(
      .outOfRange, at: path, found: "\(what), whose matrices need \(budget.shortage(of: bytes))",
      allowed: "what fits into memory",
      hint: hint)
  }
}

extension JunctionParts {
  /// Refuses dense matrices over `size` orbitals that would not fit into memory: H and S, the electrodes' and the couplings'.
  func requireMemory(dense size: Int, within budget: MemoryBudget? = nil) throws(ModelError) {
    var count = Double(couplings.count) + 2
    for electrode in electrodes {
      switch electrode.kind {
      case .wideBand: count += 1
      case .table(let table): count += Double(table.values.count)
      case .chain, .periodic: break
      }
    }
    try MemoryBudget.requireMatrices(
      count, size: size, of: "\(size) orbitals, \(electrodes.count) electrodes and \(couplings.count) couplings",
      at: ["conductor"],
      hint: "Use fewer orbitals or modes, or local couplings of a long conductor: {orbitals: [...], matrix: [[...]]}",
      within: budget)
  }
}
