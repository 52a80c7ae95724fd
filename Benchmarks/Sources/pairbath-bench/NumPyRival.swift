import Foundation

/// A NumPy script and the numbers it leaves behind.
struct NumPyRival {
  let script: String
  let arguments: [String]
  /// The .npy file it writes into the temporary folder.
  let result: String

  /// Runs the script, with its own choice of BLAS threads; returns the seconds it prints, and its array.
  func run() throws -> (seconds: Double, values: [Double]) {
    let local = benchmarks.appendingPathComponent(".venv/bin/python").path
    let python = FileManager.default.isExecutableFile(atPath: local) ? local : "/usr/bin/env"
    let path = benchmarks.appendingPathComponent("Rivals/\(script)").path
    let (output, wall) = try runProgram(python, (python == local ? [] : ["python3"]) + [path] + arguments)
    let printed = output.split(separator: "\n").first { $0.contains(" s") }.flatMap(Self.seconds) ?? wall
    return (printed, try Self.array(FileManager.default.temporaryDirectory.appendingPathComponent(result)))
  }

  /// The number before " s" in a line.
  private static func seconds(_ line: Substring) -> Double? {
    let words = line.split(separator: " ")
    guard let unit = words.lastIndex(of: "s"), unit > 0 else { return nil }
    return Double(words[unit - 1])
  }

  /// Doubles of a version-1 .npy file.
  private static func array(_ url: URL) throws -> [Double] {
    let data = try Data(contentsOf: url)
    guard data.count > 10, data[6] == 1 else { throw BenchmarkError(message: "\(url.path) is not a .npy file of version 1") }
    let start = 10 + Int(data[8]) + 256 * Int(data[9])
    return data[start...].withUnsafeBytes { bytes in
      (0..<(bytes.count / 8)).map { bytes.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self) }
    }
  }
}
