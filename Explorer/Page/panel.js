// The frame around a view: title, tools, progress, what went wrong.
import { duration } from "./format.js"
import { iconButton, icons, openMenu } from "./menu.js"

/** Answers faster than this show no progress (milliseconds). */
const unseen = 350

export class Panel {
  /** @param on {cancel(), focus(), exports() -> menu items} */
  constructor(name, title, on) {
    this.name = name
    this.on = on
    this.element = document.createElement("section")
    this.element.className = `panel panel-${name}`
    this.element.id = `view-${name}`
    this.element.setAttribute("aria-labelledby", `title-${name}`)
    this.element.innerHTML = `
      <div class="panel-head"><h2 id="title-${name}">${title}</h2><div class="panel-tools"></div></div>
      <div class="legend" hidden></div>
      <div class="panel-problem" role="alert" hidden></div>
      <div class="panel-content"></div>
      <div class="panel-progress" hidden><progress max="1"></progress><span class="words"></span><button type="button">Cancel</button></div>`
    const find = selector => this.element.querySelector(selector)
    this.tools = find(".panel-tools")
    this.legend = find(".legend")
    this.content = find(".panel-content")
    this.problemBox = find(".panel-problem")
    this.progressBox = find(".panel-progress")
    this.bar = find("progress")
    this.words = find(".words")
    find(".panel-progress button").addEventListener("click", () => {
      on.cancel()
      this.problem("Cancelled. Move a slider to compute again.", "quiet")
    })
    this.exportButton = iconButton("export", `Export: ${title}`, button => openMenu(button, on.exports(), `Export: ${title}`))
    this.exportButton.setAttribute("aria-haspopup", "menu")
    this.focusButton = iconButton("focus", `Enlarge: ${title}`, () => on.focus())
    this.title = title
    this.tools.append(this.exportButton, this.focusButton)
  }

  /** Puts a tool before the buttons every panel has. */
  addTool(...elements) { this.exportButton.before(...elements) }

  busy(isBusy) {
    clearTimeout(this.timer)
    this.element.setAttribute("aria-busy", isBusy)
    this.element.classList.remove("is-waiting")
    if (!isBusy) { this.progressBox.hidden = true; return }
    this.problem(null)
    this.timer = setTimeout(() => {
      this.bar.removeAttribute("value")
      this.words.textContent = "computing"
      this.progressBox.hidden = false
      this.element.classList.add("is-waiting")
    }, unseen)
  }

  /** An event of the server about this view. */
  progress({ stage, done, total, seconds, left }) {
    if (this.element.getAttribute("aria-busy") !== "true") return
    if (total > 0) this.bar.value = done / total
    const time = left === null || left === undefined ? (seconds >= 1 ? `since ${duration(seconds)}` : "") : `${duration(left)} to go`
    this.words.textContent = [stage, total > 1 ? `${done} of ${total}` : "", time].filter(Boolean).join(" · ")
    if (this.progressBox.hidden && seconds * 1000 > unseen) this.progressBox.hidden = false
  }

  /** A message above the view, which keeps what it shows. */
  problem(message, kind = "error", action = null) {
    this.problemBox.hidden = !message
    this.problemBox.className = `panel-problem is-${kind}`
    if (this.message === message && !action) return
    this.message = message
    this.problemBox.textContent = message ?? ""
    if (!action) return
    const button = document.createElement("button")
    button.type = "button"
    button.textContent = action[0]
    button.addEventListener("click", action[1])
    this.problemBox.append(" ", button)
  }

  /** What the server has refused: a message, or "" where the page already says it; the old view stays, pale. */
  refused(message) {
    this.element.classList.toggle("is-refused", message !== null)
    this.problem(message || null)
  }

  setFocused(isFocused) {
    this.element.classList.toggle("is-focused", isFocused)
    this.focusButton.innerHTML = icons[isFocused ? "unfocus" : "focus"]
    this.focusButton.setAttribute("aria-label", `${isFocused ? "Shrink" : "Enlarge"}: ${this.title}`)
    this.focusButton.title = this.focusButton.getAttribute("aria-label")
    this.focusButton.setAttribute("aria-pressed", isFocused)
  }
}

/** A list to choose from, for the head of a panel. */
export function chooser(label, action) {
  const select = document.createElement("select")
  select.setAttribute("aria-label", label)
  select.title = label
  select.addEventListener("change", () => action(select.value))
  select.fill = (options, value) => {
    const key = JSON.stringify(options)
    if (select.key !== key) {
      select.key = key
      const option = ([value, text, title]) => Object.assign(document.createElement("option"), { value, textContent: text, title: title ?? text })
      select.replaceChildren(...options.map(option))
    }
    if (value !== undefined && value !== null && select.value !== String(value)) select.value = String(value)
  }
  return select
}
