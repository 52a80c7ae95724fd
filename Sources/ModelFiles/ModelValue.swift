import DataFiles
import JunctionModel

/// A node of the model file with everything an error about it needs.
struct ModelValue: Sendable {
  let node: ModelNode
  let path: [String]
  /// Name of the model file.
  let file: String
  let units: UnitSystem
  /// Names that numbers may use; nil where only numbers are allowed.
  var scope: ParameterScope?

  /// An error at this node, or at `position` when given.
  func fail(
    _ code: FileError.Code, found: String, allowed: String, hint: String = "", at position: ModelNode.Position? = nil,
    key: String? = nil, columnOffset: Int = 0
  ) -> FileError {
    let keyPath = path + (key.map { [$0] } ?? [])
    switch position ?? node.position {
    case .file(let line, let column):
      return FileError(
        code, in: file, line: line, column: column + columnOffset, at: keyPath, found: found, allowed: allowed, hint: hint)
    case .override(let option):
      return FileError(code, in: option, at: keyPath, found: found, allowed: allowed, hint: hint)
    }
  }

  /// An error about the type of this node.
  func wrongType(allowed: String, hint: String = "") -> FileError {
    fail(.wrongType, found: node.summary, allowed: allowed, hint: hint)
  }

  /// The value below a key or index.
  func child(_ node: ModelNode, _ key: String) -> ModelValue {
    var child = ModelValue(node: node, path: path + [key], file: file, units: units, scope: scope)
    if path.isEmpty, key == "compute" { child.scope?.refusal = "the settings in compute are the same for all states" }
    return child
  }

  /// The elements of a list.
  func list(allowed: String) throws(FileError) -> [ModelValue] {
    guard case .sequence(let items) = node.content else { throw wrongType(allowed: allowed) }
    return items.enumerated().map { child($1, "\($0)") }
  }

  /// The entries of a mapping whose keys the user chooses.
  func entries(allowed: String) throws(FileError) -> [(key: String, position: ModelNode.Position, value: ModelValue)] {
    guard case .mapping(let entries) = node.content else { throw wrongType(allowed: allowed) }
    return entries.map { ($0.key, $0.position, child($0.value, $0.key)) }
  }

  /// The text of a scalar.
  func text(allowed: String = "text") throws(FileError) -> String {
    guard case .scalar(let text, _, _) = node.content, !node.isNull else { throw wrongType(allowed: allowed) }
    return text
  }

  /// One of a list of words; `unsupported` words belong to the contract and are not built yet.
  func word(of allowed: [String], unsupported: [String] = []) throws(FileError) -> String {
    let list = allowed.joined(separator: ", ")
    let text = try text(allowed: list)
    if allowed.contains(text) { return text }
    if unsupported.contains(text) {
      throw fail(.notSupported, found: "'\(text)', which is not supported yet", allowed: list)
    }
    throw fail(.unknownKey, found: "'\(text)'", allowed: list, hint: Spelling.advice(for: text, among: allowed))
  }

  /// A finite number of the given kind: energies in eV, temperatures in K, in the user's single unit when natural.
  func number(_ kind: NumberKind) throws(FileError) -> Double {
    let words = kind.allowed(units)
    guard case .scalar(let text, _, _) = node.content, !node.isNull, !node.isBoolean else { throw wrongType(allowed: words) }
    let quantity = NumberText.quantity(text)
    let isQuantity = quantity.map { $0.unit.isEmpty || UnitSuffix.named($0.unit) != nil } ?? false
    let isDerivative = scope?.derivative != nil
    if !isQuantity, let value = try scope?.value(of: self, kind) { return isDerivative ? value : try within(kind.limits, value) }
    guard let (value, unit) = quantity else { throw notANumber(text, allowed: words) }
    guard value.isFinite else { throw fail(.outOfRange, found: "'\(text)', which overflows", allowed: "a finite number") }
    if isDerivative { return 0 }
    return try within(kind.limits, unit.isEmpty ? value : try converted(value, unit: unit, text: text, kind: kind))
  }

