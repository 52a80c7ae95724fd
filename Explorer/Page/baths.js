// Pair baths above, boson baths below, the mode between them, as in Lü's figure.
import { bathBox, channelBox, modeShape, verdict } from "./bathboxes.js"
import { channelText, quantity, shortUnit, signed, number } from "./format.js"
import { cools, heats, ink } from "./palette.js"
import { drawBodies, drawTerminals } from "./reservoirs.js"
import { scene } from "./scene.js"
import { el, flow, picture, room, text } from "./svg.js"
import { PictureView } from "./view.js"

const gap = 8, channelHeight = 62, bathHeight = 48

export class BathsView extends PictureView {
  constructor(app) {
    super(app, "baths", "Electron-hole pair baths")
    this.largest = { key: "", value: 0 }
  }

  get isPossible() {
    const d = this.description
    return d.kind === "junction" || d.kind === "pair_spectra" ? d.hasModes : true
  }

  draw() {
    const size = room(this.panel.content)
    if (!size.w || !size.h) return
    this.drawnMode = this.app.mode()
    const d = this.description, { result } = this.latest
    const title = { terminals: "Baths", bodies: "Bodies" }[d.kind] ?? (d.hasChannels ? "Electron-hole pair baths" : "Boson baths")
    this.panel.element.querySelector("h2").textContent = title
    if (d.kind === "bodies") return this.panel.content.replaceChildren(drawBodies(result, d, size))
    const s = scene(result, d, this.drawnMode)
    this.panel.content.replaceChildren(d.kind === "terminals" ? drawTerminals(result, s, d, size) : this.junction(s, size))
  }

  /** The largest flow seen with this level: widths then show how flows grow while a slider moves. */
  scaleOf(s) {
    const key = `${this.description.revision}|${this.state.level}`
    if (this.largest.key !== key) this.largest = { key, value: 0 }
    const now = Math.max(...s.channels.map(c => Math.abs(c.flow)), ...s.baths.map(b => Math.abs(b.flow) || 0), 0)
    this.largest.value = Math.max(now, Math.min(this.largest.value, now > 0 ? now * 40 : Infinity))
    return this.largest.value
  }

  junction(s, { w, h, scale }) {
    const top = this.scaleOf(s), bathTop = h - bathHeight - 6
    const mode = { x: w / 2, y: (channelHeight + 10 + bathTop) / 2, rx: Math.min(w * 0.29, 130), ry: Math.max(26, Math.min(38, h * 0.12)) }
    const { arrows, boxes, left } = this.channels(s, w, mode, top)
    const parts = [...arrows, ...this.baths(s, w, bathTop, mode, top), ...boxes, modeShape(s, mode, this.description), ...verdict(s, w, h)]
    if (left.length) {
      const rest = signed(quantity(left.reduce((sum, c) => sum + c.flow, 0), shortUnit(s.unit), null, 3))
      parts.push(text(8, mode.y - 1, `${left.length} weaker ones`, "tick", null, "start"), text(8, mode.y + 12, rest, "tick", null, "start"))
    }
    return picture(w, h, "Electron-hole pair baths", this.words(s), parts, scale)
  }

  /** As many channels as fit, the strongest ones, in the order of their names. */
  channels(s, w, mode, top) {
    const strongest = [...s.channels].sort((p, q) => q.share - p.share).slice(0, Math.max(4, Math.min(8, Math.floor(w / 108))))
    const shown = s.channels.filter(c => strongest.includes(c)), n = shown.length
    const width = Math.min(132, (w - 12 - gap * (n - 1)) / Math.max(1, n))
    const arrows = [], boxes = []
    shown.forEach((c, k) => {
      const x = w / 2 + (k - (n - 1) / 2) * (width + gap) - width / 2
      const foot = [x + width / 2, channelHeight + 5]
      const t = Math.max(-0.86, Math.min(0.86, (foot[0] - mode.x) / mode.rx))
      const rim = [mode.x + t * mode.rx, mode.y - mode.ry * Math.sqrt(1 - t * t) - 2]
      arrows.push(connection(foot, rim, c.flow, top, `${channelText(c.label)}: ${quantity(c.flow, s.unit, c.error)} into the mode`))
      boxes.push(channelBox(c, s, this.description, { x, y: 4, w: width, h: channelHeight }))
    })
    return { arrows, boxes, left: s.channels.filter(c => !shown.includes(c)) }
  }

  baths(s, w, y, mode, top) {
    const n = s.baths.length
    const width = Math.min(150, (w - 12 - gap * (n - 1)) / Math.max(1, n))
    return s.baths.flatMap((b, k) => {
      const x = w / 2 + (k - (n - 1) / 2) * (width + gap * 2) - width / 2
      const rim = [mode.x + (k - (n - 1) / 2) * Math.min(60, width * 0.5), mode.y + mode.ry + 2]
      return [
        connection(rim, [x + width / 2, y - 1], b.flow, top, `${quantity(b.flow, s.unit, b.error)} into ${b.name}`),
        bathBox(b, s, this.description, { x, y, w: width, h: bathHeight }),
      ]
    })
  }

  words(s) {
    const pairs = s.channels.map(c => `${channelText(c.label)} ${quantity(c.flow, s.unit, c.error)}`).join("; ")
    const baths = s.baths.map(b => `${b.name} ${quantity(b.flow, s.unit, b.error)}`).join("; ")
    return `Energy flow from each pair bath into the mode: ${pairs}. Into the boson baths: ${baths}. The mode holds ${number(s.mode?.N)} quanta.`
  }
}

/** An arrow downwards for a positive flow, upwards for a negative one, a thin line for none. */
function connection(upper, lower, value, top, tip) {
  if (!value) {
    const [x1, y1] = upper, [x2, y2] = lower
    return el("line", { x1, y1, x2, y2, stroke: ink("line-strong"), "stroke-width": 1, "stroke-dasharray": "2 4" })
  }
  const share = Math.abs(value) / (top || 1)
  const [from, to] = value > 0 ? [upper, lower] : [lower, upper]
  return flow(from, to, {
    width: 1.4 + 13 * Math.sqrt(share), color: value > 0 ? heats() : cools(), isVertical: true, tip, speed: 0.4 + Math.min(1.5, 1.5 * share),
  })
}
