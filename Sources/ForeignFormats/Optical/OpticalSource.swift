import DataFiles
import Foundation
import JunctionModel
import OpticalTables

/// A table or formula of refractiveindex.info: two half-spaces of the material that radiate to each other.
package struct OpticalSource: JunctionSource {
  package let format = ImportFormat(
    "optical", argument: "FILE.yml",
    abstract: "optical constants of refractiveindex.info (.yml): radiation between two half-spaces of the material")

  package init() {}

  /// Temperature of the colder body, K.
  private static let cold = 300.0
  /// Temperatures that the hotter body may have, K: the first one that a table covers up to five per cent, or the best one.
  private static let hot = [400.0, 600, 800, 1000, 1500, 2000, 3000]

  package func read(_ request: ImportRequest) throws(FileError) -> ImportedModel {
    let path = try request.onlyFile(of: format)
    guard RefractiveIndexFile.isNamed(path) else {
      throw FileError(
        .outOfRange, in: path, found: "a file that is not named .yml", allowed: "a file of refractiveindex.info",
        hint: "a text table needs no import: materials: {name: {file: TABLE.txt}} in a model of two bodies")
    }
    let file = try RefractiveIndexFile(path)
    let rows = try Self.permittivities(file, path)
    var data = JunctionData()
    data.add("energy", rows.map(\.energy), over: [("photon_energy", rows.count)], attributes: [("units", "eV")])
    data.add("permittivity_real", rows.map { $0.n * $0.n - $0.k * $0.k }, over: [("photon_energy", rows.count)])
    data.add("permittivity_imag", rows.map { 2 * $0.n * $0.k }, over: [("photon_energy", rows.count)])
    let ends = (rows[0].energy, rows[rows.count - 1].energy)
    let choices = Self.hot.map { (hot: $0, missing: Self.missing(outside: ends.0...ends.1, hot: $0)) }
    let (hot, missing) = choices.first { $0.missing < 0.05 } ?? choices.min { $0.missing < $1.missing } ?? (400, 1)
    let name = ModelText.identifier(
      String((path.split(separator: "/").last ?? "material").prefix { $0 != "." }), avoiding: ["vacuum"])
    var model = ImportedModel(
      model: Self.text(name, hot, missing), data: data,
      understood: [
        ("table", "\(path): \(file.kinds), \(rows.count) points"),
        (
          "wavelengths",
          "\(Wording.digits(Self.energyTimesWavelength / ends.1)) to \(Wording.digits(Self.energyTimesWavelength / ends.0)) um"
        ),
        ("photon energies", "\(Wording.digits(1000 * ends.0)) to \(Wording.digits(1000 * ends.1)) meV"),
      ])
    if missing > 1e-3 {
      model.leftOut.append(
        "\(Wording.digits(100 * missing)) % of the radiation of black bodies at \(Int(hot)) and \(Int(Self.cold)) K, which the table does not cover; "
          + "it stands in the error of every flux (compute.missing_spectrum)")
    }
    if rows.allSatisfy({ $0.k == 0 }) {
      model.leftOut.append("losses: the file has no k, and a body without losses radiates nothing; the model shows that")
    }
    return model
  }

  /// h c in eV um.
  private static let energyTimesWavelength =
    PhysicalConstants.planck * PhysicalConstants.speedOfLight / PhysicalConstants.elementaryCharge * 1e6

  /// Photon energies ascending (eV), n and k; points at one energy give their mean.
  private static func permittivities(_ file: RefractiveIndexFile, _ path: String) throws(FileError) -> [(
    energy: Double, n: Double, k: Double
  )] {
    var rows: [(energy: Double, n: Double, k: Double)] = []
    var times = 1.0
    for row in file.rows.sorted(by: { $0.wavelength > $1.wavelength }) {
      guard row.k >= 0, row.n >= 0 else {
        throw FileError(
          .invalidData, in: path, line: row.line, column: row.line.map { _ in 1 }, found: "n = \(row.n), k = \(row.k)",
          allowed: "n and k from zero on")
      }
      let energy = energyTimesWavelength / row.wavelength
      if let last = rows.last, last.energy == energy {
        times += 1
        rows[rows.count - 1].n += (row.n - last.n) / times
        rows[rows.count - 1].k += (row.k - last.k) / times
      } else {
        times = 1
        rows.append((energy, row.n, row.k))
      }
    }
    guard rows.count >= 2 else {
      throw FileError(.invalidData, in: path, found: "\(rows.count) wavelength", allowed: "two or more")
    }
    return rows
  }

  /// Share of what two black bodies radiate together that lies outside.
  private static func missing(outside range: ClosedRange<Double>, hot: Double) -> Double {
    let (a, b) = (pow(hot, 4), pow(cold, 4))
    return (a * share(outside: range, temperature: hot) + b * share(outside: range, temperature: cold)) / (a + b)
  }

  /// Share of a black body's power outside of photon energies in eV: 1 - (15/pi^4) int x^3/(e^x - 1).
  static func share(outside range: ClosedRange<Double>, temperature: Double) -> Double {
    let scale = PhysicalConstants.boltzmannInElectronVolts * temperature
    let (a, b) = (min(range.lowerBound / scale, 60), min(range.upperBound / scale, 60))
    let steps = 2000
    var sum = 0.0
    for step in 0...steps {
      let x = a + (b - a) * Double(step) / Double(steps)
      let value = x < 1e-6 ? x * x : x * x * x / expm1(x)
      sum += value * (step == 0 || step == steps ? 1 : step % 2 == 1 ? 4 : 2)
    }
    let inside = sum * (b - a) / Double(3 * steps) * 15 / pow(Double.pi, 4)
    return max(0, 1 - inside)
  }

  private static func text(_ name: String, _ hot: Double, _ missing: Double) -> String {
    let isCut = missing > 1e-3
    let accepted = min(0.99, (100 * missing + 1).rounded(.up) / 100)
    let state =
      isCut ? "  gap: infinite                      # evanescent waves need a table that covers the thermal spectrum" : "  gap: d"
    return """
      # Made by 'pairbath import' from a file of refractiveindex.info. Everything may be changed.
      title: \(ModelText.scalar("Radiation between two half-spaces of \(name)"))
      materials:
        \(name): {file: \(ImportedModel.dataFile)}
      bodies:
        hot: {kind: half-space, material: \(name)}
        cold: {kind: half-space, material: \(name)}
      state:
        temperature: {hot: \(Int(hot)) K, cold: \(Int(cold)) K}
      \(state)
      \(isCut ? "" : "sweep:\n  d: [1 um, infinite]\n")\
      compute:
        observables: [energy_flux, heat_flux]
      \(isCut ? "  missing_spectrum: \(accepted)             # accepted outside of the table; it stands in the errors\n" : "")
      """
  }
}
