import DataFiles
import DenseMatrices
import Foundation
import PairbathTestSupport
import Testing

@testable import ForeignFormats

@Suite("Hamiltonians of SIESTA")
struct SiestaHamiltonianTests {
  private static let crystal = TestCrystal.sheet(
    cells: 2, width: 1, hopping: -1.3, across: -0.4, overlap: 0.1, level: 0.25, shifts: [1: 0.5], spins: 2)

  /// Elements by row, column and R, whatever the order of the file.
  private static func table(_ file: SiestaHamiltonian, _ channel: Int) -> [String: (h: Double, s: Double)] {
    var result: [String: (h: Double, s: Double)] = [:]
    file.forEach(channel: channel) { (e) throws(Never) in
      result["\(e.row) \(e.column) \(file.offsets[e.cell])"] = (e.hamiltonian.real, e.overlap)
    }
    return result
  }

  @Test("TSHS of both versions and HSX of all three hold the same crystal", arguments: [0, 1, 2, 3, 4, 5])
  func versions(_ kind: Int) throws {
    try withTemporaryFolder { folder in
      var crystal = Self.crystal
      crystal.fermi = -2.5
      let (name, writer) = [
        ("a.TSHS", crystal.tshs()), ("a.TSHS", crystal.oldTSHS), ("a.HSX", crystal.hsx(version: 1)),
        ("a.HSX", crystal.hsx(version: 2)), ("a.HSX", crystal.hsx(version: 2, isDouble: false)), ("a.HSX", crystal.oldHSX),
      ][kind]
      try writer.write(folder + "/" + name)
      try crystal.xv.write(toFile: folder + "/a.XV", atomically: true, encoding: .utf8)
      try "  -2.5\n".write(toFile: folder + "/a.EIG", atomically: true, encoding: .utf8)
      let file = try SiestaHamiltonian.read(folder + "/" + name)
      #expect(file.size == 2 && file.channels == 2 && file.positions.count == 2)
      // Double precision: a unit back and forth. Single: 6e-8 of 2 eV.
      let precision = kind < 4 ? 1e-14 : 1e-6
      #expect(abs(file.fermiEnergy! + 2.5) < 1e-12)
      for channel in 0..<2 {
        let found = Self.table(file, channel)
        #expect(found.count == crystal.elements.count)
        for e in crystal.elements {
          let (h, s) = try #require(found["\(e.i) \(e.j) \(e.r)"])
          #expect(abs(h - e.h[channel]) < precision && abs(s - e.s) < precision, "\(e)")
        }
      }
    }
  }

  @Test("Records of another byte order or marker are named, as are versions nobody knows and files cut anywhere")
  func damaged() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/a.TSHS"
      func message(_ bytes: [UInt8]) throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return (#expect(throws: FileError.self) { try SiestaHamiltonian.read(path) })?.description ?? ""
      }
      for (marker, isBig, words) in [(4, true, "big-endian"), (8, false, "8 bytes"), (8, true, "8 bytes")] {
        var f = FortranWriter(marker: marker, isBig: isBig)
        f.record(.integers([1]))
        f.record(.integers([1, 1, 1, 1, 1]))
        let found = try message(f.bytes)
        #expect(found.contains(words), "\(found)")
      }
      let version = try message(Self.crystal.tshs(version: 7).bytes)
      #expect(version.contains("version 7"), "\(version)")
      let empty = try message([])
      #expect(empty.contains("empty"), "\(empty)")
      let text = try message(Array("no Hamiltonian at all".utf8))
      #expect(text.contains("Fortran records"), "\(text)")
      let whole = Self.crystal.tshs()
      for count in stride(from: 1, to: whole.bytes.count - 1, by: 97) {
        let cut = try message(Array(whole.bytes.prefix(count)))
        #expect(!cut.isEmpty, "\(count) bytes")
      }
    }
  }

  @Test(
    "Numbers in a file that are used as indices are checked: one changed number is an error or another crystal, never a crash")
  func hostile() throws {
    try withTemporaryFolder { folder in
      for (name, writer) in [
        ("a.TSHS", Self.crystal.tshs()), ("b.TSHS", Self.crystal.oldTSHS), ("a.HSX", Self.crystal.hsx(version: 2)),
        ("b.HSX", Self.crystal.oldHSX),
      ] {
        let path = folder + "/" + name
        try Self.crystal.xv.write(toFile: folder + "/b.XV", atomically: true, encoding: .utf8)
        var bytes = writer.bytes
        for at in stride(from: 0, to: min(bytes.count - 4, 1200), by: 4) where at < 300 || at % 28 == 0 {
          let old = Array(bytes[at..<(at + 4)])
          for new: [UInt8] in [[0xff, 0xff, 0xff, 0x7f], [0xff, 0xff, 0xff, 0xff], [0, 0, 0, 0]] {
            bytes.replaceSubrange(at..<(at + 4), with: new)
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            do throws(FileError) { _ = try SiestaHamiltonian.read(path) } catch { #expect(!error.found.isEmpty) }
          }
          bytes.replaceSubrange(at..<(at + 4), with: old)
        }
      }
    }
  }

  @Test("A NetCDF file without the variables is told which it lacks")
  func netCDF() throws {
    try withTemporaryFolder { folder in
      let file = try NetCDFFile(creating: folder + "/a.nc")
      try file.defineDimension("x", length: 3)
      try file.defineVariable("nothing", over: ["x"])
      try file.write([1, 2, 3], to: "nothing")
      try file.close()
      let error = #expect(throws: FileError.self) { try SiestaHamiltonian.read(folder + "/a.nc") }
      #expect(error?.description.contains("cell") == true)
      #expect(throws: FileError.self) { try SiestaHamiltonian.read(folder + "/a.xyz") }
    }
  }
}
