// One view's stream of answers: one request in flight, the newest wish wins, nothing queues up.
import * as api from "./api.js"

/** A computation that lasts longer than this is given up when a newer one is wanted (milliseconds). */
const patience = 1500
/** A computation that took less than this waits for nobody (milliseconds). */
const instant = 60
/** How long a slow view waits for the slider to rest. */
const rest = 180
/** What runs now, and how urgent it is: the lower the number the earlier. */
const runningNow = new Set()

export class Feed {
  /** @param on {result(result, body), error(error), busy(isBusy), lost()} */
  constructor(name, on, urgency = 1) {
    this.name = name
    this.urgency = urgency
    this.on = on
    this.key = null
    this.last = 0
    this.losses = 0
  }

  /** What the view wants to show now; null for nothing. */
  want(body) {
    const key = body && JSON.stringify(body)
    if (key === this.key) return
    this.key = key
    this.wanted = body
    clearTimeout(this.timer)
    if (!body) return this.stop()
    if (!this.running) return this.last > patience ? (this.timer = setTimeout(() => this.start(), rest)) : this.start()
    if (performance.now() - this.running.start > patience) this.stop(true)
  }

  /** Asks again, after the model changed or the server came back. */
  again() {
    if (!this.wanted) return
    const body = this.wanted
    this.key = null
    this.stop()
    this.want(body)
  }

  /** Gives the running computation up. */
  stop(goesOn = false) {
    const running = this.running
    if (!running) return
    if (goesOn) { if (!running.isCancelled) { running.isCancelled = true; running.abort.abort(); api.cancel(this.name) } return }
    this.running = null
    running.abort.abort()
    api.cancel(this.name)
    this.on.busy(false)
  }

  /** The user's own cancel: the wish is forgotten until another one comes. */
  cancel() {
    clearTimeout(this.timer)
    this.wanted = null
    this.stop()
  }

  async start(attempt = 0) {
    if (!this.wanted || this.running) return
    const running = (this.running = { start: performance.now(), abort: new AbortController() })
    this.on.busy(true)
    let result = null, problem = null, body = this.wanted, key = this.key
    const work = { urgency: this.urgency }
    work.done = new Promise(resolve => { work.finish = resolve })
    try {
      // What is more urgent and already on its way goes first, unless this one is there at once.
      const earlier = [...runningNow].filter(w => w.urgency < this.urgency).map(w => w.done)
      runningNow.add(work)
      if (earlier.length && !(this.last && this.last < instant)) await Promise.all(earlier)
      if (this.running !== running) return
      running.start = performance.now()
      body = this.wanted
      key = this.key
      result = await api.compute(this.name, body, running.abort.signal)
    } catch (error) {
      problem = error
    } finally {
      runningNow.delete(work)
      work.finish()
    }
    if (this.running !== running) return
    this.running = null
    this.last = performance.now() - running.start
    const isStale = this.key !== key
    if (!isStale) this.on.busy(false)
    if (result) {
      this.losses = 0
      this.on.result(result, body, isStale)
    } else if (problem.status === 0 && ++this.losses <= 3) {
      this.key = null
      this.on.busy(false)
      return this.on.lost()
    } else if (!isStale) return this.failed(problem, body, attempt, running)
    if (!isStale || !this.wanted) return
    if (this.last > patience) this.timer = setTimeout(() => this.start(), rest)
    else this.start()
  }

  failed(problem, body, attempt, running) {
    const again = () => this.start(attempt + 1)
    if (problem.status === 429) this.timer = setTimeout(again, Math.min(2000, 200 * 2 ** attempt))
    else if (problem.status !== 409) this.on.error(problem, body)
    else if (!running.isCancelled && attempt < 3) again()
  }
}
