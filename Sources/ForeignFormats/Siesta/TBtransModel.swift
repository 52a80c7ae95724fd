import ComplexModule
import DataFiles
import DenseMatrices

/// A transport calculation as a model: its data files, one for each spin channel, and the text that names them.
struct TBtransModel {
  private let junction: TBtransJunction
  private let channels: [TBtransMatrices]
  /// Names in the model, in the order of the electrodes.
  let names: [String]
  /// Orbitals of the conductor outside the device region, by electrode, where the device's eta counts to the electrode.
  private let beside: [[Int]]
  /// Name of the electrode that stands for the device's eta; nil where there is none.
  let absorber: String?
  private let absorbing: [Int]
  private var remarks: [String]

  /// From so many orbitals on the device's eta is left out: it would touch all of them.
  private static let mostAbsorbing = 1500
  private static let spinNames = ["up", "down"]

  init(_ junction: TBtransJunction, _ channels: [TBtransMatrices]) {
    (self.junction, self.channels) = (junction, channels)
    var names: [String] = []
    for electrode in junction.electrodes { names.append(ModelText.identifier(electrode.input.name, avoiding: names)) }
    self.names = names
    remarks = junction.input.remarks
    for remark in channels.flatMap(\.remarks) where !remarks.contains(remark) { remarks.append(remark) }
    let eta = junction.input.eta
    let isSmall = junction.size <= Self.mostAbsorbing
    guard eta > 0, isSmall, let regions = channels.first?.regions else {
      (beside, absorbing, absorber) = (names.map { _ in [] }, [], nil)
      if eta > 0 { remarks.append("the device's eta, \(eta) eV: it would touch all \(junction.size) orbitals") }
      return
    }
    let spins = junction.device.isSpinor ? 2 : 1
    let owners = junction.atoms.flatMap { atom in
      [Int?](repeating: regions[atom], count: spins * junction.device.orbitals(of: atom).count)
    }
    beside = names.indices.map { index in owners.indices.filter { owners[$0] == index } }
    absorbing = owners.indices.filter { owners[$0] == nil }
    absorber = absorbing.isEmpty ? nil : ModelText.identifier("absorber", avoiding: names)
  }

  var imported: ImportedModel {
    get throws(FileError) {
      var model = ImportedModel(model: text, data: nil, understood: understood, leftOut: remarks)
      for (index, channel) in channels.enumerated() {
        let data = data(of: channel)
        if channels.count == 1 { model.data = data } else { model.otherData.append((fileNames[index], data)) }
      }
      return model
    }
  }

  private var fileNames: [String] {
    channels.count == 1 ? [ImportedModel.dataFile] : Self.spinNames.map { "junction_\($0).nc" }
  }

  // MARK: Data

  private func data(of channel: TBtransMatrices) -> JunctionData {
    var data = JunctionData()
    data.numbers = [("fermi_energy_eV", 0)]
    let directions = junction.resolved.count
    if let (h, s) = channel.dense {
      data.add("hamiltonian", blocks: h.list(directions: directions), over: ("orbital", "orbital_column"), unit: "eV")
      if !isOrthogonal { data.add("overlap", blocks: s.list(directions: directions), over: ("orbital", "orbital_column")) }
    } else {
      addSparse(channel, to: &data)
    }
    for (index, name) in names.enumerated() { add(channel, index, name, to: &data) }
    if let absorber, !isOrthogonal {
      data.add(
        "electrode_\(absorber)_broadening", blocks: absorption(channel, on: absorbing, isWhole: true),
        over: ("orbital", "orbital_column"), unit: "eV")
    }
    return data
  }

  private var isOrthogonal: Bool { channels.allSatisfy(\.isOrthogonal) }

