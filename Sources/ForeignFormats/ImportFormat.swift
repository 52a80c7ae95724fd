import DataFiles

/// What `pairbath import` says about a format of another program.
package struct ImportFormat: Sendable {
  /// The word typed behind `import`, for example "wannier90".
  package let word: String
  /// What is to be named behind it, for example "X_hr.dat".
  package let argument: String
  /// One line about what is read and what comes out.
  package let abstract: String
  /// Options of the command that mean something here.
  package let options: [ImportOption]

  package init(_ word: String, argument: String, abstract: String, options: [ImportOption] = []) {
    (self.word, self.argument, self.abstract, self.options) = (word, argument, abstract, options)
  }
}

/// What a file does not say and the command line may: an option of `pairbath import`.
package enum ImportOption: String, Sendable, CaseIterable {
  /// A file that describes the electrodes.
  case electrodes
  /// Atoms of the device, of the left and of the right electrode: "1-12,20", counted from 1.
  case device, left, right
  /// The lattice vector along which the current flows: a1, a2 or a3.
  case direction
  /// The Fermi energy, in eV.
  case fermi
  /// Masses, or a file of them.
  case masses

  /// As it is typed.
  package var flag: String { "--\(rawValue)" }
}

/// What is to be read.
package struct ImportRequest: Sendable {
  /// The files named, at least one.
  package let files: [String]
  /// Options given.
  package let options: [ImportOption: String]

  package init(files: [String], options: [ImportOption: String] = [:]) { (self.files, self.options) = (files, options) }

  /// The first file, which most formats have alone.
  package var file: String { files[0] }

  /// The only file named. Throws `outOfRange` when there are more.
  package func onlyFile(of format: ImportFormat) throws(FileError) -> String {
    guard files.count == 1 else {
      throw FileError(
        .outOfRange, in: files[1], found: "a second file", allowed: "one file: pairbath import \(format.word) \(format.argument)")
    }
    return files[0]
  }
}

/// A program whose files are junctions, or parts of one. One format is one type in a file or folder of its own, and one test.
package protocol JunctionSource: Sendable {
  /// Word, argument and options.
  var format: ImportFormat { get }

  /// Reads everything and makes a model of it; nothing is written. Throws `FileError` with the place of what cannot be used.
  func read(_ request: ImportRequest) throws(FileError) -> ImportedModel
}
