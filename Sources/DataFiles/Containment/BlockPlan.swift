/// The numbers of a variable in blocks that follow each other in memory and fit into the reader's window.
package struct BlockPlan: Sequence {
  /// Part of an array: `count` indices from `start` along every dimension; `elements` is their product.
  package struct Block {
    package let start: [Int]
    package let count: [Int]
    package let elements: Int
  }

  /// Usual number of elements of a block, 8 MiB.
  package static let usual = 1 << 20
  /// Most elements of a block, for chunks that should be taken apart once only, 128 MiB.
  package static let most = 1 << 24

  private let shape: [Int]
  /// The dimension blocks divide; earlier ones are taken index by index, later ones whole.
  private let divided: Int
  private let rows: Int

  /// Blocks of an array without a dimension of length 0; `chunk` is the length of a chunk along the first one, 0 without chunks.
  package init(shape: [Int], chunk: Int) {
    self.shape = shape
    if let rows = Self.rowsOfWholeChunks(shape, chunk) {
      (divided, self.rows) = (0, rows)
      return
    }
    var inner = 1
    var dimension = Swift.max(shape.count - 1, 0)
    while dimension > 0, shape[dimension] <= Self.usual / inner {
      inner *= shape[dimension]
      dimension -= 1
    }
    divided = dimension
    rows = Swift.max(1, Self.usual / inner)
  }

  /// Rows along the first dimension that hold whole chunks, so that none is taken apart twice; nil when they were too many.
  private static func rowsOfWholeChunks(_ shape: [Int], _ chunk: Int) -> Int? {
    guard chunk > 0, chunk <= most, !shape.isEmpty else { return nil }
    let row = shape.dropFirst().reduce(1, *)
    guard row <= most / chunk else { return nil }
    return Swift.max(1, usual / (row * chunk)) * chunk
  }

  /// Elements of the largest block.
  package var largest: Int { first { _ in true }?.elements ?? 0 }

  package func makeIterator() -> AnyIterator<Block> {
    var start = [Int](repeating: 0, count: shape.count)
    var isDone = false
    return AnyIterator {
      guard !isDone else { return nil }
      var count = shape
      if !shape.isEmpty {
        for d in 0..<divided { count[d] = 1 }
        count[divided] = Swift.min(rows, shape[divided] - start[divided])
      }
      let block = Block(start: start, count: count, elements: count.reduce(1, *))
      isDone = !advance(&start)
      return block
    }
  }

  /// Moves to the next block; false after the last one.
  private func advance(_ start: inout [Int]) -> Bool {
    guard !shape.isEmpty else { return false }
    start[divided] += rows
    var d = divided
    while start[d] >= shape[d] {
      start[d] = 0
      guard d > 0 else { return false }
      d -= 1
      start[d] += 1
    }
    return true
  }
}
