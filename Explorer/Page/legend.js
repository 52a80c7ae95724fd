// The legend of a plot as chips above it: colour, name, value at the marker.
import { escaped } from "./format.js"

/** @param entries [{label, color, dash, value, isOff, action, isMark, isGhost}] */
export function drawLegend(element, entries) {
  element.hidden = !entries.length
  const key = JSON.stringify(entries.map(e => [e.label, e.color, e.dash, e.isMark, e.isGhost, Boolean(e.action)]))
  if (element.key !== key) {
    element.key = key
    element.replaceChildren(...entries.map(entry => {
      const chip = document.createElement(entry.action ? "button" : "span")
      chip.className = `chip${entry.isGhost ? " is-ghost" : ""}`
      const kind = entry.isMark ? `is-mark status-${entry.status}` : `is-${entry.dash ?? "solid"}`
      const swatch = `<i class="swatch ${kind}" style="--color:${entry.color ?? "none"}"></i>`
      chip.innerHTML = `${swatch}<span class="name">${entry.html ?? escaped(entry.label)}</span><b class="value"></b>`
      if (entry.action) {
        chip.type = "button"
        chip.title = entry.hint ?? ""
        chip.addEventListener("click", () => element.entries[[...element.children].indexOf(chip)].action())
      }
      return chip
    }))
  }
  element.entries = entries
  entries.forEach((entry, k) => {
    const value = element.children[k].querySelector(".value")
    if (value.textContent !== (entry.value ?? "")) value.textContent = entry.value ?? ""
  })
}
