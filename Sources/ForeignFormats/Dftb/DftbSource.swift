import DataFiles
import DenseMatrices
import Foundation

/// A transport geometry of DFTB+: `hamsqr1.dat`, `oversqr.dat` and the input that made them, device atoms first, then contacts of two
/// principal layers each, the layer beside the device first.
package struct DftbSource: JunctionSource {
  package let format = ImportFormat(
    "dftb", argument: "FOLDER",
    abstract: "Hamiltonian and overlap of a DFTB+ transport geometry (hamsqr1.dat, oversqr.dat, dftb_pin.hsd)", options: [.fermi])

  package init() {}

  package func read(_ request: ImportRequest) throws(FileError) -> ImportedModel {
    let folder = try Self.folder(try request.onlyFile(of: format))
    let names = ["dftb_pin.hsd", "dftb_in.hsd"]
    guard let input = names.map({ folder + "/" + $0 }).first(where: FileManager.default.fileExists) else {
      throw FileError(
        .cannotRead, in: folder, found: "no input of DFTB+", allowed: names.joined(separator: " or "),
        hint: "dftb_pin.hsd has the geometry, MaxAngularMomentum and Transport")
    }
    let geometry = try DftbGeometry(try HsdFile(input))
    let hamiltonian = try DftbMatrix(folder + "/hamsqr1.dat").matrix
    let overlap = try DftbMatrix(folder + "/oversqr.dat").matrix
    let size = geometry.offsets[geometry.atoms]
    for (matrix, name) in [(hamiltonian, "hamsqr1.dat"), (overlap, "oversqr.dat")] where matrix.rows != size {
      throw FileError(
        .invalidData, in: folder + "/" + name, found: "\(matrix.rows) orbitals",
        allowed: "\(size), by the atoms and MaxAngularMomentum of \(input)")
    }
    let fermi = try request.energy(.fermi) ?? geometry.fermi
    var model = try DftbJunction(
      folder: folder, geometry: geometry, hamiltonian: Scalar(DftbMatrix.hartree, 0) * hamiltonian, overlap: overlap,
      fermi: fermi ?? 0
    ).imported()
    if fermi == nil {
      model.leftOut.append("the Fermi energy, which the input does not say: 0 eV is taken; --fermi sets it (detailed.out has it)")
    }
    if FileManager.default.fileExists(atPath: folder + "/hamsqr2.dat") {
      model.leftOut.append("hamsqr2.dat, the second spin: the model has the first one, twice")
    }
    return model
  }

  /// The folder named, or that of `detailed.xml` or another file in it.
  private static func folder(_ path: String) throws(FileError) -> String {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw FileError(.cannotRead, in: path, found: "no such file or folder", allowed: "a folder of DFTB+, or detailed.xml in it")
    }
    return isFolder.boolValue ? (path.hasSuffix("/") ? String(path.dropLast()) : path) : TextFile.folder(of: path)
  }
}
