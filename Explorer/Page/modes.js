// The modes as bars: population or effective temperature; a click chooses the mode of the pictures.
import { number, quantity as asText, shortUnit, scaled, symbolHTML } from "./format.js"
import { category, cools, heats, ink } from "./palette.js"
import { chooser } from "./panel.js"
import { axisStyle, Plot } from "./plot.js"
import { list, quantity } from "./result.js"
import { View } from "./view.js"

export class ModesView extends View {
  constructor(app) {
    super(app, "modes", "Modes", { feed: null })
    this.plot = new Plot(this.panel.content, "Modes")
    this.chooser = chooser("What the bars show", name => app.store.change(s => { s.modes = { name } }))
    this.modeChooser = chooser("Mode of the pictures", mode => app.store.change(s => { s.mode = mode === "" ? null : Number(mode) }))
    this.panel.addTool(this.chooser, this.modeChooser)
    this.panel.content.addEventListener("click", () => this.hovered !== undefined && app.store.change(s => { s.mode = this.hovered }))
  }

  get isPossible() { return this.description.hasModes && this.names().length > 0 }
  names() { return ["effective_temperature", "mode_population", "effective_chemical_potential", "damping_rate", "quality_factor", "renormalized_energy", "emission_rate", "absorption_rate", "electronic_damping"].filter(n => this.description.has(n)) }

  update(state) {
    if (!this.isPossible) return
    this.chooser.fill(this.names().map(n => [n, this.description.quantities.get(n).title]), state.modes.name)
    const energies = this.description.modeEnergies
    this.modeChooser.hidden = energies.length < 2
    this.modeChooser.fill([["", "hottest mode"], ...Array.from(energies, (e, k) => [k, `mode ${k}: ${asText(e, shortUnit(this.description.energyUnit), null, 3)}`])], state.mode ?? "")
    if (this.latest && this.drawn !== JSON.stringify([state.modes, state.mode])) this.draw()
  }

  /** The answer comes with that of the pictures. */
  show(result, body) { this.latest = { result, body }; this.draw() }

  draw() {
    const { result } = this.latest
    const name = this.state.modes.name
    const q = quantity(result, name)
    if (!q) return
    this.drawn = JSON.stringify([this.state.modes, this.state.mode])
    const energies = result.dimensions.find(d => d.name === "mode")?.positions ?? this.description.modeEnergies
    const values = Array.from(q.values), errors = q.errors ?? []
    const population = list(result, "mode_population"), temperature = list(result, "effective_temperature")
    const reference = this.references(result, name, energies)
    const mode = this.app.mode()
    const size = Math.max(...values.map(v => (isFinite(v) ? Math.abs(v) : 0)))
    const s = scaled(size, q.unit)
    const d = this.description
    const compare = reference.compare
    const colors = values.map((v, k) => (compare ? (v > compare[k] * (1 + 1e-9) ? heats() : cools()) : category(0)))
    const text = values.map((v, k) => [`mode ${k}: ħω = ${asText(energies[k], shortUnit(d.energyUnit))}`, population && `N = ${number(population[k])}`, temperature && `T<sub>eff</sub> = ${asText(temperature[k], shortUnit(d.temperatureUnit))}`,
      name !== "mode_population" && name !== "effective_temperature" && `${q.title}: ${asText(v, shortUnit(q.unit), errors[k])}`].filter(Boolean).join("<br>"))
    const isLogarithmic = values.length > 4 && values.every(v => !(v <= 0)) && size > 300 * Math.min(...values.filter(v => v > 0))
    const bars = { type: "bar", x: values.map((_, k) => k), y: values.map(v => (isFinite(v) ? v * s.factor : null)), text, hovertemplate: "%{text}<extra></extra>", textposition: "none",
      marker: { color: colors, opacity: values.map((_, k) => (k === mode || values.length === 1 ? 1 : 0.72)), line: { color: ink("ink"), width: values.map((_, k) => (k === mode && values.length > 1 ? 2 : 0)) } }, width: values.length === 1 ? 0.5 : 0.8 }
    const shapes = [], annotations = []
    for (const r of reference.lines) {
      shapes.push({ type: "line", xref: "paper", yref: "y", x0: 0, x1: 1, y0: r.value * s.factor, y1: r.value * s.factor, line: { color: r.color, width: 1.6, dash: "dash" } })
      annotations.push({ xref: "paper", yref: "y", x: r.side ? 0.01 : 0.99, y: isLogarithmic ? Math.log10(r.value * s.factor) : r.value * s.factor, text: r.label, showarrow: false, xanchor: r.side ? "left" : "right", yanchor: "bottom", font: { size: 11, color: r.color }, bgcolor: ink("panel"), borderpad: 0 })
    }
    const missing = values.flatMap((v, k) => (isFinite(v) ? [] : [{ xref: "x", yref: "paper", x: k, y: 0, text: "–", showarrow: false, yanchor: "bottom", font: { color: ink("muted") } }]))
    const layout = { margin: { l: 56, r: 10, t: 10, b: 38 }, bargap: 0.15, annotations: [...annotations, ...missing],
      xaxis: axisStyle("mode", { range: [-0.6, values.length - 0.4], dtick: values.length > 12 ? 5 : 1, showgrid: false, ...(values.length === 1 ? { tickvals: values.map((_, k) => k), ticktext: Array.from(energies, (e, k) => `${k}: ħω = ${number(e, null, 3)}`) } : {}) }),
      yaxis: axisStyle(`${symbolHTML(q.symbol) || q.title}${s.unit ? ` (${s.unit})` : ""}`, { rangemode: isLogarithmic ? "normal" : "tozero", type: isLogarithmic ? "log" : "linear" }) }
    this.plot.draw([bars], layout, shapes, `${q.title} of ${values.length} ${values.length === 1 ? "mode" : "modes"}: ${values.slice(0, 40).map((v, k) => asText(v, shortUnit(q.unit), errors[k], 3)).join(", ")}`)
    this.listen()
  }

  /** Lines to compare with: temperatures of baths and electrodes, populations in equilibrium with the baths. */
  references(result, name, energies) {
    const baths = [...(list(result, "bath_temperature") ?? [])], names = this.description.labels.bath ?? []
    const warmest = baths.length ? baths.reduce((a, b) => a + b) / baths.length : null
    if (name === "effective_temperature" && warmest !== null) {
      const electrons = [...(list(result, "temperature") ?? [])]
      const lines = baths.map((t, k) => ({ value: t, label: names[k] ?? "bath", color: cools(), side: 0 })).filter((l, k, all) => all.findIndex(o => o.value === l.value) === k)
      if (electrons.length && electrons.every(t => t === electrons[0]) && electrons[0] !== warmest) lines.push({ value: electrons[0], label: "electrons", color: heats(), side: 1 })
      return { lines, compare: Array.from(energies, () => warmest) }
    }
    if (name === "mode_population" && warmest !== null) {
      const kT = warmest * this.description.boltzmann
      const thermal = Array.from(energies, w => (kT > 0 ? 1 / Math.expm1(w / kT) : 0))
      return { lines: thermal.length === 1 ? [{ value: thermal[0], label: "at the bath's temperature", color: cools(), side: 0 }] : [], compare: thermal }
    }
    return { lines: [], compare: null }
  }

  listen() {
    if (this.isListening || !this.panel.content.on) return void setTimeout(() => !this.isListening && this.panel.content.on && this.listen(), 50)
    this.isListening = true
    this.panel.content.on("plotly_hover", event => { this.hovered = event.points[0]?.pointIndex })
    this.panel.content.on("plotly_unhover", () => { this.hovered = undefined })
  }
}
