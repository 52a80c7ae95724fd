import JunctionModel
import TerminalTransport
import TransportResults

/// What terminals and their computation consist of, in words.
struct TerminalDescription {
  private typealias Row = ComputationDescription.Row
  private let request: TerminalRequest
  private let number: (Double) -> String

  init(_ request: TerminalRequest, number: @escaping (Double) -> String) { (self.request, self.number) = (request, number) }

  var description: ComputationDescription {
    let settings = request.settings
    return ComputationDescription(
      parts: [("units", request.units.description)] + parts,
      wanted: [
        ("observables", settings.observables.map(\.rawValue).joined(separator: ", ")),
        ("tolerance", number(settings.tolerance) + " (relative)"),
      ])
  }

  private var parts: [Row] {
    let terminals = request.terminals
    let statistics = "\(terminals.particles.rawValue), degeneracy \(number(terminals.degeneracy))"
    let baths = terminals.names.indices.map { p in
      ("bath \(terminals.names[p])", bath(p))
    }
    let links = terminals.functions.indices.map { index -> Row in
      let pairs = terminals.links.filter { $0.function == index }
      let (from, to) = (terminals.names[pairs[0].from], terminals.names[pairs[0].to])
      return ("transmission \(from)>\(to)", describe(terminals.functions[index]) + (pairs.count > 1 ? ", both ways" : ""))
    }
    return [("particles", statistics)] + baths + links
  }

  private func bath(_ p: Int) -> String {
    let temperatures = request.points.bathTemperatures[p].map { $0 * request.units.outputFactor(of: .temperature) }
    let potentials = request.points.bathChemicalPotentials.isEmpty ? [0] : request.points.bathChemicalPotentials[p]
    let kelvin = request.units == .natural ? "" : " K"
    return "temperature \(range(temperatures))\(kelvin), chemical potential \(range(potentials))\(unit)"
  }

  private func range(_ values: [Double]) -> String {
    let (low, high) = (values.min() ?? 0, values.max() ?? 0)
    return low == high ? number(low) : "\(number(low)) to \(number(high))"
  }

  private func describe(_ function: TransmissionFunction) -> String {
    let (lower, upper) = function.support
    let isBosonic = request.terminals.particles == .bosons
    let start = isBosonic ? max(lower, 0) : lower
    let support: String
    switch (start.isFinite, upper.isFinite) {
    case (false, false): support = ""
    case (true, false): support = start == 0 && isBosonic ? "" : ", from \(energy(start))"
    case (false, true): support = ", up to \(energy(upper))"
    case (true, true): support = ", \(number(start)) to \(energy(upper))"
    }
    switch function.shape {
    case .constant(let height): return "\(number(height))\(support)"
    case .lorentzian(let position, let width, let height):
      return "Lorentzian at \(energy(position)), full width \(energy(width)), height \(number(height))\(support)"
    case .power(let scale, let exponent, let height, let cutoff):
      let tail = cutoff.map { ", cut off at \(energy($0))" } ?? ""
      return "\(number(height)) (w/\(number(scale)))^\(number(exponent))\(tail)\(support)"
    case .table(let energies, _): return "table of \(energies.count) energies\(support)"
    case .expression(let text, _, _): return "tau(w) = \(text)\(support)"
    }
  }

  private var unit: String { request.units == .natural ? "" : " eV" }
  private func energy(_ value: Double) -> String { number(value) + unit }
}
