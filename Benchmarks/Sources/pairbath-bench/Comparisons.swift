import Foundation
import Pairbath

/// One row of Documentation/Performance.md.
struct Row {
  let name: String
  let ours: Double
  let ourError: Double
  let rival: Double
  let rivalError: Double
  var rivalName = "NumPy"

  var text: String {
    String(
      format: "%@\n  Pairbath %.4f s, error %.1e | %@ %.4f s, error %.1e | ratio %.1f", name, ours, ourError, rivalName, rival,
      rivalError, rival / ours)
  }
}

/// The models of the rivals, and the same at a far tighter tolerance as the reference of both errors.
enum Comparisons {
  static func request(_ model: String, tolerance: Double? = nil) throws -> SweepRequest {
    let path = benchmarks.appendingPathComponent("Models/\(model).yaml").path
    return SweepRequest(try ModelDocument.read(file: path, tolerance: tolerance))
  }

  /// Largest deviation over the largest value.
  static func error(_ values: [Double], _ reference: [Double]) -> Double {
    let scale = reference.reduce(0) { max($0, abs($1)) }
    return zip(values, reference).reduce(0) { max($0, abs($1.0 - $1.1)) } / scale
  }

  /// 201 x 201 states of the double dot: J, I and population, level sharp.
  static func doubleDotMap() throws -> Row {
    let rival = NumPyRival(script: "numpy_dots.py", arguments: ["201", "201", "1000"], result: "dots_1000.npy")
    let request = try request("double-dot-map")
    var result: TransportResult?
    // In turn, so that both see the same machine.
    var (ours, theirs, values) = (Double.infinity, Double.infinity, [Double]())
    for _ in 0..<5 {
      ours = min(ours, try best(of: 3) { result = try SweepRunner().run(request) })
      let run = try rival.run()
      (theirs, values) = (min(theirs, run.seconds), run.values)
    }
    let reference = try SweepRunner().run(Self.request("double-dot-map", tolerance: 1e-12))
    let exact = reference.variable("energy_current")!.values
    return Row(
      name: "double dot, 201 x 201 states, level sharp", ours: ours,
      ourError: error(result!.variable("energy_current")!.values, exact), rival: theirs, rivalError: error(values, exact))
  }

  /// All pair spectra of the molecule: 34 x 34 mode pairs, 4 channels, 34 frequencies, 41 biases.
  static func moleculeSpectra() throws -> Row {
    let file = benchmarks.appendingPathComponent("../Examples/benzenedithiol/au_bdt_au.nc").path
    let rival = NumPyRival(script: "numpy_molecule.py", arguments: [file, "100", "41"], result: "peer_molecule.npy")
    let request = try request("benzenedithiol-spectra")
    var result: TransportResult?
    let ours = try best(of: 2) { result = try SweepRunner().run(request) }
    let run = try rival.run()
    // Near what rounding allows in a basis of 204 non-orthogonal orbitals.
    let tight = try SweepRunner().run(Self.request("benzenedithiol-spectra", tolerance: 3e-8))
    let reference = tight.variable("emission")!.values
    return Row(
      name: "Au-benzenedithiol-Au, all pair spectra", ours: ours,
      ourError: error(result!.variable("emission")!.values, reference),
      rival: run.seconds, rivalError: error(Self.realParts(Self.inOurOrder(run.values)), Self.realParts(reference)))
  }

  /// 60 gaps x 41 biases between two InAs half-spaces; errors relative to the largest flux of each gap.
  static func nearField() throws -> Row {
    let rival = NumPyRival(script: "numpy_nearfield.py", arguments: ["1000", "1000"], result: "nearfield_1000.npy")
    func flux(_ tolerance: Double?) throws -> [Double] {
      let path = benchmarks.appendingPathComponent("Models/near-field-inas.yaml").path
      return try ModelFile.read(file: path, tolerance: tolerance).run().variable("energy_flux")!.values
    }
    var values: [Double] = []
    let ours = try best(of: 3) { values = try flux(nil) }
    let run = try rival.run()
    let reference = try flux(1e-9)
    func worst(_ values: [Double]) -> Double {
      stride(from: 0, to: values.count, by: 41).map { error(Array(values[$0..<$0 + 41]), Array(reference[$0..<$0 + 41])) }.max()
        ?? 0
    }
    return Row(
      name: "near field, InAs half-spaces, 60 gaps x 41 biases", ours: ours, ourError: worst(values), rival: run.seconds,
      rivalError: worst(run.values))
  }

  /// The rival keeps real parts only.
  private static func realParts(_ values: [Double]) -> [Double] {
    stride(from: 0, to: values.count, by: 2).map { values[$0] }
  }

  /// Rival (bias, frequency, from, to, mode, mode2) to ours (channel, mode, mode2, frequency, bias, ri); real part only.
  private static func inOurOrder(_ values: [Double]) -> [Double] {
    let (biases, modes) = (41, 34)
    var result = [Double](repeating: 0, count: 2 * values.count)
    for v in 0..<biases {
      for f in 0..<modes {
        for channel in 0..<4 {
          for m in 0..<modes {
            for n in 0..<modes {
              let source = (((v * modes + f) * 4 + channel) * modes + m) * modes + n
              result[2 * ((((channel * modes + m) * modes + n) * modes + f) * biases + v)] = values[source]
            }
          }
        }
      }
    }
    return result
  }
}
