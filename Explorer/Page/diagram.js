// The energy diagram: Fermi seas, levels, pair processes as arrows, quanta of the mode.
import { channelText, number, quantity, shortUnit } from "./format.js"
import { cools, heats, ink } from "./palette.js"
import { scene, typicalEnergy } from "./scene.js"
import { ladder, levelShapes, sea } from "./diagramparts.js"
import { el, flow, picture, room, text, wave } from "./svg.js"
import { View } from "./view.js"

export class DiagramView extends View {
  constructor(app) {
    super(app, "diagram", "Energies", { feed: null })
    this.window = null
  }

  get isPossible() { return this.description.hasElectrodes && (this.description.kind === "junction" || this.description.kind === "pair_spectra") }

  update(state) { if (this.latest && this.drawnMode !== this.app.mode()) this.draw(); void state }
  show(result, body) { this.latest = { result, body }; this.draw() }

  draw() {
    const { w, h, scale } = room(this.panel.content)
    if (!w || !h) return
    this.drawnMode = this.app.mode()
    const s = scene(this.latest.result, this.description, this.drawnMode)
    if (!s.electrodes.length) return
    const range = this.fit(s)
    const box = { top: 26, bottom: h - 30, left: 46, right: w - (s.mode ? Math.min(96, w * 0.22) : 12) }
    const y = e => box.top + ((range[1] - e) / (range[1] - range[0])) * (box.bottom - box.top)
    const clipped = e => Math.max(range[0], Math.min(range[1], e))
    const places = this.places(s.electrodes, box)
    const centre = [places.inner[0] + 6, places.inner[1] - 6]
    const clip = `clip-${Math.random().toString(36).slice(2, 8)}`
    const parts = [
      el("defs", {}, el("clipPath", { id: clip }, el("rect", { x: box.left, y: box.top - 4, width: box.right - box.left, height: box.bottom - box.top + 8 }))),
      this.axis(range, y, box),
      el("g", { "clip-path": `url(#${clip})` }, s.electrodes.map((e, k) => sea(e, places.columns[k], range, y)), levelShapes(s.levels, centre, range, y, this.description)),
      s.electrodes.map((e, k) => this.electrodeText(e, places.columns[k], y, box)),
      this.processes(s, places, range, y, clipped, centre),
      s.mode ? ladder(s, [box.right + 8, w - 8], box, y, range, this.description) : null,
    ]
    this.panel.content.replaceChildren(picture(w, h, "Energy diagram", this.words(s), parts.flat(3), scale))
  }

  /** Left and right; more than two electrodes stand in several columns on either side. */
  places(electrodes, box) {
    const n = electrodes.length, width = box.right - box.left
    const left = Math.ceil(n / 2), right = n - left
    const column = Math.min(width * 0.25, (width * 0.56) / Math.max(2, n))
    const columns = []
    let l = 0, r = 0
    electrodes.forEach((e, k) => {
      const isLeft = k % 2 === 0 || r >= right
      if (isLeft && l < left) { columns.push({ side: -1, x0: box.left + l * (column + 4), x1: box.left + l * (column + 4) + column, order: l++ }) }
      else { columns.push({ side: 1, x0: box.right - r * (column + 4) - column, x1: box.right - r * (column + 4), order: r++ }) }
    })
    return { columns, inner: [box.left + left * (column + 4), box.right - right * (column + 4)] }
  }

  /** A window of energies that follows slowly, so that a moving slider does not shake the picture. */
  fit(s) {
    const quantum = s.mode?.energy ?? 0
    const kT = Math.max(...s.electrodes.map(e => e.kT))
    const margin = Math.max(4 * kT, 1.3 * quantum, 0.15 * Math.max(...s.levels.map(l => l.width), 0))
    let low = Math.min(...s.electrodes.map(e => e.mu)) - margin, high = Math.max(...s.electrodes.map(e => e.mu)) + margin
    const near = s.levels.filter(l => l.energy > low - margin && l.energy < high + margin).slice(0, 40)
    for (const l of near) { low = Math.min(low, l.energy - l.width); high = Math.max(high, l.energy + l.width) }
    const old = this.window
    if (old && old[0] <= low + 0.02 * (high - low) && old[1] >= high - 0.02 * (high - low) && high - low > 0.5 * (old[1] - old[0])) return old
    const span = high - low || 1
    return (this.window = [low - 0.06 * span, high + 0.06 * span])
  }

