import Foundation
import PairbathTestSupport
import RadiativeTransfer
import Testing

@testable import DataFiles
@testable import ModelFiles

/// A photodiode film on gold that faces a colder half-space.
private let photodiode = """
  title: Cooling by a photodiode
  materials:
    doped: {based_on: InAs, carriers: {kind: drude, plasma_energy: 100 meV, damping: 5 meV}}
  bodies:
    cold: {kind: half-space, material: doped, biased: false}
    diode: {kind: layers, layers: [{material: InAs, thickness: 0.5 um}], substrate: Au}
  state:
    temperature: {cold: T - 10, diode: T}
    bias: {diode: V}
    gap: 2*d
  parameters: {T: 300 K}
  sweep:
    d: {from: 10 nm, to: 1 um, points: 3, spacing: logarithmic}
    V: [-0.2, 0.1]
  compute: {observables: [heat_flux, photocurrent], tolerance: 1e-5}
  """

private func document(_ text: String, overrides: [String] = [], folder: String = ".") throws -> RadiationDocument {
  guard case .bodies(let document) = try ModelFile.read(text: text, folder: folder, overrides: overrides) else {
    Issue.record("no model of bodies")
    throw FileError(.invalidModel, in: "test", found: "a junction", allowed: "bodies")
  }
  return document
}

private func radiationFault(_ old: String, _ new: String, folder: String = ".") -> FileError? {
  do {
    _ = try ModelFile.read(text: edited(photodiode, old, new), folder: folder)
    return nil
  } catch { return error }
}

@Suite("Models of two bodies")
struct RadiationModelTests {
  @Test("the far field is a value of a sweep of gaps like any other")
  func infiniteGap() throws {
    let text = edited(
      edited(photodiode, "d: {from: 10 nm, to: 1 um, points: 3, spacing: logarithmic}", "d: [10 nm, infinite]"), "gap: 2*d",
      "gap: d")
    let model = try document(text)
    #expect(model.gaps.count == 4 && abs(model.gaps[0] - 1e-8) < 1e-20 && model.gaps[2] == .infinity)
    #expect(model.axes[0].values == [10, .infinity] && model.axes[0].unit == "nm")
    let error = radiationFault(
      "{from: 10 nm, to: 1 um, points: 3, spacing: logarithmic}", "{from: 10 nm, to: infinite, points: 3}")
    #expect(error?.keyPath == ["sweep", "d", "to"] && error?.hint.contains("[10 nm, 1 um, infinite]") == true)
    #expect(radiationFault("V: [-0.2, 0.1]", "V: [-0.2, infinite]") != nil)
  }

  @Test("gaps below a nanometre are computed with a warning that names the place")
  func smallGaps() throws {
    let model = try ModelFile.read(text: edited(photodiode, "gap: 2*d", "gap: 1e-30 m*d/d"))
    #expect(model.notes.count == 1 && model.notes[0].contains("state.gap: found a gap of 1e-30 m"), "\(model.notes)")
    #expect(try ModelFile.read(text: photodiode).notes.isEmpty)
  }

  @Test("bodies, materials, states and gaps are read in internal units")
  func reading() throws {
    let model = try document(photodiode)
    #expect(model.axes.map(\.name) == ["d", "V"] && model.states.count == 6)
    // d is written in nm, the gap is 2 d; 1e-12 relative is rounding of the logarithmic spacing.
    for (gap, expected) in zip(model.gaps, [20e-9, 20e-9, 200e-9, 200e-9, 2e-6, 2e-6]) {
      #expect(abs(gap - expected) < 1e-12 * expected)
    }
    #expect(model.states[1].second.chemicalPotential == 0.1 && model.states[1].first.chemicalPotential == 0)
    #expect(abs(model.states[0].first.temperature - RadiationUnits.energy(kelvin: 290)) < 1e-15)
    guard case .layers(let layers) = model.pair.second.kind else {
      Issue.record("no layers")
      return
    }
    #expect(layers.map(\.material.name) == ["InAs", "Au"] && abs(layers[0].thickness - 500e-9) < 1e-21)
    #expect(layers.map(\.isBiased) == [true, false])
    #expect(model.pair.first.interbandGap == nil, "biased: false")
    guard case .layers(let doped) = model.pair.first.kind else { return }
    #expect(doped[0].material.parts.map(\.name).contains("carriers"))
    #expect(model.settings.observables == [.heatFlux, .photocurrent] && model.settings.tolerance == 1e-5)
  }

