import ComplexModule
import DataFiles
import DenseMatrices

/// `LABEL.TBT.SE.nc` of TBtrans: self-energies of the electrodes on the orbitals of the device region, folded down into it. Energies in Ry
/// from the Fermi energy; matrices stand by columns.
struct SelfEnergyFile {
  let path: String
  /// eV.
  let energies: [Double]
  /// Imaginary part of the energy in the device region, eV.
  let eta: Double
  /// Orbitals of the device region, from 0, ascending.
  let orbitals: [Int]
  /// Names of the electrodes.
  let names: [String]
  private let file: NetCDFFile

  init(_ path: String) throws(FileError) {
    self.path = path
    file = try NetCDFFile(reading: path)
    let all = try file.variableNames()
    names = all.filter { $0.hasSuffix("/ReSelfEnergy") }.map { String($0.dropLast("/ReSelfEnergy".count)) }
    guard !names.isEmpty, file.hasVariable("E"), file.hasVariable("pivot"), file.hasVariable("kpt") else {
      throw FileError(
        .invalidData, in: path, found: all.isEmpty ? "no variables" : "the variables \(all.prefix(6).joined(separator: ", "))",
        allowed: "a TBT.SE.nc of TBtrans: E, kpt, pivot and ReSelfEnergy of every electrode",
        hint: "TBT.SelfEnergy.Save true writes it")
    }
    energies = try file.doubles("E").values.map { $0 * FdfUnits.rydberg }
    eta = try file.hasVariable("eta") ? (file.doubles("eta").values.first ?? 0) * FdfUnits.rydberg : 0
    orbitals = try Self.indices("pivot", in: file).sorted()
    guard orbitals.count <= 5000 else {
      throw FileError(
        .invalidData, in: path, at: ["pivot"], found: "\(orbitals.count) orbitals", allowed: "up to 5000 in the device region",
        hint: "TBT.Atoms.Device names fewer atoms")
    }
    let points = try file.doubles("kpt").shape.first ?? 0
    guard points == 1 else {
      throw FileError(
        .invalidData, in: path, at: ["kpt"], found: "\(points) k points", allowed: "one: a table of self-energies has no k",
        hint: "import the job without --electrodes: the self-energies are then computed at every k point")
    }
    guard energies.count >= 4, zip(energies, energies.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw FileError(
        .invalidData, in: path, at: ["E"], found: "\(energies.count) energies", allowed: "four at least, ascending",
        hint: "TBT.Contour with more points")
    }
  }

  private static func indices(_ name: String, in file: NetCDFFile) throws(FileError) -> [Int] {
    var result: [Int] = []
    var seen: Set<Int> = []
    for value in try file.doubles(name).values {
      guard let whole = Int(exactly: value), (1...10_000_000).contains(whole), seen.insert(whole).inserted else {
        throw FileError(.invalidData, in: file.path, at: [name], found: "\(value)", allowed: "orbitals from 1, each once")
      }
      result.append(whole - 1)
    }
    guard !result.isEmpty else {
      throw FileError(.invalidData, in: file.path, at: [name], found: "no orbitals", allowed: "one at least")
    }
    return result
  }

  /// Orbitals of the device an electrode touches, from 0, and Sigma at every energy, eV.
  func selfEnergy(of name: String) throws(FileError) -> (orbitals: [Int], values: [Matrix]) {
    let pivot = try Self.indices("\(name)/pivot", in: file)
    let (re, im) = (try file.doubles("\(name)/ReSelfEnergy"), try file.doubles("\(name)/ImSelfEnergy"))
    let n = pivot.count
    guard re.shape == [1, energies.count, n, n], im.shape == re.shape else {
      throw FileError(
        .invalidData, in: path, at: ["\(name)/ReSelfEnergy"], found: "shape \(re.shape)",
        allowed: "(1, \(energies.count), \(n), \(n)): k, energy and the orbitals of its pivot")
    }
    guard re.values.allSatisfy(\.isFinite), im.values.allSatisfy(\.isFinite) else {
      throw FileError(.invalidData, in: path, at: ["\(name)/ReSelfEnergy"], found: "infinity or NaN", allowed: "finite numbers")
    }
    let known = Set(orbitals)
    if let other = pivot.first(where: { !known.contains($0) }) {
      throw FileError(
        .invalidData, in: path, at: ["\(name)/pivot"], found: "orbital \(other + 1)", allowed: "orbitals of the device region")
    }
    let values = energies.indices.map { e in
      var matrix = Matrix(rows: n, columns: n)
      for column in 0..<n {
        for row in 0..<n {
          let at = (e * n + column) * n + row
          matrix[row, column] = Scalar(re.values[at] * FdfUnits.rydberg, im.values[at] * FdfUnits.rydberg)
        }
      }
      return matrix
    }
    return (pivot, values)
  }
}