  axis(range, y, box) {
    const step = nice((range[1] - range[0]) / Math.max(3, (box.bottom - box.top) / 44))
    const ticks = []
    for (let e = Math.ceil(range[0] / step) * step; e <= range[1] + 1e-9 * step; e += step) ticks.push(e)
    const unit = this.description.energyUnit === "energy unit" ? "" : ` (${this.description.energyUnit})`
    return [
      el("line", { x1: box.left - 6, x2: box.left - 6, y1: box.bottom, y2: box.top - 8, stroke: ink("line-strong"), "stroke-width": 1.2 }),
      el("path", { d: `M${box.left - 6} ${box.top - 14} l-3.500 7 h7 z`, fill: ink("line-strong") }),
      text(box.left - 2, 12, `*e*${unit}`, { class: "small", "text-anchor": "middle" }),
      ticks.map(e => [el("line", { x1: box.left - 10, x2: box.left - 6, y1: y(e), y2: y(e), stroke: ink("line-strong") }), text(box.left - 13, y(e) + 3.5, number(Math.abs(e) < 1e-9 * step ? 0 : e, step * 1e-3, 4), { class: "tick", "text-anchor": "end" })]),
    ]
  }

  electrodeText(e, column, y, box) {
    const x = (column.x0 + column.x1) / 2
    const narrow = column.x1 - column.x0 < 62
    const yMu = y(e.mu)
    return el("g", { "data-tip": `${e.name}: μ = ${quantity(e.mu, shortUnit(this.description.energyUnit))}, T = ${quantity(e.T, shortUnit(this.description.temperatureUnit))}` },
      text(x, box.bottom + 13, narrow && e.name.length > 6 ? e.name.slice(0, 5) + "…" : e.name, { class: "name", "text-anchor": "middle" }),
      text(x, box.bottom + 26, `${narrow ? "" : "*T* "}${quantity(e.T, shortUnit(this.description.temperatureUnit), null, 3)}`, { class: "small", "text-anchor": "middle" }),
      el("line", { x1: column.x0, x2: column.x1, y1: yMu, y2: yMu, stroke: ink("ink"), "stroke-width": 1.2, "stroke-dasharray": "5 3" }),
      text(x, yMu - 5, narrow ? number(e.mu, null, 3) : `*μ*_{${e.name}} ${number(e.mu, null, 4)}`, { class: "small halo", "text-anchor": "middle" }))
  }

