import Testing

@testable import DataFiles
@testable import ModelFiles

@Suite("ModelRewriting and ModelParameter")
struct ModelRewritingTests {
  private static let commented = """
    # A model with remarks.
    title: Double dot   # two levels
    units: natural
    conductor:
      energies: [e1, 9.5]  # left, right
      spin_degeneracy: 1
    electrodes:
      L: {kind: wide-band, orbitals: [0], broadening: 0.5}
      R: {kind: wide-band, orbitals: [1], broadening: 0.25}
    bosons:
      modes: [1.0]
    baths:
      ph: {kind: ohmic, friction: 0.02}
    coupling: {convention: dimensionless, matrices: [[[0.0, m], [m, 0.0]]]}
    parameters:
      e1: 10.5      # upper level
      m: 0.5
    state:
      chemical_potential: {L: 10 + V/2, R: 10 - V/2}
      temperature: T
    sweep:
      V:            # bias
        from: -3.0
        to: 3.0     # end
        points: 7

      # the temperature
      T: [0.1, 0.2]
    """

  @Test("values change in place and every remark stays")
  func inPlace() throws {
    let found = try ModelRewriting(
      of: Self.commented, file: "m.yaml",
      changes: ["parameters.e1=10.25", "sweep.V=[-1.5]", "electrodes.L.broadening=0.75", "T=[0.3]"])
    #expect(found.keepsComments)
    #expect(found.text.contains("e1: 10.25      # upper level") && found.text.contains("broadening: 0.75}"))
    for remark in ["# A model with remarks.", "# two levels", "# left, right", "# bias", "# the temperature"] {
      #expect(found.text.contains(remark), "\(remark)")
    }
    let document = try ModelDocument.read(text: found.text)
    let direct = try ModelDocument.read(
      text: Self.commented, overrides: ["e1=10.25", "sweep.V=[-1.5]", "electrodes.L.broadening=0.75", "T=[0.3]"])
    #expect(document.junction == direct.junction && document.points == direct.points && document.points.count == 1)
  }

  @Test("a change that cannot be made in place gives the same model without remarks")
  func anew() throws {
    for change in ["V=0.5", "baths.ph.coordinates=[0]", "title='it''s: \"quoted\" \\ é #1'"] {
      let found = try ModelRewriting(of: Self.commented, file: "m.yaml", changes: [change])
      let document = try ModelDocument.read(text: found.text)
      let direct = try ModelDocument.read(text: Self.commented, overrides: [change])
      #expect(document.junction == direct.junction && document.points == direct.points && document.axes == direct.axes)
      #expect(document.title == direct.title)
    }
    #expect(try !ModelRewriting(of: Self.commented, file: "m.yaml", changes: ["V=0.5"]).keepsComments)
  }

  @Test("an anchored value is not changed behind the back of its aliases")
  func aliases() throws {
    let text = edited(
      edited(Self.commented, "broadening: 0.5}", "broadening: &g 0.5}"), "broadening: 0.25}", "broadening: *g}")
    let found = try ModelRewriting(of: text, file: "m.yaml", changes: ["electrodes.R.broadening=0.125"])
    let document = try ModelDocument.read(text: found.text)
    let direct = try ModelDocument.read(text: text, overrides: ["electrodes.R.broadening=0.125"])
    #expect(document.junction == direct.junction)
  }

  @Test("parameters and arithmetic in them are numbers of the junction")
  func parameters() throws {
    let text = edited(
      edited(Self.commented, "energies: [e1, 9.5]", "energies: [e1, e1 - 2*m]"), "friction: 0.02", "friction: m^2/10")
    let document = try ModelDocument.read(text: text)
    let plain = try ModelDocument.read(
      text: edited(edited(Self.commented, "energies: [e1, 9.5]", "energies: [10.5, 9.5]"), "friction: 0.02", "friction: 0.025"))
    #expect(document.junction == plain.junction)
    let other = try ModelDocument.read(text: text, overrides: ["m=0.25"])
    #expect(other.junction.conductor.hamiltonian[1, 1].real == 10)
  }

  @Test("units of parameters are carried into the junction and checked there")
  func parameterUnits() throws {
    let text = edited(singleLevel, "energies: [0.1]", "energies: [gap/2]") + "\nparameters: {gap: 50 meV, T0: 300 K, n: 2}\n"
    #expect(try ModelDocument.read(text: text).junction.conductor.hamiltonian[0, 0].real == 0.025)
    let wrong = failure(edited(text, "gap/2", "T0"))
    #expect(wrong?.code == .badExpression && wrong?.found.contains("a temperature") == true)
    let spin = failure(edited(text, "energies: [gap/2]", "energies: [0.1], spin_degeneracy: gap"))
    #expect(spin?.code == .badExpression)
    #expect(
      try ModelDocument.read(text: edited(text, "energies: [gap/2]", "energies: [kB*T0], spin_degeneracy: n")).points.count == 1)
  }

  @Test("a sweep variable may enter the junction, an unknown name may not")
  func refusals() throws {
    #expect(failure(edited(Self.commented, "[e1, 9.5]", "[e1, V]")) == nil)
    let unknown = failure(edited(Self.commented, "[e1, 9.5]", "[e1, e1 + x]"))
    #expect(unknown?.code == .badExpression && unknown?.found.contains("'x'") == true)
    let word = failure(edited(Self.commented, "[e1, 9.5]", "[e1, wide]"))
    #expect(word?.code == .wrongType && word?.hint.contains("e1, m") == true)
  }

  @Test("a name finds its number, with the unit the file uses")
  func names() throws {
    func find(_ name: String, in text: String) throws(FileError) -> ModelParameter {
      try ModelParameter.named(name, in: text, file: "m.yaml")
    }
    #expect(try find("m", in: Self.commented).override(0.25) == "parameters.m=0.25")
    #expect(try find("V", in: Self.commented).override(-1) == "sweep.V=[-1.0]")
    #expect(try find("conductor.energies.1", in: Self.commented).override(9) == "conductor.energies.1=9.0")
    #expect(try find("electrodes.L.broadening", in: singleLevel).override(7) == "electrodes.L.broadening=7.0 meV")
    let slip = #expect(throws: FileError.self) { try find("W", in: Self.commented) }
    #expect(slip?.allowed.contains("e1, m, V, T") == true)
    let path = #expect(throws: FileError.self) { try find("electrodes.L.brodening", in: Self.commented) }
    #expect(path?.hint == "did you mean 'broadening'?")
    let list = #expect(throws: FileError.self) { try find("conductor.energies", in: Self.commented) }
    #expect(list?.found.contains("a list of 2") == true)
  }
}
