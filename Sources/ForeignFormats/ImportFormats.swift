import DataFiles

/// The formats that `pairbath import` knows.
package enum ImportFormats {
  /// In the order of `--help`. A new format is a line here.
  package static var all: [any JunctionSource] {
    [
      TBtransSource(), InelasticaSource(), SiestaForcesSource(), PhonopySource(), ShengBTESource(), SclmdSource(),
      Wannier90Source(), DftbSource(), OpticalSource(),
    ]
  }

  /// The source of a word. Throws `unknownKey` for an unknown one, `outOfRange` for an option that it does not take.
  package static func source(_ word: String, options: [ImportOption: String] = [:]) throws(FileError) -> any JunctionSource {
    guard let source = all.first(where: { $0.format.word == word.lowercased() }) else {
      let words = all.map(\.format.word)
      throw FileError(
        .unknownKey, in: "import", found: "the format '\(word)'", allowed: words.joined(separator: ", "),
        hint: Spelling.advice(for: word, among: words))
    }
    let format = source.format
    for option in ImportOption.allCases where options[option] != nil && !format.options.contains(option) {
      throw FileError(
        .outOfRange, in: option.flag, found: "an option that the format '\(format.word)' does not take",
        allowed: format.options.isEmpty ? "no options" : format.options.map(\.flag).joined(separator: ", "))
    }
    return source
  }

  /// Reads files of a format.
  package static func read(_ word: String, _ request: ImportRequest) throws(FileError) -> ImportedModel {
    try source(word, options: request.options).read(request)
  }
}
