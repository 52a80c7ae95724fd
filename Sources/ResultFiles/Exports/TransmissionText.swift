import DataFiles
import JunctionModel
import TransportResults

extension ExportFormat {
  /// Text files in the layout of TBtrans' `LABEL.TBT.AVTRANS_A-B`: energy in eV and transmission, one file for each pair of electrodes.
  static let tbtrans = ExportFormat(
    word: "tbtrans", abstract: "transmissions as TBtrans prints them, one .TBT.AVTRANS_A-B for each pair of electrodes",
    suffix: ".TBT", needsStructure: false
  ) { (request) throws(FileError) in
    let result = request.result
    guard let variable = result.variable("transmission") else {
      throw FileError(
        .invalidData, in: "RESULT", at: ["transmission"], found: "a result without transmissions",
        allowed: "one computed with observables: [transmission] and energies")
    }
    guard result.units == .electronVolt else {
      throw FileError(.invalidData, in: "RESULT", found: "natural units", allowed: "a result in eV")
    }
    let (n, count) = (result.electrodeNames.count, result.energies.count)
    guard variable.values.count == n * n * count else {
      throw FileError(
        .outOfRange, in: "RESULT", at: ["transmission"], found: "transmissions of several states",
        allowed: "those of one", hint: "choose one with --at NAME=VALUE")
    }
    var files: [ExportedFile] = []
    for a in 0..<n {
      for b in 0..<n where a != b {
        var text = "# Transmission\n#   E [eV]                T\n"
        for (i, energy) in result.energies.enumerated() {
          text += "  \(energy)   \(variable.values[(a * n + b) * count + i])\n"
        }
        files.append(ExportedFile(name: ".TBT.AVTRANS_\(result.electrodeNames[a])-\(result.electrodeNames[b])", text: text))
      }
    }
    return files
  }
}
