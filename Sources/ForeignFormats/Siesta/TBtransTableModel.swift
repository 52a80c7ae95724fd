import ComplexModule
import DataFiles
import DenseMatrices

/// A device region with the self-energies that TBtrans saved: electrodes are tables on its orbitals.
struct TBtransTableModel {
  private let input: TBtransInput
  private let file: SelfEnergyFile
  private let device: SiestaHamiltonian
  private let names: [String]

  init(_ input: TBtransInput, _ file: SelfEnergyFile) throws(FileError) {
    (self.input, self.file) = (input, file)
    device = try SiestaHamiltonian.read(input.hamiltonian)
    guard device.components.count == 1 else {
      throw FileError(
        .notSupported, in: file.path, found: "self-energies of one spin, and a device with \(device.components.count) components",
        allowed: "a device without spin", hint: "import the job without --electrodes")
    }
    if let bad = file.orbitals.last, bad >= device.size {
      throw FileError(
        .invalidData, in: file.path, at: ["pivot"], found: "orbital \(bad + 1)",
        allowed: "1 to \(device.size), the orbitals of \(device.path)", hint: "both files must be of one job")
    }
    var names: [String] = []
    for electrode in input.electrodes {
      guard file.names.contains(electrode.name) else {
        throw FileError(
          .invalidData, in: file.path, found: "the electrodes \(file.names.joined(separator: ", "))",
          allowed: "\(electrode.name), which \(input.fdf.path) names", hint: "both files must be of one job")
      }
      names.append(ModelText.identifier(electrode.name, avoiding: names))
    }
    self.names = names
  }

  var imported: ImportedModel {
    get throws(FileError) {
      var data = JunctionData()
      data.numbers = [("fermi_energy_eV", 0)]
      let (h, s, isOrthogonal) = try matrices()
      data.add("hamiltonian", h, over: ("orbital", "orbital_column"), unit: "eV")
      if !isOrthogonal { data.add("overlap", s, over: ("orbital", "orbital_column")) }
      data.add("energy", file.energies, over: [("energy", file.energies.count)], attributes: [("units", "eV")])
      var (touched, remarks) = ([[Int]](), input.remarks)
      let positions = Dictionary(uniqueKeysWithValues: file.orbitals.enumerated().map { ($1, $0) })
      for (electrode, name) in zip(input.electrodes, names) {
        let (orbitals, values) = try file.selfEnergy(of: electrode.name)
        touched.append(orbitals.map { positions[$0]! })
        let (causal, clipped) = try Self.causal(values, file.path)
        if clipped > 0 { remarks.append("broadenings of \(name) below 0, by rounding of its file: up to \(clipped) eV") }
        for (part, number) in [("real", { (z: Scalar) in z.real }), ("imag", { (z: Scalar) in z.imaginary })] {
          let n = orbitals.count
          let all = causal.flatMap { matrix in (0..<n).flatMap { i in (0..<n).map { number(matrix[i, $0]) } } }
          data.add(
            "electrode_\(name)_self_energy_\(part)", all,
            over: [("energy", causal.count), ("\(name)_orbital", n), ("\(name)_orbital_column", n)], attributes: [("units", "eV")]
          )
        }
      }
      if file.eta > 0, !isOrthogonal {
        data.add("electrode_absorber_broadening", (2 * file.eta) * s, over: ("orbital", "orbital_column"), unit: "eV")
      }
      if temperature.isLowered {
        remarks.append(
          "the temperature, \(input.temperature / FdfUnits.boltzmann) K: the table ends within 40 kT; it has no part in transmissions"
        )
      }
      return ImportedModel(
        model: text(touched, isOrthogonal), data: data, understood: understood, leftOut: remarks)
    }
  }

  /// Self-energies without the negative broadenings that single precision leaves, and the largest of these.
  private static func causal(_ values: [Matrix], _ path: String) throws(FileError) -> ([Matrix], Double) {
    var (result, clipped) = ([Matrix](), 0.0)
    for sigma in values {
      let gamma = (Scalar(0, 1) * (sigma - sigma.adjoint)).hermitianPart
      do throws(LinearAlgebraError) {
        let problem = try HermitianEigenproblem(gamma)
        let least = -(problem.values.first ?? 0)
        guard least <= 1e-4 * max(problem.values.last ?? 0, 1e-6) else {
          throw LinearAlgebraError(.notConverged, routine: "broadening", index: 0)
        }
        clipped = max(clipped, least)
        let roots = problem.values.map { max($0, 0).squareRoot() }
        let factor = problem.vectors * Matrix(diagonal: roots)
        result.append(sigma.hermitianPart + Scalar(0, -0.5) * Matrix.product(factor, .plain, factor, .adjoint))
      } catch {
        throw FileError(
          .invalidData, in: path, found: "a broadening i(Sigma - Sigma^+) that is negative by more than rounding",
          allowed: "retarded self-energies", hint: "save them in double precision: TBT.CDF.SelfEnergy.Precision double")
      }
    }
    return (result, clipped)
  }

