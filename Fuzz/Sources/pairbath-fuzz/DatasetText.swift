import CNetCDF

@testable import DataFiles

/// A data set in words, a line each, so that inputs of NetCDF readers can be changed by hand and by the fuzzer:
///
///     hamiltonian 2 2 = 0 -1 -1 0
///     hamiltonian:units = eV
///     fermi_energy_eV = 0.5
///     SPARSE/n_col int 2 = 1 1
///     :title = a file
///
/// Numbers that are missing are zeros; there are at most 4096 of a variable. Names with a slash are in a group.
struct DatasetText {
  struct Variable {
    let name: String
    var isInteger = false
    var shape: [Int] = []
    var values: [Double] = []
    var attributes: [String: String] = [:]
  }

  private(set) var variables: [Variable] = []
  private(set) var attributes: [String: String] = [:]

  private static let most = 4096

  init(_ text: String) {
    for line in text.split(whereSeparator: \.isNewline).prefix(100) {
      let sides = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard sides.count == 2 else { continue }
      let (head, tail) = (sides[0].split(separator: " "), sides[1])
      guard let first = head.first else { continue }
      if let colon = first.firstIndex(of: ":") {
        let value = String(tail.drop { $0 == " " })
        let name = String(first[first.index(after: colon)...])
        if first.startIndex == colon {
          attributes[name] = value
        } else if let place = variables.firstIndex(where: { $0.name == first[..<colon] }) {
          variables[place].attributes[name] = value
        }
      } else {
        add(String(first), head.dropFirst(), tail)
      }
    }
  }

  private mutating func add(_ name: String, _ words: ArraySlice<Substring>, _ numbers: Substring) {
    guard !variables.contains(where: { $0.name == name }) else { return }
    var variable = Variable(name: name)
    var count = 1
    for word in words {
      if word == "int" { variable.isInteger = true }
      guard let length = Int(word), (1...Self.most).contains(length), count * length <= Self.most else { continue }
      variable.shape.append(length)
      count *= length
    }
    variable.values = numbers.split(separator: " ").prefix(count).map { Double($0) ?? 0 }
    variable.values += [Double](repeating: 0, count: count - variable.values.count)
    variables.append(variable)
  }

  /// The same in memory.
  var arrays: [NamedArray] {
    variables.map { NamedArray($0.name, shape: $0.shape, values: $0.values, attributes: $0.attributes) }
  }

  /// Writes a NetCDF-4 file; what the library refuses is left out.
  func write(to path: String) {
    NetCDFFile.locked {
      var file: Int32 = 0
      guard nc_create(path, NC_NETCDF4 | NC_CLOBBER, &file) == NC_NOERR else { return }
      for (name, value) in attributes { nc_put_att_text(file, NC_GLOBAL, name, value.utf8.count, value) }
      var groups: [String: Int32] = [:]
      for variable in variables {
        let parts = variable.name.split(separator: "/", maxSplits: 1).map(String.init)
        guard let last = parts.last else { continue }
        var place = file
        if parts.count == 2 {
          if groups[parts[0]] == nil {
            var group: Int32 = 0
            guard nc_def_grp(file, parts[0], &group) == NC_NOERR else { continue }
            groups[parts[0]] = group
          }
          place = groups[parts[0]] ?? file
        }
        write(variable, last, into: place)
      }
      nc_close(file)
    }
  }

  private func write(_ variable: Variable, _ name: String, into place: Int32) {
    var dimensions: [Int32] = []
    for (d, length) in variable.shape.enumerated() {
      var dimension: Int32 = 0
      guard nc_def_dim(place, "\(name)_\(d)", length, &dimension) == NC_NOERR else { return }
      dimensions.append(dimension)
    }
    var id: Int32 = 0
    let type = variable.isInteger ? NC_INT64 : NC_DOUBLE
    guard nc_def_var(place, name, type, Int32(dimensions.count), dimensions, &id) == NC_NOERR else { return }
    for (name, value) in variable.attributes { nc_put_att_text(place, id, name, value.utf8.count, value) }
    nc_put_var_double(place, id, variable.values)
  }
}
