import Foundation
import Testing
import TransportResults

@testable import Figures

@Suite("FigureRenderer")
struct FigureRendererTests {
  private func bytes(_ path: String) -> Data { FileManager.default.contents(atPath: path) ?? Data() }

  @Test("draws curves, families, maps, modes and spectra in every format", arguments: FigureFormat.allCases)
  func draws(format: FigureFormat) throws {
    let junction = SyntheticResults.junction()
    let broken = SyntheticResults.junction(unstable: true, relativeError: 0.03)
    let spectra = SyntheticResults.spectra()
    let map = FigureSpecification.MapAxes(x: "V", y: "dT")
    let fine = SyntheticResults.junction(differences: SyntheticResults.linspace(-100, 100, 41), unstable: true)
    let requests: [(String, FigureSpecification, TransportResult)] = [
      ("one", FigureSpecification("energy_current", slices: [.init("dT", 50)]), junction),
      ("family", FigureSpecification("energy_current"), junction),
      ("channels", FigureSpecification("energy_current_channel", slices: [.init("dT", 0)]), junction),
      ("charge", FigureSpecification("charge_current", showsTitle: true), junction),
      ("errors", FigureSpecification("energy_current", slices: [.init("dT", 100)]), broken),
      ("modes", FigureSpecification("mode_population", slices: [.init("dT", 0)]), junction),
      ("modeslog", FigureSpecification("mode_population", slices: [.init("dT", 0)], logY: true), junction),
      ("sticks", FigureSpecification("mode_population", xAxis: "mode", slices: [.init("dT", 0), .init("V", 0.5)]), junction),
      ("dashes", FigureSpecification("charge_current", familyAxis: "dT"), junction),
      ("map", FigureSpecification("energy_current", map: map), fine),
      ("mapcoarse", FigureSpecification("mode_population", map: .init(x: "V", y: "mode"), slices: [.init("dT", 0)]), junction),
      ("emission", FigureSpecification("emission", selection: ["mode=0"]), spectra),
      ("transmission", FigureSpecification("transmission"), spectra),
      ("crowded", FigureSpecification("emission"), SyntheticResults.spectra(modes: 20)),
      (
        "modemap", FigureSpecification("mode_population", map: .init(x: "mode", y: "V"), slices: [.init("dT", 0)]),
        broken
      ),
      ("wide", FigureSpecification("mode_population", slices: [.init("dT", 0)], size: .init(width: 172, height: 80)), junction),
      ("manychannels", FigureSpecification("energy_current_channel"), SyntheticResults.manyChannels()),
    ]
    try withFigureFolder { folder in
      for (name, specification, result) in requests {
        let path = "\(folder)/\(name).\(format.rawValue)"
        let report = try FigureRenderer().render(specification, of: result, to: path)
        #expect(report.files == [path])
        let data = bytes(path)
        // An empty frame is about 3 kB as SVG and PDF.
        #expect(data.count > 5000, "\(path)")
        let start = String(decoding: data.prefix(8), as: UTF8.self)
        switch format {
        case .svg: #expect(start.hasPrefix("<?xml") && String(decoding: data, as: UTF8.self).contains(".0mm\" height=\""))
        case .pdf: #expect(start.hasPrefix("%PDF"))
        case .png: #expect(data.prefix(4) == Data([0x89, 0x50, 0x4E, 0x47]))
        }
      }
      let left = try FileManager.default.contentsOfDirectory(atPath: folder).filter {
        $0.hasPrefix(".") && $0.hasSuffix(format.rawValue)
      }
      #expect(left.isEmpty, "temporary files are removed")
    }
  }
}

@Suite("FigureRenderer failures")
struct FigureRendererFailureTests {
  private let result = SyntheticResults.junction(voltages: 5)
  private let specification = FigureSpecification("energy_current")

  private func failure(_ renderer: FigureRenderer, _ path: String, cancelled: Bool = false) -> FigureError? {
    do {
      _ = try renderer.render(specification, of: result, to: path, isCancelled: { cancelled })
      return nil
    } catch { return error }
  }