  /** An arrow for every channel that carries a visible share of the energy. */
  processes(s, places, range, y, clipped, centre) {
    if (!s.mode) return null
    const quantum = s.mode.energy
    const columnOf = new Map(s.electrodes.map((e, k) => [e.name, places.columns[k]]))
    const seen = s.channels.filter(c => c.a && c.b && c.share > 0.004).sort((p, q) => q.share - p.share).slice(0, 6)
    const used = [], labels = []
    const arrows = seen.map((c, k) => {
      const e = typicalEnergy(c, quantum, s.levels, range)
      const isHeating = c.flow > 0
      const color = isHeating ? heats() : cools()
      const edge = column => (column.side < 0 ? column.x1 : column.x0)
      const a = [edge(columnOf.get(c.a.name)), y(clipped(e))], b = [edge(columnOf.get(c.b.name)), y(clipped(e - quantum))]
      const [from, to] = isHeating ? [a, b] : [b, a]
      const width = 1.5 + 11 * c.share
      let shift = 0
      while (used.some(u => Math.abs(u - (from[1] + to[1]) / 2 - shift) < 16)) shift += 17
      used.push((from[1] + to[1]) / 2 + shift)
      const tip = `${channelText(c.label)}: ${quantity(c.flow, s.unit, c.error)}, ${Math.round(100 * c.share)} % of the energy exchanged. ${isHeating ? `Electrons go from ${c.a.name} to ${c.b.name} and give ħω to the mode` : `Runs backwards: electrons go from ${c.b.name} to ${c.a.name} and take ħω from the mode`}`
      const side = columnOf.get(c.a.name).side
      const start = [from[0], from[1] + shift], end = [to[0], to[1] + shift]
      const middle = c.a === c.b || columnOf.get(c.a.name).side === columnOf.get(c.b.name).side ? [from[0] - side * (centre[1] - centre[0]) * 0.3, (start[1] + end[1]) / 2] : [(start[0] + end[0]) / 2, (start[1] + end[1]) / 2]
      const arrow = from[0] === to[0] || middle[0] !== (start[0] + end[0]) / 2 ? loop(start, end, -side * (centre[1] - centre[0]) * 0.4, width, color, tip) : flow(start, end, { width, color, tip, speed: 0.6 + c.share })
      const away = Math.sign(end[0] - start[0]) || -side, below = isHeating ? 1 : -1
      const near = [middle[0] - away * 4, middle[1] + below * (4 + width / 2)], far = [middle[0] - away * 20, middle[1] + below * (38 + width / 2)]
      const quantumWave = c.share > 0.15 ? [wave(isHeating ? near : far, isHeating ? far : near, { color: ink("quantum"), width: 1.2 + 1.4 * c.share, amplitude: 3.2, turns: 3 }),
        c.share > 0.3 ? text(far[0] - away * 4, far[1] + (isHeating ? 10 : -3), "*ħω*", { class: "small halo", "text-anchor": "middle", style: `fill:${ink("quantum")}` }) : null] : null
      const label = c.share > 0.045 ? text(start[0] + away * 5, start[1] + (isHeating ? -7 - width / 2 : 15 + width / 2), `${channelText(c.label)}  ${isHeating ? "+" : "−"}${percent(c.share)}`, { class: "small halo", "text-anchor": away > 0 ? "start" : "end", style: `fill:${color}` }) : null
      labels.push(label)
      return el("g", { "data-channel": c.label, "data-flow": isHeating ? "heats" : "cools" }, arrow, quantumWave)
    })
    return [arrows, labels]
  }

  words(s) {
    const seas = s.electrodes.map(e => `${e.name} at chemical potential ${number(e.mu)} and temperature ${number(e.T)}`).join("; ")
    const flows = s.channels.filter(c => c.share > 0.01).map(c => `${channelText(c.label)} ${c.flow > 0 ? "heats" : "cools"} with ${percent(c.share)}`).join("; ")
    return `Electrodes: ${seas}. ${flows ? `Pairs: ${flows}.` : ""} ${s.mode ? `Mode ${s.mode.index} holds ${number(s.mode.N)} quanta.` : ""}`
  }
}

const percent = share => `${share > 0.995 ? 100 : (100 * share).toPrecision(share < 0.1 ? 1 : 2)} %`

function nice(step) {
  const power = 10 ** Math.floor(Math.log10(step)), m = step / power
  return (m <= 1 ? 1 : m <= 2 ? 2 : m <= 5 ? 5 : 10) * power
}

/** An arrow that leaves an electrode and comes back to the same side. */
function loop(from, to, bulge, width, color, tip) {
  const head = Math.max(8, width * 1.4), sign = Math.sign(bulge)
  const d = `M${from[0]} ${from[1]} C${from[0] + bulge} ${from[1]} ${to[0] + bulge} ${to[1]} ${to[0] + sign * head} ${to[1]}`
  const half = Math.max(4.5, width * 0.9)
  return el("g", { class: "flow", "data-tip": tip }, el("path", { d, fill: "none", stroke: color, "stroke-width": width, opacity: 0.9 }),
    el("path", { d: `M${to[0]} ${to[1]} l${sign * head} ${-half} v${2 * half} z`, fill: color }))
}
