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

const isLogarithmicFor = (wish, panel) => (panel.quantities[0].flags?.length ? false : wish === "yes" || (wish !== "no" && panel.isWide))

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
    return { ...held({ ...state, values: { ...state.values, ...set.values }, level: set.level ?? state.level }, this.description, [a]), observables: observablesFor(this.description, shown) }
  }

  update(state) {
    this.xChooser.fill(this.description.variables.map(v => [v.name, `against ${v.name}`]), state.curves.x)
    // Something else to compute, of which one knows how long it takes: coarse first, or all at once.
    const key = JSON.stringify(this.request(state, state, 0))
    if (key !== this.content) { this.content = key; this.points = this.cost * many > quick || this.cost === undefined ? few : many }
    if (this.latest && this.drawn !== JSON.stringify(state.curves) && this.request(state).axes[0].name === this.latest.body.axes[0].name) this.draw()
    super.update(state)
    const wanted = this.isPossible && this.isShown ? this.app.compared(state) : []
    for (const [id, other] of this.others) if (!wanted.some(w => w.id === id)) { other.feed.want(null); this.others.delete(id); if (this.latest) this.draw() }
    for (const set of wanted) {
      let other = this.others.get(set.id)
      if (!other) {
        other = { set, result: null }
        other.feed = new Feed(`curves-${set.id}`, { result: r => { other.result = r; this.draw() }, error: () => {}, busy: () => {}, lost: () => this.app.connection.lose() }, 2)
        this.others.set(set.id, other)
      }
      other.set = set
      other.feed.want(this.request(state, set))
    }
  }

  draw() {
    const { result } = this.latest
    const x = result.axes[0]
    if (!x) return
    const state = this.state
    this.drawn = JSON.stringify(state.curves)
    this.panels = panelsOf(result, state.curves.shown, state.curves.parts, x.name)
    const shownPanels = this.panels.filter(p => p.entries.length)
    const xs = Array.from(x.values)
    const isLogarithmic = Boolean(this.latest.body.axes[0].logarithmic)
    const traces = [], layout = { margin: { l: 64, r: 18, t: 6, b: 42 } }
    const n = shownPanels.length, gap = n > 1 ? 0.09 : 0
    const status = quantity(result, "status")
    if (status) { traces.push(...areas(xs, status.values, "y9")); layout.yaxis9 = { domain: [0, 1], range: [0, 1], visible: false, fixedrange: true, anchor: "x" } }
    const sets = [...this.others.values()].filter(o => o.result)
    shownPanels.forEach((panel, k) => {
      const ref = k ? `y${k + 1}` : "y"
      const high = 1 - k * ((1 - gap * (n - 1)) / n + gap)
      layout[k ? `yaxis${k + 1}` : "yaxis"] = axisStyle(panel.title, { domain: [Math.max(0, high - (1 - gap * (n - 1)) / n), high], anchor: "x", nticks: n > 1 ? 5 : 7, ...this.vertical(panel), ...this.words(panel) })
      for (const other of sets) for (const ghost of panelsOf(other.result, state.curves.shown, state.curves.parts, x.name).filter(p => p.key === panel.key))
        for (const entry of ghost.entries) traces.push(...tracesOf({ ...entry, color: this.colorOf(panel, entry) }, Array.from(other.result.axes[0].values), panel, ref, { isGhost: true, ghostLabel: other.set.label, showBand: false }))
      for (const entry of panel.entries) traces.push(...tracesOf(entry, xs, panel, ref, { xName: x.name, xUnit: unitText(x.unit) }))
    })
    layout.xaxis = axisStyle(`<i>${x.name}</i>${x.unit ? ` (${unitText(x.unit)})` : ""}`, {
      ...logTicks(isLogarithmic, xs), range: isLogarithmic ? [Math.log10(xs[0]), Math.log10(xs.at(-1))] : [xs[0], xs.at(-1)], anchor: n > 1 ? `y${n}` : "y", domain: [0, 1],
      ...(x.labels ? { tickvals: xs, ticktext: x.labels } : {}),
    })
    this.plot.draw(traces, layout, this.shapes(), `${shownPanels.map(p => p.words).join("; ")} against ${x.name} from ${xs[0]} to ${xs.at(-1)}`)
    this.chips(sets, status)
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

  /** The current curve's colour for a pinned one. */
  colorOf(panel, entry) {
    return panel.entries.find(e => e.name === entry.name && e.component.index === entry.component.index)?.color ?? entry.color
  }

  /** Logarithmic where positive values spread over decades, or as the user wants it. */
  vertical(panel) { return isLogarithmicFor(this.state.curves.logarithmic, panel) ? { type: "log", tickfont: { size: 9.5 } } : {} }

  /** Numbers that stand for words: kinds of machines. */
  words(panel) {
    const flags = panel.quantities[0].flags ?? []
    return flags.length ? { tickvals: flags.map((_, k) => k), ticktext: flags.map(f => f.replace(/_/g, " ")), range: [-0.5, flags.length - 0.5] } : {}
  }

  chips(sets, status) {
    const x = this.latest.result.axes[0], here = this.state.values[x.name]
    const entries = this.panels.flatMap(p => p.entries.map(e => {
      const value = at(x.values, e.y, here)
      return { label: e.label, color: e.color, dash: e.dash, value: Number.isNaN(value) ? "–" : asText(value, shortUnit(p.unit), null, 3) }
    }))
    for (const { set } of sets) entries.push({ label: set.label, color: "var(--muted)", dash: "dash", isGhost: true, action: set.remove, hint: set.hint })
    drawLegend(this.panel.legend, [...entries, ...legendEntries(status?.values)])
  }

  shapes() {
    const value = this.state.values[this.latest.result.axes[0]?.name]
    return Number.isFinite(value) ? [cursorLine(value)] : []
  }

  mark() {
    if (!this.panels) return
    this.plot.mark(this.shapes())
    this.chips([...this.others.values()].filter(o => o.result), quantity(this.latest.result, "status"))
  }
}
