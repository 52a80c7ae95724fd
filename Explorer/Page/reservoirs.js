// Pictures of models without a junction: baths with given transmissions, and two bodies across a gap.
import { quantity, number, signed, shortUnit } from "./format.js"
import { cools, faded, heats, ink } from "./palette.js"
import { errorsOf, labels, list } from "./result.js"
import { el, flow, picture, text } from "./svg.js"

/** Baths around the place where they meet. */
export function drawTerminals(result, s, description, w, h, scale) {
  const variable = result.variables.find(v => v.name === "bath_energy_current")
  const flows = variable?.values ?? [], errors = variable?.errors, top = Math.max(...Array.from(flows, Math.abs), 0)
  const n = s.baths.length, cx = w / 2, cy = h / 2
  const bw = Math.min(130, w * 0.3), bh = 62
  const parts = [el("circle", { cx, cy, r: 9, fill: ink("line-strong") })]
  s.baths.forEach((b, k) => {
    const angle = Math.PI + (2 * Math.PI * k) / n
    const x = cx + Math.cos(angle) * (w / 2 - bw / 2 - 8), y = cy + Math.sin(angle) * (h / 2 - bh / 2 - 8)
    const value = flows[k] ?? 0, color = value > 0 ? heats() : cools()
    const reach = Math.hypot(x - cx, y - cy) || 1, ux = (x - cx) / reach, uy = (y - cy) / reach
    const edge = reach - (Math.abs(ux) > 0.5 ? bw / 2 : bh / 2) - 3
    const near = [cx + ux * 14, cy + uy * 14], far = [cx + ux * edge, cy + uy * edge]
    const width = top > 0 ? 1.4 + 16 * Math.sqrt(Math.abs(value) / top) : 0
    if (value) parts.unshift(flow(...(value > 0 ? [near, far] : [far, near]), { width, color, speed: 0.8, tip: `${quantity(value, variable.unit, errors?.[k])} into ${b.name}` }))
    parts.push(el("g", { class: "bath" },
      el("rect", { x: x - bw / 2, y: y - bh / 2, width: bw, height: bh, rx: 7, fill: ink("panel") }),
      el("rect", { x: x - bw / 2, y: y - bh / 2, width: bw, height: bh, rx: 7, fill: faded(ink("bath"), 0.14), stroke: ink("bath"), "stroke-width": 1.4 }),
      text(x, y - 15, b.name, { class: "name", "text-anchor": "middle" }),
      text(x, y, `*T* ${quantity(b.T, shortUnit(description.temperatureUnit), null, 4)}`, { class: "small", "text-anchor": "middle" }),
      b.nu !== null ? text(x, y + 12, `*μ* ${quantity(b.nu, shortUnit(description.energyUnit), null, 3)}`, { class: "small", "text-anchor": "middle" }) : null,
      text(x, y + 26, signed(quantity(value, variable?.unit, errors?.[k], 4)), { class: "strong", "text-anchor": "middle", style: `fill:${color}` })))
  })
  return picture(w, h, "Baths", s.baths.map((b, k) => `${b.name}: ${quantity(flows[k], variable?.unit, errors?.[k])} into it`).join("; "), parts, scale)
}

/** Two plates, the gap between them and what radiates across it. */
export function drawBodies(result, description, w, h, scale) {
  const names = labels(result, "body").length ? labels(result, "body") : (description.labels.body ?? ["1", "2"])
  const T = list(result, "temperature") ?? [], bias = list(result, "bias"), gap = list(result, "gap")?.[0]
  const flux = result.variables.find(v => v.name === "energy_flux"), value = flux?.values[0] ?? 0, error = flux?.errors?.[0] ?? null
  const bw = w * 0.27, y = 22, bh = h - 64
  const hottest = Math.max(...T, 1e-300)
  const parts = names.slice(0, 2).map((name, k) => {
    const x = k ? w - bw - 8 : 8, color = T[k] >= hottest ? heats() : cools()
    return el("g", { class: "bath" },
      el("rect", { x, y, width: bw, height: bh, rx: 8, fill: faded(color, 0.16), stroke: color, "stroke-width": 1.6 }),
      text(x + bw / 2, y + bh / 2 - 12, name, { class: "name", "text-anchor": "middle" }),
      text(x + bw / 2, y + bh / 2 + 6, `*T* ${quantity(T[k], "K", null, 4)}`, { class: "strong", "text-anchor": "middle" }),
      bias && bias[k] ? text(x + bw / 2, y + bh / 2 + 24, `bias ${quantity(bias[k], "V", null, 3)}`, { class: "small", "text-anchor": "middle" }) : null)
  })
  const middle = y + bh / 2
  const size = Math.abs(value) > 0 ? Math.max(0, Math.min(1, (Math.log10(Math.abs(value)) + 2) / 9)) : 0
  const from = [bw + 12, middle], to = [w - bw - 12, middle]
  if (value) parts.push(flow(...(value > 0 ? [from, to] : [to, from]), { width: 2 + 34 * size, color: heats(), speed: 0.5 + size, tip: `${quantity(value, flux.unit, error)}` }))
  parts.push(text(w / 2, middle - 28 - 18 * size, signed(quantity(value, flux?.unit, error, 4)), { class: "verdict", "text-anchor": "middle" }),
    el("path", { d: `M${bw + 10} ${h - 30} H${w - bw - 10} M${bw + 10} ${h - 35} v10 M${w - bw - 10} ${h - 35} v10`, stroke: ink("line-strong"), fill: "none", "stroke-width": 1.3 }),
    text(w / 2, h - 12, gap === undefined ? "" : Number.isFinite(gap) ? `gap ${gap >= 1000 ? `${number(gap / 1000, null, 4)} µm` : `${number(gap, null, 4)} nm`}` : "far apart", { class: "small", "text-anchor": "middle" }))
  return picture(w, h, "Two bodies", `${quantity(value, flux?.unit, error)} from ${names[0]} to ${names[1]}`, parts, scale)
}

