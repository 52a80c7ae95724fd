// The help dialogue, keyboard shortcuts, and words that follow the pointer.
import * as compare from "./compare.js"

export class Help {
  constructor(app, dialog) {
    this.app = app
    this.dialog = dialog
    dialog.innerHTML = `
      <h2 id="help-title">Explorer</h2>
      <p>Move a slider: everything is computed anew. Click or drag in the curves and in the map to set the variables of their axes.
      Electron-hole pairs that start in electrode <i>a</i> and end in <i>b</i> are a bath with chemical potential <i>μ</i><sub>a</sub> − <i>μ</i><sub>b</sub>;
      <b class="heats">vermillion</b> flows heat the mode, <b class="cools">blue</b> ones cool it. ▲ marks a bath that is inverted: it amplifies the mode.</p>
      <dl>
        <dt>← →</dt><dd>move the slider that has the focus; with Shift further, with Alt finer</dd>
        <dt>1 … 6</dt><dd>enlarge a view; Escape goes back</dd>
        <dt>Space</dt><dd>sweep the first variable, or stop</dd>
        <dt>K</dt><dd>keep the current curves as ghosts; a click on their names forgets them</dd>
        <dt>X</dt><dd>switch between A and B</dd>
        <dt>Ctrl+Z, Ctrl+Shift+Z</dt><dd>undo, redo</dd>
        <dt>D</dt><dd>light or dark</dd>
      </dl>
      <form method="dialog"><button>Close</button></form>`
    addEventListener("keydown", event => this.key(event))
    this.followPointer()
  }

  open() { this.dialog.showModal() }

  key(event) {
    const { app } = this
    const inField = event.target.matches?.("input:not([type=range]):not([type=checkbox]):not([type=radio]), textarea")
    const letter = event.key.toLowerCase()
    if ((event.ctrlKey || event.metaKey) && !event.altKey && (letter === "z" || letter === "y")) {
      event.preventDefault()
      return letter === "y" || event.shiftKey ? app.store.redo() : app.store.undo()
    }
    if (inField || event.ctrlKey || event.metaKey || event.altKey || this.dialog.open || event.target.matches?.("select")) return
    if (event.key === "Escape" && app.store.state.focus && !document.querySelector(".popover")) return app.focus(app.store.state.focus)
    if (/^[1-6]$/.test(event.key)) { const view = app.shownViews()[Number(event.key) - 1]; if (view) app.focus(view.name) }
    else if (letter === "k") compare.pin(app)
    else if (letter === "x" && app.store.state.pair) compare.toggle(app, app.store.state.pair.active === "A" ? "B" : "A")
    else if (letter === "d") app.switchTheme()
    else if (event.key === "?") this.open()
    else if (event.key === " " && !event.target.matches?.("button, summary, input, a, label")) {
      event.preventDefault()
      const name = app.store.state.playing ?? app.store.state.curves.x
      if (name) app.player.toggle(name)
    }
  }

  /** Elements with data-tip explain themselves under the pointer. */
  followPointer() {
    const tip = document.createElement("div")
    tip.className = "tip"
    tip.hidden = true
    document.body.append(tip)
    document.addEventListener("pointermove", event => {
      const words = event.target.closest?.("[data-tip]")?.dataset.tip
      tip.hidden = !words
      if (!words) return
      if (tip.textContent !== words) tip.textContent = words
      const width = tip.offsetWidth, height = tip.offsetHeight
      tip.style.left = `${Math.max(6, Math.min(event.clientX + 14, innerWidth - width - 6))}px`
      tip.style.top = `${event.clientY + 18 + height > innerHeight ? event.clientY - height - 10 : event.clientY + 18}px`
    })
    document.addEventListener("pointerleave", () => { tip.hidden = true })
  }
}
