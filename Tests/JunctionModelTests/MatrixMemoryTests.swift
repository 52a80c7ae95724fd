import DenseMatrices
import JunctionModel
import Testing

@Suite("Memory of a model's matrices")
struct MatrixMemoryTests {
  @Test("matrices that do not fit are refused with what they need, what there is and what to do")
  func refusal() throws {
    // Two matrices of 100 x 100: 320 kB.
    try MemoryBudget.requireMatrices(
      2, size: 100, of: "100 orbitals", at: ["conductor"], hint: "fewer", within: MemoryBudget(available: 400_000))
    let error = #expect(throws: ModelError.self) {
      try MemoryBudget.requireMatrices(
        2, size: 100, of: "100 orbitals", at: ["conductor"], hint: "fewer", within: MemoryBudget(available: 300_000))
    }
    #expect(error?.path == ["conductor"] && error?.hint == "fewer" && error?.found.contains("0.31 MiB") == true)
  }

  @Test("a chain of more sites than any memory holds is refused before its matrix is made")
  func chain() {
    let error = #expect(throws: ModelError.self) { try BosonSystem.chain(sites: 10_000_000, spring: 1) }
    #expect(error?.path == ["bosons", "chain", "sites"])
  }
}
