// Pair baths above, boson baths below, the mode between them, as in Lü's figure.
import { channelText, number, quantity, signed, shortUnit } from "./format.js"
import { cools, faded, heats, ink } from "./palette.js"
import { drawBodies, drawTerminals } from "./reservoirs.js"
import { scene } from "./scene.js"
import { el, flow, picture, room, text } from "./svg.js"
import { View } from "./view.js"

export class BathsView extends View {
  constructor(app) {
    super(app, "baths", "Electron-hole pair baths", { feed: null })
    this.largest = { key: "", value: 0 }
  }

  get isPossible() {
    const d = this.description
    return d.kind === "junction" || d.kind === "pair_spectra" ? d.hasModes : true
  }

  update() { if (this.latest && this.drawnMode !== this.app.mode()) this.draw() }
  show(result, body) { this.latest = { result, body }; this.draw() }

  draw() {
    const { w, h, scale } = room(this.panel.content)
    if (!w || !h) return
    this.drawnMode = this.app.mode()
    const d = this.description
    const title = { terminals: "Baths", bodies: "Bodies" }[d.kind] ?? (d.hasChannels ? "Electron-hole pair baths" : "Boson baths")
    this.panel.element.querySelector("h2").textContent = title
    const s = scene(this.latest.result, d, this.drawnMode)
    const drawing = d.kind === "terminals" ? drawTerminals(this.latest.result, s, d, w, h, scale) : d.kind === "bodies" ? drawBodies(this.latest.result, d, w, h, scale) : this.junction(s, w, h, scale)
    this.panel.content.replaceChildren(drawing)
  }

  /** The largest flow seen with this level: widths then show how flows grow while a slider moves. */
  scaleOf(s) {
    const key = `${this.description.revision}|${this.state.level}`
    if (this.largest.key !== key) this.largest = { key, value: 0 }
    const now = Math.max(...s.channels.map(c => Math.abs(c.flow)), ...s.baths.map(b => Math.abs(b.flow) || 0), 0)
    this.largest.value = Math.max(now, Math.min(this.largest.value, now > 0 ? now * 40 : Infinity))
    return this.largest.value
  }

  junction(s, w, h, scale) {
    const top = this.scaleOf(s)
    const width = f => (top > 0 && f ? 1.4 + 13 * Math.sqrt(Math.abs(f) / top) : 0)
    const most = Math.max(4, Math.min(8, Math.floor(w / 108)))
    const channels = [...s.channels].sort((p, q) => q.share - p.share).slice(0, most)
    const ordered = s.channels.filter(c => channels.includes(c)), perRow = ordered.length, rows = 1
    const gap = 8, boxHeight = 62
    const boxWidth = Math.min(132, (w - 12 - gap * (perRow - 1)) / Math.max(1, perRow))
    const isSmall = boxWidth < 78
    const mode = { x: w / 2, y: 0, r: Math.max(26, Math.min(38, h * 0.12)) }
    const topEnd = 4 + rows * (boxHeight + 6)
    const bathTop = h - 54
    mode.y = (topEnd + bathTop) / 2
    const rx = Math.min(w * 0.29, 130)
    const parts = []
    ordered.forEach((c, k) => {
      const row = Math.floor(k / perRow), column = k % perRow, inRow = Math.min(perRow, ordered.length - row * perRow)
      const x = w / 2 + (column - (inRow - 1) / 2) * (boxWidth + gap) - boxWidth / 2, y = 4 + row * (boxHeight + 6)
      const foot = [x + boxWidth / 2, y + boxHeight + 1]
      const target = [mode.x + Math.max(-0.86, Math.min(0.86, (foot[0] - mode.x) / rx)) * rx, 0]
      target[1] = mode.y - mode.r * Math.sqrt(1 - ((target[0] - mode.x) / rx) ** 2) - 2
      if (c.flow) parts.unshift(this.arrow(foot, target, c.flow > 0, width(c.flow), c.flow > 0 ? heats() : cools(), `${channelText(c.label)}: ${quantity(c.flow, s.unit, c.error)} into the mode`, c.flow / (top || 1)))
      else parts.unshift(el("line", { x1: foot[0], y1: foot[1], x2: target[0], y2: target[1], stroke: ink("line-strong"), "stroke-width": 1, "stroke-dasharray": "2 4" }))
      parts.push(this.channelBox(c, x, y, boxWidth, boxHeight, s, isSmall))
    })
    const left = s.channels.filter(c => !channels.includes(c))
    if (left.length) parts.push(text(w - 8, h - 4, `${left.length} weaker baths: ${signed(quantity(left.reduce((sum, c) => sum + c.flow, 0), shortUnit(s.unit), null, 3))}`, { class: "tick", "text-anchor": "end" }))
    const bathWidth = Math.min(150, (w - 12 - gap * (s.baths.length - 1)) / Math.max(1, s.baths.length))
    s.baths.forEach((b, k) => {
      const x = w / 2 + (k - (s.baths.length - 1) / 2) * (bathWidth + gap * 2) - bathWidth / 2
      const head = [x + bathWidth / 2, bathTop - 1]
      const source = [mode.x + (k - (s.baths.length - 1) / 2) * Math.min(60, bathWidth * 0.5), mode.y + mode.r + 2]
      if (b.flow) parts.unshift(this.arrow(source, head, b.flow > 0, width(b.flow), b.flow > 0 ? heats() : cools(), `${quantity(b.flow, s.unit, b.error)} into ${b.name}`, b.flow / (top || 1)))
      else parts.unshift(el("line", { x1: source[0], y1: source[1], x2: head[0], y2: head[1], stroke: ink("line-strong"), "stroke-width": 1, "stroke-dasharray": "2 4" }))
      parts.push(this.bathBox(b, x, bathTop, bathWidth, 48, s))
    })
    parts.push(this.modeShape(s, mode, rx), ...this.verdict(s, w, h))
    return picture(w, h, "Electron-hole pair baths", this.words(s), parts, scale)
  }

