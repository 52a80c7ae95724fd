/// What came out of another program's files: a model that runs as it is, the data it names, and what was understood.
package struct ImportedModel: Sendable {
  /// Name of the data file in the folder; the model's text refers to it.
  package static let dataFile = "junction.nc"

  /// The text of `model.yaml`.
  package var model: String
  /// The contents of `junction.nc`; nil when the model needs none.
  package var data: JunctionData?
  /// More data files that the model names, for example one for each spin channel.
  package var otherData: [(name: String, data: JunctionData)] = []
  /// What was understood, a line each: what, and its value.
  package var understood: [(what: String, value: String)]
  /// What the files hold and the model does not, and why.
  package var leftOut: [String]

  package init(
    model: String, data: JunctionData?, understood: [(what: String, value: String)] = [], leftOut: [String] = []
  ) {
    (self.model, self.data, self.understood, self.leftOut) = (model, data, understood, leftOut)
  }
}

/// Pieces of YAML.
package enum ModelText {
  /// A text as one YAML scalar: plain where it can be, quoted where it must.
  package static func scalar(_ text: String) -> String {
    let printable = String(text.unicodeScalars.filter { $0.value >= 32 && $0.value != 127 }.map(Character.init))
    let isPlain =
      printable.first?.isLetter == true && printable.last != " "
      && printable.allSatisfy { $0.isLetter || $0.isNumber || " _-.()/+".contains($0) }
    return isPlain ? printable : "\"" + printable.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }

  /// A list in one line, broken into lines of at most some 150 characters.
  package static func list(_ items: [String], indent: Int = 2) -> String {
    var lines: [String] = [""]
    for (i, item) in items.enumerated() {
      let word = item + (i + 1 < items.count ? ", " : "")
      if lines[lines.count - 1].count + word.count > 140 { lines.append("") }
      lines[lines.count - 1] += word
    }
    let gap = "\n" + String(repeating: " ", count: indent + 2)
    return "[" + lines.map { $0.last == " " ? String($0.dropLast()) : $0 }.joined(separator: gap) + "]"
  }

  /// A name of another program as a name in a model: letters, digits and underscores, not used yet, and no dimension of a result.
  package static func identifier(_ name: String, avoiding used: [String] = []) -> String {
    var word = String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    if word.isEmpty || word.first!.isNumber { word = "E" + word }
    if reserved.contains(word) { word += "_1" }
    var candidate = word
    var number = 2
    while used.contains(candidate) {
      candidate = "\(word)_\(number)"
      number += 1
    }
    return candidate
  }

  private static let reserved: Set<String> = [
    "electrode", "electrode2", "bath", "bath2", "channel", "reservoir", "reservoir2", "terminal", "terminal2", "mode", "mode2",
    "frequency", "energy", "instability", "cumulant", "quanta", "ri", "body", "polarization", "zone",
  ]
}
