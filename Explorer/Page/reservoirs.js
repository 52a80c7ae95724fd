// Pictures of models without a junction: baths with given transmissions, and two bodies across a gap.
import { box } from "./bathboxes.js"
import { number, quantity, signed } from "./format.js"
import { cools, faded, heats, ink } from "./palette.js"
import { labels, list } from "./result.js"
import { el, flow, picture, text } from "./svg.js"

/** Baths around the place where they meet. */
export function drawTerminals(result, s, d, { w, h, scale }) {
  const variable = result.variables.find(v => v.name === "bath_energy_current")
  const flows = variable?.values ?? [], top = Math.max(...Array.from(flows, Math.abs), 0)
  const told = (k, digits = 5) => quantity(flows[k], variable?.unit, variable?.errors?.[k] ?? null, digits)
  const cx = w / 2, cy = h / 2, bw = Math.min(130, w * 0.3), bh = 62
  const arrows = [], boxes = [el("circle", { cx, cy, r: 9, fill: ink("line-strong") })]
  s.baths.forEach((b, k) => {
    const angle = Math.PI + (2 * Math.PI * k) / s.baths.length
    const x = cx + Math.cos(angle) * (w / 2 - bw / 2 - 8), y = cy + Math.sin(angle) * (h / 2 - bh / 2 - 8)
    const value = flows[k] ?? 0, color = value > 0 ? heats() : cools()
    const reach = Math.hypot(x - cx, y - cy) || 1, ux = (x - cx) / reach, uy = (y - cy) / reach
    const edge = reach - (Math.abs(ux) > 0.5 ? bw / 2 : bh / 2) - 3
    const near = [cx + ux * 14, cy + uy * 14], far = [cx + ux * edge, cy + uy * edge]
    const [from, to] = value > 0 ? [near, far] : [far, near]
    const width = 1.4 + 16 * Math.sqrt(Math.abs(value) / (top || 1))
    if (value) arrows.push(flow(from, to, { width, color, speed: 0.8, tip: `${told(k)} into ${b.name}` }))
    boxes.push(el("g", { class: "bath" },
      box(x - bw / 2, y - bh / 2, bw, bh, ink("panel"), "none", 0),
      box(x - bw / 2, y - bh / 2, bw, bh, faded(ink("bath"), 0.14), ink("bath"), 1.4),
      text(x, y - 15, b.name, "name"),
      text(x, y, `*T* ${d.temperature(b.T, null, 4)}`),
      b.nu !== null ? text(x, y + 12, `*μ* ${d.energy(b.nu, null, 3)}`) : null,
      text(x, y + 26, signed(told(k, 4)), "strong", color)))
  })
  return picture(w, h, "Baths", s.baths.map((b, k) => `${b.name}: ${told(k)} into it`).join("; "), [...arrows, ...boxes], scale)
}

/** Two plates, the gap between them and what radiates across it. */
export function drawBodies(result, d, { w, h, scale }) {
  const names = labels(result, "body").length ? labels(result, "body") : (d.labels.body ?? ["1", "2"])
  const T = list(result, "temperature") ?? [], bias = list(result, "bias"), gap = list(result, "gap")?.[0]
  const flux = result.variables.find(v => v.name === "energy_flux"), value = flux?.values[0] ?? 0
  const told = quantity(value, flux?.unit, flux?.errors?.[0] ?? null)
  const bw = w * 0.27, y = 22, bh = h - 64, middle = y + bh / 2
  const hottest = Math.max(...T)
  const plates = names.slice(0, 2).map((name, k) => {
    const x = k ? w - bw - 8 : 8, color = T[k] >= hottest ? heats() : cools()
    return el("g", { class: "bath" },
      box(x, y, bw, bh, faded(color, 0.16), color, 1.6),
      text(x + bw / 2, middle - 12, name, "name"),
      text(x + bw / 2, middle + 6, `*T* ${quantity(T[k], "K", null, 4)}`, "strong"),
      bias?.[k] ? text(x + bw / 2, middle + 24, `bias ${quantity(bias[k], "V", null, 3)}`) : null)
  })
  // Fluxes range over many decades: the width follows the logarithm.
  const size = value ? Math.max(0, Math.min(1, (Math.log10(Math.abs(value)) + 2) / 9)) : 0
  const left = bw + 10, right = w - bw - 10
  const [from, to] = value > 0 ? [[left + 2, middle], [right - 2, middle]] : [[right - 2, middle], [left + 2, middle]]
  const arrow = value ? flow(from, to, { width: 2 + 34 * size, color: heats(), speed: 0.5 + size, tip: told }) : null
  const bracket = `M${left} ${h - 30} H${right} M${left} ${h - 35} v10 M${right} ${h - 35} v10`
  const distance = gap >= 1000 ? `${number(gap / 1000, null, 4)} µm` : `${number(gap, null, 4)} nm`
  return picture(w, h, "Two bodies", `${told} from ${names[0]} to ${names[1]}`, [
    ...plates, arrow,
    text(w / 2, middle - 28 - 18 * size, signed(told), "verdict"),
    el("path", { d: bracket, stroke: ink("line-strong"), fill: "none", "stroke-width": 1.3 }),
    text(w / 2, h - 12, gap === undefined ? "" : Number.isFinite(gap) ? `gap ${distance}` : "far apart"),
  ], scale)
}
