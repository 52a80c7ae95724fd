import DataFiles

/// What a DFTB+ input says about orbitals and electrodes.
struct DftbGeometry {
  /// First orbital of each atom, and the number of all behind the last one.
  let offsets: [Int]
  /// The electrodes: name and atoms, from 0; the device's atoms.
  let contacts: [(name: String, atoms: Range<Int>)]
  let device: Range<Int>
  /// `FermiLevel` of the contacts or of the Hamiltonian's filling, eV, where the input gives one.
  let fermi: Double?

  var atoms: Int { offsets.count - 1 }

  init(_ hsd: HsdFile) throws(FileError) {
    let species = try Self.species(hsd)
    let shells = try Self.shells(hsd)
    var offsets = [0]
    for (number, symbol) in species.enumerated() {
      guard let orbitals = shells[symbol.lowercased()] else {
        throw FileError(
          .missingKey, in: hsd.path, at: ["Hamiltonian", "MaxAngularMomentum"],
          found: "nothing for '\(symbol)' (atom \(number + 1))",
          allowed: "\(symbol) = \"s\", \"p\" or \"d\"")
      }
      offsets.append(offsets[number] + orbitals)
    }
    self.offsets = offsets
    guard let transport = hsd.root["Transport"] else {
      throw FileError(
        .missingKey, in: hsd.path, found: "no block 'Transport'",
        allowed: "Transport { Device { AtomRange } Contact { Id, AtomRange } ... }",
        hint: "device atoms first, then two contacts of two principal layers each")
    }
    device = try Self.range(transport["Device"], "Device", hsd, species.count)
    var contacts: [(name: String, atoms: Range<Int>)] = []
    for contact in transport.all("Contact") {
      let name = ModelText.identifier(
        contact["Id"]?.words.first?.text ?? "contact\(contacts.count + 1)", avoiding: contacts.map(\.name))
      contacts.append((name, try Self.range(contact, "Contact", hsd, species.count)))
    }
    guard contacts.count >= 1 else {
      throw FileError(.missingKey, in: hsd.path, line: transport.line, found: "no Contact", allowed: "at least one")
    }
    let all = ([device] + contacts.map(\.atoms)).sorted { $0.lowerBound < $1.lowerBound }
    var next = 0
    for range in all {
      guard range.lowerBound == next else {
        throw FileError(
          .invalidData, in: hsd.path, line: transport.line,
          found: range.lowerBound > next
            ? "atoms \(next + 1) to \(range.lowerBound), which are neither device nor contact"
            : "atom \(range.lowerBound + 1) in two ranges",
          allowed: "ranges that cover all \(species.count) atoms once")
      }
      next = range.upperBound
    }
    guard next == species.count else {
      throw FileError(
        .invalidData, in: hsd.path, line: transport.line,
        found: "atoms from \(next + 1) on, which are neither device nor contact",
        allowed: "ranges that cover all \(species.count) atoms once")
    }
    self.contacts = contacts
    fermi = try Self.fermi(transport, hsd)
  }

  /// The orbitals of atoms.
  func orbitals(_ atoms: Range<Int>) -> Range<Int> { offsets[atoms.lowerBound]..<offsets[atoms.upperBound] }

