// Pieces of the energy diagram: a Fermi sea, the levels, the ladder of a mode.
import { number, quantity, shortUnit } from "./format.js"
import { category, cools, faded, heats, ink } from "./palette.js"
import { fermi } from "./scene.js"
import { el, text } from "./svg.js"

/** A filled sea whose edge is the Fermi function: as wide as the states are occupied. */
export function sea(e, column, range, y) {
  const wall = column.side < 0 ? column.x0 : column.x1
  const width = column.x1 - column.x0, points = []
  const n = 90
  for (let k = 0; k <= n; k++) {
    const energy = range[1] - ((range[1] - range[0]) * k) / n
    points.push([wall - column.side * width * fermi(energy, e.mu, e.kT), y(energy)])
  }
  const extra = e.kT < (range[1] - range[0]) / 300 ? [[wall, y(e.mu)], [wall - column.side * width, y(e.mu)], [wall - column.side * width, y(range[0])]] : points
  const edge = extra.map(([px, py]) => `${px.toFixed(1)} ${py.toFixed(1)}`).join(" L")
  const color = category(0)
  return el("g", { class: "sea" },
    el("rect", { x: column.x0, y: y(range[1]), width, height: y(range[0]) - y(range[1]), fill: faded(color, 0.06) }),
    el("path", { d: `M${wall} ${y(range[1])} L${edge} L${wall} ${y(range[0])} Z`, fill: faded(color, 0.34) }),
    el("path", { d: `M${edge}`, fill: "none", stroke: color, "stroke-width": 1.6 }))
}

/** Levels as wide as their Lorentzians. */
export function levelShapes(levels, [x0, x1], range, y, description) {
  const span = range[1] - range[0]
  const seen = levels.filter(l => l.energy > range[0] - 3 * l.width && l.energy < range[1] + 3 * l.width)
  const middle = (x0 + x1) / 2, reach = (x1 - x0) * 0.3
  const isCrowded = seen.length > 12
  const color = category(2)
  return seen.map(l => {
    const half = Math.max(l.width / 2, span * 0.0012)
    const right = [], left = []
    for (let k = -24; k <= 24; k++) {
      const energy = l.energy + half * Math.tan((k / 24) * 1.5)
      if (energy < range[0] - span || energy > range[1] + span) continue
      const extent = reach / (1 + ((energy - l.energy) / half) ** 2)
      right.push(`${(middle + extent).toFixed(1)} ${y(energy).toFixed(1)}`)
      left.unshift(`${(middle - extent).toFixed(1)} ${y(energy).toFixed(1)}`)
    }
    const unit = shortUnit(description.energyUnit)
    return el("g", { class: "level", "data-tip": `level at ${quantity(l.energy, unit)}, width ${quantity(l.width, unit)}` },
      el("path", { d: `M${[...right, ...left].join(" L")} Z`, fill: faded(color, isCrowded ? 0.14 : 0.26) }),
      el("line", { x1: middle - reach, x2: middle + reach, y1: y(l.energy), y2: y(l.energy), stroke: color, "stroke-width": isCrowded ? 0.8 : 2, opacity: isCrowded ? 0.5 : 1 }))
  })
}

/** The quanta of the mode: rungs as dark as they are probable, a mark at the mean. */
export function ladder(s, [x0, x1], box, y, range, description) {
  const { mode } = s
  const middle = (x0 + x1) / 2, half = (x1 - x0) / 2 - 6
  const bottom = box.bottom - 46, top = box.top + 22
  const natural = y(range[0]) - y(range[0] + mode.energy)
  const spacing = Math.max(11, Math.min(natural, (bottom - top) / 4.5))
  const count = Math.max(3, Math.floor((bottom - top) / spacing))
  const steady = mode.N !== null && Number.isFinite(mode.N) && mode.N >= 0
  const color = mode.isHot === null ? ink("ink") : mode.isHot ? heats() : cools()
  const rungs = [], wall = []
  for (let k = 0; k <= 40; k++) {
    const t = (k / 20 - 1) * half
    wall.push(`${(middle + t).toFixed(1)} ${(bottom + spacing / 2 - ((t / half) ** 2) * (bottom + spacing / 2 - top + 6)).toFixed(1)}`)
  }
  rungs.push(el("path", { d: `M${wall.join(" L")}`, fill: "none", stroke: ink("line-strong"), "stroke-width": 1.4 }))
  for (let n = 0; n < count; n++) {
    const yn = bottom - n * spacing
    const reach = half * Math.sqrt(Math.max(0, (bottom + spacing / 2 - yn) / (bottom + spacing / 2 - top + 6)))
    const p = steady ? (mode.N / (1 + mode.N)) ** n : 0
    rungs.push(el("line", { x1: middle - reach, x2: middle + reach, y1: yn, y2: yn, stroke: ink("line-strong"), "stroke-width": 1, opacity: 0.7 }))
    if (p > 0.004) rungs.push(el("line", { x1: middle - reach * p, x2: middle + reach * p, y1: yn, y2: yn, stroke: color, "stroke-width": Math.min(6, spacing * 0.45), opacity: 0.25 + 0.75 * p, "stroke-linecap": "round" }))
  }
  const yMean = steady ? Math.max(top - 4, bottom - mode.N * spacing) : null
  return el("g", { class: "ladder", "data-tip": `mode ${mode.index}: rungs are as long and dark as the number of quanta is probable; the arrow is their mean N` },
    text(middle, box.top - 2, mode.count > 1 ? `mode ${mode.index}` : "mode", { class: "name", "text-anchor": "middle" }),
    text(middle, box.top + 11, `*ħω* ${quantity(mode.energy, shortUnit(description.energyUnit), null, 3)}`, { class: "small", "text-anchor": "middle" }),
    rungs,
    yMean !== null ? el("path", { d: `M${x0 - 1} ${yMean - 5} l9 5 l-9 5 z`, fill: color }) : null,
    steady ? text(middle, box.bottom - 12, `*N* = ${number(mode.N, mode.errorN, x1 - x0 < 84 ? 3 : 4)}`, { class: "strong", "text-anchor": "middle" }) : text(middle, box.bottom - 12, s.status === 1 ? "no steady" : "–", { class: "small", "text-anchor": "middle" }),
    steady && mode.T !== null ? text(middle, box.bottom + 6, `*T*_{eff} = ${quantity(mode.T, shortUnit(description.temperatureUnit), mode.errorT, 4)}`, { class: "small", "text-anchor": "middle", style: `fill:${color}` })
      : s.status === 1 ? text(middle, box.bottom + 2, "state", { class: "small", "text-anchor": "middle" }) : null)
}
