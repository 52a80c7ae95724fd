import DataFiles
import PairbathTestSupport
import Testing
import TransportResults

@testable import ResultFiles

@Suite("Results in memory")
struct ResultArraysTests {
  @Test("have the variables, dimensions, numbers and attributes of the result file")
  func asInTheFile() throws {
    let result = sampleResult()
    try withTemporaryFolder { folder in
      let path = folder + "/r.nc"
      try ResultFile.write(result, to: path)
      let file = try NetCDFFile(reading: path)
      let arrays = ResultArrays(result)
      #expect(arrays.variables.map(\.name) == (try file.variableNames()))
      for variable in arrays.variables {
        let dimensions = try file.dimensions(of: variable.name)
        #expect(variable.dimensions == dimensions.map(\.name))
        #expect(variable.shape == dimensions.map(\.length))
        switch variable.contents {
        case .strings(let strings): #expect(try file.strings(variable.name) == strings)
        case .doubles(let numbers), .integers(let numbers):
          let stored = try file.doubles(variable.name).values
          #expect(stored.map(\.bitPattern) == numbers.map(\.bitPattern))
        }
        for (name, value) in variable.attributes {
          switch value {
          case .text(let text): #expect(try file.text(attribute: name, of: variable.name) == text)
          case .numbers(let numbers): #expect(try file.numbers(attribute: name, of: variable.name) == numbers)
          }
        }
      }
      for case (let name, .text(let text)) in arrays.attributes { #expect(try file.text(attribute: name) == text) }
    }
  }

  @Test("share the numbers of the result")
  func shared() throws {
    let result = sampleResult()
    let variable = try #require(ResultArrays(result).variables.first { $0.name == "energy_current" })
    guard case .doubles(let numbers) = variable.contents else {
      Issue.record("no numbers")
      return
    }
    let original = try #require(result.variable("energy_current"))
    let same = numbers.withUnsafeBufferPointer { a in original.values.withUnsafeBufferPointer { a.baseAddress == $0.baseAddress }
    }
    #expect(same)
  }
}
