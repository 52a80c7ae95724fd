// A map over two variables, from coarse to fine; click or drag in it to set both.
import { axis, held, observablesFor } from "./description.js"
import { duration, number, scaledAxis, symbolHTML, unitText } from "./format.js"
import { drawLegend } from "./legend.js"
import { hatching, legendEntries } from "./marks.js"
import { diverging, ink, sequential } from "./palette.js"
import { chooser } from "./panel.js"
import { axisStyle, logTicks, Plot } from "./plot.js"
import { quantity } from "./result.js"
import { titleOf } from "./picker.js"
import { View } from "./view.js"

/** Points along each axis, stage by stage; models that are quick leave the first one out. */
const stages = [13, 26, 51, 101, 201]
/** Seconds per state from which a model is slow. */
const slow = 0.01
/** A stage that should take less than this leaves out those before it (seconds). */
const atOnce = 0.25
/** A stage that should take longer than this waits to be asked for (seconds). */
const longest = 15

export class MapView extends View {
  constructor(app) {
    super(app, "map", "Map", { urgency: 3 })
    this.plot = new Plot(this.panel.content, "Map over two variables")
    this.stage = 1
    const set = change => app.store.change(s => { s.map = { ...s.map, ...change } })
    this.nameChooser = chooser("Observable of the map", name => set({ name, part: null }))
    this.partChooser = chooser("Component", part => set({ part: Number(part) }))
    this.xChooser = chooser("Horizontal axis of the map", x => set(x === this.state.map.y ? { x, y: this.state.map.x } : { x }))
    this.yChooser = chooser("Vertical axis of the map", y => set(y === this.state.map.x ? { y, x: this.state.map.y } : { y }))
    this.partChooser.hidden = true
    this.panel.addTool(this.nameChooser, this.partChooser, this.xChooser, this.yChooser)
    this.plot.scrub({ move: p => app.set({ [this.state.map.x]: p.x, [this.state.map.y]: p.y }, { isFinal: false }), end: () => app.finish() })
  }

  get isPossible() { return Boolean(this.state.map) }

  request(state, n = stages[this.stage]) {
    const { x, y, name } = state.map
    const axes = [axis(this.description, state, y, n), axis(this.description, state, x, n)]
    return { ...held(state, this.description, axes), observables: observablesFor(this.description, [name]), variables: [name] }
  }

  update(state) {
    if (!this.isPossible) return
    const items = this.description.maps
    this.nameChooser.fill(items.map(q => [q.name, titleOf(q, items), q.words]), state.map.name)
    const axes = this.description.variables.map(v => [v.name, v.name])
    this.xChooser.fill(axes, state.map.x)
    this.yChooser.fill(axes, state.map.y)
    // What the map shows, without its resolution: another one starts from coarse again.
    const key = JSON.stringify(this.request(state, 0))
    if (key !== this.content) { this.content = key; this.stage = this.app.views.curves.cost > slow ? 0 : 1 }
    const isThere = this.latest?.stage === this.stage && this.latest.body.observables.includes(this.description.observable(state.map.name))
    if (isThere && this.drawn !== JSON.stringify(state.map)) this.draw()
    super.update(state)
  }

  received(result, body, isStale) {
    super.received(result, body, isStale)
    this.latest.stage = this.stage
    if (isStale) return
    if (this.stage + 1 >= stages.length) return
    const cost = stage => result.seconds * (stages[stage] / stages[this.stage]) ** 2
    // What is there at once needs no picture in between.
    this.next = this.stage + 1
    while (this.next + 1 < stages.length && cost(this.next + 1) < atOnce) this.next++
    const expected = cost(this.next)
    // While a slider moves, the coarse map is all that can be seen.
    if (this.state.isDragging) return void (this.waits = true)
    if (expected > longest) return this.panel.problem(`A finer map takes about ${duration(expected)}.`, "quiet", ["Compute it", () => this.refine()])
    this.refine()
  }

  refine() {
    if (this.stage + 1 >= stages.length || !this.latest) return
    this.stage = Math.max(this.next, this.stage + 1)
    this.waits = false
    this.panel.problem(null)
    this.feed.want(this.request(this.state))
  }

  /** The slider has come to rest. */
  rested() { if (this.waits) this.refine() }

