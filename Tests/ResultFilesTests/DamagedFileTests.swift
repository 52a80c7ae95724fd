import Foundation
import JunctionModel
import PairbathTestSupport
import Testing
import TransportResults

@testable import DataFiles
@testable import ModelFiles
@testable import ResultFiles

/// Ways a file gets damaged.
private enum Damage: CaseIterable {
  case bit, byte, block, truncation, fill, copy

  func apply(to bytes: inout [UInt8], using random: inout some RandomNumberGenerator) {
    let place = Int.random(in: 0..<bytes.count, using: &random)
    let length = min(Int.random(in: 1...512, using: &random), bytes.count - place)
    switch self {
    case .bit: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case .byte: bytes[place] = .random(in: 0...255, using: &random)
    case .block: for i in place..<place + length { bytes[i] = .random(in: 0...255, using: &random) }
    case .truncation: bytes.removeLast(bytes.count - place)
    case .fill: for i in place..<place + length { bytes[i] = 0xff }
    case .copy:
      let from = Int.random(in: 0...bytes.count - length, using: &random)
      bytes.replaceSubrange(place..<place + length, with: Array(bytes[from..<from + length]))
    }
  }
}

/// The same numbers on every machine, from one seed.
private struct Generator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

@Suite("Damaged files")
struct DamagedFileTests {
  /// Calls `read` with damaged copies of a file; it must return or throw an error of the file, in time.
  private func attack(_ path: String, count: Int, _ read: (String) throws -> Bool) throws {
    let seed: UInt64 = 20_240_611
    print("damaged files: seed \(seed)")
    var random = Generator(state: seed)
    let whole = [UInt8](try #require(FileManager.default.contents(atPath: path)))
    var refused = 0
    for number in 0..<count {
      var bytes = whole
      let damage = Damage.allCases[number % Damage.allCases.count]
      damage.apply(to: &bytes, using: &random)
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      do {
        #expect(try read(path), "damage \(number), \(damage): read and not the same")
      } catch let error as FileError {
        refused += 1
        #expect(error.exitCode == 65 && error.file == path && !error.found.isEmpty, "damage \(number), \(damage): \(error)")
      }
    }
    #expect(refused > count / 10 && refused < count)
  }

  @Test("a damaged result is refused, or is the one that was written")
  func results() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/r.nc"
      let written = sampleResult()
      try ResultFile.write(written, to: path)
      try attack(path, count: 150) { path in
        let back = try ResultFile.read(from: path)
        return back.axes == written.axes && back.title == written.title && back.modelText == written.modelText
          && zip(back.variables, written.variables).allSatisfy { same($0.values, $1.values) && $0.name == $1.name }
      }
    }
  }

  @Test("a damaged data file is refused or read")
  func data() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/j.nc"
      let file = try NetCDFFile(creating: path)
      try file.defineDimension("orbital", length: 4)
      for name in ["hamiltonian", "overlap", "electrode_L_broadening"] {
        try file.defineVariable(name, over: ["orbital", "orbital"])
        try file.write((0..<16).map { $0 % 5 == 0 ? 1 : 0 }, to: name)
        try file.write(attribute: "units", "eV", of: name)
      }
      try file.close()
      try attack(path, count: 150) { path in
        let file = try JunctionFile(path: path, units: .electronVolt)
        return try file.hamiltonian().isSquare && file.overlap()?.isSquare ?? true && file.broadening(of: "L").isSquare
      }
    }
  }

  @Test("every flipped bit among the values is found, and the variable is named")
  func everyBit() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/r.nc"
      let values = (0..<40).map { 1.25 + Double($0) * .pi }
      var result = TransportResult(axes: [SweepAxis("V", (0..<40).map { Double($0) })])
      result.variables = [
        ResultVariable(name: "energy_current", dimensions: ["V"], values: values, errors: nil, unit: "W", longName: "J")
      ]
      try ResultFile.write(result, to: path)
      let whole = [UInt8](try #require(FileManager.default.contents(atPath: path)))
      let block = values.withUnsafeBytes { Array($0) }
      let start = try #require((0...whole.count - block.count).first { Array(whole[$0..<$0 + 16]) == Array(block[0..<16]) })
      #expect(Array(whole[start..<start + block.count]) == block)
      for k in 0..<60 {
        var bytes = whole
        bytes[start + (k * 37) % block.count] ^= 1 << UInt8(k % 8)
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let error = try #require(throws: FileError.self) { try ResultFile.read(from: path) }
        #expect(error.keyPath == ["energy_current"] && error.exitCode == 65 && error.found.contains("checksum"), "\(error)")
      }
    }
  }

  @Test("a variable that a small file cannot hold is refused before memory is asked for")
  func enormous() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/j.nc"
      let file = try NetCDFFile(creating: path)
      try file.defineDimension("a", length: 1_000_000)
      try file.defineDimension("b", length: 1_000_000)
      try file.defineVariable("hamiltonian", over: ["a", "b"])
      try file.defineVariable("overlap", over: ["a"])
      try file.close()
      let reading = try JunctionFile(path: path, units: .electronVolt)
      for body in [{ try reading.hamiltonian() }, { try reading.overlap() ?? .init(rows: 0, columns: 0) }] {
        let error = try #require(throws: FileError.self) { _ = try body() }
        #expect(error.exitCode == 65 && !error.keyPath.isEmpty, "\(error)")
      }
    }
  }
}
