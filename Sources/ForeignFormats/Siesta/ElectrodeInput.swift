import DataFiles

/// An electrode as a block `TBT.Elec.NAME` or `TS.Elec.NAME` describes it.
struct ElectrodeInput: Sendable {
  /// The name in the fdf.
  let name: String
  /// Path of its Hamiltonian.
  private(set) var file = ""
  /// Lattice vector along which it is semi-infinite, 0 to 2, and the side it goes to: -1 or 1.
  private(set) var axis = -1
  private(set) var side = 0
  /// The first atom (counted from 1) or the last one; negative ones count from the end.
  private(set) var first: Int?
  private(set) var last: Int?
  /// Atoms of the electrode's cell in the device; nil for all.
  private(set) var usedAtoms: Int?
  /// How often the cell is repeated along its lattice vectors.
  private(set) var bloch = [1, 1, 1]
  /// True when the device's own matrices of the electrode's atoms are replaced by those of the bulk.
  private(set) var isBulk = true
  /// eV.
  private(set) var eta: Double
  private(set) var fermiShift = 0.0
  private(set) var chemicalPotential: Double
  /// kT of its electrons.
  private(set) var temperature: Double
  /// True when both are TBtrans' defaults for two electrodes, V/2 and -V/2.
  private(set) var hasDefaultPotential = false
  /// Where its block begins.
  let place: FdfLine

  /// All electrodes of an input, in its order.
  static func all(
    _ fdf: FdfFile, _ expression: EnergyExpression, needsFiles: Bool, _ remarks: inout [String]
  ) throws(FileError) -> [ElectrodeInput] {
    var names = ["Left", "Right"]
    if let lines = fdf.block("TBT.Elecs", "TS.Elecs") { names = lines.map(\.key) }
    var result: [ElectrodeInput] = []
    for (index, name) in names.enumerated() {
      result.append(try ElectrodeInput(name, index, fdf, expression, needsFiles, &remarks))
      if let twin = result.dropLast().first(where: { FdfFile.key($0.name) == FdfFile.key(name) }) {
        throw result[index].place.error(1, found: "the electrode \(twin.name) twice", allowed: "each electrode once")
      }
    }
    return result
  }

  private init(
    _ name: String, _ index: Int, _ fdf: FdfFile, _ expression: EnergyExpression, _ needsFiles: Bool,
    _ remarks: inout [String]
  ) throws(FileError) {
    self.name = name
    guard let place = fdf.place(ofBlock: "TBT.Elec.\(name)") ?? fdf.place(ofBlock: "TS.Elec.\(name)") else {
      throw FileError(
        .missingKey, in: fdf.path, found: "no block TBT.Elec.\(name), nor TS.Elec.\(name)", allowed: "a block for each electrode",
        hint: "%block TBT.Elecs lists the electrodes; without it they are Left and Right")
    }
    self.place = place
    eta = try fdf["TBT.Elecs.Eta", "TS.Elecs.Eta"]?.energy() ?? 1e-3
    isBulk = try fdf["TBT.Elecs.Bulk", "TS.Elecs.Bulk"]?.isTrue() ?? true
    (chemicalPotential, temperature) = (0, expression.temperature)
    var potential = index < 2 ? ["Left", "Right"][index] : name
    // What TBT says goes before what TS says.
    for prefix in ["TS", "TBT"] {
      for line in fdf.block("\(prefix).Elec.\(name)") ?? [] {
        try take(line, &potential, needsFiles, &remarks)
      }
    }
    try requireAll()
    try takePotential(potential, index, fdf, expression)
  }

