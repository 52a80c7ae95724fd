// What the server says about the model, and the choices a page starts with.
import { quantity, shortUnit } from "./format.js"

export class Description {
  constructor(raw) {
    Object.assign(this, raw)
    this.file = raw.file.replace(/^.*[/\\]/, "")
    this.byName = new Map(this.variables.map(variable => [variable.name, variable]))
    this.quantities = new Map()
    for (const o of this.observables) {
      const known = this.quantities.get(o.name)
      // One variable may come with several observables: its own is the cheapest, the model's the surest.
      if (!known || (o.inModel && !known.inModel) || (o.inModel === known.inModel && o.observable === o.name)) this.quantities.set(o.name, o)
    }
  }

  /** A variable's description with the user's own range. */
  variable(name, state) {
    const variable = this.byName.get(name)
    return variable && { ...variable, ...(state?.ranges[name] ?? {}) }
  }

  /** Quantities that a sweep can show: no spectra, no distributions. */
  get curves() { return [...this.quantities.values()].filter(q => !this.isSpectrum(q) && !q.dimensions.includes("quanta")) }
  get spectra() { return [...this.quantities.values()].filter(q => this.isSpectrum(q)) }
  get maps() { return this.curves }
  isSpectrum(q) { return q.dimensions.includes("frequency") || q.dimensions.includes("energy") }
  has(name) { return this.quantities.has(name) }
  observable(name) { return this.quantities.get(name)?.observable }

  get hasModes() { return this.modeEnergies.length > 0 }
  get hasElectrodes() { return (this.labels.electrode ?? []).length > 0 }
  get hasChannels() { return (this.labels.channel ?? []).length > 0 }

  /** An energy or a temperature as text, for pictures. */
  energy(value, error = null, digits = 5) { return quantity(value, shortUnit(this.energyUnit), error, digits) }
  temperature(value, error = null, digits = 5) { return quantity(value, shortUnit(this.temperatureUnit), error, digits) }

  /** The state of a page that nobody has touched. */
  start() {
    const values = {}
    for (const v of this.variables) values[v.name] = v.value
    const swept = this.variables.filter(v => v.isSwept && !v.words)
    const x = (swept.at(-1) ?? this.variables[0])?.name ?? null
    const y = (swept.length > 1 ? swept.at(-2) : this.variables.find(v => v.name !== x && !v.words))?.name ?? null
    const curves = this.firstCurves()
    return {
      values, ranges: {}, level: this.level || null, tolerance: null,
      curves: { x, shown: curves, parts: {} },
      map: x && y ? { x, y, name: this.firstMap(), part: null } : null,
      spectra: { name: this.firstSpectrum(), parts: null, ranges: {} },
      modes: { name: this.has("effective_temperature") ? "effective_temperature" : "mode_population" },
      mode: null, pins: [], pair: null,
    }
  }

  firstCurves() {
    const names = this.curves.map(q => q.name)
    if (this.kind === "junction" || this.kind === "pair_spectra") {
      const wanted = this.hasModes && this.hasElectrodes ? ["energy_current", "energy_current_channel", "effective_temperature"] : []
      const found = wanted.filter(n => names.includes(n))
      if (found.length) return found
    }
    const own = this.curves.filter(q => q.inModel).map(q => q.name)
    return (own.length ? own : names).slice(0, 2)
  }

  firstMap() {
    const names = this.maps
    const known = ["energy_current", "bath_energy_current", "energy_flux"].find(n => this.quantities.get(n)?.inModel || (this.hasModes && this.has(n)))
    return known ?? names.find(q => q.inModel)?.name ?? names[0]?.name ?? null
  }

  firstSpectrum() {
    const own = this.spectra.find(q => q.inModel)
    if (own) return own.name
    // The pairs' spectra are matrices in the modes: too much for a molecule.
    const pairs = this.modeEnergies.length <= 6 ? ["pair_density"] : []
    const wanted = [...pairs, "transmission", "phonon_transmission", "energy_flux_spectrum", "bath_energy_current_spectrum"]
    return wanted.find(n => this.has(n)) ?? this.spectra[0]?.name ?? null
  }
}

/** The observables to ask for, for some variables of a result. */
export const observablesFor = (description, names) => [...new Set(names.map(n => description.observable(n)).filter(Boolean))]

/** What every request says about the state. */
export function held(state, description, axes = []) {
  const taken = new Set(axes.map(a => a.name))
  const values = {}
  for (const v of description.variables) if (!taken.has(v.name) && v.name in state.values) values[v.name] = state.values[v.name]
  const body = { values, axes }
  if (description.levels.length && state.level && state.level !== description.level) body.level = state.level
  if (state.tolerance) body.tolerance = state.tolerance
  return body
}

export function axis(description, state, name, points) {
  const v = description.variable(name, state)
  return { name, from: v.from, to: v.to, points: v.words ? v.words.length : points, logarithmic: Boolean(v.logarithmic) }
}
