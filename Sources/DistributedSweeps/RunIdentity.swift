import Foundation

/// What a run is known by: records of one serve another only where all of this is the same.
package struct RunIdentity: Sendable, Equatable, Codable {
  /// The model file as a path that is valid everywhere on the machine; empty for standard input.
  package var model: String
  /// Changes of the model that the command asked for.
  package var overrides: [String]
  /// The tolerance the command asked for; nil for the model's.
  package var tolerance: Double?
  /// SHA-256 of the model's text with these changes.
  package var modelHash: String
  /// SHA-256 and name of every data file.
  package var inputs: [String]
  /// Version of the program.
  package var version: String
  /// The processor that linear algebra is tuned to: on another one the last bits differ.
  package var processor: String
  /// Which part of how many it is; nil for the whole.
  package var part: Part?

  /// A part of a run.
  package struct Part: Sendable, Equatable, Codable {
    /// 1 ... `count`.
    package let number: Int
    package let count: Int

    package init(number: Int, count: Int) { (self.number, self.count) = (number, count) }

    /// The part of "3/16"; nil for other words.
    package init?(_ words: String) {
      let numbers = words.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
      guard numbers.count == 2, let number = numbers[0], let count = numbers[1], 1 <= number, number <= count, count <= 1_000_000
      else { return nil }
      self.init(number: number, count: count)
    }

    /// "3/16".
    package var words: String { "\(number)/\(count)" }
  }

  package init(
    model: String, overrides: [String], tolerance: Double?, modelHash: String, inputs: [String], version: String,
    processor: String, part: Part? = nil
  ) {
    (self.model, self.overrides, self.tolerance) = (model, overrides, tolerance)
    (self.modelHash, self.inputs, self.version, self.processor, self.part) = (modelHash, inputs, version, processor, part)
  }

  init?(bytes: [UInt8]) {
    guard let found = try? JSONDecoder().decode(RunIdentity.self, from: Data(bytes)) else { return nil }
    self = found
  }

  /// As JSON.
  var bytes: [UInt8] { [UInt8]((try? JSONEncoder().encode(self)) ?? Data()) }

  /// Why records of this run do not serve another, in words; nil where they do. Another processor is no reason: numbers agree within their
  /// errors then.
  package func difference(from other: RunIdentity) -> String? {
    if version != other.version { return "it is of version \(version) of pairbath, and this is \(other.version)" }
    if tolerance != other.tolerance {
      func words(_ tolerance: Double?) -> String { tolerance.map { "\($0)" } ?? "that of the model" }
      return "its tolerance is \(words(tolerance)), and that of this run is \(words(other.tolerance))"
    }
    if modelHash != other.modelHash {
      return overrides != other.overrides
        ? "it was computed with \(Self.words(overrides)), and this run has \(Self.words(other.overrides))"
        : "the model file has changed since"
    }
    if inputs != other.inputs {
      let changed = inputs.filter { !other.inputs.contains($0) }.compactMap { $0.split(separator: " ").last }
      return "data files have changed since: \(changed.isEmpty ? "others are read" : changed.joined(separator: ", "))"
    }
    if part != other.part {
      func words(_ part: Part?) -> String { part.map { "part \($0.words)" } ?? "the whole" }
      return "it is of \(words(part)), and this run is \(words(other.part))"
    }
    return nil
  }

  private static func words(_ overrides: [String]) -> String {
    overrides.isEmpty ? "no --set" : overrides.map { "--set \($0)" }.joined(separator: " ")
  }
}
