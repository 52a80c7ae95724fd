// Kept curves, and two sets of values to switch between.
import { number } from "./format.js"

let serial = 0

/** Keeps the curves of the current values as ghosts. */
export function pin(app) {
  app.store.change(s => {
    s.pins = [...s.pins, { id: `pin${Date.now().toString(36)}${serial++}`, values: { ...s.values }, level: s.level }].slice(-6)
  })
  app.announce("Kept the current curves")
}

/** What distinguishes some values from others, for a label. */
function differences(app, values, level, state) {
  const others = app.description.variables.filter(v => v.name !== state.curves.x && (v.isSwept || values[v.name] !== v.value))
  const parts = others.map(v => `${v.name} = ${number(values[v.name], null, 3)}`)
  if (level && level !== app.description.level) parts.push(level)
  return parts.slice(0, 3).join(", ")
}

/** The sets of values that the curves show besides the current ones. */
export function compared(app, state) {
  const sets = state.pins.map((p, k) => ({
    id: p.id, values: p.values, level: p.level, label: differences(app, p.values, p.level, state) || `kept ${k + 1}`, hint: "Forget this curve",
    remove: () => app.store.change(s => { s.pins = s.pins.filter(o => o.id !== p.id) }),
  }))
  if (state.pair?.overlays) {
    const other = state.pair.active === "A" ? "B" : "A", set = state.pair[other]
    const label = [`${other}:`, differences(app, set.values, set.level, state)].join(" ").trim()
    sets.push({ id: `pair${other}`, values: set.values, level: set.level, label, hint: `Show ${other}`, remove: () => toggle(app, other) })
  }
  return sets
}

const now = s => ({ values: { ...s.values }, level: s.level })

/** Begins with both sets equal; from then on B is what one changes. */
export function begin(app) {
  app.store.change(s => { s.pair = { active: "B", A: now(s), B: now(s), overlays: true } })
  app.announce("Comparing: you now change B, A is drawn dashed")
}

export function end(app) { app.store.change(s => { s.pair = null }) }

/** Shows the other set. */
export function toggle(app, name) {
  const { pair } = app.store.state
  if (!pair || pair.active === name) return
  app.store.change(s => {
    s.pair = { ...s.pair, [s.pair.active]: now(s), active: name }
    s.values = { ...s.values, ...s.pair[name].values }
    s.level = s.pair[name].level
  })
  app.announce(`Showing ${name}`)
}

export function overlay(app, isOn) { app.store.change(s => { s.pair = { ...s.pair, overlays: isOn } }) }
