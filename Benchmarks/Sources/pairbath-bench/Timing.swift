import Foundation

/// Wall-clock seconds of a piece of work.
func seconds(_ body: () throws -> Void) rethrows -> Double {
  let duration = try ContinuousClock().measure(body).components
  return Double(duration.seconds) + 1e-18 * Double(duration.attoseconds)
}

/// The shortest of several runs.
func best(of runs: Int, _ body: () throws -> Void) rethrows -> Double {
  var shortest = Double.infinity
  for _ in 0..<runs { shortest = min(shortest, try seconds(body)) }
  return shortest
}

/// The folder of the benchmark package.
let benchmarks = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

/// Output and wall time of a program.
func runProgram(_ path: String, _ arguments: [String], environment: [String: String] = [:]) throws -> (String, Double) {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: path)
  process.arguments = arguments
  process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
  let pipe = Pipe()
  process.standardOutput = pipe
  var output = ""
  let time = try seconds {
    try process.run()
    output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
  }
  guard process.terminationStatus == 0 || process.terminationStatus == 1 else {
    throw BenchmarkError(message: "\(path) \(arguments.joined(separator: " ")) ended with \(process.terminationStatus)")
  }
  return (output, time)
}

struct BenchmarkError: Error, CustomStringConvertible {
  let message: String
  var description: String { message }
}
