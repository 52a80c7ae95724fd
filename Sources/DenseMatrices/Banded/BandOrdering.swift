/// An order of the indices of sparse matrices in which all elements lie close to the diagonal: reverse Cuthill-McKee.
///
/// Each connected part is walked through breadth-first from an index at its far end (the end of a longest shortest path, as
/// George and Liu find it), neighbours by ascending degree, and the walk is reversed: Cuthill and McKee 1969; George and Liu 1981.
package struct BandOrdering: Sendable, Equatable {
  /// Old index at each new position.
  package let order: [Int]
  /// New position of each old index.
  package let positions: [Int]
  /// Largest distance from the diagonal of any element, in the new order.
  package let bandwidth: Int

  /// Orders the indices of the matrices (all of one size) and of cliques, sets of indices that are all connected with each other.
  /// Cost: the number of elements times the logarithm of the largest degree, a few times.
  package init(_ matrices: [SparseHermitianMatrix], cliques: [[Int]] = []) {
    let size = matrices.first?.size ?? 0
    precondition(matrices.allSatisfy { $0.size == size }, "matrices of different sizes have no common order")
    let graph = Graph(matrices, cliques, size: size)
    var walk = Walk(size: size)
    var order: [Int] = []
    order.reserveCapacity(size)
    for first in 0..<size where !walk.isDone[first] {
      let part = walk.part(from: walk.farEnd(first, graph), graph)
      for index in part { walk.isDone[index] = true }
      order += part.reversed()
    }
    var positions = [Int](repeating: 0, count: size)
    for (position, index) in order.enumerated() { positions[index] = position }
    self.order = order
    self.positions = positions
    var widest = 0
    for i in 0..<size {
      for k in graph.starts[i]..<graph.starts[i + 1] {
        widest = max(widest, abs(positions[i] - positions[graph.neighbours[k]]))
      }
    }
    bandwidth = widest
  }

  /// Neighbours of every index, each once, without itself.
  private struct Graph {
    let starts: [Int]
    let neighbours: [Int]

    init(_ matrices: [SparseHermitianMatrix], _ cliques: [[Int]], size: Int) {
      var cliquesOf: [Int: [Int]] = [:]
      for (c, clique) in cliques.enumerated() {
        for index in clique { cliquesOf[index, default: []].append(c) }
      }
      var starts = [0]
      starts.reserveCapacity(size + 1)
      var neighbours: [Int] = []
      var seen = [Int](repeating: -1, count: size)
      for i in 0..<size {
        seen[i] = i
        func add(_ j: Int) {
          guard seen[j] != i else { return }
          seen[j] = i
          neighbours.append(j)
        }
        for matrix in matrices {
          for k in matrix.starts[i]..<matrix.starts[i + 1] where matrix.values[k] != .zero { add(matrix.columns[k]) }
        }
        for c in cliquesOf[i] ?? [] {
          for j in cliques[c] { add(j) }
        }
        starts.append(neighbours.count)
      }
      self.starts = starts
      self.neighbours = neighbours
    }

    func degree(_ i: Int) -> Int { starts[i + 1] - starts[i] }
  }

  /// Breadth-first walks over what has not been ordered yet.
  private struct Walk {
    var isDone: [Bool]
    private var mark: [Int]
    private var round = 0

    init(size: Int) {
      isDone = [Bool](repeating: false, count: size)
      mark = [Int](repeating: 0, count: size)
    }

    /// Indices of a connected part, level by level.
    mutating func part(from root: Int, _ graph: Graph) -> [Int] {
      levels(from: root, graph).indices
    }

    /// An index from which the part is as deep as from any that is easily found.
    mutating func farEnd(_ start: Int, _ graph: Graph) -> Int {
      var root = start
      var depth = -1
      while true {
        let (indices, last, levels) = levels(from: root, graph)
        guard levels > depth else { return root }
        depth = levels
        let next = indices[last...].min { (graph.degree($0), $0) < (graph.degree($1), $1) }!
        if next == root { return root }
        root = next
      }
    }

    /// The walk, where its last level begins, and how many levels there are.
    private mutating func levels(from root: Int, _ graph: Graph) -> (indices: [Int], last: Int, depth: Int) {
      round += 1
      mark[root] = round
      var indices = [root]
      var (first, depth) = (0, 0)
      while true {
        let end = indices.count
        for position in first..<end {
          let i = indices[position]
          var found: [Int] = []
          for k in graph.starts[i]..<graph.starts[i + 1] {
            let j = graph.neighbours[k]
            guard mark[j] != round && !isDone[j] else { continue }
            mark[j] = round
            found.append(j)
          }
          found.sort { (graph.degree($0), $0) < (graph.degree($1), $1) }
          indices += found
        }
        if indices.count == end { return (indices, first, depth) }
        (first, depth) = (end, depth + 1)
      }
    }
  }
}
