// Puts the page together: the model's description, the state, the views, the server.
import * as api from "./api.js"
import { Banners, explained } from "./banners.js"
import { BathsView } from "./baths.js"
import { compared } from "./compare.js"
import { Connection } from "./connection.js"
import { Controls } from "./controls.js"
import { CurvesView } from "./curves.js"
import { Description } from "./description.js"
import { DiagramView } from "./diagram.js"
import { Exporter } from "./exporter.js"
import { number } from "./format.js"
import { Help } from "./help.js"
import { MapView } from "./map.js"
import { ModesView } from "./modes.js"
import { Notes } from "./notes.js"
import { Pictures } from "./pictures.js"
import { Player } from "./player.js"
import { decoded, encoded, fitting } from "./share.js"
import { snapped } from "./slider.js"
import { SpectraView } from "./spectra.js"
import { Store } from "./state.js"
import { Toolbar } from "./toolbar.js"

const kinds = { junction: "junction", terminals: "Landauer terminals", bodies: "two bodies", pair_spectra: "given pair spectra" }
const find = id => document.getElementById(id)

class App {
  constructor(raw) {
    this.description = new Description(raw)
    this.start = this.description.start()
    this.store = new Store({ ...this.start, ...decoded(location.hash, this.start, this.description), isDragging: false, focus: null, playing: null })
    this.banners = new Banners(find("banners"))
    this.notes = new Notes(find("status"), find("notes"))
    this.exporter = new Exporter(this)
    this.player = new Player(this)
    this.connection = new Connection({
      model: () => this.reread(), progress: event => this.progress(event),
      lost: (wait, isOther) => this.lost(wait, isOther),
      back: description => { this.banners.hide("server"); this.take(description); this.again() },
    })
    this.help = new Help(this, find("help"))
    this.toolbar = new Toolbar(this, find("toolbar"))
    this.controls = new Controls(this, find("controls"))
    const views = [new DiagramView(this), new BathsView(this), new ModesView(this), new CurvesView(this), new MapView(this), new SpectraView(this)]
    this.views = Object.fromEntries(views.map(v => [v.name, v]))
    this.pictures = new Pictures(this, [this.views.diagram, this.views.baths, this.views.modes])
    find("views").append(...views.map(v => v.panel.element))
    this.store.listen(state => this.update(state))
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", event => {
      if (!keptTheme()) this.setTheme(event.matches ? "dark" : "light", false)
    })
    addEventListener("hashchange", () => this.follow())
    this.describe(raw)
    this.connection.open()
  }

  lost(wait, isOther) {
    const pause = wait >= 1000 ? ` every ${Math.round(wait / 1000)} s` : ""
    const message = isOther ? "The server was started anew: open the address that it has printed." : `The server does not answer. Trying again${pause} …`
    this.banners.show("server", "error", message, { action: ["Try now", () => this.connection.check()] })
  }

  /** What depends on the model alone. */
  describe(raw) {
    const d = this.description
    find("title").textContent = d.title || d.file
    find("subtitle").textContent = [d.file, kinds[d.kind], `pairbath ${d.version}`].join(" · ")
    document.title = `${d.title || d.file} – Pairbath`
    this.modelProblem(raw.error)
    for (const view of Object.values(this.views)) view.panel.element.hidden = !view.isPossible
    find("views").classList.toggle("has-many-modes", d.modeEnergies.length > 3)
    find("views").dataset.shown = this.shownViews().map(v => v.name).join(" ")
    this.controls.build()
    this.update(this.store.state)
  }

  shownViews() { return Object.values(this.views).filter(v => v.isPossible) }

  update(state) {
    this.controls.update(state)
    this.toolbar.update(state)
    this.pictures.update(state)
    for (const view of Object.values(this.views)) {
      view.panel.setFocused(state.focus === view.name)
      if (view.isPossible) view.update(state)
    }
    find("views").classList.toggle("has-focus", Boolean(state.focus))
    clearTimeout(this.linking)
    this.linking = setTimeout(() => this.link(), 200)
  }

  /** The address with the state in it. */
  link() {
    const hash = encoded(this.store.state, this.start)
    if (hash !== location.hash) history.replaceState(null, "", hash || location.pathname + location.search)
    return location.href
  }

  /** Sets variables; while a slider moves, the step of the history is still open. */
  set(values, { isFinal = true, keepsPlaying = false } = {}) {
    if (!keepsPlaying && this.store.state.playing) this.player.stop()
    this.controls.clear()
    this.lastChanged = Object.keys(values)[0]
    this.store.change(s => {
      s.isDragging = !isFinal
      const next = { ...s.values }
      for (const [name, value] of Object.entries(values)) {
        const v = this.description.variable(name, s)
        if (v && Number.isFinite(value)) next[name] = meant(value, v, isFinal)
      }
      s.values = next
    }, { commits: isFinal })
  }

  /** The slider has come to rest. */
  finish() {
    this.store.change(s => { s.isDragging = false })
    for (const view of [this.views.curves, this.views.map]) view.rested()
    clearTimeout(this.telling)
    this.telling = setTimeout(() => this.tell(), 500)
  }

  /** The state in a sentence, for those who do not see it. */
  tell() {
    const result = this.pictures.latest?.result
    const J = result?.variables.find(v => v.name === "energy_current"), N = result?.variables.find(v => v.name === "mode_population")
    if (!J) return
    const k = this.mode(), population = N ? `, mode population ${number(N.values[k], N.errors?.[k])}` : ""
    this.announce(`Energy current ${number(J.values[0], J.errors?.[0])} ${J.unit}${population}`)
  }

  announce(text, isVisible = false) {
    find("announce").textContent = text
    if (!isVisible) return
    this.banners.show("said", "quiet", text, { closes: true })
    clearTimeout(this.saying)
    this.saying = setTimeout(() => this.banners.hide("said"), 2500)
  }

  /** The mode of the pictures: the chosen one, or that of the largest deviation from its baths. */
  mode() {
    const { mode } = this.store.state
    if (mode !== null && mode < this.description.modeEnergies.length) return mode
    if (this.description.modeEnergies.length < 2) return 0
    const T = this.pictures?.latest?.result.variables.find(v => v.name === "effective_temperature")?.values
    if (!T) return 0
    if (this.favourite === undefined || this.favouriteOf !== this.description.revision) {
      this.favourite = T.reduce((best, t, k) => (t > T[best] ? k : best), 0)
      this.favouriteOf = this.description.revision
    }
    return this.favourite
  }

  compared(state) { return compared(this, state) }
  anyBody() { return this.views.curves.latest?.body ?? this.pictures.latest?.body }

  /** An answer has come: how long it took, what its notes are. */
  heard(view, result) {
    if (!view) {
      this.controls.clear()
      this.controls.extended = null
      this.banners.hide("values")
    }
    if (!view || view.name === "curves") this.notes.tell(result, this.description, this.store.state.tolerance ?? this.description.tolerance)
    this.notes.take(view?.name ?? "state", result.notes)
  }

  /** Says what the server has refused: about values once, above the page and at the field; else the view says it, with what this returns. */
  refused(problem) {
    const message = explained(problem.error ?? { message: problem.message })
    const path = problem.error?.keyPath ?? ""
    if (problem.status !== 422 || /^compute/.test(path)) return message
    this.controls.shrink()
    this.banners.show("values", "error", message)
    this.controls.problem(path, this.lastChanged, message)
    return ""
  }

  progress(event) {
    const name = event.view.split("/").slice(1).join("/")
    const panels = name === "state" ? this.pictures.views.filter(v => v.isPossible).map(v => v.panel) : [this.views[name]?.panel].filter(Boolean)
    for (const panel of panels) panel.progress(event)
  }

  async reread() {
    try { this.take(await api.model()) } catch (problem) { if (problem.status === 0) this.connection.lose() }
  }

  /** A description that may be new, or may say what is wrong with the file. */
  take(raw) {
    this.modelProblem(raw.error)
    if (raw.error || raw.revision === this.description.revision) return
    const old = this.start
    this.description = new Description(raw)
    this.start = this.description.start()
    const { state } = this.store
    const kept = { ...state, values: Object.fromEntries(Object.entries(state.values).filter(([n, v]) => v !== old.values[n])) }
    if (state.level === old.level) kept.level = this.start.level
    this.store.reset(fitting(kept, this.start, this.description))
    this.describe(raw)
    this.again()
    this.announce("The model was read again", true)
  }

  modelProblem(error) {
    if (error) this.banners.show("model", "error", explained(error))
    else this.banners.hide("model")
  }

  again() {
    this.pictures.again()
    for (const view of this.shownViews()) if (view.feed) view.again()
    this.update(this.store.state)
  }

  /** Another link was put into the address. */
  follow() {
    const state = decoded(location.hash, this.start, this.description)
    if (state) this.store.change(s => Object.assign(s, state))
  }

  focus(name) {
    this.store.change(s => { s.focus = s.focus === name ? null : name }, { commits: false })
  }

  switchTheme() { this.setTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark", true) }

  setTheme(theme, isKept) {
    document.documentElement.dataset.theme = theme
    if (isKept) try { localStorage.setItem("pairbath-theme", theme) } catch { /* storage may be forbidden */ }
    for (const view of this.shownViews()) if (view.latest) view.draw()
  }
}

function keptTheme() { try { return localStorage.getItem("pairbath-theme") } catch { return null } }

/** A value as it is meant: typed ones as they are, those of pointers without digits that nobody chose, words by their number. */
function meant(value, variable, isFinal) {
  if (variable.words) return Math.max(0, Math.min(variable.words.length - 1, Math.round(value)))
  return isFinal || value < variable.from || value > variable.to ? value : snapped(value, variable)
}

async function begin() {
  try {
    window.explorer = new App(await api.model())
  } catch (problem) {
    if (!(problem instanceof api.ServerError)) throw problem
    find("status").textContent = `${problem.message}. Trying again …`
    setTimeout(begin, 1500)
  }
}

begin()