  private func add(_ channel: TBtransMatrices, _ index: Int, _ name: String, to data: inout JunctionData) {
    let directions = junction.resolved.count
    let (cell, coupling) = (channel.cells[index], channel.couplings[index])
    let (rows, columns) = ("\(name)_cell", "\(name)_cell_column")
    func add(_ part: String, _ blocks: TransverseBlocks, _ first: String, isEnergy: Bool) {
      data.add(
        "electrode_\(name)_\(part)", blocks: blocks.list(directions: directions), over: (first, columns),
        unit: isEnergy ? "eV" : nil)
    }
    add("H00", cell.h00, rows, isEnergy: true)
    add("H01", cell.h01, rows, isEnergy: true)
    if !isOrthogonal {
      add("S00", cell.s00, rows, isEnergy: false)
      add("S01", cell.s01, rows, isEnergy: false)
    }
    let touched = "\(name)_orbital"
    if junction.electrodes[index].input.isBulk {
      add("coupling_hamiltonian", coupling.h, touched, isEnergy: true)
      if !isOrthogonal { add("coupling_overlap", coupling.s, touched, isEnergy: false) }
    }
    data.add(
      "electrode_\(name)_orbitals", coupling.orbitals.map(Double.init), over: [(touched, coupling.orbitals.count)], isIndex: true)
    guard !isOrthogonal, !beside[index].isEmpty else { return }
    data.add(
      "electrode_\(name)_absorption", blocks: absorption(channel, on: beside[index], isWhole: false),
      over: ("\(name)_absorbing", "\(name)_absorbing_column"), unit: "eV")
    data.add(
      "electrode_\(name)_absorption_orbitals", beside[index].map(Double.init), over: [("\(name)_absorbing", beside[index].count)],
      isIndex: true)
  }

  /// 2 eta S on some orbitals of the conductor, in their order or as the whole matrix.
  private func absorption(_ channel: TBtransMatrices, on orbitals: [Int], isWhole: Bool) -> [(r: [Int], matrix: Matrix)] {
    let size = junction.size
    let positions = Dictionary(uniqueKeysWithValues: orbitals.enumerated().map { ($1, isWhole ? $1 : $0) })
    let rows = isWhole ? size : orbitals.count
    var blocks = TransverseBlocks(rows: rows, columns: rows)
    let eta = 2 * junction.input.eta
    func add(_ value: Scalar, _ r: [Int], _ row: Int, _ column: Int) {
      guard let i = positions[row], let j = positions[column] else { return }
      blocks.add(value.multiplied(by: eta), at: r, i, j)
    }
    if let (_, s) = channel.dense {
      for (r, matrix) in s.blocks { for j in 0..<size { for i in 0..<size { add(matrix[i, j], r, i, j) } } }
    } else {
      for (index, element) in channel.sparse where element.s != 0 {
        let (i, j) = index.quotientAndRemainder(dividingBy: size)
        add(Scalar(element.s, 0), [], i, j)
        if i != j { add(Scalar(element.s, 0), [], j, i) }
      }
    }
    return blocks.list(directions: junction.resolved.count)
  }

  private func addSparse(_ channel: TBtransMatrices, to data: inout JunctionData) {
    let size = junction.size
    data.numbers.append(("orbitals", Double(size)))
    let all = channel.sparse.sorted { $0.key < $1.key }
    func add(_ name: String, _ elements: [(key: Int, value: Scalar)], unit: String?) {
      // A dimension has one index at least: of a matrix without elements one zero is written.
      let kept = elements.isEmpty ? [(0, .zero)] : elements
      let dimension = [(name: "\(name)_element", length: kept.count)]
      data.add("\(name)_row", kept.map { Double($0.key / size) }, over: dimension, isIndex: true)
      data.add("\(name)_column", kept.map { Double($0.key % size) }, over: dimension, isIndex: true)
      let attributes = unit.map { [(name: "units", text: $0)] } ?? []
      let isReal = kept.allSatisfy { $0.value.imaginary == 0 }
      data.add(
        isReal ? "\(name)_value" : "\(name)_value_real", kept.map(\.value.real), over: dimension, attributes: attributes)
      if !isReal { data.add("\(name)_value_imag", kept.map(\.value.imaginary), over: dimension, attributes: attributes) }
    }
    add("hamiltonian", all.filter { $0.value.h != .zero }.map { ($0.key, $0.value.h) }, unit: "eV")
    if !isOrthogonal { add("overlap", all.filter { $0.value.s != 0 }.map { ($0.key, Scalar($0.value.s, 0)) }, unit: nil) }
  }

