import DataFiles
import JunctionModel
import RadiativeTransfer

/// The materials a model may use: those of its section `materials`, then the built-in ones.
struct MaterialLibrary {
  private var own: [String: Material] = [:]

  /// The names a body may use.
  var names: [String] { own.keys.sorted() + Material.builtInNames.filter { own[$0] == nil } }

  mutating func define(_ material: Material) { own[material.name] = material }

  /// The material a key names.
  func material(_ value: ModelValue) throws(FileError) -> Material {
    let name = try value.text(allowed: names.joined(separator: ", "))
    guard let material = own[name] ?? Material.builtIn(name) else {
      throw value.fail(
        .unknownKey, found: "the unknown material '\(name)'", allowed: names.joined(separator: ", "),
        hint: Spelling.advice(for: name, among: names))
    }
    return material
  }
}

extension ModelReader {
  /// The section `materials`: names, each with its parts of the dielectric function.
  func materials() throws(FileError) -> MaterialLibrary {
    var library = MaterialLibrary()
    guard let value = try root.optional("materials") else { return library }
    for (name, position, content) in try value.entries(allowed: "a mapping from names to materials") {
      guard Spelling.isIdentifier(name) else {
        throw value.fail(
          .outOfRange, found: "the name '\(name)'", allowed: "letters, digits and underscores, not starting with a digit",
          at: position, key: name)
      }
      library.define(try material(name, content, library))
    }
    return library
  }

  private func material(_ name: String, _ value: ModelValue, _ library: MaterialLibrary) throws(FileError) -> Material {
    if value.node["file"]?.isScalar == true { return try tabulated(name, value) }
    var parts: [DielectricPart] = []
    let example = "a mapping from the names of parts to parts, for example {background: {kind: constant, real: 1}}"
    for (key, _, content) in try value.entries(allowed: example) {
      if key == "based_on" {
        parts += try library.material(content).parts
      } else {
        let part = try part(key, content, of: name)
        parts.removeAll { $0.name == key }  // a part of that name replaces the one it is based on
        parts.append(part)
      }
    }
    do { return try Material(name, parts) } catch { throw located(error) }
  }

  /// The short form of a material that is one table: `{file: SiO2.yml}`, with the other keys of a table.
  private func tabulated(_ name: String, _ value: ModelValue) throws(FileError) -> Material {
    let section = try ModelSection(value, keys: ["file", "unit", "columns", "gap_energy"])
    let part = DielectricPart(
      "table", .table(try table(section, at: ["materials", name])),
      interbandGap: try section.optional("gap_energy")?.number(.energy))
    do { return try Material(name, [part]) } catch { throw located(error) }
  }

  private func part(_ name: String, _ value: ModelValue, of material: String) throws(FileError) -> DielectricPart {
    let keys = [
      "constant": ["real", "imaginary"], "drude": ["plasma_energy", "damping"],
      "lorentz": ["strength", "resonance", "damping"],
      "polar-phonon": ["eps_inf", "longitudinal", "transverse", "damping"], "critical-point": ["gap_energy", "amplitude"],
      "absorption-edge": ["gap_energy", "absorption", "exponent", "index"],
      "table": ["file", "unit", "columns", "gap_energy"],
    ]
    let kinds = ["constant", "drude", "lorentz", "polar-phonon", "critical-point", "absorption-edge", "table"]
    guard value.node.isMapping, let node = value.node["kind"] else {
      throw value.fail(
        .missingKey, found: value.node.isMapping ? "no key 'kind'" : value.node.summary,
        allowed: "a mapping with the key kind: \(kinds.joined(separator: ", "))")
    }
    let kind = try value.child(node, "kind").word(of: kinds)
    let section = try ModelSection(value, keys: ["kind"] + (keys[kind] ?? []))
    if kind == "table" {
      return DielectricPart(
        name, .table(try table(section, at: ["materials", material, name])),
        interbandGap: try section.optional("gap_energy")?.number(.energy))
    }
    return DielectricPart(name, try form(kind, section))
  }

  private func form(_ kind: String, _ section: ModelSection) throws(FileError) -> DielectricForm {
    func energy(_ key: String) throws(FileError) -> Double { try section.required(key).number(.energy) }
    func plain(_ key: String) throws(FileError) -> Double { try section.required(key).number(.plain) }
    switch kind {
    case "constant": return .constant(real: try plain("real"), imaginary: try section.optional("imaginary")?.number(.plain) ?? 0)
    case "drude": return .drude(plasmaEnergy: try energy("plasma_energy"), damping: try energy("damping"))
    case "lorentz":
      return .lorentz(strength: try plain("strength"), resonance: try energy("resonance"), damping: try energy("damping"))
    case "polar-phonon":
      return .polarPhonon(
        highFrequency: try plain("eps_inf"), longitudinal: try energy("longitudinal"), transverse: try energy("transverse"),
        damping: try energy("damping"))
    case "critical-point": return .criticalPoint(gap: try energy("gap_energy"), amplitude: try plain("amplitude"))
    default:
      return .absorptionEdge(
        gap: try energy("gap_energy"), absorption: try plain("absorption"), exponent: try plain("exponent"),
        index: try plain("index"))
    }
  }

  private func table(_ section: ModelSection, at place: [String]) throws(FileError) -> PermittivityTable {
    let file = try section.required("file")
    var unit: UnitSuffix?
    if let value = try section.optional("unit") {
      let word = try value.text(allowed: UnitSuffix.names.joined(separator: ", "))
      guard let found = UnitSuffix.named(word), [.energy, .length].contains(found.dimension) else {
        throw value.fail(
          .outOfRange, found: "'\(word)'",
          allowed: "an energy unit (eV, meV, cm-1, THz, rad/s), or a length for wavelengths (nm, um)",
          hint: Spelling.advice(for: word, among: UnitSuffix.names))
      }
      unit = found
    }
    let columns: PermittivityFile.Columns? = try section.optional("columns")?.choice()
    let path = data.path(try file.fileName(allowed: "the path of a text file, a NetCDF file or a .yml of refractiveindex.info"))
    do { return try PermittivityFile(path: path, unit: unit, columns: columns).table(at: place, note: data.add(note:)) } catch {
      throw error.adding(hint: "read because of " + file.place)
    }
  }
}
