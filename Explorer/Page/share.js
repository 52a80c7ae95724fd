// The state as a link: what differs from the model's own start, in the part of the address behind '#'.

const shared = ["values", "ranges", "level", "tolerance", "curves", "map", "spectra", "modes", "mode", "pins", "pair"]

/** The state behind '#', as short as its differences from the start. */
export function encoded(state, start) {
  const differences = {}
  for (const key of shared) {
    const kept = key === "values" ? changed(state.values, start.values) : state[key]
    if (JSON.stringify(kept) !== JSON.stringify(key === "values" ? {} : start[key])) differences[key] = kept
  }
  if (!Object.keys(differences).length) return ""
  const bytes = new TextEncoder().encode(JSON.stringify(differences))
  return "#s=" + btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "")
}

const changed = (values, start) => Object.fromEntries(Object.entries(values).filter(([name, value]) => value !== start[name]))

/** The state of a link, with everything left out that this model does not have. */
export function decoded(hash, start, description) {
  const match = /^#s=([A-Za-z0-9_-]+)$/.exec(hash)
  if (!match) return null
  try {
    const bytes = Uint8Array.from(atob(match[1].replace(/-/g, "+").replace(/_/g, "/")), c => c.charCodeAt(0))
    return fitting({ ...start, ...JSON.parse(new TextDecoder().decode(bytes)) }, start, description)
  } catch {
    return null
  }
}

/** A state as far as a model has its variables and observables. */
export function fitting(state, start, description) {
  const isVariable = name => description.byName.has(name)
  const isQuantity = name => description.has(name)
  const values = { ...start.values }
  for (const [name, value] of Object.entries(state.values ?? {})) if (isVariable(name) && Number.isFinite(value)) values[name] = value
  const isRange = r => Number.isFinite(r?.from) && Number.isFinite(r?.to) && r.from < r.to
  const ranges = Object.fromEntries(Object.entries(state.ranges ?? {}).filter(([name, range]) => isVariable(name) && isRange(range)))
  const curves = { ...start.curves, ...state.curves }
  curves.shown = (curves.shown ?? []).filter(isQuantity)
  if (!curves.shown.length) curves.shown = start.curves.shown
  if (!isVariable(curves.x)) curves.x = start.curves.x
  let map = state.map && { ...start.map, ...state.map }
  if (!map || !isVariable(map.x) || !isVariable(map.y) || map.x === map.y) map = start.map
  else if (!isQuantity(map.name)) map = { ...map, name: start.map.name, part: null }
  const spectra = isQuantity(state.spectra?.name) ? { ...start.spectra, ...state.spectra } : start.spectra
  const level = description.levels.includes(state.level) ? state.level : start.level
  const modes = isQuantity(state.modes?.name) ? state.modes : start.modes
  const mode = Number.isInteger(state.mode) && state.mode < description.modeEnergies.length ? state.mode : null
  const tolerance = state.tolerance > 0 ? state.tolerance : null
  const pins = Array.isArray(state.pins) ? state.pins.slice(0, 6) : []
  return { values, ranges, level, tolerance, curves, map, spectra, modes, mode, pins, pair: state.pair ?? null }
}
