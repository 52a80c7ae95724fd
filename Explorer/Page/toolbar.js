// The buttons above: history, comparison, link, export, theme, help.
import * as compare from "./compare.js"
import { iconButton, openMenu } from "./menu.js"

export class Toolbar {
  constructor(app, element) {
    this.app = app
    this.undo = iconButton("undo", "Undo (Ctrl+Z)", () => app.store.undo())
    this.redo = iconButton("redo", "Redo (Ctrl+Shift+Z)", () => app.store.redo())
    this.pin = iconButton("pin", "Keep these curves (K)", () => compare.pin(app))
    this.pair = document.createElement("div")
    this.pair.className = "pair"
    this.pair.setAttribute("role", "group")
    this.pair.setAttribute("aria-label", "Compare two sets of values")
    const link = iconButton("link", "Copy a link to this state", () => app.exporter.copy(app.link(), "The link"))
    const { exporter } = app, curves = () => app.views.curves
    const entries = [
      ["Model file with these values", () => exporter.run(curves(), () => exporter.file(app.anyBody(), "model", curves()))],
      ["Copy the command of the curves", () => exporter.run(curves(), () => exporter.copy(curves().latest.result.command, "The command"))],
    ]
    const files = iconButton("export", "Export", button => openMenu(button, entries, "Export"))
    files.setAttribute("aria-haspopup", "menu")
    const theme = iconButton("theme", "Light or dark (D)", () => app.switchTheme())
    const help = iconButton("help", "Help (?)", () => app.help.open())
    element.append(this.undo, this.redo, this.pin, this.pair, link, files, theme, help)
  }

  update(state) {
    this.undo.disabled = !this.app.store.past.length
    this.redo.disabled = !this.app.store.future.length
    const key = JSON.stringify([state.pair?.active, state.pair?.overlays])
    if (key === this.key) return
    const held = document.activeElement?.closest?.(".pair") ? document.activeElement.textContent : null
    this.key = key
    this.pair.replaceChildren()
    const add = (text, label, action, isOn) => {
      const button = document.createElement("button")
      button.type = "button"
      button.textContent = text
      button.setAttribute("aria-label", label)
      button.title = label
      if (isOn !== undefined) button.setAttribute("aria-pressed", isOn)
      button.addEventListener("click", action)
      this.pair.append(button)
      if (text === held) button.focus()
    }
    if (!state.pair) return add("A/B", "Compare two sets of values", () => compare.begin(this.app))
    for (const name of ["A", "B"]) add(name, `Show ${name} (X switches)`, () => compare.toggle(this.app, name), state.pair.active === name)
    add("overlay", "Draw the other set, too", () => compare.overlay(this.app, !state.pair.overlays), Boolean(state.pair.overlays))
    add("×", "End the comparison", () => compare.end(this.app))
  }
}
