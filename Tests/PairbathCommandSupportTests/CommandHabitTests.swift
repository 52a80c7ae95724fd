import Foundation
import Pairbath
import Testing

/// Two dots with a mode that is pumped at the last voltage.
private let dots = """
  units: natural
  conductor: {energies: [10.5, 9.5]}
  electrodes:
    L: {kind: wide-band, orbitals: [0], broadening: 0.5}
    R: {kind: wide-band, orbitals: [1], broadening: 0.5}
  bosons: {modes: [1.0]}
  baths: {ph: {kind: ohmic, friction: 1e-5}}
  coupling: {convention: dimensionless, matrices: [[[0.0, 0.5], [0.5, 0.0]]]}
  state:
    chemical_potential: {L: 10 + V/2, R: 10 - V/2}
    temperature: {L: T, R: T, ph: T}
  parameters: {T: 0.1}
  sweep: {V: [-0.5, 0.0, 3.0]}
  compute: {level: sharp, observables: [energy_current, charge_current]}
  """

@Suite("Habits at the command line", .enabled(if: CommandRunner.exists))
struct CommandHabitTests {
  @Test("a model comes in at standard input, a result goes out at standard output, and words stay apart")
  func streams() throws {
    try CommandRunner.inFolder { pairbath in
      try pairbath.write(dots, to: "dots.yaml")
      let piped = try pairbath("pairbath run - -o - --set V=0 < dots.yaml | pairbath show - energy_current --csv")
      #expect(piped.code == 0 && piped.output.hasPrefix("energy_current,energy_current_error\n"), "\(piped)")
      #expect(piped.errors.contains("1 state"))
      #expect(pairbath.contents == ["dots.yaml"])
      let direct = try pairbath("pairbath run dots.yaml --set V=0 --quiet && pairbath show dots.nc energy_current --csv")
      #expect(direct.output == piped.output)
      #expect(try pairbath("pairbath run - --quiet --set V=0 < dots.yaml").code == 0)
      #expect(pairbath.contents == ["dots.nc", "dots.yaml", "result.nc"])
      #expect(try pairbath("pairbath check - < dots.yaml").output.contains("states"))
      let fault = try pairbath("sed s/modes/moods/ dots.yaml | pairbath run -")
      #expect(fault.code == 65 && fault.errors.hasPrefix("pairbath: error: standard input:6:"), "\(fault.errors)")
      let notResult = try pairbath("pairbath show - < dots.yaml")
      #expect(notResult.code == 65 && notResult.errors.hasPrefix("pairbath: error: standard input: "), "\(notResult.errors)")
    }
  }

  @Test("an optimum goes to standard output as a model that runs")
  func optimum() throws {
    try CommandRunner.inFolder { pairbath in
      try pairbath.write(dots, to: "dots.yaml")
      let search = "pairbath optimize - --minimize energy_current --over V --bounds V=-1:0 --evaluations 20 -o - < dots.yaml"
      let found = try pairbath(search + " | pairbath run - -o - | pairbath show - energy_current")
      #expect(found.code == 0 && found.output.contains("energy_current"), "\(found)")
    }
  }

