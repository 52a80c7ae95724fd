import ComplexModule
import DataFiles
import DenseMatrices

/// TBtrans' input: a device between electrodes, from Hamiltonians of SIESTA or sisl.
package struct TBtransSource: JunctionSource {
  package let format = ImportFormat(
    "tbtrans", argument: "RUN.fdf",
    abstract: "a device between electrodes from SIESTA or sisl: TSHS, HSX or nc files, k points, eta, contour energies",
    options: [.electrodes])

  package init() {}

  package func read(_ request: ImportRequest) throws(FileError) -> ImportedModel {
    let path = try request.onlyFile(of: format)
    if let table = request.options[.electrodes] {
      return try TBtransTableModel(TBtransInput(path, needsElectrodes: false), SelfEnergyFile(table)).imported
    }
    let junction = try TBtransJunction(TBtransInput(path))
    var matrices: [TBtransMatrices] = []
    guard !junction.channels.isEmpty else {
      throw FileError(
        .outOfRange, in: path, found: "TBT.Spin 2", allowed: "1: \(junction.device.path) has one spin")
    }
    for channel in junction.channels { matrices.append(try TBtransMatrices(junction, channel: channel)) }
    return try TBtransModel(junction, matrices).imported
  }
}
