// Pieces of the energy diagram: a Fermi sea, the levels.
import { category, faded } from "./palette.js"
import { fermi } from "./scene.js"
import { el } from "./svg.js"

/** A filled sea whose edge is the Fermi function: as wide as the states are occupied. */
export function sea(e, { side, x0, x1 }, [low, high], y) {
  const wall = side < 0 ? x0 : x1, width = x1 - x0, shore = wall - side * width
  const isSharp = e.kT < (high - low) / 300
  const smooth = Array.from({ length: 91 }, (_, k) => {
    const energy = high - ((high - low) * k) / 90
    return [wall - side * width * fermi(energy, e.mu, e.kT), y(energy)]
  })
  const points = isSharp ? [[wall, y(e.mu)], [shore, y(e.mu)], [shore, y(low)]] : smooth
  const edge = points.map(([px, py]) => `${px.toFixed(1)} ${py.toFixed(1)}`).join(" L")
  const color = category(0)
  return el("g", { class: "sea" },
    el("rect", { x: x0, y: y(high), width, height: y(low) - y(high), fill: faded(color, 0.06) }),
    el("path", { d: `M${wall} ${y(high)} L${edge} L${wall} ${y(low)} Z`, fill: faded(color, 0.34) }),
    el("path", { d: `M${edge}`, fill: "none", stroke: color, "stroke-width": 1.6 }))
}

/** Levels as wide as their Lorentzians. */
export function levelShapes(levels, [x0, x1], [low, high], y, description) {
  const span = high - low, middle = (x0 + x1) / 2, reach = (x1 - x0) * 0.3
  const seen = levels.filter(l => l.energy > low - 3 * l.width && l.energy < high + 3 * l.width)
  const isCrowded = seen.length > 12, color = category(2)
  return seen.map(l => {
    const half = Math.max(l.width / 2, span * 0.0012), right = [], left = []
    for (let k = -24; k <= 24; k++) {
      const energy = l.energy + half * Math.tan((k / 24) * 1.5)
      if (energy < low - span || energy > high + span) continue
      const extent = reach / (1 + ((energy - l.energy) / half) ** 2)
      right.push(`${(middle + extent).toFixed(1)} ${y(energy).toFixed(1)}`)
      left.unshift(`${(middle - extent).toFixed(1)} ${y(energy).toFixed(1)}`)
    }
    const line = { x1: middle - reach, x2: middle + reach, y1: y(l.energy), y2: y(l.energy), stroke: color }
    return el("g", { class: "level", "data-tip": `level at ${description.energy(l.energy)}, width ${description.energy(l.width)}` },
      el("path", { d: `M${[...right, ...left].join(" L")} Z`, fill: faded(color, isCrowded ? 0.14 : 0.26) }),
      el("line", { ...line, "stroke-width": isCrowded ? 0.8 : 2, opacity: isCrowded ? 0.5 : 1 }))
  })
}
