import DataFiles
import DenseMatrices

/// The contents of a `junction.nc` before it is written: variables over named dimensions, in the units of model files.
package struct JunctionData: Sendable {
  /// A variable with all its numbers, row-major.
  package struct Variable: Sendable {
    package let name: String
    package let dimensions: [(name: String, length: Int)]
    package let values: [Double]
    /// True for whole numbers.
    package let isIndex: Bool
    /// Text attributes: `units`, `convention`, `long_name`.
    package let attributes: [(name: String, text: String)]
  }

  /// In the order of writing.
  package private(set) var variables: [Variable] = []
  /// Text attributes of the file.
  package var texts: [(name: String, text: String)] = []
  /// Numeric attributes of the file, for example `fermi_energy_eV`.
  package var numbers: [(name: String, value: Double)] = []

  package init() {}

  /// Adds numbers over dimensions whose lengths they fill. A dimension has one length in a file.
  package mutating func add(
    _ name: String, _ values: [Double], over dimensions: [(name: String, length: Int)], isIndex: Bool = false,
    attributes: [(name: String, text: String)] = []
  ) {
    precondition(values.count == dimensions.reduce(1) { $0 * $1.length }, "\(name): \(values.count) numbers")
    variables.append(
      Variable(name: name, dimensions: dimensions, values: values, isIndex: isIndex, attributes: attributes))
  }

  /// Adds a matrix, `name` alone where it is real, `name_real` and `name_imag` where it is not. `dimensions` are those of rows and columns.
  package mutating func add(
    _ name: String, _ matrix: Matrix, over dimensions: (rows: String, columns: String), unit: String? = nil,
    attributes: [(name: String, text: String)] = []
  ) {
    add(name, stack: [matrix], over: [], dimensions, unit, attributes)
  }

  /// Adds equally shaped matrices along one more dimension in front.
  package mutating func add(
    _ name: String, _ matrices: [Matrix], along outer: String, over dimensions: (rows: String, columns: String),
    unit: String? = nil, attributes: [(name: String, text: String)] = []
  ) {
    add(name, stack: matrices, over: [(outer, matrices.count)], dimensions, unit, attributes)
  }

  /// Adds matrices by transverse lattice vector: `name` (block, rows, columns) and `name_lattice_vector` (block, direction); one matrix
  /// without lattice vectors is added as it is.
  package mutating func add(
    _ name: String, blocks: [(r: [Int], matrix: Matrix)], over dimensions: (rows: String, columns: String),
    unit: String? = nil
  ) {
    guard blocks.count > 1 || blocks.first?.r.isEmpty == false else {
      if let only = blocks.first { add(name, only.matrix, over: dimensions, unit: unit) }
      return
    }
    let outer = "\(name)_block"
    add(name, blocks.map(\.matrix), along: outer, over: dimensions, unit: unit)
    add(
      "\(name)_lattice_vector", blocks.flatMap { $0.r.map(Double.init) },
      over: [(outer, blocks.count), ("direction", blocks[0].r.count)], isIndex: true)
  }

  private mutating func add(
    _ name: String, stack: [Matrix], over outer: [(name: String, length: Int)], _ dimensions: (rows: String, columns: String),
    _ unit: String?, _ attributes: [(name: String, text: String)]
  ) {
    let (rows, columns) = (stack[0].rows, stack[0].columns)
    let shape = outer + [(dimensions.rows, rows), (dimensions.columns, columns)]
    let all = attributes + (unit.map { [("units", $0)] } ?? [])
    func numbers(_ part: (Scalar) -> Double) -> [Double] {
      stack.flatMap { matrix in (0..<rows).flatMap { i in (0..<columns).map { part(matrix[i, $0]) } } }
    }
    let imaginary = numbers { $0.imaginary }
    let isReal = imaginary.allSatisfy { $0 == 0 }
    add(isReal ? name : name + "_real", numbers { $0.real }, over: shape, attributes: all)
    if !isReal { add(name + "_imag", imaginary, over: shape, attributes: all) }
  }

  /// Writes the file, which appears whole or not at all.
  package func write(to path: String) throws(FileError) {
    try AtomicFile.write(to: path) { (temporary) throws(FileError) in
      let file = try NetCDFFile(creating: temporary)
      var known: [String: Int] = [:]
      for variable in variables {
        for (name, length) in variable.dimensions where known[name] == nil {
          try file.defineDimension(name, length: length)
          known[name] = length
        }
        precondition(
          variable.dimensions.allSatisfy { known[$0.name] == $0.length }, "\(variable.name): dimensions of two lengths")
        try file.defineVariable(variable.name, variable.isIndex ? .int : .double, over: variable.dimensions.map(\.name))
      }
      for variable in variables { try file.write(variable.values, to: variable.name) }
      for variable in variables {
        for (name, text) in variable.attributes { try file.write(attribute: name, text, of: variable.name) }
      }
      for (name, text) in texts { try file.write(attribute: name, text) }
      for (name, value) in numbers { try file.write(attribute: name, [value]) }
      try file.close()
    }
  }
}