  private mutating func take(
    _ line: FdfLine, _ potential: inout String, _ needsFiles: Bool, _ remarks: inout [String]
  ) throws(FileError) {
    var key = FdfFile.key(line.key)
    if key.hasPrefix("tbt") { key.removeFirst(3) }
    switch key {
    case "hs", "hsfile", "tshs", "tshsfile":
      _ = try line.word(1, "a file of the electrode's Hamiltonian")
      file = needsFiles ? try TBtransInput.found(line, 1, &remarks) : line.path(1)
    case "semiinfdirection", "semiinfdir", "semiinf": try takeDirection(line)
    case "electrodeposition", "elecpos": try takePosition(line)
    case "usedatoms": usedAtoms = try line.integer(1, in: 1...10_000_000)
    case "bloch": bloch = try [line.integer(1, in: 1...100), line.integer(2, in: 1...100), line.integer(3, in: 1...100)]
    case "blocha", "blocha1": bloch[0] = try line.integer(1, in: 1...100)
    case "blochb", "blocha2": bloch[1] = try line.integer(1, in: 1...100)
    case "blochc", "blocha3": bloch[2] = try line.integer(1, in: 1...100)
    case "bulk": isBulk = try line.isTrue()
    case "eta": eta = try line.energy()
    case "deltaef": fermiShift = try line.energy()
    case "chemicalpotential", "chempot", "mu": potential = try line.word(1, "a chemical potential's name")
    case "gf", "gffile", "gfreuse", "outofcore", "preexpand", "dmupdate", "dminit", "vfraction", "checkkgrid", "accuracy", "de",
      "defile", "tsde", "tsdefile":
      break
    default: remarks.append("\(line.key) of the electrode \(name) (\(line.path):\(line.number))")
    }
    guard eta >= 0 else { throw line.error(1, found: "an eta below 0", allowed: "an energy from 0") }
  }

  private mutating func takeDirection(_ line: FdfLine) throws(FileError) {
    let word = line.words.dropFirst().map(\.text).joined().lowercased()
    let sides = ["-": -1, "+": 1]
    let axes = ["a1": 0, "a": 0, "a2": 1, "b": 1, "a3": 2, "c": 2]
    guard let side = word.first.flatMap({ sides[String($0)] }), let axis = axes[String(word.dropFirst())] else {
      throw line.error(
        1, found: "'\(word)'", allowed: "-a1, +a1, -a2, +a2, -a3 or +a3",
        hint: "electrodes that are infinite in two directions are not known here")
    }
    (self.side, self.axis) = (side, axis)
  }

  private mutating func takePosition(_ line: FdfLine) throws(FileError) {
    let word = FdfFile.key(try line.word(1, "an atom: 1, or end -1"))
    (first, last) = (nil, nil)
    switch word {
    case "begin", "start": first = line[2] == nil ? 1 : try line.integer(2)
    case "end": last = line[2] == nil ? -1 : try line.integer(2)
    default: first = try line.integer(1)
    }
    guard first != 0, last != 0 else { throw line.error(1, found: "atom 0", allowed: "atoms from 1, or from -1 backwards") }
  }

  private func requireAll() throws(FileError) {
    let missing = [("HS", file.isEmpty), ("semi-inf-direction", side == 0), ("electrode-position", first == nil && last == nil)]
    guard let key = missing.first(where: \.1)?.0 else { return }
    throw place.error(1, found: "the electrode \(name) without \(key)", allowed: "HS, semi-inf-direction and electrode-position")
  }

  /// mu of a block `ChemPot.NAME`; V/2 and -V/2 for Left and Right without one.
  private mutating func takePotential(
    _ potential: String, _ index: Int, _ fdf: FdfFile, _ expression: EnergyExpression
  ) throws(FileError) {
    guard let lines = fdf.block("TBT.ChemPot.\(potential)", "TS.ChemPot.\(potential)") else {
      let sides = ["left": 0.5, "right": -0.5]
      chemicalPotential = (sides[FdfFile.key(potential)] ?? 0) * expression.voltage
      hasDefaultPotential = sides[FdfFile.key(potential)] != nil
      return
    }
    for line in lines {
      let text = line.words.dropFirst().map(\.text).joined(separator: " ")
      switch FdfFile.key(line.key) {
      case "mu", "chemicalshift":
        guard let value = expression.value(text) else {
          throw line.error(1, found: "'\(text)'", allowed: "an energy: V/2, 0.25 eV")
        }
        chemicalPotential = value
        hasDefaultPotential = ["V/2", "-V/2", "v/2", "-v/2"].contains(text.filter { !$0.isWhitespace })
      case "kt", "temp", "electronictemperature": temperature = try line.energy()
      default: break
      }
    }
  }

  /// Atoms in the device, from 0. Throws `invalidData` where they do not fit.
  func atoms(count: Int, of device: Int) throws(FileError) -> Range<Int> {
    func place(_ number: Int) -> Int { number < 0 ? device + number : number - 1 }
    let start = first.map(place) ?? (place(last ?? -1) - count + 1)
    guard start >= 0, start + count <= device else {
      throw self.place.error(
        1,
        found: "electrode \(name): atoms \(start + 1) to \(start + count), \(count) of its file, in a device of \(device)",
        allowed: "atoms 1 to \(device)", hint: "electrode-position names the first atom, 'end N' the last one")
    }
    return start..<(start + count)
  }
}