  // MARK: Words

  private var understood: [(what: String, value: String)] {
    let device = junction.device
    var rows = [
      (
        "device",
        "\(device.path), \(device.positions.count) atoms, \(device.size) orbitals, Fermi energy \(device.fermiEnergy ?? 0) eV"
      ),
      ("conductor", "\(junction.atoms.count) atoms, \(junction.size) orbitals\(isOrthogonal ? "" : ", with an overlap")"),
      ("spin", device.isSpinor ? "one H of twice the size" : spinWords),
    ]
    for (electrode, name) in zip(junction.electrodes, names) {
      let input = electrode.input
      let side = (input.side < 0 ? "-" : "+") + "a\(input.axis + 1)"
      let copies = input.bloch == [1, 1, 1] ? "" : ", repeated \(input.bloch.map(String.init).joined(separator: " x "))"
      rows.append(
        (
          "electrode \(name)",
          "\(electrode.file.path), towards \(side), atoms \(electrode.atoms.lowerBound + 1) to \(electrode.atoms.upperBound)\(copies), "
            + "Fermi energy \(electrode.file.fermiEnergy ?? 0) eV, eta \(input.eta) eV\(input.isBulk ? "" : ", device's own matrices kept")"
        ))
    }
    rows.append(("eta of the device", junction.input.eta == 0 ? "0" : "\(junction.input.eta) eV"))
    rows.append(("k points", "\(points.count)"))
    rows.append(
      (
        "energies",
        "\(junction.input.energies.count), \(junction.input.energies.first ?? 0) to \(junction.input.energies.last ?? 0) eV"
      ))
    return rows
  }

  private var spinWords: String {
    guard junction.device.channels == 2 else { return "unpolarised" }
    return channels.count == 2 ? "up and down" : "\(Self.spinNames[junction.input.spin ?? 0]) alone"
  }

  private var points: [(k: [Double], weight: Double)] { junction.input.grid.points(along: junction.resolved) }

  private var text: String {
    var lines = headLines("'pairbath import tbtrans' from \(junction.input.fdf.path)")
    lines += wavevectorLines + stateLines
    lines += ["compute:", "  observables: [transmission]", "  energies: \(energies)", "  tolerance: 1e-8", ""]
    return lines.joined(separator: "\n")
  }

  /// Title, conductor and electrodes of a model made by `maker`.
  func headLines(_ maker: String) -> [String] {
    let files = channels.count == 1 ? fileNames[0] : "{up: \(fileNames[0]), down: \(fileNames[1])}"
    let spin = channels.count == 2 ? "spin: [up, down]" : "spin_degeneracy: \(junction.device.components.count > 1 ? 1 : 2)"
    var lines = [
      "# Made by \(maker). Everything may be changed.",
      "# Energies are measured from the Fermi energy: electrodes from their own, the device from its own, as TBtrans does.",
      "title: " + ModelText.scalar(junction.input.fdf["SystemName", "SystemLabel"]?[1] ?? "TBtrans"),
      "conductor: {file: \(files), \(spin)}", "electrodes:",
    ]
    for index in names.indices { lines.append("  \(names[index]): {\(electrode(index, files))}") }
    return lines + absorberLines(files)
  }

