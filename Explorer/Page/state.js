// What the user has chosen, its history, and who wants to know of changes.

/** State that belongs to the screen, not to the history. */
const passing = new Set(["isDragging", "focus", "theme", "playing"])
const depth = 200

export class Store {
  constructor(initial) {
    this.state = initial
    this.listeners = []
    this.past = []
    this.future = []
    this.committed = this.snapshot()
    this.scheduled = false
  }

  snapshot() {
    const kept = {}
    for (const [name, value] of Object.entries(this.state)) if (!passing.has(name)) kept[name] = value
    return JSON.stringify(kept)
  }

  /** Changes the state; listeners hear of it before the next frame. */
  change(mutate, { commits = true } = {}) {
    mutate(this.state)
    if (commits) this.commit()
    this.notify()
  }

  /** Makes what changed since the last commit one step of the history. */
  commit() {
    const now = this.snapshot()
    if (now === this.committed) return
    this.past.push(this.committed)
    if (this.past.length > depth) this.past.shift()
    this.future = []
    this.committed = now
  }

  undo() { this.travel(this.past, this.future) }
  redo() { this.travel(this.future, this.past) }

  travel(from, to) {
    if (!from.length) return
    to.push(this.committed)
    this.committed = from.pop()
    Object.assign(this.state, JSON.parse(this.committed))
    this.notify()
  }

  /** Starts over with another state, without a history. */
  reset(state) {
    this.state = { ...this.state, ...state }
    this.past = []
    this.future = []
    this.committed = this.snapshot()
    this.notify()
  }

  listen(listener) { this.listeners.push(listener) }

  notify() {
    if (this.scheduled) return
    this.scheduled = true
    queueMicrotask(() => {
      this.scheduled = false
      for (const listener of this.listeners) listener(this.state)
    })
  }
}
