// Pair processes in the energy diagram: arrows between electrodes, with the quanta they give and take.
import { channelText, quantity } from "./format.js"
import { cools, heats, ink } from "./palette.js"
import { typicalEnergy } from "./scene.js"
import { el, flow, text, wave } from "./svg.js"

/** Shares of the energy below these have no arrow, no name, no quantum. */
const visible = 0.004, named = 0.045, waving = 0.15
const most = 6

export const percent = share => `${share > 0.995 ? 100 : (100 * share).toPrecision(share < 0.1 ? 1 : 2)} %`

/** @param frame {columns, inner: [left, right], range, y}, where the electrodes stand and how energies become heights */
export function processes(s, frame) {
  if (!s.mode) return null
  const columnOf = new Map(s.electrodes.map((e, k) => [e.name, frame.columns[k]]))
  const seen = s.channels.filter(c => c.a && c.b && c.share > visible).sort((p, q) => q.share - p.share).slice(0, most)
  const heights = [], arrows = [], labels = []
  for (const c of seen) {
    const place = placed(c, s, frame, columnOf, heights)
    const { start, end, side, isLoop, middle, away } = place
    const isHeating = c.flow > 0, color = isHeating ? heats() : cools(), width = 1.5 + 11 * c.share
    const reach = frame.inner[1] - frame.inner[0]
    const style = { width, color, tip: told(c, s), speed: 0.6 + c.share }
    const arrow = isLoop ? loop(start, end, -side * reach * 0.4, style) : flow(start, end, style)
    const waves = c.share > waving ? quantum(c, middle, away, width) : null
    arrows.push(el("g", { "data-channel": c.label, "data-flow": isHeating ? "heats" : "cools" }, arrow, waves))
    if (c.share > named) {
      const x = start[0] + away * 5, y = start[1] + (isHeating ? -7 - width / 2 : 15 + width / 2)
      const words = `${channelText(c.label)}  ${isHeating ? "+" : "−"}${percent(c.share)}`
      labels.push(text(x, y, words, "small halo", color, away > 0 ? "start" : "end"))
    }
  }
  // Names stand above all arrows.
  return [arrows, labels]
}

/** Where an arrow starts and ends: at the energies from which most pairs come, beside those that are there already. */
function placed(c, s, { range, y, inner }, columnOf, heights) {
  const e = typicalEnergy(c, s.mode.energy, s.levels, range)
  const end = (electrode, energy) => {
    const column = columnOf.get(electrode.name)
    return [column.side < 0 ? column.x1 : column.x0, y(Math.max(range[0], Math.min(range[1], energy)))]
  }
  const a = end(c.a, e), b = end(c.b, e - s.mode.energy)
  const [from, to] = c.flow > 0 ? [a, b] : [b, a]
  let height = (from[1] + to[1]) / 2
  const before = height
  while (heights.some(h => Math.abs(h - height) < 16)) height += 17
  heights.push(height)
  const shift = height - before
  const side = columnOf.get(c.a.name).side, isLoop = columnOf.get(c.b.name).side === side
  const middle = isLoop ? [from[0] - side * (inner[1] - inner[0]) * 0.3, height] : [(from[0] + to[0]) / 2, height]
  return { start: [from[0], from[1] + shift], end: [to[0], to[1] + shift], side, isLoop, middle, away: isLoop ? -side : Math.sign(to[0] - from[0]) }
}

/** A quantum that leaves the arrow, or comes to it. */
function quantum(c, middle, away, width) {
  const isHeating = c.flow > 0, below = isHeating ? 1 : -1
  const near = [middle[0] - away * 4, middle[1] + below * (4 + width / 2)], far = [middle[0] - away * 20, middle[1] + below * (38 + width / 2)]
  const [from, to] = isHeating ? [near, far] : [far, near]
  const drawn = wave(from, to, { color: ink("quantum"), width: 1.2 + 1.4 * c.share, amplitude: 3.2, turns: 3 })
  return [drawn, c.share > 2 * waving ? text(far[0] - away * 4, far[1] + (isHeating ? 10 : -3), "*ħω*", "small halo", ink("quantum")) : null]
}

function told(c, s) {
  const what = c.flow > 0
    ? `Electrons go from ${c.a.name} to ${c.b.name} and give ħω to the mode`
    : `Runs backwards: electrons go from ${c.b.name} to ${c.a.name} and take ħω from the mode`
  return `${channelText(c.label)}: ${quantity(c.flow, s.unit, c.error)}, ${percent(c.share)} of the energy exchanged. ${what}`
}

/** An arrow that leaves an electrode and comes back to the same side. */
function loop(from, to, bulge, { width, color, tip }) {
  const head = Math.max(8, width * 1.4), half = Math.max(4.5, width * 0.9), sign = Math.sign(bulge)
  const d = `M${from[0]} ${from[1]} C${from[0] + bulge} ${from[1]} ${to[0] + bulge} ${to[1]} ${to[0] + sign * head} ${to[1]}`
  return el("g", { class: "flow", "data-tip": tip },
    el("path", { d, fill: "none", stroke: color, "stroke-width": width, opacity: 0.9 }),
    el("path", { d: `M${to[0]} ${to[1]} l${sign * head} ${-half} v${2 * half} z`, fill: color }))
}
