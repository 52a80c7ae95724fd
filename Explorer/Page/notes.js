// The line below the page: how long it took, how accurate it is, what a user must know.
import { duration, number } from "./format.js"
import { openBeside } from "./menu.js"

const natural = "natural units: one energy unit, ħ, Boltzmann's constant and e are 1"

export class Notes {
  constructor(status, notes) {
    this.status = status
    this.element = notes
    this.byView = new Map()
  }

  /** What an answer took. */
  tell(result, description, tolerance) {
    const parts = [duration(result.seconds), result.level && description.levels.length && `level ${result.level}`, `tolerance ${number(tolerance)}`]
    this.status.textContent = [...parts, description.units === "natural" && natural].filter(Boolean).join(" · ")
  }

  /** The notes of a view's answer, beside those of the others. */
  take(view, notes) {
    this.byView.set(view, notes ?? [])
    const all = [...new Set([...this.byView.values()].flat())]
    const key = JSON.stringify(all)
    if (this.key === key) return
    this.key = key
    this.element.replaceChildren()
    if (!all.length) return
    const button = document.createElement("button")
    button.type = "button"
    button.className = "note"
    button.textContent = all.length === 1 ? all[0] : `${all[0]} (+${all.length - 1})`
    button.addEventListener("click", () => {
      const list = document.createElement("ul")
      list.className = "notes"
      list.append(...all.map(n => Object.assign(document.createElement("li"), { textContent: n })))
      openBeside(button, list, { label: "Notes" })
    })
    this.element.append(button)
  }
}
