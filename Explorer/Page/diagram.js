// The energy diagram: Fermi seas, levels, pair processes as arrows, quanta of the mode.
import { levelShapes, sea } from "./diagramparts.js"
import { channelText, number } from "./format.js"
import { ladder } from "./ladder.js"
import { ink } from "./palette.js"
import { percent, processes } from "./processes.js"
import { scene } from "./scene.js"
import { el, picture, room, text } from "./svg.js"
import { PictureView } from "./view.js"

export class DiagramView extends PictureView {
  constructor(app) {
    super(app, "diagram", "Energies")
    this.window = null
  }

  get isPossible() { return this.description.hasElectrodes && (this.description.kind === "junction" || this.description.kind === "pair_spectra") }

  draw() {
    const { w, h, scale } = room(this.panel.content)
    if (!w || !h) return
    this.drawnMode = this.app.mode()
    const s = scene(this.latest.result, this.description, this.drawnMode)
    if (!s.electrodes.length) return
    const range = this.fit(s)
    const box = { top: 26, bottom: h - 30, left: 46, right: w - (s.mode ? Math.min(96, w * 0.22) : 12) }
    const y = e => box.top + ((range[1] - e) / (range[1] - range[0])) * (box.bottom - box.top)
    const places = this.places(s.electrodes, box)
    const clip = `clip-${Math.random().toString(36).slice(2, 8)}`
    const area = { x: box.left, y: box.top - 4, width: box.right - box.left, height: box.bottom - box.top + 8 }
    const seas = s.electrodes.map((e, k) => sea(e, places.columns[k], range, y))
    const levels = levelShapes(s.levels, [places.inner[0] + 6, places.inner[1] - 6], range, y, this.description)
    const parts = [
      el("defs", {}, el("clipPath", { id: clip }, el("rect", area))),
      this.axis(range, y, box),
      el("g", { "clip-path": `url(#${clip})` }, seas, levels),
      s.electrodes.map((e, k) => this.electrodeText(e, places.columns[k], y, box)),
      processes(s, { ...places, range, y }),
      s.mode ? ladder(s, [box.right + 8, w - 8], box, y, range, this.description) : null,
    ]
    this.panel.content.replaceChildren(picture(w, h, "Energy diagram", this.words(s), parts.flat(3), scale))
  }

  /** Left and right; more than two electrodes stand in several columns on either side. */
  places(electrodes, box) {
    const width = box.right - box.left, left = Math.ceil(electrodes.length / 2), right = electrodes.length - left
    const column = Math.min(width * 0.25, (width * 0.56) / Math.max(2, electrodes.length)), step = column + 4
    let l = 0, r = 0
    const columns = electrodes.map((e, k) => {
      const isLeft = (k % 2 === 0 && l < left) || r >= right
      const x0 = isLeft ? box.left + l++ * step : box.right - r++ * step - column
      return { side: isLeft ? -1 : 1, x0, x1: x0 + column }
    })
    return { columns, inner: [box.left + left * step, box.right - right * step] }
  }

  /** A window of energies that follows slowly, so that a moving slider does not shake the picture. */
  fit(s) {
    const mus = s.electrodes.map(e => e.mu)
    const kT = Math.max(...s.electrodes.map(e => e.kT)), width = Math.max(...s.levels.map(l => l.width), 0)
    const margin = Math.max(4 * kT, 1.3 * (s.mode?.energy ?? 0), 0.15 * width)
    let low = Math.min(...mus) - margin, high = Math.max(...mus) + margin
    const near = s.levels.filter(l => l.energy > low - margin && l.energy < high + margin).slice(0, 40)
    for (const l of near) {
      low = Math.min(low, l.energy - l.width)
      high = Math.max(high, l.energy + l.width)
    }
    const span = high - low || 1, old = this.window
    if (old && old[0] <= low + 0.02 * span && old[1] >= high - 0.02 * span && span > 0.5 * (old[1] - old[0])) return old
    return (this.window = [low - 0.06 * span, high + 0.06 * span])
  }

  axis(range, y, { left, top, bottom }) {
    const step = nice((range[1] - range[0]) / Math.max(3, (bottom - top) / 44)), x = left - 6
    const ticks = []
    for (let e = Math.ceil(range[0] / step) * step; e <= range[1] + 1e-9 * step; e += step) ticks.push(Math.abs(e) < 1e-9 * step ? 0 : e)
    const unit = this.description.energyUnit === "energy unit" ? "" : ` (${this.description.energyUnit})`
    return [
      el("line", { x1: x, x2: x, y1: bottom, y2: top - 8, stroke: ink("line-strong"), "stroke-width": 1.2 }),
      el("path", { d: `M${x} ${top - 14} l-3.5 7 h7 z`, fill: ink("line-strong") }),
      text(left - 2, 12, `*e*${unit}`),
      ticks.map(e => [
        el("line", { x1: x - 4, x2: x, y1: y(e), y2: y(e), stroke: ink("line-strong") }),
        text(x - 7, y(e) + 3.5, number(e, step * 1e-3, 4), "tick", null, "end"),
      ]),
    ]
  }

  electrodeText(e, { x0, x1 }, y, { bottom }) {
    const d = this.description, x = (x0 + x1) / 2, isNarrow = x1 - x0 < 62, yMu = y(e.mu)
    return el("g", { "data-tip": `${e.name}: μ = ${d.energy(e.mu)}, T = ${d.temperature(e.T)}` },
      text(x, bottom + 13, isNarrow && e.name.length > 6 ? `${e.name.slice(0, 5)}…` : e.name, "name"),
      text(x, bottom + 26, `${isNarrow ? "" : "*T* "}${d.temperature(e.T, null, 3)}`),
      el("line", { x1: x0, x2: x1, y1: yMu, y2: yMu, stroke: ink("ink"), "stroke-width": 1.2, "stroke-dasharray": "5 3" }),
      text(x, yMu - 5, isNarrow ? number(e.mu, null, 3) : `*μ*_{${e.name}} ${number(e.mu, null, 4)}`, "small halo"))
  }

  words(s) {
    const seas = s.electrodes.map(e => `${e.name} at chemical potential ${number(e.mu)} and temperature ${number(e.T)}`).join("; ")
    const strong = s.channels.filter(c => c.share > 0.01)
    const pairs = strong.map(c => `${channelText(c.label)} ${c.flow > 0 ? "heats" : "cools"} with ${percent(c.share)}`).join("; ")
    return `Electrodes: ${seas}. ${pairs ? `Pairs: ${pairs}.` : ""} ${s.mode ? `Mode ${s.mode.index} holds ${number(s.mode.N)} quanta.` : ""}`
  }
}

/** The next larger one of 1, 2, 5 times a power of ten. */
function nice(step) {
  const power = 10 ** Math.floor(Math.log10(step)), m = step / power
  return (m <= 1 ? 1 : m <= 2 ? 2 : m <= 5 ? 5 : 10) * power
}
