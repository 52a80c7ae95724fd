import Foundation
import PairbathTestSupport
import Testing

@testable import DataFiles
@testable import ModelFiles

@Suite("Files read by a process of their own")
struct ContainedReaderTests {
  /// Writes a file with numbers, strings and attributes of every kind.
  private func write(_ path: String) throws {
    let file = try NetCDFFile(creating: path)
    try file.defineDimension("x", length: 3)
    try file.defineDimension("y", length: 2)
    try file.defineVariable("numbers", over: ["x", "y"])
    try file.write([1, .nan, -.infinity, 4, 5, 6], to: "numbers")
    try file.defineVariable("whole", .int, over: ["x"])
    try file.write([7, 8, 9], to: "whole")
    try file.defineVariable("single", over: [])
    try file.write([0.5], to: "single")
    try file.defineStringVariable("words", over: ["x"])
    try file.write(["a", "", "\u{3bc}"], to: "words")
    try file.write(attribute: "text", "h\u{e9}", of: "numbers")
    try file.write(attribute: "pair", [1, 2], of: "numbers")
    try file.write(attribute: "empty", "")
    try file.close()
  }

  @Test("names, shapes, attributes, numbers and strings arrive as they were written")
  func everything() throws {
    try withTemporaryFolder { folder in
      try write(folder + "/a.nc")
      let file = try NetCDFFile(reading: folder + "/a.nc")
      #expect(try file.variableNames() == ["numbers", "whole", "single", "words"])
      #expect(try file.dimensions(of: "numbers").map(\.name) == ["x", "y"] && file.doubles("numbers").shape == [3, 2])
      #expect(same(try file.doubles("numbers").values, [1, .nan, -.infinity, 4, 5, 6]))
      #expect(try file.doubles("whole").values == [7, 8, 9] && file.doubles("single").values == [0.5])
      #expect(try file.strings("words") == ["a", "", "\u{3bc}"])
      #expect(try file.text(attribute: "text", of: "numbers") == "h\u{e9}" && file.text(attribute: "empty") == "")
      #expect(try file.numbers(attribute: "pair", of: "numbers") == [1, 2] && file.numbers(attribute: "none") == nil)
      #expect(throws: FileError.self) { try file.doubles("words") }
      #expect(throws: FileError.self) { try file.strings("whole") }
      #expect(throws: FileError.self) { try file.textOnly(attribute: "pair", of: "numbers") }
      #expect(throws: FileError.self) { try file.numberOnly(attribute: "pair", of: "numbers") }
    }
  }

  @Test(
    "variables larger than a block arrive whole",
    arguments: [[3_000_000], [3, 1_100_001], [2, 3, 600_001], [1, 1, 2_500_000, 1]])
  func blocks(shape: [Int]) throws {
    try withTemporaryFolder { folder in
      let file = try NetCDFFile(creating: folder + "/a.nc")
      for (d, length) in shape.enumerated() { try file.defineDimension("d\(d)", length: length) }
      try file.defineVariable("v", over: shape.indices.map { "d\($0)" })
      let values = (0..<shape.reduce(1, *)).map { Double($0) }
      try file.write(values, to: "v")
      try file.close()
      let back = try NetCDFFile(reading: folder + "/a.nc").doubles("v")
      #expect(back.values == values && back.shape == shape)
    }
  }

  @Test("the process ends with the file, and is collected")
  func nothingRemains() throws {
    try withTemporaryFolder { folder in
      try write(folder + "/a.nc")
      let before = try descriptors()
      for _ in 0..<20 { _ = try NetCDFFile(reading: folder + "/a.nc").doubles("numbers") }
      // Other tests open files at the same time; twenty leaks would still be seen.
      #expect(try descriptors() < before + 20)
      let reader = try ContainedReader(folder + "/a.nc")
      let process = reader.process
      #expect(process > 0 && kill(process, 0) == 0)
      reader.stop()
      #expect(kill(process, 0) != 0 && errno == ESRCH)
      #expect(throws: FileError.self) { try reader.doubles(0) }
    }
  }

  private func descriptors() throws -> Int { try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count }

  @Test("a process that dies is an error that names the file, again and again")
  func death() throws {
    try withTemporaryFolder { folder in
      try write(folder + "/a.nc")
      let file = try NetCDFFile(reading: folder + "/a.nc")
      kill(try #require(file.reader).process, SIGSEGV)
      for _ in 0..<2 {
        let error = try #require(throws: FileError.self) { try file.doubles("numbers") }
        #expect(error.exitCode == 65 && error.file == folder + "/a.nc" && error.found.contains("damaged"), "\(error)")
        #expect(!error.hint.isEmpty)
      }
      #expect(try file.variableNames().count == 4)
    }
  }

  @Test("a process that does not answer is ended")
  func stopped() throws {
    try withTemporaryFolder { folder in
      try write(folder + "/a.nc")
      let reader = try ContainedReader(folder + "/a.nc", patience: 0.3)
      kill(reader.process, SIGSTOP)
      let clock = ContinuousClock()
      let start = clock.now
      let error = try #require(throws: FileError.self) { try reader.doubles(0) }
      #expect(error.exitCode == 65 && error.found.contains("no answer"), "\(error)")
      #expect(start.duration(to: clock.now) < .seconds(20))
    }
  }

  @Test("pipes, folders, devices and sockets are refused at once")
  func notRegular() throws {
    try withTemporaryFolder { folder in
      #expect(mkfifo(folder + "/pipe.nc", 0o600) == 0)
      for (path, word) in [
        (folder + "/pipe.nc", "pipe"), (folder, "folder"), ("/dev/zero", "device"), (folder + "/no.nc", "no such"),
      ] {
        let error = try #require(throws: FileError.self) { try NetCDFFile(reading: path) }
        #expect(error.code == .cannotRead && error.found.contains(word), "\(error)")
      }
      let error = try #require(throws: FileError.self) {
        try NumberColumns(path: folder + "/pipe.nc", widths: 2...2, meaning: "energy and transmission")
      }
      #expect(error.code == .cannotRead && error.found == "a pipe", "\(error)")
    }
  }

  @Test(
    "a name that looks like an address or has options is a file like others", arguments: ["http:", "a#mode=zarr", "\u{3bc} b"])
  func names(name: String) throws {
    try withTemporaryFolder { folder in
      try write(folder + "/a.nc")
      try FileManager.default.moveItem(atPath: folder + "/a.nc", toPath: folder + "/" + name)
      #expect(try NetCDFFile(reading: folder + "/" + name).variableNames().count == 4)
    }
  }
}

@Suite("Blocks of a variable")
struct BlockPlanTests {
  @Test(
    "blocks follow each other and cover the array once",
    arguments: [
      ([], 0), ([5], 0), ([5], 2), ([1 << 22], 0), ([1 << 22], 1000), ([3, 1 << 21], 0), ([3, 1 << 21], 2), ([7, 5, 3 << 18], 1),
      ([2, 2, 2, 1 << 21, 3], 0), ([100, 1 << 16], 64),
    ] as [([Int], Int)])
  func cover(shape: [Int], chunk: Int) {
    let total = shape.reduce(1, *)
    let plan = BlockPlan(shape: shape, chunk: chunk)
    var place = 0
    for block in plan {
      var start = 0
      for (s, length) in zip(block.start, shape) { start = start * length + s }
      #expect(start == place && block.elements <= BlockPlan.most && block.elements <= plan.largest)
      for (d, length) in shape.enumerated() { #expect(block.start[d] + block.count[d] <= length) }
      place += block.elements
    }
    #expect(place == total)
  }
}
