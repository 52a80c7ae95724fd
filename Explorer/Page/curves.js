// Curves of any observables against any variable: click or drag in them to set that variable.
import { axis, held, observablesFor } from "./description.js"
import { Feed } from "./feed.js"
import { quantity as asText, shortUnit, unitText } from "./format.js"
import { drawLegend } from "./legend.js"
import { areas, legendEntries } from "./marks.js"
import { iconButton } from "./menu.js"
import { chooser } from "./panel.js"
import { pickQuantities } from "./picker.js"
import { axisStyle, cursorLine, logTicks, Plot } from "./plot.js"
import { quantity } from "./result.js"
import { at, panelsOf, tracesOf } from "./curvetraces.js"
import { View } from "./view.js"

/** Points of a curve: of the first sight of a slow one, of all others. */
const few = 41, many = 201
/** Curves that take longer than this are seen coarsely first (seconds). */
const quick = 0.5

export class CurvesView extends View {
  constructor(app) {
    super(app, "curves", "Curves")
    this.plot = new Plot(this.panel.content, "Curves of the chosen observables")
    this.others = new Map()
    this.points = few
    this.xChooser = chooser("Horizontal axis", x => app.store.change(s => { s.curves.x = x }))
    this.panel.addTool(iconButton("choose", "Choose what the curves show", button => pickQuantities(app, button, this)), this.xChooser)
    this.plot.scrub({
      move: point => app.set({ [this.state.curves.x]: point.x }, { isFinal: false }),
      end: () => app.finish(),
    })
  }

  get isPossible() { return Boolean(this.state.curves.x) }
  get feeds() { return [this.feed, ...[...this.others.values()].map(o => o.feed)] }

  request(state, set = state, points = this.points) {
    const { x, shown } = state.curves
    const a = axis(this.description, state, x, points)
    const there = { ...state, values: { ...state.values, ...set.values }, level: set.level ?? state.level }
    return { ...held(there, this.description, [a]), observables: observablesFor(this.description, shown), variables: shown }
  }

  update(state) {
    this.xChooser.fill(this.description.variables.map(v => [v.name, `against ${v.name}`]), state.curves.x)
    // Something else to compute, of which one knows how long it takes: coarse first, or all at once.
    const key = JSON.stringify(this.request(state, state, 0))
    if (key !== this.content) { this.content = key; this.points = this.cost * many > quick || this.cost === undefined ? few : many }
    if (this.latest && this.drawn !== JSON.stringify(state.curves) && this.request(state).axes[0].name === this.latest.body.axes[0].name) this.draw()
    super.update(state)
    const wanted = this.isPossible && this.isShown ? this.app.compared(state) : []
    for (const [id, other] of this.others) {
      if (wanted.some(w => w.id === id)) continue
      other.feed.want(null)
      this.others.delete(id)
      if (this.latest) this.draw()
    }
    for (const set of wanted) {
      if (!this.others.has(set.id)) this.others.set(set.id, this.other(set))
      const other = this.others.get(set.id)
      other.set = set
      other.feed.want(this.request(state, set))
    }
  }

  /** A kept curve, or that of the other set: it has a feed of its own, without which the current one does not wait. */
  other(set) {
    const other = { set, result: null }
    const take = result => {
      other.result = result
      if (this.latest) this.draw()
    }
    other.feed = new Feed(`curves-${set.id}`, { result: take, error: () => {}, busy: () => {}, lost: () => this.app.connection.lose() }, 2)
    return other
  }