  @Test("a gap may be infinite, units of angular frequency are understood, and --set reaches the state")
  func variants() throws {
    let far = try document(edited(photodiode, "gap: 2*d", "gap: infinite"), overrides: ["sweep={V: [0, 0.1]}"])
    #expect(far.gaps.allSatisfy { $0 == .infinity } && far.states.count == 2)
    let fast = try document(edited(photodiode, "100 meV", "1e14 rad/s"))
    guard case .layers(let layers) = fast.pair.first.kind,
      case .drude(let plasma, _) = try #require(layers[0].material.parts.last).form
    else {
      Issue.record("no drude part")
      return
    }
    #expect(abs(plasma - RadiationUnits.energy(angularFrequency: 1e14)) < 1e-15)
    #expect(try document(photodiode, overrides: ["T=400"]).states[0].second.temperature > 0.034)
  }

  /// One edit of the photodiode and the error it must cause.
  struct Fault: Sendable, CustomTestStringConvertible {
    let old: String
    let new: String
    let words: [String]
    var testDescription: String { new }
  }

  static let faults: [Fault] = [
    Fault(old: "gap: 2*d", new: "gap: 2*d - 20 nm", words: ["a gap of 0.0 nm at d = 10.0", "a positive length", "conduction"]),
    Fault(old: "gap: 2*d", new: "gap: 5 nm - d", words: ["a gap of -5.0 nm", "state.gap"]),
    Fault(old: "gap: 2*d", new: "gap: T", words: ["a temperature (K)", "a length (nm)"]),
    Fault(old: "  gap: 2*d\n", new: "", words: ["the key 'gap', which is missing", "infinite"]),
    Fault(old: "0.1]", new: "0.4]", words: ["the bias 0.4 V on 'diode'", "stimulated emission", "biases below 0.3"]),
    Fault(old: "bias: {diode: V}", new: "bias: {diode: V, cold: 0.01}", words: ["'cold'", "no interband absorption"]),
    Fault(old: "bias: {diode: V}", new: "bias: {didoe: V}", words: ["the unknown name 'didoe'", "did you mean 'diode'"]),
    Fault(old: "bias: {diode: V}", new: "bias: V", words: ["a single bias", "a mapping from bodies"]),
    Fault(old: "material: doped,", new: "material: dopde,", words: ["the unknown material 'dopde'", "did you mean 'doped'"]),
    Fault(old: "0.5 um", new: "0 um", words: ["a thickness of 0.0 nm", "a positive length"]),
    Fault(old: "0.5 um", new: "5 K", words: ["a temperature (K)", "a length"]),
    Fault(old: "kind: half-space", new: "kind: halfspace", words: ["'halfspace'", "did you mean 'half-space'"]),
    Fault(old: "kind: drude, ", new: "", words: ["no key 'kind'", "drude"]),
    Fault(old: "damping: 5 meV", new: "damping: -5 meV", words: ["materials.doped.carriers.damping", "a positive number"]),
    Fault(old: "substrate: Au", new: "substrat: Au", words: ["'substrat'", "did you mean 'substrate'"]),
    Fault(old: "bodies:\n", new: "bodies:\n  third: {kind: black-body}\n", words: ["3 bodies", "two bodies"]),
    Fault(old: "title:", new: "conductor: {energies: [0]}\ntitle:", words: ["'conductor'", "belongs to a model of 'junction'"]),
    Fault(old: "heat_flux", new: "heat_fluks", words: ["'heat_fluks'", "did you mean 'heat_flux'"]),
    Fault(old: "[heat_flux, photocurrent]", new: "[energy_flux_spectrum]", words: ["'frequencies', which is missing"]),
    Fault(
      old: "tolerance: 1e-5", new: "tolerance: 1e-5, frequencies: [0, 1]", words: ["the photon energy 0.0 eV", "positive"]),
    Fault(old: "V: [-0.2", new: "V: [infinite", words: ["'infinite'", "'50 meV', '300 K' or '10 nm'"]),
    Fault(old: "title:", new: "units: natural\ntitle:", words: ["units: eV, because radiation"]),
    Fault(old: "T - 10", new: "T - 310", words: ["the negative temperature -10.0 K"]),
  ]

