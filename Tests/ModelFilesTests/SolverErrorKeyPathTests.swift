import Foundation
import Testing
import TransportResults

@testable import ModelFiles

@Suite("What failures are about, in the words of a model file")
struct SolverErrorKeyPathTests {
  /// Every setting of the section `compute` that a failure can be about.
  private static let settings: [SolverError.Subject] = [
    .level, .observables, .tolerance, .frequencies, .energies, .renormalization, .elasticCorrection, .crossCheck, .countingTime,
    .largestQuanta, .voltage, .rectification, .missingSpectrum,
  ]

  @Test("settings are keys that a model file knows", arguments: settings)
  func keys(subject: SolverError.Subject) throws {
    #expect(subject.keyPath.count == 2 && subject.keyPath.first == "compute")
    let key = try #require(subject.keyPath.last)
    let documentation = try Self.file("Documentation/" + (subject == .missingSpectrum ? "BodiesModel.md" : "ModelFile.md"))
    #expect(documentation.contains("`\(key)`") || documentation.contains("\(key):"), "\(key)")
  }

  @Test("parts and states are where a model file has them")
  func parts() {
    #expect(SolverError.Subject.electrode("L").keyPath == ["electrodes", "L"])
    #expect(SolverError.Subject.friction(ofBath: "ph").modelName == "baths.ph.friction")
    #expect(SolverError.Subject.transmission(from: "a", to: "b").keyPath == ["terminals", "transmission", "a>b"])
    #expect(SolverError.Subject.temperature(of: nil).modelName == "state.temperature")
    #expect(SolverError.Subject.chemicalPotential(of: "L").modelName == "state.chemical_potential.L")
    #expect(SolverError.Subject.sweep("V").modelName == "sweep.V" && SolverError.Subject.sweep(nil).modelName == "sweep")
    #expect(SolverError.Subject.model(["materials", "a", "data"]).modelName == "materials.a.data")
    #expect(SolverError.Subject.workers.keyPath.isEmpty && SolverError.Subject.workers.modelName == "workers")
  }

  @Test("an error speaks physics by itself and key paths in a model file")
  func languages() {
    let error = SolverError(
      .unsuitableModel, at: .temperature(of: "L"), "too cold", hint: "Leave \(part: .crossCheck) out, or use \(2) of them")
    #expect(error.description == "temperature of L: too cold. Leave cross check out, or use 2 of them")
    #expect(
      error.description(naming: \.modelName)
        == "state.temperature.L: too cold. Leave compute.cross_check out, or use 2 of them")
    #expect(error.advice.parts == [.crossCheck] && error.hint == "Leave cross check out, or use 2 of them")
    #expect(SolverError(.notConverged, "x").description == "x")
  }

  @Test("no solver names a key path or an option of the command")
  func solvers() throws {
    let path = /"[^"]*(\bcompute\.[a-z]|--(set|workers)\b)/
    var files = 0
    for target in [
      "ElectronSpectra", "BosonPropagators", "TransportCurrents", "SecondOrderTransport", "TerminalTransport", "Sweeps",
    ] {
      let folder = Self.root.appending(path: "Sources/" + target)
      for case let name as String in FileManager.default.enumerator(atPath: folder.path)! where name.hasSuffix(".swift") {
        let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
        for line in text.split(separator: "\n") where !line.drop(while: { $0 == " " }).hasPrefix("///") {
          #expect(line.firstMatch(of: path) == nil, "\(target)/\(name): \(line)")
        }
        files += 1
      }
    }
    #expect(files > 100)
  }

  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private static func file(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }
}
