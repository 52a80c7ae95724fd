// Spectra against the frequency of the bosons or the energy of the electrons.
import { held, observablesFor } from "./description.js"
import { number, parsed, plain, unitText } from "./format.js"
import { drawLegend } from "./legend.js"
import { iconButton, openBeside } from "./menu.js"
import { ink } from "./palette.js"
import { chooser } from "./panel.js"
import { componentChoice, titleOf } from "./picker.js"
import { axisStyle, Plot } from "./plot.js"
import { list, quantity } from "./result.js"
import { chosen, panelsOf, tracesOf } from "./curvetraces.js"
import { View } from "./view.js"

const points = 201

export class SpectraView extends View {
  constructor(app) {
    super(app, "spectra", "Spectrum")
    this.plot = new Plot(this.panel.content, "Spectrum at the current values")
    this.nameChooser = chooser("Spectrum", name => app.store.change(s => { s.spectra = { ...s.spectra, name, parts: null } }))
    this.panel.addTool(iconButton("choose", "Components and range of the spectrum", button => this.choose(button)), this.nameChooser)
  }

  get isPossible() { return Boolean(this.state.spectra.name) }

  /** "frequency" or "energy", the horizontal axis. */
  along(state = this.state) { return this.description.quantities.get(state.spectra.name)?.dimensions.includes("frequency") ? "frequency" : "energy" }

  range(state = this.state) {
    const along = this.along(state)
    const d = this.description
    return state.spectra.ranges?.[along] ?? (along === "frequency" ? d.frequencies : d.energies) ?? this.guess(along)
  }

  /** A range for a model that names none: around the modes, or around the chemical potentials of the first state; null before that is there. */
  guess(along) {
    const d = this.description
    if (this.guessed?.revision !== d.revision) this.guessed = { revision: d.revision }
    return (this.guessed[along] ??= along === "frequency" ? aroundModes(d) : aroundPotentials(d, this.app.pictures.latest?.result))
  }

  request(state) {
    const range = this.range(state)
    if (!range) return null
    const body = { ...held(state, this.description), observables: observablesFor(this.description, [state.spectra.name]), variables: [state.spectra.name] }
    body[this.along(state) === "frequency" ? "frequencies" : "energies"] = { from: range.from, to: range.to, points }
    return body
  }

  update(state) {
    if (!this.isPossible) return
    const items = this.description.spectra
    this.nameChooser.fill(items.map(q => [q.name, titleOf(q, items), q.words]), state.spectra.name)
    if (this.latest && this.drawn !== JSON.stringify(state.spectra)) this.draw()
    super.update(state)
  }

  /** Real parts and diagonal elements, unless something else is chosen. */
  choice(q) {
    const { parts } = this.state.spectra
    if (parts) return parts
    const along = this.along()
    const at = name => q.inner.filter(s => s.name !== along).findIndex(s => s.name === name)
    const ri = at("ri"), m = at("mode"), m2 = at("mode2")
    if (ri < 0 && m2 < 0) return null
    const mode = this.app.mode()
    const kept = q.components([along]).filter(c => (ri < 0 || c.indices[ri] === 0) && (m2 < 0 || (c.indices[m] === mode && c.indices[m2] === mode)))
    const sizes = kept.map(c => q.along(c, along).reduce((top, v) => Math.max(top, Math.abs(v) || 0), 0))
    const top = Math.max(...sizes)
    const seen = kept.filter((_, k) => sizes[k] > 1e-9 * top).sort((a, b) => sizes[kept.indexOf(b)] - sizes[kept.indexOf(a)])
    return seen.slice(0, 6).map(c => c.index).sort((a, b) => a - b)
  }