  arrow(from, to, isForward, width, color, tip, share) {
    return flow(...(isForward ? [from, to] : [to, from]), { width, color, vertical: true, tip, speed: 0.4 + Math.min(1.5, Math.abs(share) * 1.5) })
  }

  channelBox(c, x, y, w, h, s, isSmall) {
    const d = this.description
    const color = c.flow > 0 ? heats() : c.flow < 0 ? cools() : ink("muted")
    const isInverted = c.mu !== null && s.mode && c.mu > s.mode.energy
    const temperature = c.a ? (c.isThermal ? quantity(c.a.T, shortUnit(d.temperatureUnit), null, 3) : `${number(c.a.T, null, 3)} | ${number(c.b.T, null, 3)}`) : "–"
    const tip = `${channelText(c.label)}: temperature ${temperature}, chemical potential μ = ${number(c.mu)}${c.occupation !== null ? `, holds the mode at ${number(c.occupation, null, 3)} quanta by itself` : ""}${isInverted ? "; inverted, it amplifies the mode" : ""}; energy flow ${quantity(c.flow, s.unit, c.error)}`
    const lines = h < 58 ? [y + 27, y + 42] : [y + 30, y + 43, y + 57]
    const flowText = signed(quantity(c.flow, shortUnit(s.unit), c.error, isSmall ? 3 : 4))
    return el("g", { class: "bath", "data-tip": tip, "data-channel": c.label },
      el("rect", { x, y, width: w, height: h, rx: 7, fill: c.flow ? faded(color, 0.1) : ink("panel-soft"), stroke: color, "stroke-width": c.flow ? 1.6 : 1 }),
      text(x + w / 2, y + 14, channelText(c.label) + (isInverted ? " ▲" : ""), { class: "name", "text-anchor": "middle", ...(c.label.length * 7.2 + (isInverted ? 30 : 16) > w ? { textLength: w - 8, lengthAdjust: "spacingAndGlyphs" } : {}) }),
      h < 58 ? text(x + w / 2, lines[0], `*μ* ${number(c.mu, null, 3)}`, { class: "small", "text-anchor": "middle" })
        : [text(x + w / 2, lines[0], `*T* ${temperature}`, { class: "small", "text-anchor": "middle" }), text(x + w / 2, lines[1], `*μ* ${number(c.mu, null, 3)}${shortUnit(d.energyUnit) && !isSmall ? ` ${d.energyUnit}` : ""}`, { class: "small", "text-anchor": "middle" })],
      text(x + w / 2, lines.at(-1), flowText, { class: "strong", "text-anchor": "middle", style: c.flow ? `fill:${color}` : "" }))
  }

