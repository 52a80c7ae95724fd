// What concerns the whole page: the server is gone, the model cannot be read, values are refused.
import { escaped } from "./format.js"
import { icons } from "./menu.js"

export class Banners {
  constructor(element) {
    this.element = element
    this.shown = new Map()
  }

  /** @param extra {text: something to read or copy, action: [words, function], closes} */
  show(id, kind, message, extra = {}) {
    const key = JSON.stringify([kind, message, extra.text])
    const old = this.shown.get(id)
    if (old?.dataset.key === key) return
    const box = document.createElement("div")
    box.className = `banner is-${kind}`
    box.dataset.key = key
    box.dataset.id = id
    box.innerHTML = `<span class="message">${escaped(message)}</span>${extra.text ? `<code tabindex="0">${escaped(extra.text)}</code>` : ""}`
    if (extra.action) {
      const button = document.createElement("button")
      button.type = "button"
      button.textContent = extra.action[0]
      button.addEventListener("click", extra.action[1])
      box.append(button)
    }
    if (extra.closes) {
      const button = document.createElement("button")
      button.type = "button"
      button.className = "icon"
      button.setAttribute("aria-label", "Close")
      button.innerHTML = icons.close
      button.addEventListener("click", () => this.hide(id))
      box.append(button)
    }
    if (old) old.replaceWith(box)
    else this.element.append(box)
    this.shown.set(id, box)
  }

  hide(id) {
    this.shown.get(id)?.remove()
    this.shown.delete(id)
  }
}

/** An error of the server in one line: place, message, what was found and allowed. */
export function explained(error) {
  const folder = error.file?.replace(/[^/\\]*$/, "") ?? "", file = error.file?.slice(folder.length) || "model"
  const message = folder ? (error.message ?? "").replaceAll(folder, "") : (error.message ?? "")
  const place = error.line && !message.includes(`:${error.line}:`) ? `${file}:${error.line}${error.column ? `:${error.column}` : ""}: ` : ""
  const path = error.keyPath && !message.includes(error.keyPath) ? `${error.keyPath}: ` : ""
  const isNew = text => text && !message.includes(text)
  const details = [
    isNew(error.found) && `found ${error.found}`, isNew(error.allowed) && `allowed: ${error.allowed}`, isNew(error.hint) && error.hint,
  ].filter(Boolean)
  return place + path + message + (details.length ? ` (${details.join("; ")})` : "")
}
