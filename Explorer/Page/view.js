// What all views share: a panel, a feed of answers, and the way from the state to a request.
import { Feed } from "./feed.js"
import { Panel } from "./panel.js"

export class View {
  /** @param app what the page is made of (main.js) */
  constructor(app, name, title, { feed = name, urgency = 1 } = {}) {
    this.app = app
    this.name = name
    this.panel = new Panel(name, title, {
      cancel: () => this.feeds.forEach(f => f.cancel()),
      focus: () => app.focus(name),
      exports: () => app.exporter.items(this),
    })
    this.feed = feed && new Feed(feed, {
      result: (result, body, isStale) => this.received(result, body, isStale),
      error: problem => this.refused(problem),
      busy: isBusy => this.panel.busy(isBusy),
      lost: () => app.connection.lose(),
    }, urgency)
    this.latest = null
    this.resized = new ResizeObserver(() => this.resize())
    this.resized.observe(this.panel.content)
  }

  get feeds() { return this.feed ? [this.feed] : [] }
  get description() { return this.app.description }
  get state() { return this.app.store.state }

  /** The body of a request for a state, or null: to be written by every view. */
  request() { return null }
  /** Draws `this.latest`. */
  draw() {}
  /** Marks the current values in what is drawn. */
  mark() {}
  /** Whether the model has anything to show here. */
  get isPossible() { return true }

  update(state) {
    if (this.isPossible && this.isShown) this.feed?.want(this.request(state))
    if (this.latest) this.mark()
  }

  /** Enlarging one view leaves the others without work. */
  get isShown() { return !this.state.focus || this.state.focus === this.name }

  received(result, body, isStale) {
    this.latest = { result, body }
    if (!isStale) this.panel.refused(null)
    this.app.heard(this, result)
    this.draw()
  }

  refused(problem) {
    this.panel.refused(this.app.refused(problem))
  }

  resize() {
    const { clientWidth, clientHeight } = this.panel.content
    if (!clientWidth || !clientHeight || (clientWidth === this.width && clientHeight === this.height)) return
    this.width = clientWidth
    this.height = clientHeight
    if (this.latest) requestAnimationFrame(() => this.draw())
  }

  again() { this.feeds.forEach(f => f.again()) }
}

/** A view of the state itself, whose answer comes with that of the others (pictures.js), with one mode in it. */
export class PictureView extends View {
  constructor(app, name, title) { super(app, name, title, { feed: null }) }

  update() {
    if (this.latest && this.drawnMode !== this.app.mode()) this.draw()
  }

  show(result, body) {
    this.latest = { result, body }
    this.draw()
  }
}
