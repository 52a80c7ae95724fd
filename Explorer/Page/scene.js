// What the pictures show, out of an answer for one state.
import { errorsOf, labels, list } from "./result.js"

/** The state as physics: electrodes, pair channels, boson baths, levels, one mode. */
export function scene(result, description, modeIndex) {
  const named = dimension => (labels(result, dimension).length ? labels(result, dimension) : (description.labels[dimension] ?? []))
  const electrodes = electrodesOf(result, named("electrode"), description.boltzmann)
  const energy = description.modeEnergies[modeIndex]
  const channels = channelsOf(result, named("channel"), electrodes, energy)
  const exchanged = channels.reduce((sum, c) => sum + Math.abs(c.flow), 0)
  for (const c of channels) c.share = exchanged > 0 ? Math.abs(c.flow) / exchanged : 0
  const baths = bathsOf(result, named("bath"), exchanged)
  const T = list(result, "effective_temperature")?.[modeIndex] ?? null
  const reference = baths.length && baths[0].T !== null ? baths.reduce((s, b) => s + b.T, 0) / baths.length : null
  const mode = energy === undefined ? null : {
    index: modeIndex, count: description.modeEnergies.length, energy,
    N: list(result, "mode_population")?.[modeIndex] ?? null, errorN: errorsOf(result, "mode_population")?.[modeIndex] ?? null,
    T, errorT: errorsOf(result, "effective_temperature")?.[modeIndex] ?? null, isHot: T !== null && reference !== null ? T > reference : null,
  }
  return {
    electrodes, channels, baths, mode, levels: result.levels ?? [], status: list(result, "status")?.[0] ?? 0,
    unit: result.variables.find(v => v.name === "energy_current_channel")?.unit ?? "",
    total: list(result, "energy_current")?.[0] ?? null, totalError: errorsOf(result, "energy_current")?.[0] ?? null,
  }
}

function electrodesOf(result, names, boltzmann) {
  const mu = list(result, "chemical_potential"), T = list(result, "temperature")
  return mu && T ? names.map((name, k) => ({ name, mu: mu[k], T: T[k], kT: T[k] * boltzmann })) : []
}

function channelsOf(result, names, electrodes, energy) {
  const flows = list(result, "energy_current_channel"), errors = errorsOf(result, "energy_current_channel")
  if (!flows) return []
  const top = flows.reduce((sum, f) => sum + (Math.abs(f) || 0), 0)
  const byName = new Map(electrodes.map(e => [e.name, e]))
  return names.map((label, k) => {
    const [a, b] = label.split(">").map(n => byName.get(n))
    const mu = a && b ? a.mu - b.mu : null, isThermal = Boolean(a && b && a.T === b.T)
    return {
      label, a, b, mu, isThermal, flow: told(flows[k], errors?.[k], top), error: errors?.[k] ?? null,
      occupation: isThermal ? occupation(energy - mu, a.kT) : null,
    }
  })
}

function bathsOf(result, names, exchanged) {
  const T = list(result, "bath_temperature"), flow = list(result, "bath_energy_current"), errors = errorsOf(result, "bath_energy_current")
  const nu = list(result, "bath_chemical_potential")
  return names.map((name, k) => ({
    name, T: T?.[k] ?? null, nu: nu?.[k] ?? null, flow: flow ? told(flow[k], errors?.[k], exchanged) : null, error: errors?.[k] ?? null,
  }))
}

/** A flow, or 0 where it is below its error or below the rounding of the others. */
const told = (flow, error, others) => (Math.abs(flow) <= 2 * (error ?? 0) || Math.abs(flow) < 1e-12 * others ? 0 : flow)

/** Bose and Einstein's number; negative where the bath is inverted, infinite at the chemical potential. */
export const occupation = (w, kT) => (kT > 0 ? 1 / Math.expm1(w / kT) : w > 0 ? 0 : -1)

/** Fermi and Dirac's number. */
export const fermi = (e, mu, kT) => (kT > 0 ? 1 / (1 + Math.exp(Math.min(700, (e - mu) / kT))) : e < mu ? 1 : e > mu ? 0 : 0.5)

/** The energy from which most pairs of a channel start: where the integrand of their rate is largest. */
export function typicalEnergy({ a, b, flow }, energy, levels, [low, high]) {
  const least = 1e-4 * (high - low)
  const lorentzian = (l, e) => { const g = Math.max(l.width / 2, least); return (g * g) / ((e - l.energy) ** 2 + g * g) }
  const density = e => 1e-4 + levels.reduce((sum, l) => sum + lorentzian(l, e), 0)
  let best = (a.mu + b.mu + energy) / 2, top = -1
  for (let k = 0; k <= 240; k++) {
    const e = low + energy + ((high - low - energy) * k) / 240
    const fa = fermi(e, a.mu, a.kT), fb = fermi(e - energy, b.mu, b.kT)
    const weight = (flow >= 0 ? fa * (1 - fb) : (1 - fa) * fb) * density(e) * density(e - energy)
    if (weight > top) {
      top = weight
      best = e
    }
  }
  return best
}
