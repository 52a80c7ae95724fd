import Synchronization
import SystemFiles

/// One array in memory for a model: what a variable of a data file is.
///
///     NamedArray("hamiltonian", shape: [2, 2], values: [0, -1, -1, 0], attributes: ["units": "eV"])
public struct NamedArray: Sendable, Equatable {
  /// Name of the variable, as in a data file, for example `electrode_L_broadening`.
  public let name: String
  /// Lengths of the dimensions, slowest first.
  public let shape: [Int]
  /// The numbers in row-major order.
  public let values: [Double]
  /// Text attributes: `units`, `convention`.
  public let attributes: [String: String]

  /// A named array. The count of `values` must be the product of `shape`; a complex array is two, `X` and `X_imag`.
  public init(_ name: String, shape: [Int], values: [Double], attributes: [String: String] = [:]) {
    precondition(shape.reduce(1, *) == values.count, "\(values.count) numbers do not fill \(name) of shape \(shape)")
    (self.name, self.shape, self.values, self.attributes) = (name, shape, values, attributes)
  }
}

/// Arrays in memory that a model reads in place of a data file.
package final class ArraysInMemory: NamedArrays, Sendable {
  /// How a model names them: `file: memory` in place of a path.
  package static let name = "memory"
  private let arrays: [NamedArray]
  private let places: [String: Int]
  private let known = Mutex<String?>(nil)

  package var path: String { Self.name }

  /// The given arrays; of two that are called the same, the first. Those without dimensions are what numeric attributes of a file are:
  /// `orbitals`, `fermi_energy_eV`.
  package init(_ arrays: [NamedArray]) {
    self.arrays = arrays
    places = Dictionary(arrays.enumerated().map { ($1.name, $0) }) { first, _ in first }
  }

  package func variableNames() throws(FileError) -> [String] { arrays.map(\.name) }

  package func hasVariable(_ name: String) -> Bool { places[name] != nil }

  package func dimensions(of variable: String) throws(FileError) -> [(name: String, length: Int)] {
    try array(variable).shape.enumerated().map { ("\(variable)_\($0)", $1) }
  }

  package func doubles(_ variable: String) throws(FileError) -> (values: [Double], shape: [Int]) {
    let array = try array(variable)
    return (array.values, array.shape)
  }

  package func value(_ attribute: String, _ variable: String?) throws(FileError) -> FileDescription.Value? {
    guard let variable else {
      return places[attribute].map { arrays[$0] }.flatMap { $0.shape.isEmpty ? .numbers($0.values) : nil }
    }
    return try array(variable).attributes[attribute].map { .text(Array($0.utf8)) }
  }

  /// SHA-256 over names, shapes, attributes and numbers, 64 hexadecimal digits; computed once.
  package var digest: String {
    known.withLock { known in
      if let known { return known }
      var hash = SHA256()
      for array in arrays {
        let attributes = array.attributes.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        hash.add(Array("\(array.name) \(array.shape) \(attributes)\n".utf8))
        hash.add(array.values.withUnsafeBytes { Array($0) })
      }
      let digest = hash.hexadecimal
      known = digest
      return digest
    }
  }

  private func array(_ name: String) throws(FileError) -> NamedArray {
    guard let place = places[name] else { throw try missing(name) }
    return arrays[place]
  }
}
