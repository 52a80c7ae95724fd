// Sweeps a variable back and forth, for talks.

/** One way takes this long (milliseconds). */
const once = 7000

export class Player {
  constructor(app) { this.app = app }

  toggle(name) {
    const { store } = this.app
    if (store.state.playing === name) return this.stop()
    store.change(s => { s.playing = name }, { commits: false })
    const v = this.app.description.variable(name, store.state)
    const position = value => (v.logarithmic ? Math.log(value / v.from) / Math.log(v.to / v.from) : (value - v.from) / (v.to - v.from))
    const t = Math.max(0, Math.min(1, position(store.state.values[name])))
    this.started = performance.now() - t * once
    const turn = now => {
      if (store.state.playing !== name) return
      const phase = (((now - this.started) / once) % 2 + 2) % 2, at = phase < 1 ? phase : 2 - phase
      const value = v.words ? Math.round(at * (v.words.length - 1)) : v.logarithmic ? v.from * (v.to / v.from) ** at : v.from + at * (v.to - v.from)
      this.app.set({ [name]: value }, { isFinal: false, keepsPlaying: true })
      requestAnimationFrame(turn)
    }
    requestAnimationFrame(turn)
  }

  stop() {
    if (!this.app.store.state.playing) return
    this.app.store.change(s => { s.playing = null }, { commits: false })
    this.app.finish()
  }
}
