@testable import DataFiles

/// What one kind of input is given to. One target is one type and a line in `FuzzTargets.all`.
protocol FuzzTarget: Sendable {
  /// The word behind PAIRBATH_FUZZ_TARGET, and the name of its folder in `Corpus`.
  var name: String { get }

  /// Reads an input. A fault of the input is a thrown `FileError`; everything else that is wrong must end the process. Returns what came out of
  /// it in a few words, which are printed when an input is run by hand.
  func run(_ input: [UInt8], in folder: InputFolder) throws(FileError) -> String
}

/// All targets.
enum FuzzTargets {
  static var all: [any FuzzTarget] {
    [
      ModelTarget(), ExpressionTarget(), ArraysTarget(), DescriptionTarget(), ResultTarget(), NetCDFTarget(), OpticalTarget(),
      HamiltonianTarget(),
    ] + ImportTarget.all
  }

  /// The target of a name. With `-netcdf` behind it the same with NetCDF files among the inputs, each of which takes a process: a corpus of its
  /// own, so that the others stay fast.
  static func named(_ name: String) -> (any FuzzTarget)? {
    let plain = name.hasSuffix(InputFolder.slow) ? String(name.dropLast(InputFolder.slow.count)) : name
    return all.first { $0.name == plain }
  }

  /// Formats that are NetCDF files.
  static let needsDatasets: Set<String> = ["import-inelastica", "import-sclmd"]

  /// All names, those of slow corpora included.
  static var names: [String] {
    let mixed = ["hamiltonian", "import-tbtrans", "import-phonopy"].map { $0 + InputFolder.slow }
    return all.map(\.name) + mixed
  }
}

/// Ends the process with a message, as a crash that the fuzzer keeps.
func require(_ holds: Bool, _ message: @autoclosure () -> String) {
  guard !holds else { return }
  fatalError(message())
}
