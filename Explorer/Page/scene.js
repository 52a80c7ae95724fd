// What the pictures show, out of an answer for one state.
import { errorsOf, labels, list } from "./result.js"

/** The state as physics: electrodes, pair channels, boson baths, levels, one mode. */
export function scene(result, description, modeIndex) {
  const kB = description.boltzmann
  const mu = list(result, "chemical_potential"), T = list(result, "temperature")
  const names = labels(result, "electrode").length ? labels(result, "electrode") : (description.labels.electrode ?? [])
  const electrodes = mu && T ? names.map((name, k) => ({ name, mu: mu[k], T: T[k], kT: T[k] * kB })) : []
  const byName = new Map(electrodes.map(e => [e.name, e]))
  const flows = list(result, "energy_current_channel"), flowErrors = errorsOf(result, "energy_current_channel")
  const unit = result.variables.find(v => v.name === "energy_current_channel")?.unit ?? ""
  const sum = flows ? flows.reduce((s, f, k) => s + (Math.abs(f) > 2 * (flowErrors?.[k] ?? 0) ? Math.abs(f) : 0), 0) : 0
  const modes = description.modeEnergies
  const energy = modes[modeIndex]
  const channelNames = labels(result, "channel").length ? labels(result, "channel") : (description.labels.channel ?? [])
  const channels = flows ? channelNames.map((label, k) => {
    const [a, b] = label.split(">").map(n => byName.get(n))
    const flow = isNothing(flows[k], flowErrors?.[k], sum) ? 0 : flows[k]
    return { label, a, b, flow, error: flowErrors?.[k] ?? null, share: sum > 0 ? Math.abs(flow) / sum : 0, mu: a && b ? a.mu - b.mu : null,
      isThermal: Boolean(a && b && a.T === b.T), occupation: a && b && a.T === b.T ? occupation(energy - (a.mu - b.mu), a.kT) : null }
  }) : []
  const bathT = list(result, "bath_temperature"), bathFlow = list(result, "bath_energy_current"), bathErrors = errorsOf(result, "bath_energy_current"), nu = list(result, "bath_chemical_potential")
  const bathNames = labels(result, "bath").length ? labels(result, "bath") : (description.labels.bath ?? [])
  const baths = bathNames.map((name, k) => ({ name, T: bathT?.[k] ?? null, nu: nu?.[k] ?? null, flow: bathFlow ? (isNothing(bathFlow[k], bathErrors?.[k], sum) ? 0 : bathFlow[k]) : null, error: bathErrors?.[k] ?? null }))
  const N = list(result, "mode_population"), Teff = list(result, "effective_temperature")
  const reference = baths.length && baths[0].T !== null ? baths.reduce((s, b) => s + b.T, 0) / baths.length : null
  const status = list(result, "status")?.[0] ?? 0
  return {
    electrodes, channels, baths, unit, levels: result.levels ?? [], total: list(result, "energy_current")?.[0] ?? null, totalError: errorsOf(result, "energy_current")?.[0] ?? null,
    mode: modes.length ? { index: modeIndex, count: modes.length, energy, N: N?.[modeIndex] ?? null, errorN: errorsOf(result, "mode_population")?.[modeIndex] ?? null, T: Teff?.[modeIndex] ?? null,
      errorT: errorsOf(result, "effective_temperature")?.[modeIndex] ?? null, isHot: Teff && reference !== null ? Teff[modeIndex] > reference : null } : null,
    status, reference, kB,
  }
}

/** A flow below its error, or below the rounding of the others. */
const isNothing = (flow, error, sum) => Math.abs(flow) <= 2 * (error ?? 0) || Math.abs(flow) < 1e-12 * sum

/** Bose and Einstein's number; negative where the bath is inverted, infinite at the chemical potential. */
export const occupation = (w, kT) => (kT > 0 ? 1 / Math.expm1(w / kT) : w > 0 ? 0 : -1)

/** Fermi and Dirac's number. */
export const fermi = (e, mu, kT) => (kT > 0 ? 1 / (1 + Math.exp(Math.min(700, (e - mu) / kT))) : e < mu ? 1 : e > mu ? 0 : 0.5)

/** The energy from which most pairs of a channel start: where the integrand of their rate is largest. */
export function typicalEnergy(channel, energy, levels, window) {
  const { a, b, flow } = channel
  const density = e => 1e-4 + levels.reduce((s, l) => { const g = Math.max(l.width / 2, 1e-4 * (window[1] - window[0])); return s + g / ((e - l.energy) ** 2 + g * g) * Math.max(g, 1e-6) }, 0)
  let best = (a.mu + b.mu + energy) / 2, top = -1
  for (let k = 0; k <= 240; k++) {
    const e = window[0] + energy + ((window[1] - window[0] - energy) * k) / 240
    const fa = fermi(e, a.mu, a.kT), fb = fermi(e - energy, b.mu, b.kT)
    const weight = (flow >= 0 ? fa * (1 - fb) : (1 - fa) * fb) * density(e) * density(e - energy)
    if (weight > top) { top = weight; best = e }
  }
  return best
}