  @Test("a figure goes to standard output alone, in the format asked for, one at a time")
  func figure() throws {
    try CommandRunner.inFolder { pairbath in
      guard try pairbath("command -v gnuplot").code == 0 else { return }
      try pairbath.write(dots, to: "dots.yaml")
      #expect(try pairbath("pairbath run dots.yaml --quiet").code == 1)
      let drawn = try pairbath("pairbath plot dots.nc energy_current -o -")
      #expect(drawn.code == 0 && drawn.output.hasPrefix("<?xml") && drawn.output.contains("</svg>"), "\(drawn.errors)")
      let file = try pairbath("pairbath plot dots.nc energy_current -o a.svg && cat a.svg")
      #expect(file.output.hasSuffix(drawn.output))
      #expect(try pairbath("pairbath plot dots.nc energy_current -o - --format pdf | head -c 5").output == "%PDF-")
      #expect(
        try pairbath("pairbath plot dots.nc energy_current --format png -o picture && head -c 4 picture | tail -c 3").output
          .hasSuffix("PNG"))
      #expect(try pairbath("pairbath plot dots.nc energy_current charge_current -o -").code == 64)
      #expect(try pairbath("pairbath plot dots.nc energy_current charge_current --panels -o -").code == 0)
      #expect(try pairbath("pairbath plot dots.nc energy_current -o - --script").code == 64)
      #expect(try pairbath("pairbath plot dots.nc energy_current -o a.svg --format pdf").code == 64)
      #expect(pairbath.contents == ["a.svg", "dots.nc", "dots.yaml", "picture"])
    }
  }

  @Test("plot says what was meant, by meaning, and what could have been computed")
  func meant() throws {
    try CommandRunner.inFolder { pairbath in
      try pairbath.write(dots, to: "dots.yaml")
      #expect(try pairbath("pairbath run dots.yaml --quiet").code == 1)
      let phonon = try pairbath("pairbath plot dots.nc thermal_current")
      #expect(phonon.code == 64 && phonon.errors.contains("did you mean 'energy_current'?"), "\(phonon.errors)")
      let missing = try pairbath("pairbath plot dots.nc thermopower")
      #expect(missing.code == 64 && missing.errors.contains("'seebeck' under compute.observables"), "\(missing.errors)")
      let axis = try pairbath("pairbath plot dots.nc energy_current --x bias")
      #expect(axis.code == 64 && axis.errors.contains("did you mean 'V'?"), "\(axis.errors)")
    }
  }

  @Test("--quiet prints nothing where the exit code says it all")
  func quiet() throws {
    try CommandRunner.inFolder { pairbath in
      try pairbath.write(dots, to: "dots.yaml")
      let quiet = try pairbath("pairbath run dots.yaml --quiet")
      #expect(quiet.code == 1 && quiet.output.isEmpty && quiet.errors.isEmpty, "\(quiet)")
      #expect(try pairbath("pairbath run dots.yaml").output.contains("No steady state"))
    }
  }

  @Test("check takes a tolerance like run")
  func checkTolerance() throws {
    try CommandRunner.inFolder { pairbath in
      try pairbath.write(dots, to: "dots.yaml")
      #expect(try pairbath("pairbath check dots.yaml --tolerance 1e-4").output.contains("0.0001"))
      #expect(try pairbath("pairbath check dots.yaml --tolerance 2").code == 64)
    }
  }

  @Test("--at chooses states for CSV and JSON too")
  func at() throws {
    try CommandRunner.inFolder { pairbath in
      try pairbath.write(dots, to: "dots.yaml")
      _ = try pairbath("pairbath run dots.yaml --quiet")
      let whole = try pairbath("pairbath show dots.nc charge_current --csv").output.split(separator: "\n")
      let part = try pairbath("pairbath show dots.nc charge_current --csv --at V=0.1").output.split(separator: "\n")
      #expect(part.count == 2 && part[0] == whole[0] && part[1] == whole[2])
      let json = try pairbath("pairbath show dots.nc --json --at V=0").output
      let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
      let axes = try #require(object["axes"] as? [[String: Any]])
      #expect(axes.first?["values"] as? [Double] == [0])
    }
  }

  @Test("the data files of a model are hashed as sha256sum does")
  func inputs() throws {
    try CommandRunner.inFolder { pairbath in
      try pairbath.write("0.001 4 0.1\n1 4 0.1\n5 4 0.1\n", to: "eps.txt")
      try pairbath.write(
        """
        materials: {m: {x: {kind: table, file: eps.txt}}}
        bodies: {a: {kind: half-space, material: m}, b: {kind: black-body}}
        state: {temperature: {a: 310 K, b: 300 K}, gap: infinite}
        compute: {missing_spectrum: 0.5}
        """, to: "model.yaml")
      #expect(try pairbath("pairbath run model.yaml --quiet").code == 0)
      let lines = try ResultFile.read(from: pairbath.folder + "/model.nc").inputHashes
      // printf '0.001 4 0.1\n1 4 0.1\n5 4 0.1\n' | sha256sum
      #expect(lines == ["e6f141d31aa7d40cfbdcf99376ead2833b79d4612314f5092130be4998e02d99  eps.txt"])
    }
  }
}
