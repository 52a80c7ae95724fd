import DenseMatrices
import Foundation
import JunctionModel
import PairbathTestSupport
import Sweeps
import Synchronization
import TransportResults

/// How well stated errors cover deviations: the distribution of |deviation|/error over many numbers, for each kind of number and tolerance.
///
/// What the reference itself may be wrong by does not count as a deviation.
final class ErrorCoverage: Sendable {
  struct Key: Hashable, Comparable {
    let kind: String
    let tolerance: Double

    static func < (a: Key, b: Key) -> Bool { (a.kind, b.tolerance) < (b.kind, a.tolerance) }
  }

  private struct Found {
    var ratios: [Float] = []
    var worst: [(ratio: Double, what: String)] = []
  }

  private let found = Mutex<[Key: Found]>([:])

  /// Books numbers of one kind at one tolerance.
  func add(_ kind: String, _ tolerance: Double, _ numbers: [CoveredNumber]) {
    found.withLock { found in
      var entry = found[Key(kind: kind, tolerance: tolerance)] ?? Found()
      for number in numbers {
        guard let ratio = number.ratio else { continue }
        entry.ratios.append(Float(min(ratio, 1e30)))
        if ratio > 1 { entry.worst.append((ratio, number.what)) }
      }
      entry.worst = Array(entry.worst.sorted { $0.ratio > $1.ratio }.prefix(3))
      found[Key(kind: kind, tolerance: tolerance)] = entry
    }
  }

  /// One line of the distribution.
  struct Line {
    let key: Key
    let count: Int
    let uncovered: Int
    /// Median, 99 %, 99.9 %, largest of |deviation|/error.
    let quantiles: [Double]
    let worst: [(ratio: Double, what: String)]

    /// A row of Markdown.
    var text: String {
      let numbers = quantiles.map { $0 == 0 ? "0" : String(format: "%.2g", $0) }.joined(separator: " | ")
      return "| \(key.kind) | \(String(format: "%.0e", key.tolerance)) | \(count) | \(numbers) | "
        + String(format: "%.4f %% |", 100 * Double(uncovered) / Double(max(count, 1)))
    }
  }

  var lines: [Line] {
    found.withLock { found in
      found.keys.sorted().map { key in
        let ratios = found[key]!.ratios.sorted()
        func quantile(_ q: Double) -> Double {
          ratios.isEmpty ? 0 : Double(ratios[min(Int(q * Double(ratios.count)), ratios.count - 1)])
        }
        return Line(
          key: key, count: ratios.count, uncovered: ratios.count { $0 > 1 },
          quantiles: [quantile(0.5), quantile(0.99), quantile(0.999), quantile(1)], worst: found[key]!.worst)
      }
    }
  }
}

/// A number with its stated error, and what is known of it.
struct CoveredNumber {
  let value: Double
  let error: Double
  let reference: Double
  let referenceError: Double
  let what: String

  /// |deviation|/error beyond the reference's own error; nil for what is no number, and for zeros that are exact on both sides.
  var ratio: Double? {
    guard value.isFinite, error.isFinite, reference.isFinite, referenceError.isFinite else { return nil }
    if value == 0 && reference == 0 && error == 0 { return nil }
    let deviation = abs(value - reference) - referenceError
    return deviation <= 0 ? 0 : error > 0 ? deviation / error : .infinity
  }
}

extension TransportResult {
  /// Every number with an error beside the same number of a result whose junction has `extra` electrodes more.
  func numbers(beside reference: TransportResult, extraElectrodes extra: Int, _ what: String) -> [CoveredNumber] {
    var found: [CoveredNumber] = []
    for variable in variables {
      guard let errors = variable.errors, let other = reference.variable(variable.name), let otherErrors = other.errors else {
        continue
      }
      let lengths = variable.dimensions.map { length(of: $0) ?? 1 }
      let otherLengths = variable.dimensions.map { reference.length(of: $0) ?? 1 }
      for index in variable.values.indices {
        var (rest, place, stride) = (index, 0, 1)
        for d in lengths.indices.reversed() {
          let i = rest % lengths[d]
          rest /= lengths[d]
          place += stride * self.place(i, variable.dimensions[d], extra)
          stride *= otherLengths[d]
        }
        found.append(
          CoveredNumber(
            value: variable.values[index], error: errors[index], reference: other.values[place],
            referenceError: otherErrors[place],
            what: "\(variable.name)[\(index)] \(variable.values[index]) +- \(errors[index]), "
              + "reference \(other.values[place]) +- \(otherErrors[place]), \(what)"))
      }
    }
    return found
  }

  private func place(_ i: Int, _ dimension: String, _ extra: Int) -> Int {
    let n = electrodeNames.count
    switch dimension {
    case "channel": return i / n * (n + extra) + i % n
    case "terminal", "terminal2": return i < n ? i : i + extra
    default: return i
    }
  }
}

extension Junction {
  /// The same junction with a chain that is all but cut off: nothing flows through it, but no closed form serves its electrons.
  func withIdleChain() throws -> Junction {
    let idle = Electrode("idle", .chain(ChainLead(orbital: 0, energy: 0.1234, hopping: 2.5, coupling: 1e-13)))
    return try Junction(
      conductor: conductor, electrodes: electrodes + [idle], bosons: bosons, baths: baths, coupling: coupling)
  }
}

extension OperatingPoint {
  /// The state with one electrode more, like the first.
  var withIdleElectrode: OperatingPoint {
    OperatingPoint(
      chemicalPotentials: chemicalPotentials + [chemicalPotentials[0]], temperatures: temperatures + [temperatures[0]],
      bathTemperatures: bathTemperatures, bathChemicalPotentials: bathChemicalPotentials)
  }
}