  private func electrode(_ index: Int, _ files: String) -> String {
    var words = ["kind: periodic", "file: \(files)"]
    let input = junction.electrodes[index].input
    if input.eta > 0 { words.append("eta: \(input.eta)") }
    // TBtrans' own energies between the device and its leads.
    let couplingEta = input.isBulk ? (absorber == nil ? 0 : junction.input.eta) : input.eta
    if input.eta > 0, couplingEta > 0, !isOrthogonal { words.append("coupling_eta: \(couplingEta)") }
    if isOrthogonal, !beside[index].isEmpty {
      words.append(
        "absorption: {orbitals: \(ModelText.list(beside[index].map(String.init), indent: 4)), broadening: \(2 * junction.input.eta)}"
      )
    }
    return words.joined(separator: ", ")
  }

  private func absorberLines(_ files: String) -> [String] {
    guard let absorber else { return [] }
    let eta = junction.input.eta
    let what =
      isOrthogonal
      ? "kind: wide-band, broadening: \(2 * eta), orbitals: \(ModelText.list(absorbing.map(String.init), indent: 4))"
      : "kind: wide-band, file: \(files)"
    return [
      "  # TBtrans gives the device's energy the imaginary part \(eta) eV. That is one more electrode, of broadening 2 eta S, which",
      "  # takes electrons up and is asked for nothing; without this line the device loses none.", "  \(absorber): {\(what)}",
    ]
  }

  private var wavevectorLines: [String] {
    guard !junction.resolved.isEmpty else { return [] }
    let points = points
    let directions = junction.resolved.map { "a\($0 + 1)" }.joined(separator: ", ")
    let list = ModelText.list(points.map { "[" + $0.k.map { "\($0)" }.joined(separator: ", ") + "]" })
    let isEven = points.allSatisfy { abs($0.weight - points[0].weight) < 1e-12 }
    let weights = isEven ? "" : ",\n  weights: " + ModelText.list(points.map { "\($0.weight)" })
    return ["k_points: {list: \(list)\(weights)}   # along \(directions)"]
  }

  private var stateLines: [String] {
    let inputs = junction.electrodes.map(\.input)
    let isSimple = inputs.count == 2 && junction.input.voltage == 0 && inputs.allSatisfy(\.hasDefaultPotential)
    let temperatures = inputs.map { $0.temperature / FdfUnits.boltzmann }
    let others = absorber.map { ["\($0): 0"] } ?? []
    let potentials = zip(names, inputs).enumerated().map { index, pair in
      "\(pair.0): \(isSimple ? (index == 0 ? "V/2" : "-V/2") : "\(pair.1.chemicalPotential)")"
    }
    let even = temperatures.allSatisfy { abs($0 - temperatures[0]) < 1e-9 }
    let warmth =
      zip(names, temperatures).map { "\($0): \(Self.rounded($1)) K" }
      + (absorber.map { ["\($0): \(Self.rounded(temperatures[0])) K"] } ?? [])
    return [
      even ? "parameters: {T: \(Self.rounded(temperatures[0])) K\(isSimple ? ", V: 0" : "")}" : "",
      "state:", "  chemical_potential: {\((potentials + others).joined(separator: ", "))}",
      "  temperature: \(even ? "T" : "{" + warmth.joined(separator: ", ") + "}")",
    ].filter { !$0.isEmpty }
  }

  private static func rounded(_ value: Double) -> Double { (value * 1e6).rounded() / 1e6 }

  /// A range where the energies are equally spaced, else a list.
  private var energies: String {
    let all = junction.input.energies
    guard all.count > 2, let first = all.first, let last = all.last, last > first else {
      return ModelText.list(all.map { "\($0)" }, indent: 4)
    }
    let step = (last - first) / Double(all.count - 1)
    guard all.enumerated().allSatisfy({ abs($1 - first - Double($0) * step) < 1e-12 * max(1, abs($1)) }) else {
      return ModelText.list(all.map { "\($0)" }, indent: 4)
    }
    return "{from: \(first), to: \(last), points: \(all.count)}"
  }
}
