// TEMP: stands in for the real files until Sources/JunctionFiles lands; never merged.
import DenseMatrices
import Foundation
import JunctionModel
import TransportSolvers

/// Why a file could not be read or written.
public struct FileError: Error, Sendable, CustomStringConvertible {
  public let exitCode: Int32
  public let description: String
}

/// A model file.
public struct ModelDocument: Sendable {
  public let title: String
  public let units: UnitSystem
  public let junction: Junction
  public let axes: [SweepAxis]
  public let points: OperatingPoints
  public let settings: ComputeSettings
  public let text: String
  public let hash: String

  public static func read(
    file path: String, overrides: [String] = [], tolerance: Double? = nil
  ) throws(FileError) -> ModelDocument {
    guard FileManager.default.fileExists(atPath: path) else {
      throw FileError(exitCode: 74, description: "\(path): no such file")
    }
    do {
      let m = 0.5
      let junction = try Junction(
        conductor: .levels([10.5, 9.5]),
        electrodes: [
          .wideBand("L", orbitals: [0], broadening: 0.5, of: 2), .wideBand("R", orbitals: [1], broadening: 0.5, of: 2),
        ], bosons: BosonSystem(modes: [1]), baths: [BosonBath("ph", .ohmic(friction: 0.02), coordinates: [0])],
        coupling: Coupling(
          .dimensionless, [Matrix(rows: 2, columns: 2) + Matrix.offDiagonal(m)]))
      let axes = [SweepAxis("V", (0..<11).map { -1 + 0.2 * Double($0) }), SweepAxis("dT", [-0.5, 0, 0.5])]
      let states = axes[0].values.flatMap { v in
        axes[1].values.map {
          OperatingPoint(
            chemicalPotentials: [10 + v / 2, 10 - v / 2], temperatures: [1 + $0 / 2, 1 + $0 / 2], bathTemperatures: [1 - $0 / 2])
        }
      }
      return ModelDocument(
        title: "Double dot (stub)", units: .natural, junction: junction, axes: axes,
        points: OperatingPoints(states, electrodes: 2, baths: 1),
        settings: ComputeSettings(observables: [.energyCurrent, .chargeCurrent], tolerance: tolerance ?? 1e-8),
        text: "", hash: "")
    } catch {
      throw FileError(exitCode: 65, description: "\(error)")
    }
  }

  public func location(of keyPath: [String]) -> (line: Int, column: Int)? { (1, 1) }
}

extension Matrix {
  fileprivate static func offDiagonal(_ value: Double) -> Matrix {
    var m = Matrix(rows: 2, columns: 2)
    m[0, 1] = Scalar(value, 0)
    m[1, 0] = Scalar(value, 0)
    return m
  }
}

private struct StoredVariable: Codable {
  var name: String
  var dimensions: [String]
  var values: [Double]
  var errors: [Double]?
  var unit: String
  var longName: String
}

private struct StoredResult: Codable {
  var title: String
  var units: String
  var axes: [String: [Double]]
  var axisNames: [String]
  var electrodes: [String]
  var baths: [String]
  var channels: [String]
  var modes: [Double]
  var frequencies: [Double]
  var energies: [Double]
  var variables: [StoredVariable]
}

/// Results on disk.
public enum ResultFile {
  public static func write(_ r: TransportResult, to path: String) throws(FileError) {
    let stored = StoredResult(
      title: r.title, units: r.units.rawValue, axes: Dictionary(uniqueKeysWithValues: r.axes.map { ($0.name, $0.values) }),
      axisNames: r.axes.map(\.name), electrodes: r.electrodeNames, baths: r.bathNames, channels: r.channelLabels,
      modes: r.modeEnergies, frequencies: r.frequencies, energies: r.energies,
      variables: r.variables.map {
        StoredVariable(
          name: $0.name, dimensions: $0.dimensions, values: $0.values, errors: $0.errors, unit: $0.unit, longName: $0.longName)
      })
    do {
      let encoder = JSONEncoder()
      encoder.nonConformingFloatEncodingStrategy = .convertToString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
      try encoder.encode(stored).write(to: URL(fileURLWithPath: path))
    } catch {
      throw FileError(exitCode: 74, description: "\(path): cannot write")
    }
  }

  public static func read(from path: String) throws(FileError) -> TransportResult {
    do {
      let decoder = JSONDecoder()
      decoder.nonConformingFloatDecodingStrategy = .convertFromString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
      let s = try decoder.decode(StoredResult.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
      return TransportResult(
        title: s.title, units: UnitSystem(rawValue: s.units) ?? .natural,
        axes: s.axisNames.map { SweepAxis($0, s.axes[$0] ?? []) }, electrodeNames: s.electrodes, bathNames: s.baths,
        channelLabels: s.channels, modeEnergies: s.modes, frequencies: s.frequencies, energies: s.energies,
        variables: s.variables.map {
          ResultVariable(
            name: $0.name, dimensions: $0.dimensions, values: $0.values, errors: $0.errors, unit: $0.unit,
            longName: $0.longName)
        })
    } catch {
      throw FileError(exitCode: 74, description: "\(path): cannot read")
    }
  }
}

/// Results as text.
public struct ResultTable: Sendable {
  public init(_ result: TransportResult, variables names: [String]? = nil) throws(FileError) {}
  public var csv: String { "csv\n" }
  public var json: String { "{}\n" }
}
