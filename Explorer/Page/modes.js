// The modes as bars: population or effective temperature; a click chooses the mode of the pictures.
import { number, quantity as asText, scaled, shortUnit, symbolHTML } from "./format.js"
import { category, cools, heats, ink } from "./palette.js"
import { chooser } from "./panel.js"
import { axisStyle, Plot } from "./plot.js"
import { list, quantity } from "./result.js"
import { View } from "./view.js"

/** What bars can show, the most telling first. */
const choices = [
  "effective_temperature", "mode_population", "effective_chemical_potential", "damping_rate", "quality_factor", "renormalized_energy",
  "emission_rate", "absorption_rate", "electronic_damping",
]

export class ModesView extends View {
  constructor(app) {
    super(app, "modes", "Modes", { feed: null })
    this.plot = new Plot(this.panel.content, "Modes")
    this.chooser = chooser("What the bars show", name => app.store.change(s => { s.modes = { name } }))
    this.modeChooser = chooser("Mode of the pictures", mode => app.store.change(s => { s.mode = mode === "" ? null : Number(mode) }))
    this.panel.addTool(this.chooser, this.modeChooser)
    this.plot.once("plotly_hover", event => { this.hovered = event.points[0]?.pointIndex })
    this.plot.once("plotly_unhover", () => { this.hovered = undefined })
    this.panel.content.addEventListener("click", () => this.hovered !== undefined && app.store.change(s => { s.mode = this.hovered }))
  }

  get isPossible() { return this.description.hasModes && this.names().length > 0 }
  names() { return choices.filter(n => this.description.has(n)) }

  update(state) {
    const d = this.description
    this.chooser.fill(this.names().map(n => [n, d.quantities.get(n).title]), state.modes.name)
    this.modeChooser.hidden = d.modeEnergies.length < 2
    const modes = d.modeEnergies.map((energy, k) => [k, `mode ${k}: ${d.energy(energy, null, 3)}`])
    this.modeChooser.fill([["", "hottest mode"], ...modes], state.mode ?? "")
    if (this.latest && this.drawn !== JSON.stringify([state.modes, state.mode])) this.draw()
  }

  /** The answer comes with that of the pictures. */
  show(result, body) {
    this.latest = { result, body }
    this.draw()
  }

  draw() {
    const { result } = this.latest, { name } = this.state.modes
    const q = quantity(result, name)
    if (!q) return
    this.drawn = JSON.stringify([this.state.modes, this.state.mode])
    const energies = result.dimensions.find(d => d.name === "mode")?.positions ?? this.description.modeEnergies
    const values = Array.from(q.values), n = values.length
    const size = values.reduce((top, v) => Math.max(top, Math.abs(v) || 0), 0)
    const { factor, unit } = scaled(size, q.unit)
    const isLogarithmic = n > 4 && values.every(v => !(v <= 0)) && size > 300 * Math.min(...values.filter(v => v > 0))
    const { lines, compare } = this.references(result, name, energies)
    const bars = this.bars(values.map(v => (isFinite(v) ? v * factor : null)), values, compare, this.hovers(result, q, energies))
    const shapes = [], annotations = []
    for (const r of lines) {
      const y = r.value * factor
      shapes.push({ type: "line", xref: "paper", yref: "y", x0: 0, x1: 1, y0: y, y1: y, line: { color: r.color, width: 1.6, dash: "dash" } })
      annotations.push({
        xref: "paper", yref: "y", x: r.isLeft ? 0.01 : 0.99, y: isLogarithmic ? Math.log10(y) : y, text: r.label, showarrow: false,
        xanchor: r.isLeft ? "left" : "right", yanchor: "bottom", font: { size: 11, color: r.color }, bgcolor: ink("panel"), borderpad: 0,
      })
    }
    // Missing values are marked as such: an empty place could be a zero.
    const gap = { xref: "x", yref: "paper", y: 0, text: "–", showarrow: false, yanchor: "bottom", font: { color: ink("muted") } }
    values.forEach((v, x) => { if (!isFinite(v)) annotations.push({ ...gap, x }) })
    const ticks = n === 1 ? { tickvals: [0], ticktext: [`0: ħω = ${number(energies[0], null, 3)}`] } : { dtick: n > 12 ? 5 : 1 }
    const layout = {
      margin: { l: 56, r: 10, t: 10, b: 38 }, bargap: 0.15, annotations,
      xaxis: axisStyle("mode", { range: [-0.6, n - 0.4], showgrid: false, ...ticks }),
      yaxis: axisStyle(`${symbolHTML(q.symbol) || q.title}${unit ? ` (${unit})` : ""}`, isLogarithmic ? { type: "log" } : { rangemode: "tozero" }),
    }
    const told = values.slice(0, 40).map((v, k) => asText(v, shortUnit(q.unit), q.errors?.[k] ?? null, 3)).join(", ")
    this.plot.draw([bars], layout, shapes, `${q.title} of ${n === 1 ? "the mode" : `${n} modes`}: ${told}`)
  }

  bars(heights, values, compare, text) {
    const mode = this.app.mode(), n = values.length
    const colors = values.map((v, k) => (!compare ? category(0) : v > compare[k] * (1 + 1e-9) ? heats() : cools()))
    const isChosen = k => n > 1 && k === mode
    return {
      type: "bar", x: values.map((_, k) => k), y: heights, width: n === 1 ? 0.5 : 0.8,
      text, textposition: "none", hovertemplate: "%{text}<extra></extra>",
      marker: {
        color: colors, opacity: values.map((_, k) => (n === 1 || isChosen(k) ? 1 : 0.72)),
        line: { color: ink("ink"), width: values.map((_, k) => (isChosen(k) ? 2 : 0)) },
      },
    }
  }

  hovers(result, q, energies) {
    const d = this.description, N = list(result, "mode_population"), T = list(result, "effective_temperature")
    const isOther = q.name !== "mode_population" && q.name !== "effective_temperature"
    return Array.from(q.values, (v, k) => [
      `mode ${k}: ħω = ${d.energy(energies[k])}`, N && `N = ${number(N[k])}`, T && `T<sub>eff</sub> = ${d.temperature(T[k])}`,
      isOther && `${q.title}: ${asText(v, shortUnit(q.unit), q.errors?.[k] ?? null)}`,
    ].filter(Boolean).join("<br>"))
  }

  /** Lines to compare with: temperatures of baths and electrodes, the population in equilibrium with the baths. */
  references(result, name, energies) {
    const baths = [...(list(result, "bath_temperature") ?? [])], names = this.description.labels.bath ?? []
    if (!baths.length) return { lines: [], compare: null }
    const mean = baths.reduce((a, b) => a + b) / baths.length
    if (name === "effective_temperature") {
      const electrons = [...(list(result, "temperature") ?? [])]
      const lines = baths.map((value, k) => ({ value, label: names[k] ?? "bath", color: cools() })).filter((l, k) => baths.indexOf(l.value) === k)
      const isOne = electrons.length > 0 && electrons.every(t => t === electrons[0])
      if (isOne && electrons[0] !== mean) lines.push({ value: electrons[0], label: "electrons", color: heats(), isLeft: true })
      return { lines, compare: Array.from(energies, () => mean) }
    }
    if (name === "mode_population") {
      const kT = mean * this.description.boltzmann
      const thermal = Array.from(energies, w => (kT > 0 ? 1 / Math.expm1(w / kT) : 0))
      return { lines: thermal.length === 1 ? [{ value: thermal[0], label: "at the baths' temperature", color: cools() }] : [], compare: thermal }
    }
    return { lines: [], compare: null }
  }
}
