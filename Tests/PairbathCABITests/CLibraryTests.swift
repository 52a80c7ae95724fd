import CPairbath
import Testing

@testable import PairbathCABI

/// The C functions as C calls them.
@Suite("C library")
struct CLibraryTests {
  private static let text = """
    units: natural
    conductor: {energies: [10.5, 9.5]}
    electrodes:
      L: {kind: wide-band, orbitals: [0], broadening: 0.5}
      R: {kind: wide-band, orbitals: [1], broadening: 0.5}
    bosons: {modes: [1.0]}
    baths: {ph: {kind: ohmic, friction: 0.02}}
    coupling: {convention: dimensionless, matrices: [[[0.0, 0.5], [0.5, 0.0]]]}
    parameters: {V: 0.3}
    state: {chemical_potential: {L: 10 + V/2, R: 10 - V/2}, temperature: 1}
    compute: {observables: [energy_current]}
    """

  /// Reads a text as C does.
  private func read(_ text: String, _ error: CFailurePlace? = nil) -> OpaquePointer? {
    text.withCString { pointer in
      var source = pairbath_source()
      source.text = pointer
      return readModel(&source, error)
    }
  }

  @Test("a model is read, computed and freed; contents stay as long as the result")
  func life() throws {
    let model = try #require(read(Self.text))
    let result = try #require(runModel(model, 1, nil, nil, nil))
    freeModel(model)
    let record = PairbathCABI.contents(of: result)
    let contents = try #require(record).pointee
    #expect(contents.exit_code == 0)
    let variables = (0..<Int(contents.variable_count)).map { contents.variables[$0] }
    let current = try #require(variables.first { String(cString: $0.name) == "energy_current" })
    #expect(current.rank == 0 && current.count == 1 && current.numbers[0].isFinite)
    freeResult(result)
  }

  @Test("an error has its place, what was found and what is allowed")
  func errors() throws {
    var error: UnsafeMutablePointer<pairbath_error>?
    #expect(read(Self.text.replacing("broadening: 0.5", with: "broadening: -1"), &error) == nil)
    let record = try #require(error).pointee
    #expect(record.exit_code == 65 && record.line == 4)
    #expect(String(cString: record.key_path) == "electrodes.L.broadening")
    #expect(String(cString: record.found).contains("-1"))
    #expect(!String(cString: record.allowed).isEmpty)
    freeError(error)
    #expect(read("", nil) == nil)
  }

  @Test("a monitor that wants an end gets one")
  func ended() throws {
    let model = try #require(read(Self.text))
    var error: UnsafeMutablePointer<pairbath_error>?
    let stop: CMonitor = { _, _, _, _ in 1 }
    let result = runModel(model, 1, stop, nil, &error)
    if let result {
      #expect(contents(of: result)?.pointee.exit_code == 130)
      freeResult(result)
    } else {
      #expect(error?.pointee.exit_code == 130)
    }
    freeError(error)
    freeModel(model)
  }

  @Test(
    "faulty arrays are errors: negative and enormous lengths, missing names and numbers",
    arguments: [-1, 1 << 40, 1 << 60] as [Int64])
  func arrays(length: Int64) throws {
    let shape: [Int64] = [2, length]
    let values = [0.0]
    try shape.withUnsafeBufferPointer { shape in
      try values.withUnsafeBufferPointer { values in
        try "hamiltonian".withCString { name in
          for (rank, hasName, hasValues) in [(2, true, true), (1, false, true), (1, true, false), (40, true, true)] {
            var array = pairbath_array()
            (array.rank, array.shape) = (Int32(rank), shape.baseAddress)
            array.name = hasName ? name : nil
            array.values = hasValues ? values.baseAddress : nil
            try withUnsafePointer(to: array) { array in
              var source = pairbath_source()
              (source.arrays, source.array_count) = (array, 1)
              var error: UnsafeMutablePointer<pairbath_error>?
              let model = Self.text.withCString { text in
                source.text = text
                return readModel(&source, &error)
              }
              #expect(model == nil)
              let failure = try #require(error)
              #expect(failure.pointee.exit_code == 64)
              freeError(error)
            }
          }
        }
      }
    }
  }

  @Test("every function of the header is there")
  func header() throws {
    // The compiler checks the calls; this one checks the version that Python compares.
    #expect(interfaceVersion() == PAIRBATH_ABI)
    #expect(libraryVersion().map { String(cString: $0) }?.isEmpty == false)
  }
}
