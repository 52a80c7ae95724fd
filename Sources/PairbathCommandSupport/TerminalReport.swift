import JunctionModel
import ModelFiles
import Sweeps

/// What `check` understood of a model of terminals, as lines of text.
struct TerminalReport {
  private let document: TerminalDocument
  private let plan: SweepPlan

  init(_ document: TerminalDocument, plan: SweepPlan) { (self.document, self.plan) = (document, plan) }

  var text: String {
    let title = document.header.title
    let rows = [("title", title.isEmpty ? "(none)" : title), ("units", unitText)] + parts + work
    let width = rows.map(\.0.count).max() ?? 0
    return rows.map { name, value in name + String(repeating: " ", count: width - name.count + 2) + value }
      .joined(separator: "\n") + "\n"
  }

  private var unitText: String {
    document.header.units == .natural
      ? "natural (hbar = k_B = e = 1, one energy unit)" : "energies eV, temperatures K, currents A, power W"
  }

  private var parts: [(String, String)] {
    let terminals = document.terminals
    let statistics = "\(terminals.particles.rawValue), degeneracy \(NumberFormatting.short(terminals.degeneracy))"
    let baths = terminals.names.indices.map { p in
      ("bath \(terminals.names[p])", bath(p))
    }
    let links = terminals.functions.indices.map { index -> (String, String) in
      let pairs = terminals.links.filter { $0.function == index }
      let (from, to) = (terminals.names[pairs[0].from], terminals.names[pairs[0].to])
      return ("transmission \(from)>\(to)", describe(terminals.functions[index]) + (pairs.count > 1 ? ", both ways" : ""))
    }
    return [("particles", statistics)] + baths + links
  }

  private func bath(_ p: Int) -> String {
    let temperatures = document.points.bathTemperatures[p].map { $0 * document.header.units.outputFactor(of: .temperature) }
    let potentials = document.points.bathChemicalPotentials.isEmpty ? [0] : document.points.bathChemicalPotentials[p]
    let kelvin = document.header.units == .natural ? "" : " K"
    return "temperature \(range(temperatures))\(kelvin), chemical potential \(range(potentials))\(unit)"
  }

  private func range(_ values: [Double]) -> String {
    let (low, high) = (values.min() ?? 0, values.max() ?? 0)
    return low == high ? number(low) : "\(number(low)) to \(number(high))"
  }

  private func describe(_ function: TransmissionFunction) -> String {
    let (lower, upper) = function.support
    let isBosonic = document.terminals.particles == .bosons
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

  private var work: [(String, String)] {
    let sweep = document.axes.map { axis -> (String, String) in
      let ends = [axis.values.first, axis.values.last].map { NumberFormatting.short($0 ?? 0) }
      return ("sweep \(axis.name)", "\(NumberFormatting.count(axis.values.count, "point")), \(ends[0]) to \(ends[1])")
    }
    let settings = document.settings
    return sweep + [
      ("states", "\(plan.states)"), ("observables", settings.observables.map(\.rawValue).joined(separator: ", ")),
      ("tolerance", number(settings.tolerance) + " (relative)"),
    ] + CheckReport.costRows(plan)
  }

  private var unit: String { document.header.units == .natural ? "" : " eV" }
  private func number(_ value: Double) -> String { NumberFormatting.short(value) }
  private func energy(_ value: Double) -> String { number(value) + unit }
}
