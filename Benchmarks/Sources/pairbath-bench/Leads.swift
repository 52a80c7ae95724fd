import Foundation
import Pairbath

/// Transmission of a ribbon at 1001 energies between periodic leads, beside sisl and kwant: one core each, self-energies included.
enum Leads {
  /// A row per rival that the benchmarks' Python can import. Errors: distance from whole numbers of channels.
  static func table() throws -> String {
    let request = try Comparisons.request("ribbon-leads")
    let energies = request.settings.energies
    var values: [Double] = []
    func run() throws {
      let result = try SweepRunner(workers: 1).run(request)
      let all = result.variable("transmission")!.values
      values = Array(all[energies.count..<(2 * energies.count)])
    }
    return try ["sisl", "kwant"].map { program in
      let rival = NumPyRival(
        script: "python_leads.py",
        arguments: [program, "\(energies.count)", "\(energies.first ?? 0)", "\(energies.last ?? 0)"],
        result: "leads_\(program).npy")
      var (ours, theirs) = (Double.infinity, Double.infinity)
      var found: [Double] = []
      for _ in 0..<3 {
        ours = min(ours, try best(of: 3, run))
        guard let run = try? rival.run() else { return "ribbon between periodic leads: \(program) could not be run" }
        (theirs, found) = (min(theirs, run.seconds), run.values)
      }
      return Row(
        name: "ribbon between periodic leads, 1001 energies", ours: ours, ourError: distance(values), rival: theirs,
        rivalError: distance(found), rivalName: program
      ).text
    }.joined(separator: "\n")
  }

  private static func distance(_ values: [Double]) -> Double { values.reduce(0) { max($0, abs($1 - $1.rounded())) } }
}