  draw() {
    const { result } = this.latest
    const q = quantity(result, this.state.map.name)
    const [ay, ax] = result.axes
    if (!q || !ax) return
    this.drawn = JSON.stringify(this.state.map)
    const all = q.components()
    const part = all[this.state.map.part ?? largestPart(q, all)] ?? all[0]
    this.partChooser.hidden = all.length < 2
    this.partChooser.fill(all.map(c => [c.index, c.label]), part.index)
    const z = q.grid(part, ay.name, ax.name)
    const [low, high] = extremes(z)
    const size = Math.max(Math.abs(low), Math.abs(high)), s = scaledAxis(size, q.unit)
    if (s.factor !== 1) for (const row of z) for (let k = 0; k < row.length; k++) row[k] *= s.factor
    Object.assign(this, { z, ax, ay, part, unit: s.unit, status: quantity(result, "status") })
    const [bodyY, bodyX] = this.latest.body.axes
    const x = Array.from(ax.values), y = Array.from(ay.values)
    // Flows have a direction, and colours that say so, even where only one direction occurs.
    const isSigned = low < 0 || /current|flux|power|rate|damping/.test(q.name)
    const limit = limited(z, size * s.factor) || 1
    this.limit = limit < size * s.factor ? limit : null
    const colors = isSigned ? { colorscale: diverging(), zmin: -limit, zmax: limit } : { colorscale: sequential(), zmin: low * s.factor, zmax: limit }
    const hover = `${ax.name} = %{x:.5~g}<br>${ay.name} = %{y:.5~g}<br><b>%{z:.5~g}</b> ${s.unit}<extra></extra>`
    const title = `${symbolHTML(q.symbol) || q.title}${s.unit ? ` (${s.unit})` : ""}`
    const traces = [{ type: "heatmap", x, y, z, zsmooth: false, ...colors, hoverongaps: false, colorbar: colorbar(title), hovertemplate: hover }]
    if (low < 0 && high > 0) traces.push(...zeroLine(x, y, z, 1e-7 * limit))
    const layout = { margin: { l: 52, r: 74, t: 8, b: 42 }, xaxis: mapAxis(ax, bodyX), yaxis: mapAxis(ay, bodyY), images: [] }
    const source = this.status && hatching(this.status.grid(this.status.components()[0], ay.name, ax.name))
    if (source) {
      const [x0, x1] = layout.xaxis.range, [y0, y1] = layout.yaxis.range
      layout.images.push({ source, xref: "x", yref: "y", x: x0, y: y1, sizex: x1 - x0, sizey: y1 - y0, sizing: "stretch", layer: "above" })
    }
    const told = `from ${number(low, null, 3)} to ${number(high, null, 3)} ${unitText(q.unit)}`
    this.plot.draw(traces, layout, this.shapes(), `${q.title} over ${ax.name} and ${ay.name}, ${told}`)
    this.chips()
  }

  /** The value under the crosshair. */
  chips() {
    const { values } = this.state
    const i = nearest(this.ax.values, values[this.ax.name]), j = nearest(this.ay.values, values[this.ay.name])
    const here = i < 0 || j < 0 ? NaN : this.z[j][i]
    const place = [this.ax, this.ay].map(a => `${a.name} = ${number(values[a.name], null, 4)}`).join(", ")
    const words = `${this.part.label} at ${place}`.trim()
    const value = Number.isNaN(here) ? "–" : `≈ ${number(here, null, 3)} ${this.unit}`
    const beyond = this.limit ? [{ label: "colours end at", color: "var(--muted)", value: `${number(this.limit, null, 3)} ${this.unit}` }] : []
    drawLegend(this.panel.legend, [{ label: words, color: "var(--accent)", value }, ...beyond, ...legendEntries(this.status?.values)])
  }

  shapes() {
    const x = this.state.values[this.ax?.name], y = this.state.values[this.ay?.name]
    const style = { type: "line", line: { color: ink("accent"), width: 1.4 } }
    return [{ ...style, xref: "x", yref: "paper", x0: x, x1: x, y0: 0, y1: 1 }, { ...style, xref: "paper", yref: "y", x0: 0, x1: 1, y0: y, y1: y }]
  }

  mark() {
    if (!this.z) return
    this.plot.mark(this.shapes())
    this.chips()
  }
}

function mapAxis(a, { logarithmic }) {
  const values = Array.from(a.values), ends = [values[0], values.at(-1)]
  const style = { ...logTicks(logarithmic, values), range: logarithmic ? ends.map(Math.log10) : ends, showgrid: false, zeroline: false }
  return axisStyle(`<i>${a.name}</i>${a.unit ? ` (${unitText(a.unit)})` : ""}`, { ...style, ...(a.labels ? { tickvals: values, ticktext: a.labels } : {}) })
}

const colorbar = title => ({
  thickness: 11, len: 1, outlinewidth: 0, tickfont: { size: 10.5 }, nticks: 6, exponentformat: "power", x: 1.015, xpad: 3, ypad: 0,
  title: { text: title, side: "right", font: { size: 12 } },
})

/** The contour on which the sign changes; what is nothing but rounding counts as positive. */
function zeroLine(x, y, rows, rounding) {
  const z = rows.map(row => row.map(v => (Math.abs(v) < rounding ? rounding : v)))
  if (!z.some(row => row.some(v => v < 0))) return []
  return [{
    type: "contour", x, y, z, contours: { start: 0, end: 0, size: 1, coloring: "none" }, line: { color: ink("ink"), width: 1.8 },
    hoverinfo: "skip", showscale: false, connectgaps: false,
  }]
}

/** Where the colours end: at the largest value, but where a few values are far above all others, not there. */
function limited(rows, largest) {
  const sizes = rows.flatMap(row => Array.from(row, Math.abs)).filter(isFinite).sort((a, b) => a - b)
  const most = sizes[Math.floor(0.97 * (sizes.length - 1))]
  return most > 0 && largest > 5 * most ? 1.25 * most : largest
}

function extremes(rows) {
  let low = Infinity, high = -Infinity
  for (const row of rows) for (const v of row) if (isFinite(v)) {
    if (v < low) low = v
    if (v > high) high = v
  }
  return low <= high ? [low, high] : [NaN, NaN]
}

/** The component with the largest values. */
function largestPart(q, all) {
  let best = 0, top = -1
  for (const c of all) { const v = Math.abs(q.values[c.offset]); if (v > top) { top = v; best = c.index } }
  return best
}

/** The index of the point nearest to a value; -1 outside. */
function nearest(values, x) {
  const low = values[0], high = values.at(-1)
  if (!(x >= Math.min(low, high) && x <= Math.max(low, high))) return -1
  let best = 0
  for (let k = 1; k < values.length; k++) if (Math.abs(values[k] - x) < Math.abs(values[best] - x)) best = k
  return best
}
