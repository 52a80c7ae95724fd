// The server's events, and whether the server is there.
import * as api from "./api.js"

/** Without a sign of life for this long the server counts as gone (milliseconds). */
const silence = 15000

export class Connection {
  /** @param on {model(revision), progress(event), lost(wait), back()} */
  constructor(on) {
    this.on = on
    this.isLost = false
    this.tries = 0
    document.addEventListener("visibilitychange", () => this.turned())
    addEventListener("pagehide", () => this.close())
    addEventListener("pageshow", event => event.persisted && this.check())
    addEventListener("online", () => this.isLost && this.check())
    addEventListener("offline", () => this.lose())
  }

  open() {
    this.close()
    const source = (this.source = new EventSource(`api/events?client=${api.client}`))
    source.onopen = () => this.alive()
    source.onmessage = message => {
      this.alive()
      let event
      try { event = JSON.parse(message.data) } catch { return }
      if (event.type === "model") this.on.model(event.revision)
      if (event.type === "progress") this.on.progress(event)
    }
    source.onerror = () => this.source === source && this.lose()
    this.alive()
  }

  close() {
    this.source?.close()
    this.source = null
    clearTimeout(this.silence)
  }

  alive() {
    clearTimeout(this.silence)
    this.silence = setTimeout(() => this.lose(), silence)
  }

  /** A hidden tab keeps no connection: browsers allow only six to one server. */
  turned() {
    if (document.hidden) this.hiding = setTimeout(() => { this.isAsleep = true; this.close() }, 20000)
    else {
      clearTimeout(this.hiding)
      if (this.isAsleep) { this.isAsleep = false; this.check() }
    }
  }

  /** Somebody found the server gone. */
  lose() {
    if (this.isLost || this.isAsleep) return
    this.isLost = true
    this.tries = 0
    this.close()
    this.retry()
  }

  retry(problem) {
    clearTimeout(this.timer)
    const wait = Math.min(5000, 500 * 1.6 ** this.tries++)
    this.on.lost(wait, problem?.status === 403)
    this.timer = setTimeout(() => this.check(), wait)
  }

  /** Asks whether the server is there. */
  async check() {
    clearTimeout(this.timer)
    try {
      const description = await api.model()
      this.isLost = false
      this.open()
      this.on.back(description)
    } catch (problem) {
      this.isLost = true
      this.retry(problem)
    }
  }
}