  @Test("a fault is told with its place, what is allowed and what to do", arguments: faults)
  func told(_ fault: Fault) throws {
    let error = try #require(radiationFault(fault.old, fault.new))
    #expect(error.line != nil, "\(error)")
    for word in fault.words { #expect(error.description.contains(word), "\(error)") }
  }

  @Test("tables of permittivities come as text or NetCDF, in energies or wavelengths, as eps or as n and k")
  func tables() throws {
    try withTemporaryFolder { folder in
      // eps = 4 + 0.4i at all energies: n + ik = sqrt(4 + 0.4i).
      let (n, k) = (2.002492228256, 0.099875543674)
      let text = "# photon energy (eV), Re eps, Im eps\n0.001 4 0.4\n0.1, 4, 0.4\n10 4 0.4\n"
      try text.write(toFile: folder + "/eps.txt", atomically: true, encoding: .utf8)
      try "wavelength n k\n0.1 \(n) \(k)\n10 \(n) \(k)\n1000 \(n) \(k)\n".write(
        toFile: folder + "/nk.txt", atomically: true, encoding: .utf8)
      let file = try NetCDFFile(creating: folder + "/eps.nc")
      try file.defineDimension("energy", length: 3)
      for (name, values) in [
        ("energy", [0.001, 0.1, 10]), ("permittivity_real", [4, 4, 4]), ("permittivity_imag", [0.4, 0.4, 0.4]),
      ] {
        try file.defineVariable(name, over: ["energy"])
        try file.write(values, to: name)
      }
      try file.close()
      for part in [
        "{kind: table, file: eps.txt}", "{kind: table, file: nk.txt, unit: um, columns: index}", "{kind: table, file: eps.nc}",
      ] {
        let carriers = "{kind: drude, plasma_energy: 100 meV, damping: 5 meV}"
        let model = try document(edited(photodiode, carriers, part), folder: folder)
        guard case .layers(let layers) = model.pair.first.kind else { continue }
        let table = try Material("table", [try #require(layers[0].material.parts.last)])
        // The refractive index is written to twelve digits.
        let eps = table.permittivity(at: 0.2)
        #expect(abs(eps.real - 4) < 1e-8 && abs(eps.imaginary - 0.4) < 1e-8, "\(part)")
      }
    }
  }

  @Test("faults of tables name the file and the line or row")
  func tableFaults() throws {
    try withTemporaryFolder { folder in
      let part = "{kind: drude, plasma_energy: 100 meV, damping: 5 meV}"
      for (text, words) in [
        ("0.1 4 0.4\n0.2 4\n", ["eps.txt:2:1", "3 finite numbers"]),
        ("0.1 4 0.4\n0.2 4 -0.1\n", ["eps.txt", "Im eps = -0.1", "loss"]),
        ("0.1 4 0.4\n0.2 4 nan\n", ["eps.txt:2:1"]), ("# nothing\n", ["no numbers"]),
        ("0.2 4 0.4\n0.3 4 0.1\n0.25 4 0.1\n", ["eps.txt", "ascending"]),
      ] {
        try text.write(toFile: folder + "/eps.txt", atomically: true, encoding: .utf8)
        let error = try #require(radiationFault(part, "{kind: table, file: eps.txt}", folder: folder))
        for word in words { #expect(error.description.contains(word), "\(error)") }
      }
      let missing = try #require(radiationFault(part, "{kind: table, file: none.txt}", folder: folder))
      #expect(missing.description.contains("none.txt") && missing.description.contains("materials.doped.carriers.file"))
    }
  }

  @Test("the pieces of the page about bodies are a model, and the page names every material")
  func documentation() throws {
    let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Documentation/BodiesModel.md")
    let text = try String(contentsOf: page, encoding: .utf8)
    let blocks = text.components(separatedBy: "```yaml\n").dropFirst().map { $0.components(separatedBy: "```")[0] }
    #expect(try document(blocks.joined()).states.count == 20)
    for name in Material.builtInNames { #expect(text.contains(name)) }
  }
}
