import Foundation
import Pairbath
import Testing

/// The built command beside the test bundle.
private let command = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appendingPathComponent(
  "pairbath")

@Suite("The command line", .enabled(if: FileManager.default.isExecutableFile(atPath: command.path)))
struct CommandLineTests {
  private func run(_ arguments: String...) throws -> (code: Int32, output: String, errors: String) {
    let process = Process()
    process.executableURL = command
    process.arguments = arguments
    let pipes = (Pipe(), Pipe())
    (process.standardOutput, process.standardError) = (pipes.0, pipes.1)
    try process.run()
    let output = pipes.0.fileHandleForReading.readDataToEndOfFile()
    let errors = pipes.1.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self), String(decoding: errors, as: UTF8.self))
  }

  /// The command under a shell that says what comes before and after it.
  private func shell(_ script: String, in folder: String) throws -> (code: Int32, errors: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", script, "sh", command.path]
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    let pipe = Pipe()
    (process.standardOutput, process.standardError) = (FileHandle.nullDevice, pipe)
    try process.run()
    let errors = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: errors, as: UTF8.self))
  }

  /// A folder with a model of two dots.
  private func withModel(_ body: (String) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "pairbath-command-\(UInt64.random(in: 0...UInt64.max))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try """
    title: "Dots \\e[31m\\nred"
    units: natural
    conductor: {energies: [10.5, 9.5]}
    electrodes:
      L: {kind: wide-band, orbitals: [0], broadening: 0.5}
      R: {kind: wide-band, orbitals: [1], broadening: 0.5}
    bosons: {modes: [1.0]}
    baths: {ph: {kind: ohmic, friction: 0.02}}
    coupling: {convention: dimensionless, matrices: [[[0.0, 0.5], [0.5, 0.0]]]}
    state:
      chemical_potential: {L: 10 + V/2, R: 10 - V/2}
      temperature: {L: 1, R: 1, ph: 1}
    sweep: {V: [0.0, 0.5, 1.0]}
    compute: {level: sharp, observables: [energy_current]}
    """.write(toFile: folder + "/dot.yaml", atomically: true, encoding: .utf8)
    try body(folder)
  }

  @Test("says 74 when standard output is full", .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func fullDevice() throws {
    try withModel { folder in
      #expect(try shell("$1 run dot.yaml --quiet", in: folder).code == 0)
      for words in ["show dot.nc", "show dot.nc --json", "check dot.yaml", "--help", "--generate-completion-script bash"] {
        let full = try shell("$1 \(words) > /dev/full", in: folder)
        #expect(full.code == 74 && full.errors.contains("cannot write to standard output"), "\(words)")
      }
      #expect(try shell("$1 show dot.nc --csv | head -c 1", in: folder).errors.isEmpty)
      #expect(try shell("$1 show dot.nc >&-", in: folder).code == 74)
      #expect(try shell("$1 run dot.yaml --verbose 2>&- && $1 show dot.nc", in: folder).code == 0)
    }
  }

  @Test("a file that does not fit is an error, never a crash, and the old one stays")
  func noRoom() throws {
    try withModel { folder in
      #expect(
        try shell("$1 run dot.yaml --quiet && $1 plot dot.nc -o dot.svg && $1 plot dot.nc -o dot.png", in: folder).code == 0)
      let outputs = [
        ("run dot.yaml --quiet", "dot.nc"), ("plot dot.nc -o dot.svg", "dot.svg"), ("plot dot.nc -o dot.png", "dot.png"),
      ]
      for (words, file) in outputs {
        let old = FileManager.default.contents(atPath: folder + "/" + file)
        for blocks in [1, 9] {  // of 512 bytes
          let run = try shell("ulimit -f \(blocks); exec $1 \(words)", in: folder)
          #expect([70, 74].contains(run.code) && run.errors.contains("pairbath: error:"), "\(words), \(blocks): \(run)")
          #expect(FileManager.default.contents(atPath: folder + "/" + file) == old)
        }
      }
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["dot.nc", "dot.png", "dot.svg", "dot.yaml"])
    }
  }

  @Test("never overwrites what it reads, and other files only when forced")
  func protectsInputs() throws {
    try withModel { folder in
      let setUp =
        "ln dot.yaml hard.nc; ln -s dot.yaml soft.nc; echo words > words.nc; mkfifo pipe; $1 run dot.yaml --quiet; ln dot.nc dot.svg"
      #expect(try shell(setUp, in: folder).code == 0)
      let model = FileManager.default.contents(atPath: folder + "/dot.yaml")
      let result = FileManager.default.contents(atPath: folder + "/dot.nc")
      let refused = [
        ("run dot.yaml -o hard.nc --force", 64),
        ("run dot.yaml -o ./../\((folder as NSString).lastPathComponent)/soft.nc --force", 64),
        ("run dot.yaml -o dot.yaml", 64), ("linear-response dot.yaml -o dot.yaml", 64), ("plot dot.nc -o dot.svg --force", 64),
        ("optimize dot.yaml --maximize energy_current --over V --bounds V=0:1 -o hard.nc", 64), ("run dot.yaml -o words.nc", 64),
        ("run pipe", 74), ("show pipe", 74), ("show .", 74), ("run /dev/zero", 74), ("run dot.yaml -o /dev/full", 74),
        ("show \"$(printf 'a\\377')\"", 64),
      ]
      for (words, code) in refused {
        let run = try shell("$1 " + words, in: folder)
        #expect(run.code == Int32(code), "\(words): \(run)")
      }
      #expect(FileManager.default.contents(atPath: folder + "/dot.yaml") == model)
      #expect(FileManager.default.contents(atPath: folder + "/dot.nc") == result)
      for words in ["run dot.yaml -o words.nc --force", "run dot.yaml -o /dev/null", "run dot.yaml -o dot.nc"] {
        #expect(try shell("$1 " + words, in: folder).code == 0, "\(words)")
      }
    }
  }

  @Test("a result whose attributes hold commands is drawn, or refused for its control characters, and none of them runs")
  func attributes() throws {
    try withModel { folder in
      let ends = [
        ("\n", true), ("\r\n", true), ("\u{2028}", true), ("'\u{301}\n", true), ("'", false), ("'\u{301} ", false), (" `", false),
      ]
      for (number, (end, isRefused)) in ends.enumerated() {
        let attack =
          "V\(end)PAIRBATH_END\(end)!touch \(folder)/canary\(end)`touch \(folder)/canary`\(end)''.system('touch \(folder)/canary').''"
        var result = TransportResult(
          title: attack, axes: [SweepAxis(attack, [0, 1, 2], unit: attack)], electrodeNames: [attack, "R"])
        result.variables = [
          ResultVariable(
            name: "charge_current", dimensions: ["electrode", attack], values: [0, 1, 2, 3, 4, 5], errors: nil, unit: attack,
            longName: attack)
        ]
        let path = folder + "/evil-\(number).nc"
        try ResultFile.write(result, to: path)
        defer { #expect(!FileManager.default.fileExists(atPath: folder + "/canary"), "\(number)") }
        guard !isRefused else {
          for refused in [
            try run("plot", path, "charge_current", "--title", "-o", folder + "/\(number).svg"), try run("show", path),
          ] {
            #expect(refused.code == 65 && !refused.errors.contains(attack), "\(number): \(refused.errors)")
          }
          continue
        }
        #expect(try ResultFile.read(from: path).axes[0].name == attack)
        #expect(try run("plot", path, "charge_current", "--title", "-o", folder + "/\(number).svg").code == 0)
        #expect(try run("plot", path, "--script", "-o", folder + "/\(number).png").code == 0)
        #expect(try shell("gnuplot \(number).gp && test -s \(number).png", in: folder).code == 0)
      }
    }
  }

  @Test("titles cannot speak to the terminal")
  func escapes() throws {
    try withModel { folder in
      let model = folder + "/dot.yaml"
      let check = try run("check", model)
      let computed = try run("run", model, "-o", folder + "/a.nc")
      let shown = try run("show", folder + "/a.nc")
      for output in [check.output, computed.output, shown.output] {
        #expect(output.contains("Dots \u{FFFD}[31m red") && !output.utf8.contains(0x1B))
      }
    }
  }

  @Test("prints help and version on standard output")
  func help() throws {
    let all = [
      ["--help"], ["run", "--help"], ["check", "-h"], ["help", "show"], ["plot", "--help"], ["--version"],
      ["linear-response", "--help"],
    ]
    for arguments in all {
      let process = try arguments.count == 1 ? run(arguments[0]) : run(arguments[0], arguments[1])
      #expect(process.code == 0 && process.errors.isEmpty && !process.output.isEmpty, "\(arguments)")
    }
  }

  @Test("ends with 64 for wrong usage and prefixes its complaint")
  func usage() throws {
    let wrong = [
      try run("foo"), try run("run"), try run("run", "m.yaml", "--tolerance", "2"), try run("plot", "a.nc", "--size", "3x3"),
      try run("run", "m.yaml", "--set", "V"), try run("show", "a.nc", "--csv", "--json"), try run("plot", "a.nc", "--map", "V"),
    ]
    for process in wrong {
      #expect(process.code == 64)
      #expect(process.errors.hasPrefix("pairbath: error: "))
      #expect(process.output.isEmpty)
    }
  }

  @Test("ends with 74 for files that are not there")
  func missingFiles() throws {
    for process in [try run("run", "/nowhere/m.yaml"), try run("check", "/nowhere/m.yaml"), try run("show", "/nowhere/r.nc")] {
      #expect(process.code == 74)
      #expect(process.errors.hasPrefix("pairbath: error: /nowhere/"))
    }
  }

  @Test("generates completions for files", arguments: ["bash", "zsh", "fish"])
  func completions(shell: String) throws {
    let process = try run("--generate-completion-script", shell)
    #expect(process.code == 0)
    #expect(process.output.contains("yaml") && process.output.contains("nc"))
  }
}