  bathBox(b, x, y, w, h, s) {
    const d = this.description
    return el("g", { class: "bath", "data-tip": `${b.name}: temperature ${quantity(b.T, shortUnit(d.temperatureUnit))}, energy flow into it ${quantity(b.flow, s.unit, b.error)}` },
      el("rect", { x, y, width: w, height: h, rx: 7, fill: faded(ink("bath"), 0.14), stroke: ink("bath"), "stroke-width": 1.4 }),
      text(x + w / 2, y + 14, b.name, { class: "name", "text-anchor": "middle" }),
      text(x + w / 2, y + 28, `*T* ${quantity(b.T, shortUnit(d.temperatureUnit), null, 4)}${b.nu ? `  *ν* ${number(b.nu, null, 3)}` : ""}`, { class: "small", "text-anchor": "middle" }),
      text(x + w / 2, y + 42, b.flow === null ? "" : signed(quantity(b.flow, shortUnit(s.unit), b.error, 4)), { class: "strong", "text-anchor": "middle" }))
  }

  modeShape(s, mode, rx) {
    const { N, T, errorN, errorT, energy, index, count, isHot } = s.mode
    const d = this.description
    const color = s.status === 1 ? ink("pumps") : isHot === null ? ink("muted") : isHot ? heats() : cools()
    const isSteady = N !== null && Number.isFinite(N)
    return el("g", { class: "mode", "data-tip": `mode ${index}: ħω = ${quantity(energy, shortUnit(d.energyUnit))}, N = ${number(N, errorN)}, T_eff = ${quantity(T, shortUnit(d.temperatureUnit), errorT)}` },
      el("ellipse", { cx: mode.x, cy: mode.y, rx, ry: mode.r, fill: ink("panel") }),
      el("ellipse", { cx: mode.x, cy: mode.y, rx, ry: mode.r, fill: faded(color, 0.16), stroke: color, "stroke-width": 2.4, "stroke-dasharray": isSteady ? null : "5 4" }),
      text(mode.x, mode.y - 11, `${count > 1 ? `mode ${index}  ` : ""}*ħω* ${quantity(energy, shortUnit(d.energyUnit), null, 3)}`, { class: "small", "text-anchor": "middle" }),
      isSteady ? text(mode.x, mode.y + 5, `*N* = ${number(N, errorN, 4)}`, { class: "strong", "text-anchor": "middle" }) : text(mode.x, mode.y + 5, s.status === 1 ? "no steady state" : "–", { class: "strong", "text-anchor": "middle" }),
      isSteady && T !== null ? text(mode.x, mode.y + 20, `*T*_{eff} ${quantity(T, shortUnit(d.temperatureUnit), errorT, 4)}`, { class: "small", "text-anchor": "middle", style: `fill:${color}` }) : null)
  }

  /** What happens, in a word. */
  verdict(s, w, h) {
    if (s.total === null) return []
    if (!Number.isFinite(s.total)) return s.status === 1 ? [text(w - 8, h - 34, "electrons pump", { class: "verdict", "text-anchor": "end", style: `fill:${ink("pumps")}` }), text(w - 8, h - 18, "faster than the baths damp", { class: "small", "text-anchor": "end" })] : []
    const isZero = Math.abs(s.total) <= (s.totalError ?? 0) * 2
    const color = isZero ? ink("muted") : s.total > 0 ? heats() : cools()
    const free = (w - s.baths.length * 150) / 2
    if (free < 96) return []
    return [text(w - 8, h - 34, isZero ? "in balance" : s.total > 0 ? "electrons heat" : "electrons cool", { class: "verdict", "text-anchor": "end", style: `fill:${color}` }),
      text(w - 8, h - 18, `*J* = ${signed(quantity(s.total, shortUnit(s.unit), s.totalError, 4))}`, { class: "small", "text-anchor": "end" })]
  }

  words(s) {
    const pairs = s.channels.map(c => `${channelText(c.label)} ${quantity(c.flow, s.unit, c.error)}`).join("; ")
    return `Energy flow from each pair bath into the mode: ${pairs}. Into the boson baths: ${s.baths.map(b => `${b.name} ${quantity(b.flow, s.unit, b.error)}`).join("; ")}. The mode holds ${number(s.mode?.N)} quanta.`
  }
}
