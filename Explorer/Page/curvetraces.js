// The curves of an answer as Plotly's traces: one panel per unit, components by colour.
import { number, scaled, scaledAxis, symbolHTML } from "./format.js"
import { category, dash, faded, ink } from "./palette.js"
import { quantity } from "./result.js"

/** More components than this need a choice. */
const most = 6

/** The components that a choice (list of indices, or null for "those that matter") shows. */
export function chosen(q, choice, without = []) {
  const all = q.components(without)
  if (choice) return all.filter(c => choice.includes(c.index))
  if (all.length === 1) return all
  const sizes = all.map(c => largest(values(q, c)))
  const top = Math.max(...sizes)
  const seen = all.filter(c => sizes[c.index] > 1e-9 * top)
  if (seen.length <= most) return seen.length ? seen : all.slice(0, 1)
  return seen.sort((a, b) => sizes[b.index] - sizes[a.index]).slice(0, most).sort((a, b) => a.index - b.index)
}

function values(q, component) {
  const axis = q.swept[0] ?? q.inner.find(s => s.dimension.values)
  return axis ? q.along(component, axis.name) : [q.values[component.offset]]
}

const largest = list => { let m = 0; for (const v of list) if (Math.abs(v) > m && isFinite(v)) m = Math.abs(v); return m }

/** Panels of curves: [{unit, factor, unitText, title, entries: [{q, component, color, dash, y, errors}]}]. */
export function panelsOf(result, names, parts, along) {
  const panels = []
  for (const name of names) {
    const q = quantity(result, name)
    if (!q) continue
    const key = `${q.unit}|${q.flags?.length ? name : ""}`
    let panel = panels.find(p => p.key === key)
    if (!panel) panels.push((panel = { key, unit: q.unit, quantities: [], entries: [], offset: 0 }))
    panel.quantities.push(q)
    const isAlone = !q.inner.some(s => s.name !== along && s.size > 1)
    const count = q.components([along]).length
    for (const [order, component] of chosen(q, parts?.[name], [along]).entries()) {
      const slot = isAlone && panel.offset === 0 && names.length > 1 ? null : panel.offset + (count > 6 ? order : component.index)
      panel.entries.push({
        q, name, component, color: slot === null ? ink("ink") : category(slot), dash: slot === null ? "solid" : dash(slot),
        width: slot === null ? 2.6 : 2, y: q.along(component, along), errors: q.along(component, along, q.errors), label: component.label || q.title,
      })
    }
    if (!isAlone) panel.offset += Math.min(6, count)
  }
  for (const panel of panels) {
    const size = Math.max(...panel.entries.map(e => largest(e.y)), 0)
    // Spectra have linear axes.
    const isWide = result.axes.some(a => a.name === along) && panel.entries.length > 0 && spread(panel.entries) > 1000
    const s = (isWide ? scaled : scaledAxis)(size, panel.unit)
    panel.isWide = isWide
    panel.factor = s.factor
    panel.unitText = s.unit
    const symbols = [...new Set(panel.quantities.map(q => symbolHTML(q.symbol) || q.title))]
    panel.title = symbols.slice(0, 3).join(", ") + (s.unit ? ` (${s.unit})` : "")
    panel.words = [...new Set(panel.quantities.map(q => q.title))].join(", ")
    if (panel.quantities.length > 1) for (const e of panel.entries) if (!e.component.label) e.label = e.q.title
  }
  return panels
}

/** Traces of one entry: its error band where that can be seen, and its line. */
export function tracesOf(entry, x, panel, yaxis, { xUnit, xName, isGhost = false, ghostLabel = "", showBand = true }) {
  const y = Array.from(entry.y, v => v * panel.factor)
  const traces = []
  if (showBand && entry.errors) {
    const span = spanOf(y)
    const e = Array.from(entry.errors, v => v * panel.factor)
    if (e.some(v => v > 0.003 * span && isFinite(v))) for (const part of finiteParts(y, e)) traces.push(band(part, x, y, e, yaxis, entry.color))
  }
  const text = isGhost ? undefined : Array.from(entry.y, (v, k) => number(v * panel.factor, entry.errors ? entry.errors[k] * panel.factor : null, 7))
  traces.push({
    x, y, yaxis, type: "scatter", mode: "lines", connectgaps: false, name: (isGhost ? `${ghostLabel}: ` : "") + entry.label, text,
    line: { color: isGhost ? faded(hex(entry.color), 0.5) : entry.color, width: isGhost ? 1.6 : entry.width, dash: isGhost ? "dash" : entry.dash },
    hovertemplate: isGhost ? undefined : `${entry.label}<br>${xName} = %{x:.6~g} ${xUnit}<br><b>%{text}</b> ${panel.unitText}<extra></extra>`,
    hoverinfo: isGhost ? "skip" : undefined, showlegend: true, meta: { name: entry.name, component: entry.component.index },
  })
  return traces
}

/** The band of an error around a piece of a curve. */
function band(part, x, y, e, yaxis, color) {
  const back = [...part].reverse()
  return {
    x: [...part, ...back].map(k => x[k]), y: [...part.map(k => y[k] + e[k]), ...back.map(k => y[k] - e[k])], yaxis, type: "scatter", mode: "lines",
    line: { width: 0 }, fill: "toself", fillcolor: faded(hex(color), 0.22), hoverinfo: "skip", showlegend: false,
  }
}

/** The ratio of the largest to the smallest value where all are positive; 0 otherwise. */
function spread(entries) {
  let low = Infinity, high = 0
  for (const e of entries) for (const v of e.y) if (isFinite(v)) { if (v <= 0) return 0; if (v < low) low = v; if (v > high) high = v }
  return high / low
}

const hex = color => (color.startsWith("#") && color.length === 7 ? color : "#888888")

function spanOf(y) {
  let low = Infinity, high = -Infinity
  for (const v of y) if (isFinite(v)) { if (v < low) low = v; if (v > high) high = v }
  return high > low ? high - low : Math.abs(high) || 1
}

function finiteParts(y, e) {
  const parts = []
  let current = []
  for (let k = 0; k < y.length; k++) {
    if (isFinite(y[k]) && isFinite(e[k])) current.push(k)
    else if (current.length) { parts.push(current); current = [] }
  }
  if (current.length) parts.push(current)
  return parts.filter(p => p.length > 1)
}

/** The value of a curve at x, between its points; NaN outside and beside gaps. */
export function at(xs, ys, x) {
  if (!(x >= Math.min(xs[0], xs.at(-1)) && x <= Math.max(xs[0], xs.at(-1)))) return NaN
  let low = 0, high = xs.length - 1
  while (high - low > 1) { const mid = (low + high) >> 1; if (xs[mid] <= x) low = mid; else high = mid }
  if (xs[low] === x || high === low) return ys[low]
  if (xs[high] === x) return ys[high]
  const t = (x - xs[low]) / (xs[high] - xs[low])
  return ys[low] + t * (ys[high] - ys[low])
}