  private var advice: String {
    guard let names = scope?.names, !names.isEmpty else { return "names are allowed once they are defined under parameters" }
    return "arithmetic in the parameters is allowed too: \(names.joined(separator: ", "))"
  }

  private func notANumber(_ text: String, allowed: String) -> FileError {
    let bare = text.lowercased().drop { $0 == "+" || $0 == "-" || $0 == "." }
    if ["nan", "inf", "infinity"].contains(bare) {
      return fail(.outOfRange, found: "'\(text)'", allowed: "a finite number")
    }
    return fail(
      .wrongType, found: node.summary, allowed: allowed,
      hint: text.contains { $0.isLetter } ? advice : "")
  }

  private func converted(_ value: Double, unit: String, text: String, kind: NumberKind) throws(FileError) -> Double {
    let allowed = kind.allowed(units)
    guard units == .electronVolt else {
      throw fail(
        .outOfRange, found: "'\(text)', a number with a unit", allowed: "plain numbers, because units is natural",
        hint: "leave the unit out, or write 'units: eV'")
    }
    guard let suffix = UnitSuffix.named(unit) else {
      throw fail(
        .wrongType, found: "'\(text)'", allowed: allowed, hint: Spelling.advice(for: unit, among: UnitSuffix.names))
    }
    switch (kind, suffix.dimension) {
    case (.energy, .energy), (.temperature, .temperature), (.length, .length), (.energySquared, .energySquared):
      return value * suffix.factor
    case (.energy, .length): return try photonEnergy(wavelength: value * suffix.factor, text: text)
    case (.temperature, .energy): return value * suffix.factor / PhysicalConstants.boltzmannInElectronVolts
    default:
      throw fail(.wrongType, found: "'\(text)', \(suffix.dimension.words)", allowed: allowed)
    }
  }

  /// h c over a vacuum wavelength in nm.
  private func photonEnergy(wavelength: Double, text: String) throws(FileError) -> Double {
    guard wavelength > 0 else {
      throw fail(.outOfRange, found: "'\(text)' where an energy is meant", allowed: "an energy, or a wavelength above zero")
    }
    return UnitSuffix.energyTimesWavelength / wavelength
  }

  /// A list of numbers.
  func numbers(_ kind: NumberKind) throws(FileError) -> [Double] {
    var result: [Double] = []
    for item in try list(allowed: "a list of numbers, for example [1.0, 2.0]") { result.append(try item.number(kind)) }
    return result
  }

  /// The word true or false.
  func boolean() throws(FileError) -> Bool {
    guard case .scalar(let text, true, _) = node.content, ["true", "false"].contains(text.lowercased()) else {
      throw wrongType(allowed: "true or false")
    }
    return text.lowercased() == "true"
  }

  /// A whole number; 3.0 is one.
  func integer() throws(FileError) -> Int {
    var fixed = self
    let refusal = scope?.refusal ?? "whole numbers such as indices and counts are the same for all states"
    fixed.scope?.refusal = refusal
    fixed.scope?.derivative = nil
    let value = try fixed.number(.plain)
    guard let integer = Int(exactly: value) else {
      throw fail(.wrongType, found: node.summary, allowed: "a whole number")
    }
    return integer
  }

  /// A list of whole numbers; a single one stands for a list of one.
  func integers() throws(FileError) -> [Int] {
    if node.isScalar && !node.isNull { return [try integer()] }
    var result: [Int] = []
    for item in try list(allowed: "a list of whole numbers, for example [0, 1]") { result.append(try item.integer()) }
    return result
  }
}

extension NumberKind {
  /// What is allowed, in words.
  func allowed(_ units: UnitSystem) -> String {
    switch (self, units) {
    case (.plain, _), (_, .natural): return "a number"
    case (.length, .electronVolt): return "a length: a number in nm, or with a unit such as '2 um'"
    case (.energySquared, .electronVolt):
      return "a spring over a mass: a number in eV^2, or with a unit such as '2.5 eV/angstrom^2/amu' or '900 cm-2'"
    case (.energy, .electronVolt): return "an energy: a number in eV, or with a unit such as '50 meV'"
    case (.temperature, .electronVolt): return "a temperature: a number in K, or with a unit such as '300 K'"
    }
  }
}