  /// The symbols of all atoms: `Geometry = GenFormat { ... }`, or the explicit form with TypeNames and TypesAndCoordinates.
  private static func species(_ hsd: HsdFile) throws(FileError) -> [String] {
    guard let geometry = hsd.root["Geometry"] else {
      throw FileError(
        .missingKey, in: hsd.path, found: "no block 'Geometry'", allowed: "GenFormat, or TypeNames and TypesAndCoordinates")
    }
    let words: [ForeignText.Word]
    let names: [String]
    var numbers: [Int] = []
    if let types = geometry["TypeNames"], let list = geometry["TypesAndCoordinates"] {
      (words, names) = (list.words, types.words.map(\.text))
      guard words.count % 4 == 0 else {
        throw FileError(.invalidData, in: hsd.path, line: list.line, found: "\(words.count) words", allowed: "four for each atom")
      }
      for atom in 0..<words.count / 4 {
        numbers.append(try hsd.text.integer(words[4 * atom], "a type", in: 1...max(1, names.count)))
      }
    } else {
      words = geometry.words.filter { $0.text != "GenFormat" }
      guard words.count >= 3, words[0].text != "<<<" else {
        throw FileError(
          .missingKey, in: hsd.path, line: geometry.line, found: "no atoms", allowed: "a geometry in the input itself",
          hint: "dftb_pin.hsd, which DFTB+ writes, has it")
      }
      let count = try hsd.text.integer(words[0], "the number of atoms", in: 1...100_000)
      names = words.filter { $0.line == words[2].line }.map(\.text)
      let rows = words.drop { $0.line <= words[2].line }
      let lines = Dictionary(grouping: rows, by: \.line).sorted { $0.key < $1.key }.map(\.value)
      guard lines.count >= count else {
        throw FileError(.invalidData, in: hsd.path, line: geometry.line, found: "\(lines.count) lines", allowed: "\(count) atoms")
      }
      for line in lines.prefix(count) {
        guard line.count == 5 else {
          throw hsd.text.error(line[0], found: "\(line.count) words", allowed: "number, type, x, y, z")
        }
        numbers.append(try hsd.text.integer(line[1], "a type", in: 1...max(1, names.count)))
      }
    }
    guard !names.isEmpty, !numbers.isEmpty else {
      throw FileError(
        .missingKey, in: hsd.path, line: geometry.line, found: "no atoms", allowed: "a geometry in the input itself")
    }
    return numbers.map { names[min($0, names.count) - 1] }
  }

  /// Orbitals by element: 1, 4, 9 or 16.
  private static func shells(_ hsd: HsdFile) throws(FileError) -> [String: Int] {
    guard let block = hsd.root["Hamiltonian"]?["MaxAngularMomentum"] else {
      throw FileError(
        .missingKey, in: hsd.path, at: ["Hamiltonian"], found: "no 'MaxAngularMomentum'", allowed: "the shells of every element")
    }
    var shells: [String: Int] = [:]
    for child in block.children {
      guard let word = child.words.first, let l = ["s", "p", "d", "f"].firstIndex(of: word.text.lowercased()) else {
        throw FileError(
          .outOfRange, in: hsd.path, line: child.line, at: ["MaxAngularMomentum", child.name],
          found: "'\(child.words.first?.text ?? "")'", allowed: "s, p, d or f", hint: "shells chosen one by one are not read")
      }
      shells[child.name.lowercased()] = (l + 1) * (l + 1)
    }
    return shells
  }

  private static func range(_ node: HsdFile.Node?, _ what: String, _ hsd: HsdFile, _ atoms: Int) throws(FileError) -> Range<Int> {
    guard let words = node?["AtomRange"]?.words, words.count == 2 else {
      throw FileError(
        .missingKey, in: hsd.path, line: node?.line, at: ["Transport", what], found: "no AtomRange", allowed: "AtomRange = 1 8")
    }
    let first = try hsd.text.integer(words[0], "an atom", in: 1...atoms)
    let last = try hsd.text.integer(words[1], "an atom", in: first...atoms)
    return first - 1..<last
  }

  private static func fermi(_ transport: HsdFile.Node, _ hsd: HsdFile) throws(FileError) -> Double? {
    for contact in transport.all("Contact") {
      guard let node = contact["FermiLevel"], let word = node.words.first, Double(word.text) != nil else { continue }
      let value = try hsd.text.number(word, "FermiLevel")
      switch node.unit.lowercased() {
      case "ev", "electronvolt": return value
      case "", "au", "hartree", "ha": return value * DftbMatrix.hartree
      default: continue
      }
    }
    return nil
  }
}