  private func matrices() throws(FileError) -> (h: Matrix, s: Matrix, isOrthogonal: Bool) {
    let n = file.orbitals.count
    var (h, s, isUnit) = (Matrix(rows: n, columns: n), Matrix(rows: n, columns: n), true)
    guard let fermi = device.fermiEnergy else {
      throw FileError(.missingKey, in: device.path, found: "no Fermi energy", allowed: "LABEL.EIG beside an old HSX file")
    }
    let positions = Dictionary(uniqueKeysWithValues: file.orbitals.enumerated().map { ($1, $0) })
    let axes = Set(input.electrodes.map(\.axis))
    device.forEach(channel: 0) { (element) throws(Never) in
      guard let i = positions[element.row], let j = positions[element.column] else { return }
      let r = device.offsets[element.cell]
      guard !axes.contains(where: { r[$0] != 0 }) else { return }
      h[i, j] += element.hamiltonian - Scalar(fermi * element.overlap, 0)
      s[i, j] += Scalar(element.overlap, 0)
      if element.overlap != (i == j && r == [0, 0, 0] ? 1 : 0) { isUnit = false }
    }
    return (h, s, isUnit)
  }

  /// The temperature, K: no higher than the table allows, which must reach 40 kT beyond the chemical potentials.
  private var temperature: (value: Double, isLowered: Bool) {
    let wanted = input.temperature / FdfUnits.boltzmann
    let (low, high) = (file.energies.first ?? 0, file.energies.last ?? 0)
    let reach = input.electrodes.map { min($0.chemicalPotential - low, high - $0.chemicalPotential) }.min() ?? 0
    let most = max(0.99 * reach / (40 * FdfUnits.boltzmann), 0)
    return (((min(wanted, most)) * 1e3).rounded(.down) / 1e3, most < wanted)
  }

  private var understood: [(what: String, value: String)] {
    [
      ("device region", "\(file.orbitals.count) of \(device.size) orbitals of \(device.path)"),
      (
        "self-energies",
        "\(file.path), \(file.energies.count) energies, \(file.energies.first ?? 0) to \(file.energies.last ?? 0) eV"
      ),
      ("electrodes", names.joined(separator: ", ")), ("eta of the device", "\(file.eta) eV"),
    ]
  }

  private func text(_ touched: [[Int]], _ isOrthogonal: Bool) -> String {
    var lines = [
      "# Made by 'pairbath import tbtrans' from \(input.fdf.path) and \(file.path). Everything may be changed.",
      "# Energies are measured from the Fermi energy of the device.",
      "title: " + ModelText.scalar(input.fdf["SystemName", "SystemLabel"]?[1] ?? "TBtrans"),
      "conductor: {file: \(ImportedModel.dataFile), spin_degeneracy: 2}", "electrodes:",
    ]
    for (name, orbitals) in zip(names, touched) {
      let list = ModelText.list(orbitals.map(String.init), indent: 4)
      lines.append("  \(name): {kind: table, file: \(ImportedModel.dataFile), orbitals: \(list)}")
    }
    var potentials = zip(names, input.electrodes).map { "\($0): \($1.chemicalPotential)" }
    if file.eta > 0 {
      let all = ModelText.list(file.orbitals.indices.map(String.init), indent: 4)
      lines.append(
        "  # The imaginary part \(file.eta) eV of the device's energy: one more electrode of broadening 2 eta S, asked for nothing."
      )
      lines.append(
        isOrthogonal
          ? "  absorber: {kind: wide-band, broadening: \(2 * file.eta), orbitals: \(all)}"
          : "  absorber: {kind: wide-band, file: \(ImportedModel.dataFile)}")
      potentials.append("absorber: 0")
    }
    let energies = ModelText.list(file.energies.map { "\($0)" }, indent: 4)
    return
      (lines + [
        "state:", "  chemical_potential: {\(potentials.joined(separator: ", "))}",
        "  temperature: \(temperature.value) K", "compute:",
        "  observables: [transmission]",
        "  energies: \(energies)", "  tolerance: 1e-6", "",
      ]).joined(separator: "\n")
  }
}
