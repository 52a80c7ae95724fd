import Foundation
import Pairbath
import PairbathTestSupport
import SystemFiles
import Testing

@testable import Exploration

@Suite("Questions of a live page")
struct ExplorationServiceTests {
  private static let dots = """
    title: Double dot
    units: natural
    conductor: {energies: [10.5, 9.5]}
    electrodes:
      L: {kind: wide-band, orbitals: [0], broadening: g}
      R: {kind: wide-band, orbitals: [1], broadening: 0.5}
    bosons: {modes: [1.0]}
    baths: {ph: {kind: ohmic, friction: 0.02}}
    coupling: {convention: dimensionless, matrices: [[[0.0, 0.5], [0.5, 0.0]]]}
    parameters: {g: 0.5, T0: 1.0, hot: T0 + dT/2}
    state: {chemical_potential: {L: mu, R: mu}, temperature: {L: hot, R: hot, ph: T0 - dT/2}}
    sweep: {mu: [10, 11, 12], dT: {from: -1.8, to: 1.8, points: 181}}
    compute: {observables: [energy_current], tolerance: 1e-8, rectification: {of: energy_current, over: dT}}
    """

  /// A model in a folder of its own.
  private final class Desk {
    let folder: ScratchFolder
    var path: String { folder.file("model.yaml") }

    init(_ text: String = dots) throws {
      folder = try ScratchFolder()
      try write(text)
    }

    func write(_ text: String) throws { try text.write(toFile: path, atomically: true, encoding: .utf8) }
    deinit { folder.remove(["model.yaml"]) }
  }

  private func question(_ json: String) throws -> ExplorationQuestion { try ExplorationQuestion(json: Data(json.utf8)) }

