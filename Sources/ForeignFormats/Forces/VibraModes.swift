import DataFiles

/// `LABEL.vectors` of SIESTA's tool vibra: energies of phonons in 1/cm and their eigenvectors; the energies at the first wave vector are used.
struct VibraModes {
  private let path: String
  /// W_k, 1/cm, ascending as in the file; imaginary ones negative.
  private let energies: [Double]

  init(_ path: String) throws(FileError) {
    var text = try ForeignText(path, kind: "vibra .vectors file")
    var energies: [Double] = []
    var points = 0
    while !text.isAtEnd, points < 2 {
      let words = try text.words("a line")
      if words[0].text == "k" { points += 1 }
      if words[0].text == "Frequency", points == 1, let last = words.last {
        energies.append(try text.number(last, "a frequency"))
      }
    }
    guard !energies.isEmpty else {
      throw FileError(
        .invalidData, in: path, found: "no lines 'Frequency = ...'", allowed: "the .vectors file of vibra",
        hint: "Eigenvectors .true. in the input of vibra makes it write one")
    }
    (self.path, self.energies) = (path, energies)
  }

  /// Free and imaginary motions are no modes of a model: below this, 1/cm, they are left out.
  private static let softest = 1.0

  var imported: ImportedModel {
    get throws(FileError) {
      let kept = energies.filter { $0 > Self.softest }
      guard !kept.isEmpty else {
        throw FileError(.invalidData, in: path, found: "no frequency above 1/cm", allowed: "vibrations")
      }
      var data = JunctionData()
      data.add("mode_energy", kept, over: [("mode", kept.count)], attributes: [("units", "cm-1")])
      let model = VibrationModel.text(
        title: "Vibrations of \(path.split(separator: "/").last ?? "")", program: "SIESTA (vibra)",
        bosons: "file: \(ImportedModel.dataFile)")
      var imported = ImportedModel(
        model: model, data: data,
        understood: [("modes", "\(kept.count), \(kept[0]) to \(kept[kept.count - 1]) /cm, at the first wave vector")])
      let soft = energies.filter { $0 <= Self.softest }
      if !soft.isEmpty {
        imported.leftOut.append(
          "\(soft.count) modes at or below 1 /cm: free motions, and imaginary ones (down to \(soft.min() ?? 0) /cm; negative means imaginary)"
        )
      }
      imported.leftOut.append("eigenvectors: without couplings to electrons or a dynamical matrix they have no use in the model")
      return imported
    }
  }
}
