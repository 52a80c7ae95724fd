// The boxes of the bath picture: a pair channel, a boson bath, the mode, and what happens in a word.
import { channelText, number, quantity, shortUnit, signed } from "./format.js"
import { cools, faded, heats, ink } from "./palette.js"
import { el, text } from "./svg.js"

/** A pair channel as a bath: temperature, chemical potential, flow. */
export function channelBox(c, s, d, { x, y, w, h }) {
  const middle = x + w / 2
  const color = c.flow > 0 ? heats() : c.flow < 0 ? cools() : ink("muted")
  const isInverted = c.mu !== null && s.mode && c.mu > s.mode.energy
  const title = channelText(c.label) + (isInverted ? " ▲" : "")
  const fits = title.length * 6.8 + 6 < w ? {} : { textLength: w - 8, lengthAdjust: "spacingAndGlyphs" }
  const temperature = !c.a ? "–" : c.isThermal ? d.temperature(c.a.T, null, 3) : `${number(c.a.T, null, 3)} | ${number(c.b.T, null, 3)}`
  const unit = shortUnit(d.energyUnit) && w >= 78 ? ` ${d.energyUnit}` : ""
  const tip = [
    `${channelText(c.label)}: temperature ${temperature}, chemical potential μ = ${d.energy(c.mu)}`,
    c.occupation !== null && `would hold the mode at ${number(c.occupation, null, 3)} quanta by itself`,
    isInverted && "inverted: it amplifies the mode", `energy flow ${quantity(c.flow, s.unit, c.error)}`,
  ].filter(Boolean).join("; ")
  return el("g", { class: "bath", "data-tip": tip, "data-channel": c.label },
    box(x, y, w, h, c.flow ? faded(color, 0.1) : ink("panel-soft"), color, c.flow ? 1.6 : 1),
    text(middle, y + 14, title, "name", null, "middle", fits),
    text(middle, y + 30, `*T* ${temperature}`),
    text(middle, y + 43, `*μ* ${number(c.mu, null, 3)}${unit}`),
    text(middle, y + 57, signed(quantity(c.flow, shortUnit(s.unit), c.error, w < 78 ? 3 : 4)), "strong", c.flow ? color : null))
}

/** A boson bath with what flows into it. */
export function bathBox(b, s, d, { x, y, w, h }) {
  const middle = x + w / 2
  const tip = `${b.name}: temperature ${d.temperature(b.T)}, energy flow into it ${quantity(b.flow, s.unit, b.error)}`
  return el("g", { class: "bath", "data-tip": tip },
    box(x, y, w, h, faded(ink("bath"), 0.14), ink("bath"), 1.4),
    text(middle, y + 14, b.name, "name"),
    text(middle, y + 28, `*T* ${d.temperature(b.T, null, 4)}${b.nu ? `  *ν* ${number(b.nu, null, 3)}` : ""}`),
    text(middle, y + 42, b.flow === null ? "" : signed(quantity(b.flow, shortUnit(s.unit), b.error, 4)), "strong"))
}

export const box = (x, y, width, height, fill, stroke, strokeWidth) =>
  el("rect", { x, y, width, height, rx: 7, fill, stroke, "stroke-width": strokeWidth })

/** The mode: energy, population, effective temperature. */
export function modeShape(s, { x, y, rx, ry }, d) {
  const { N, T, errorN, errorT, energy, index, count, isHot } = s.mode
  const color = s.status === 1 ? ink("pumps") : isHot === null ? ink("muted") : isHot ? heats() : cools()
  const isSteady = N !== null && Number.isFinite(N)
  const rim = { stroke: color, "stroke-width": 2.4, "stroke-dasharray": isSteady ? null : "5 4" }
  const tip = `mode ${index}: ħω = ${d.energy(energy)}, N = ${number(N, errorN)}, effective temperature ${d.temperature(T, errorT)}`
  return el("g", { class: "mode", "data-tip": tip },
    el("ellipse", { cx: x, cy: y, rx, ry, fill: ink("panel") }),
    el("ellipse", { cx: x, cy: y, rx, ry, fill: faded(color, 0.16), ...rim }),
    text(x, y - 11, `${count > 1 ? `mode ${index}  ` : ""}*ħω* ${d.energy(energy, null, 3)}`),
    text(x, y + 5, isSteady ? `*N* = ${number(N, errorN, 4)}` : s.status === 1 ? "no steady state" : "–", "strong"),
    isSteady && T !== null ? text(x, y + 20, `*T*_{eff} ${d.temperature(T, errorT, 4)}`, "small", color) : null)
}

/** Whether the electrons heat, cool or pump, in the corner if there is room. */
export function verdict(s, w, h) {
  if (s.total === null || (w - s.baths.length * 150) / 2 < 96) return []
  const say = (words, color, more) => [text(w - 8, h - 34, words, "verdict", color, "end"), text(w - 8, h - 18, more, "small", null, "end")]
  if (!Number.isFinite(s.total)) return s.status === 1 ? say("electrons pump", ink("pumps"), "no steady state") : []
  const flow = `*J* = ${signed(quantity(s.total, shortUnit(s.unit), s.totalError, 4))}`
  if (Math.abs(s.total) <= 2 * (s.totalError ?? 0)) return say("in balance", ink("muted"), flow)
  return s.total > 0 ? say("electrons heat", heats(), flow) : say("electrons cool", cools(), flow)
}
