import Testing

@testable import DataFiles

@Suite("What somebody meant")
struct SpellingTests {
  private static let observables = [
    "energy_current", "energy_current_channel", "bath_energy_current", "charge_current", "electrode_heat_current",
    "entropy_production", "mode_population", "damping_rate", "figure_of_merit", "seebeck", "charge_noise", "heat_noise",
    "emission_spectrum", "conductance", "iets", "thermal_conductance",
  ]

  @Test(
    "names are found by meaning, not only by spelling",
    arguments: [
      ("heat_current", ["electrode_heat_current"]), ("population", ["mode_population"]), ("phonon_number", ["mode_population"]),
      ("ZT", ["figure_of_merit"]), ("thermopower", ["seebeck"]), ("noise", ["charge_noise", "heat_noise"]),
      ("chargeCurrents", ["charge_current"]), ("electric_current", ["charge_current"]), ("dI/dV", ["conductance"]),
      ("shot_noise", ["charge_noise"]), ("luminescence_spectrum", ["emission_spectrum"]),
      ("bath_heat_flow", ["bath_energy_current"]),
      ("entropy", ["entropy_production"]),
    ])
  func meaning(word: String, meant: [String]) { #expect(Spelling.suggestions(for: word, among: Self.observables) == meant) }

  @Test(
    "a slip of one or two letters is found before anything else",
    arguments: [("enery_current", "energy_current"), ("charge_curent", "charge_current"), ("iet", "iets"), ("seebek", "seebeck")])
  func slips(word: String, meant: String) { #expect(Spelling.suggestions(for: word, among: Self.observables) == [meant]) }

  @Test("words that mean nothing here are met with silence")
  func nothing() {
    #expect(Spelling.suggestions(for: "xyzzy", among: Self.observables).isEmpty)
    #expect(Spelling.advice(for: "W", among: ["V", "T"]).isEmpty)
  }

  @Test("several candidates are one question")
  func question() {
    #expect(Spelling.question([]).isEmpty && Spelling.question(["a"]) == "did you mean 'a'?")
    #expect(Spelling.question(["a", "b", "c"]) == "did you mean 'a', 'b' or 'c'?")
  }

  @Test(
    "keys of a model have their names elsewhere",
    arguments: [
      ("leads", ["conductor", "electrodes", "bosons"], "electrodes"),
      ("phonons", ["conductor", "electrodes", "bosons"], "bosons"),
      ("start", ["from", "to", "points"], "from"), ("npoints", ["from", "to", "points"], "points"),
      ("type", ["kind", "orbitals"], "kind"), ("gamma", ["kind", "orbitals", "broadening"], "broadening"),
      ("tol", ["level", "tolerance"], "tolerance"),
    ])
  func keys(word: String, candidates: [String], meant: String) {
    #expect(Spelling.suggestions(for: word, among: candidates).first == meant)
  }
}