  draw() {
    const { result } = this.latest
    const { name } = this.state.spectra
    const q = quantity(result, name), along = this.along()
    const dimension = result.dimensions.find(d => d.name === along)
    if (!q || !dimension?.values) return
    this.drawn = JSON.stringify(this.state.spectra)
    const panels = panelsOf(result, [name], { [name]: this.choice(q) }, along)
    const x = Array.from(dimension.values)
    const unit = unitText(dimension.unit) || (this.description.units === "natural" ? "" : "eV")
    const letter = along === "frequency" ? "ω" : "e"
    const traces = panels.flatMap(p => p.entries.flatMap(e => {
      e.label = short(e.label, q)
      return tracesOf(e, x, p, "y", { xName: letter, xUnit: unit })
    }))
    const title = `${along === "frequency" ? "ħω" : "<i>e</i>"}${unit ? ` (${unit})` : ""}`
    const xaxis = axisStyle(title, { range: [x[0], x.at(-1)], nticks: 6 }), yaxis = axisStyle(panels[0]?.title ?? "", { anchor: "x" })
    const layout = { margin: { l: 60, r: 18, t: 6, b: 42 }, xaxis, yaxis }
    this.plot.draw(traces, layout, this.lines(result, along, x), `${q.title} against ${along} from ${x[0]} to ${x.at(-1)}`)
    drawLegend(this.panel.legend, panels.flatMap(p => p.entries.map(e => ({ label: e.label || q.title, color: e.color, dash: e.dash }))))
  }

  /** The energies of the modes, or the chemical potentials. */
  lines(result, along, x) {
    const inside = v => v > Math.min(x[0], x.at(-1)) && v < Math.max(x[0], x.at(-1))
    const at = along === "frequency" ? this.description.modeEnergies : [...(list(result, "chemical_potential") ?? [])]
    const line = { color: ink("muted"), width: 1, dash: "dot" }
    return at.filter(inside).map(v => ({ type: "line", xref: "x", yref: "paper", x0: v, x1: v, y0: 0, y1: 1, line, layer: "below" }))
  }

  choose(button) {
    const form = document.createElement("div")
    form.className = "picker"
    const draw = () => {
      const q = quantity(this.latest?.result, this.state.spectra.name)
      const along = this.along(), range = this.range() ?? { from: 0, to: 1 }
      const box = document.createElement("fieldset")
      const field = end => `<label>${end} <input class="${end}" size="8" inputmode="decimal"></label>`
      box.innerHTML = `<legend>Range (${this.description.energyUnit})</legend>${field("from")}${field("to")}<p class="field-problem" role="alert"></p>`
      const from = box.querySelector(".from"), to = box.querySelector(".to")
      from.value = plain(range.from)
      to.value = plain(range.to)
      const takeRange = () => {
        const a = parsed(from.value), b = parsed(to.value)
        const problem = a === null || b === null ? "This is no number" : a >= b ? "“from” must be below “to”"
          : along === "frequency" && a < 0 ? "Frequencies are positive" : ""
        box.querySelector(".field-problem").textContent = problem
        if (!problem) this.app.store.change(s => { s.spectra = { ...s.spectra, ranges: { ...s.spectra.ranges, [along]: { from: a, to: b } } } })
      }
      from.addEventListener("change", takeRange)
      to.addEventListener("change", takeRange)
      form.replaceChildren(box)
      if (!q) return
      const all = q.components([along]), choice = this.choice(q)
      const take = parts => {
        this.app.store.change(s => { s.spectra = { ...s.spectra, parts } })
        draw()
      }
      if (all.length > 1) form.append(componentChoice(q, all, this.state.spectra.parts, chosen(q, choice, [along]), take))
    }
    draw()
    openBeside(button, form, { label: "Components and range" })
  }
}

function aroundModes(d) {
  const energies = d.modeEnergies.filter(e => e > 0)
  return energies.length ? { from: 0.05 * Math.min(...energies), to: 3 * Math.max(...energies) } : { from: 0.01, to: 1 }
}

function aroundPotentials(d, result) {
  const mu = list(result, "chemical_potential"), T = list(result, "temperature")
  if (!mu?.length || !T) return null
  const low = Math.min(...mu), high = Math.max(...mu)
  const margin = Math.max(12 * d.boltzmann * Math.max(...T), 2.5 * Math.max(...d.modeEnergies, 0), 1.5 * (high - low))
  return { from: low - margin, to: high + margin }
}

/** Labels without what is the same for all of them. */
function short(label, q) {
  const isMatrix = q.inner.some(s => s.name === "mode2" || s.name === "ri")
  return isMatrix ? label.replace(/, (mode \d+, and \d+, )?re$/, "").replace(/^(mode \d+, and \d+, )?re$/, "") : label
}