  @Test("says what to install when gnuplot is missing")
  func missing() {
    withFigureFolder { folder in
      let error = failure(FigureRenderer(gnuplot: "/nowhere/gnuplot"), folder + "/a.svg")
      #expect(error?.code == .gnuplotMissing)
      #expect(error?.description.contains("apt-get install gnuplot-nox") == true)
    }
  }

  @Test("shows gnuplot's words when it fails, stops it when it hangs, and leaves nothing behind")
  func failsAndHangs() throws {
    try withFigureFolder { folder in
      #expect(failure(FigureRenderer(gnuplot: "false"), folder + "/false.svg")?.code == .gnuplotFailed)
      let sleeper = folder + "/sleeper"
      try "#!/bin/sh\nexec sleep 60\n".write(toFile: sleeper, atomically: true, encoding: .utf8)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: sleeper)
      let slow = failure(FigureRenderer(gnuplot: sleeper, timeout: 0.2), folder + "/slow.svg")
      #expect(slow?.message.contains("did not finish") == true)
      #expect(failure(FigureRenderer(gnuplot: sleeper), folder + "/slow.svg", cancelled: true)?.code == .interrupted)
      let left = try FileManager.default.contentsOfDirectory(atPath: folder).filter {
        $0.contains("false.svg") || $0.contains("slow.svg")
      }
      #expect(left.isEmpty)
    }
  }

  @Test("a figure that is cut off never replaces the old one", arguments: FigureFormat.allCases)
  func truncated(format: FigureFormat) throws {
    try withFigureFolder { folder in
      let path = folder + "/old-\(format.rawValue).\(format.rawValue)"
      _ = try FigureRenderer().render(specification, of: result, to: path)
      let old = FileManager.default.contents(atPath: path)
      let half = folder + "/half-\(format.rawValue)"
      let name = "${2%/*}/figure.\(format.rawValue)"
      try "#!/bin/sh\ngnuplot \"$@\" && head -c 2000 \(name) > ${2%/*}/messages && cp ${2%/*}/messages \(name)\n"
        .write(toFile: half, atomically: true, encoding: .utf8)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: half)
      #expect(failure(FigureRenderer(gnuplot: half), path)?.message.contains("cut off after 2000 bytes") == true)
      #expect(FileManager.default.contents(atPath: path) == old && old != nil)
    }
  }

  @Test("PNG files say how large they are, and SVG files keep the blanks beside italic letters")
  func finished() throws {
    try withFigureFolder { folder in
      var fine = specification
      fine.resolution = 600
      _ = try FigureRenderer().render(fine, of: result, to: folder + "/fine.png")
      let png = Array(FileManager.default.contents(atPath: folder + "/fine.png") ?? Data())
      // 23622 dots per metre, and the checksum of the chunk.
      #expect(
        Array(png[33..<54]) == [0, 0, 0, 9] + Array("pHYs".utf8) + [
          0, 0, 0x5C, 0x46, 0, 0, 0x5C, 0x46, 1, 0x14, 0x94, 0x43, 0x41,
        ])
      // 86 mm.
      #expect(Array(png[16..<20]) == [0, 0, 0x07, 0xEF])
      _ = try FigureRenderer().render(specification, of: result, to: folder + "/fine.svg")
      let svg = String(decoding: FileManager.default.contents(atPath: folder + "/fine.svg") ?? Data(), as: UTF8.self)
      #expect(svg.contains("<text xml:space=\"preserve\">") && !svg.contains("<text>"))
    }
  }

  @Test("rejects unknown formats and folders")
  func badPaths() {
    #expect(failure(FigureRenderer(), "/tmp/a.jpeg")?.code == .unsuitable)
    #expect(failure(FigureRenderer(), "/nowhere/a.svg")?.code == .cannotWrite)
  }

  @Test("writes a script that gnuplot accepts beside its data")
  func script() throws {
    try withFigureFolder { folder in
      let report = try FigureRenderer().writeScript(specification, of: result, for: folder + "/it's.pdf")
      #expect(report.files == [folder + "/it's.gp", folder + "/it's.dat"])
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = ["gnuplot", "it's.gp"]
      process.currentDirectoryURL = URL(fileURLWithPath: folder)
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
      #expect(FileManager.default.fileExists(atPath: folder + "/it's.pdf"))
    }
  }
}