  draw() {
    const { result, body } = this.latest, x = result.axes[0]
    if (!x) return
    const { shown, parts } = this.state.curves
    this.drawn = JSON.stringify(this.state.curves)
    this.panels = panelsOf(result, shown, parts, x.name)
    const panels = this.panels.filter(p => p.entries.length), n = panels.length
    const xs = Array.from(x.values), isLogarithmic = Boolean(body.axes[0].logarithmic)
    const traces = [], layout = { margin: { l: 64, r: 18, t: 6, b: 42 } }
    const status = quantity(result, "status")
    // The first vertical axis is that of the hatching: what comes first is drawn below.
    layout.yaxis = { domain: [0, 1], range: [0, 1], visible: false, fixedrange: true, anchor: "x" }
    if (status) traces.push(...areas(xs, status.values, "y"))
    const gap = n > 1 ? 0.09 : 0, height = (1 - gap * (n - 1)) / n
    panels.forEach((panel, k) => {
      const number = k + 2, high = 1 - k * (height + gap)
      const style = { domain: [Math.max(0, high - height), high], anchor: "x", nticks: n > 1 ? 5 : 7 }
      layout[`yaxis${number}`] = axisStyle(panel.title, { ...style, ...this.vertical(panel), ...words(panel) })
      traces.push(...this.ghosts(panel, `y${number}`, x.name))
      for (const entry of panel.entries) traces.push(...tracesOf(entry, xs, panel, `y${number}`, { xName: x.name, xUnit: unitText(x.unit) }))
    })
    const ends = [xs[0], xs.at(-1)]
    layout.xaxis = axisStyle(`<i>${x.name}</i>${x.unit ? ` (${unitText(x.unit)})` : ""}`, {
      ...logTicks(isLogarithmic, xs), range: isLogarithmic ? ends.map(Math.log10) : ends, anchor: `y${n + 1}`, domain: [0, 1],
      ...(x.labels ? { tickvals: xs, ticktext: x.labels } : {}),
    })
    this.plot.draw(traces, layout, this.shapes(), `${panels.map(p => p.words).join("; ")} against ${x.name} from ${ends.join(" to ")}`)
    this.chips()
  }

  /** The kept curves of a panel, in the colours of the current ones. */
  ghosts(panel, yaxis, along) {
    const { shown, parts } = this.state.curves, traces = []
    for (const { set, result } of this.others.values()) {
      const same = result && panelsOf(result, shown, parts, along).find(p => p.key === panel.key)
      if (!same || result.axes[0].name !== along) continue
      const xs = Array.from(result.axes[0].values)
      for (const entry of same.entries) {
        const now = panel.entries.find(e => e.name === entry.name && e.component.index === entry.component.index)
        const style = { isGhost: true, ghostLabel: set.label, showBand: false }
        traces.push(...tracesOf({ ...entry, color: now?.color ?? entry.color }, xs, panel, yaxis, style))
      }
    }
    return traces
  }

  received(result, body, isStale) {
    super.received(result, body, isStale)
    const n = body.axes[0].points
    this.cost = result.seconds / n
    if (isStale || n >= many || n !== this.points || this.description.byName.get(body.axes[0].name)?.words) return
    if (this.state.isDragging) return void (this.waits = true)
    this.refine()
  }

  /** Asks for all points. */
  refine() {
    this.waits = false
    this.points = many
    this.feed.want(this.request(this.state))
  }

  /** The slider has come to rest. */
  rested() { if (this.waits) this.refine() }

  /** Logarithmic where positive values spread over decades, or as the user wants it. */
  vertical(panel) {
    const wish = this.state.curves.logarithmic
    const isLogarithmic = !panel.quantities[0].flags?.length && (wish === "yes" || (wish !== "no" && panel.isWide))
    return isLogarithmic ? { type: "log", tickfont: { size: 9.5 } } : {}
  }

  chips() {
    const x = this.latest.result.axes[0], here = this.state.values[x.name]
    const entries = this.panels.flatMap(p => p.entries.map(e => {
      const value = at(x.values, e.y, here)
      return { label: e.label, color: e.color, dash: e.dash, value: Number.isNaN(value) ? "–" : asText(value, shortUnit(p.unit), null, 3) }
    }))
    for (const { set, result } of this.others.values()) {
      if (result) entries.push({ label: set.label, color: "var(--muted)", dash: "dash", isGhost: true, action: set.remove, hint: set.hint })
    }
    drawLegend(this.panel.legend, [...entries, ...legendEntries(quantity(this.latest.result, "status")?.values)])
  }

  shapes() {
    const value = this.state.values[this.latest.result.axes[0]?.name]
    return Number.isFinite(value) ? [cursorLine(value)] : []
  }

  mark() {
    if (!this.panels) return
    this.plot.mark(this.shapes())
    this.chips()
  }
}

/** Numbers that stand for words: kinds of machines. */
function words(panel) {
  const flags = panel.quantities[0].flags ?? []
  if (!flags.length) return {}
  return { tickvals: flags.map((_, k) => k), ticktext: flags.map(f => f.replace(/_/g, " ")), range: [-0.5, flags.length - 0.5] }
}
