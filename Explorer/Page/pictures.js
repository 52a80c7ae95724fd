// One request for the state itself, shared by the diagram, the baths and the modes.
import { held, observablesFor } from "./description.js"
import { Feed } from "./feed.js"

const wanted = {
  junction: ["energy_current", "energy_current_channel", "bath_energy_current", "mode_population", "effective_temperature"],
  pair_spectra: ["energy_current", "energy_current_channel", "bath_energy_current", "mode_population", "effective_temperature"],
  terminals: ["bath_energy_current", "bath_heat_current", "bath_particle_current", "charge_current"],
  bodies: ["energy_flux", "heat_flux", "photocurrent", "electrical_power"],
}

export class Pictures {
  /** @param views those that draw the answer */
  constructor(app, views) {
    this.app = app
    this.views = views
    this.refusedNames = new Set()
    const panels = () => views.filter(v => v.isPossible).map(v => v.panel)
    this.feed = new Feed("state", {
      result: (result, body) => {
        panels().forEach(p => p.refused(null))
        this.latest = { result, body }
        app.heard(null, result)
        for (const view of views) if (view.isPossible) view.show(result, body)
        // The first state tells where spectra lie.
        if (app.views.spectra.isPossible) app.views.spectra.update(app.store.state)
      },
      error: problem => this.refused(problem),
      busy: isBusy => panels().forEach(p => p.busy(isBusy)),
      lost: () => app.connection.lose(),
    }, 0)
    for (const view of views) Object.defineProperty(view, "feeds", { get: () => [this.feed] })
  }

  request(state) {
    const d = this.app.description
    const isCheap = n => d.hasModes || d.quantities.get(n).inModel || n === "bath_energy_current" || n === "energy_flux"
    const names = (wanted[d.kind] ?? []).filter(n => d.has(n) && isCheap(n))
    if (this.views.some(v => v.name === "modes" && v.isPossible)) names.push(state.modes.name)
    if (!d.hasModes) names.push(...d.curves.filter(q => q.inModel).slice(0, 1).map(q => q.name))
    const known = names.filter(n => d.has(n) && !this.refusedNames.has(n))
    const observables = observablesFor(d, known.length ? known : d.curves.slice(0, 1).map(q => q.name))
    return { ...held(state, d), observables, ...(d.hasElectrodes ? { levels: true } : {}) }
  }

  update(state) {
    const isShown = this.views.some(v => v.isPossible && v.isShown)
    if (isShown) this.feed.want(this.request(state))
  }

  /** An extra that this model cannot compute is left out, once; everything else is the user's to know. */
  refused(problem) {
    const d = this.app.description
    const extras = [...d.quantities.values()].filter(q => !q.inModel && this.request(this.app.store.state).observables.includes(q.observable))
    const named = extras.filter(q => problem.message.includes(q.observable))
    const culprits = named.length ? named : /observables/.test(problem.error?.keyPath ?? "") ? extras : []
    if (problem.status === 422 && culprits.some(q => !this.refusedNames.has(q.name))) {
      for (const q of culprits) this.refusedNames.add(q.name)
      return this.feed.want(this.request(this.app.store.state))
    }
    const message = this.app.refused(problem)
    for (const view of this.views) if (view.isPossible) view.panel.refused(message)
  }

  again() { this.refusedNames.clear(); this.feed.again() }
}