  private func object(_ json: String) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
  }

  private func numbers(_ name: String, in answer: [String: Any], _ key: String = "values") throws -> [Double] {
    let variables = try #require(answer["variables"] as? [[String: Any]])
    let variable = try #require(variables.first { $0["name"] as? String == name })
    let text = try #require(variable[key] as? String)
    let data = try #require(Data(base64Encoded: text))
    return data.withUnsafeBytes { Array($0.bindMemory(to: Double.self)) }
  }

  @Test("a curve has the bits that a run has")
  func curve() throws {
    let desk = try Desk()
    let service = try ExplorationService(file: desk.path)
    let answer = try object(
      service.answer(
        question(
          #"{"values": {"mu": 10.5, "g": 0.4}, "axes": [{"name": "dT", "from": -1, "to": 1, "points": 21}], "levels": true}"#)))
    let run = try ModelFile.read(
      text: Self.dots.replacing(", rectification: {of: energy_current, over: dT}", with: ""),
      overrides: ["mu=10.5", "g=0.4", "dT={from: -1, to: 1, points: 21}"]
    ).run()
    let current = try #require(run.variable("energy_current"))
    #expect(try numbers("energy_current", in: answer) == current.values)
    #expect(try numbers("energy_current", in: answer, "errors") == current.errors)
    let levels = try #require(answer["levels"] as? [[String: Double]])
    #expect(levels.map { $0["energy"]! } == [9.5, 10.5])
    // The width is Gamma: a resonance of half width Gamma/2.
    #expect(abs(levels[0]["width"]! - 0.5) < 1e-14 && abs(levels[1]["width"]! - 0.4) < 1e-14)
    #expect((answer["command"] as? String)?.contains("--set mu=10.5") == true)
  }

  @Test("a parameter becomes an axis; only the variables asked for are sent")
  func parameterAxis() throws {
    let desk = try Desk()
    let service = try ExplorationService(file: desk.path)
    let answer = try object(
      service.answer(
        question(
          #"{"axes": [{"name": "T0", "from": 0.5, "to": 2, "points": 4, "logarithmic": true}], "variables": ["energy_current"]}"#)
      ))
    let names = try #require(answer["variables"] as? [[String: Any]]).compactMap { $0["name"] as? String }
    #expect(names == ["energy_current", "status"])
    let axes = try #require(answer["axes"] as? [[String: Any]])
    #expect(axes.count == 1 && axes[0]["name"] as? String == "T0")
  }

  @Test("the description names variables with their ranges, and leaves expressions alone")
  func description() throws {
    let desk = try Desk()
    let model = try object(ExplorationService(file: desk.path).description)
    let variables = try #require(model["variables"] as? [[String: Any]])
    #expect(variables.map { $0["name"] as? String } == ["mu", "dT", "g", "T0"])
    #expect(variables[1]["from"] as? Double == -1.8 && variables[1]["to"] as? Double == 1.8)
    let fixed = try #require(model["fixed"] as? [[String: String]])
    #expect(fixed == [["name": "hot", "text": "T0 + dT/2"]])
    #expect(model["levels"] as? [String] == ["sharp", "landauer", "dressed"])
    #expect(model["error"] is NSNull)
  }

  @Test(
    "nonsense is refused with what was found",
    arguments: [
      "", "[]", "{", "null", "1e999", #"{"values": {"mu": "ten"}}"#, #"{"values": {"nobody": 1}}"#,
      #"{"values": {"conductor.file": 1}}"#,
      #"{"axes": [{"name": "mu", "from": 1, "to": 2, "points": 0}]}"#,
      #"{"axes": [{"name": "mu", "from": 1, "to": 2, "points": 2000000}]}"#,
      #"{"axes": [{"name": "mu", "from": 1, "to": 2, "points": 9999}, {"name": "dT", "from": 0, "to": 1, "points": 9999}]}"#,
      #"{"axes": [{"name": "mu", "from": -1, "to": 2, "points": 3, "logarithmic": true}]}"#,
      #"{"axes": [{"name": "mu", "from": 1, "to": 2, "points": 3}, {"name": "mu", "from": 1, "to": 2, "points": 3}]}"#,
      #"{"observables": ["energy_current]", "x"]}"#, #"{"level": "dressed]"}"#, #"{"tolerance": 0}"#, #"{"tolerance": -1}"#,
      #"{"frequencies": {"from": 0, "to": 1, "points": 100000000}}"#,
    ])
  func nonsense(_ json: String) throws {
    let desk = try Desk()
    let service = try ExplorationService(file: desk.path)
    let failure = #expect(throws: ExplorationFailure.self) { _ = try service.answer(question(json)) }
    #expect(failure?.status == 400)
    #expect(failure?.report.found.isEmpty == false)
  }

  @Test("what the model refuses has its place in the file")
  func refusal() throws {
    let desk = try Desk()
    let service = try ExplorationService(file: desk.path)
    let failure = #expect(throws: ExplorationFailure.self) { _ = try service.answer(question(#"{"values": {"dT": 5}}"#)) }
    #expect(failure?.status == 422 && failure?.report.line == 11)
    #expect(failure?.report.keyPath == ["state", "temperature", "ph"])
  }

  @Test("random bytes in place of a question do no harm")
  func randomBytes() throws {
    let desk = try Desk()
    let service = try ExplorationService(file: desk.path)
    var generator = SplitMix64(seed: 7)
    let good = Array(
      #"{"values": {"mu": 10.5}, "axes": [{"name": "dT", "from": -1, "to": 1, "points": 2}], "observables": ["energy_current"]}"#
        .utf8)
    for _ in 0..<2000 {
      var bytes = good
      for _ in 0...Int.random(in: 0...4, using: &generator) {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      }
      #expect([200, 400, 422].contains(status(of: Data(bytes), service)))
    }
  }

  @Test("a model that is edited is read again; a fault keeps the last good one beside its place")
  func editing() throws {
    let desk = try Desk()
    let service = try ExplorationService(file: desk.path)
    service.refresh()
    #expect(try object(service.description)["revision"] as? Int == 1)
    try desk.write(Self.dots.replacing("Double dot", with: "Other"))
    service.refresh()
    #expect(try object(service.description)["title"] as? String == "Other")
    try desk.write(Self.dots.replacing("broadening: g", with: "broadening: [g"))
    service.refresh()
    var model = try object(service.description)
    #expect(model["title"] as? String == "Other" && model["revision"] as? Int == 3)
    #expect(((model["error"] as? [String: Any])?["line"] as? Int ?? 0) > 0)
    #expect(throws: Never.self) { _ = try service.answer(question(#"{"values": {"mu": 10}}"#)) }
    try desk.write(Self.dots)
    service.refresh()
    model = try object(service.description)
    #expect(model["error"] is NSNull && model["title"] as? String == "Double dot")
  }

  @Test("a newer question of a view ends the older one")
  func cancelling() async throws {
    let desk = try Desk()
    let service = try ExplorationService(file: desk.path, workers: 1)
    let text =
      #"{"view": "a/map", "level": "dressed", "tolerance": 1e-10, "axes": [{"name": "mu", "from": 9, "to": 12, "points": 900}, {"name": "dT", "from": -1, "to": 1, "points": 900}]}"#
    let long = Data(text.utf8)
    let older = Task.detached { status(of: long, service) }
    try await Task.sleep(for: .milliseconds(300))
    _ = try service.answer(question(#"{"view": "a/map", "values": {"mu": 10}}"#))
    #expect(await older.value == 409)
  }

  @Test("exports: the model with its values, a table, a result file")
  func exports() throws {
    let desk = try Desk()
    let service = try ExplorationService(file: desk.path)
    let model = try service.export(question(#"{"format": "model", "values": {"mu": 11, "g": 0.3}}"#))
    #expect(String(decoding: model.bytes, as: UTF8.self).contains("g: 0.3"))
    let table = try service.export(question(#"{"format": "csv", "values": {"mu": 11}}"#))
    #expect(String(decoding: table.bytes, as: UTF8.self).contains("energy_current_error"))
    let file = try service.export(question(#"{"format": "netcdf", "values": {"mu": 11}}"#))
    #expect(Array(file.bytes.prefix(4)) == [0x89, 0x48, 0x44, 0x46])
    #expect(throws: ExplorationFailure.self) { _ = try service.export(question(#"{"format": "exe"}"#)) }
  }
}

/// The status that HTTP has for the answer to a question.
private func status(of json: Data, _ service: ExplorationService) -> Int {
  do {
    _ = try service.answer(ExplorationQuestion(json: json))
    return 200
  } catch { return error.status }
}
