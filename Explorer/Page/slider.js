// One variable: number field, slider, range, and a button that sweeps it.
import { number, parsed, plain, unitText } from "./format.js"
import { icons } from "./menu.js"

const steps = 1000

/** A value rounded to what a position on a slider can mean. */
export function snapped(value, { from, to, logarithmic }, resolution = steps) {
  if (value <= from) return from
  if (value >= to) return to
  if (logarithmic && from > 0) return Number(value.toPrecision(3))
  const grain = 10 ** Math.floor(Math.log10((to - from) / resolution) + 1e-9)
  const rounded = Math.round(value / grain) * grain
  return Number(rounded.toPrecision(12)) || 0
}

export class Slider {
  /** @param on {move(value), end(value), range(change, isForValue), play()} */
  constructor(variable, on) {
    this.on = on
    this.variable = variable
    const { name, unit } = variable
    const id = `var-${name}`
    this.element = document.createElement("div")
    this.element.className = "variable"
    this.element.dataset.name = name
    this.element.innerHTML = `
      <div class="variable-head">
        <label for="${id}"><i>${name}</i></label>
        <button type="button" class="icon play" aria-label="Sweep ${name}" title="Sweep ${name}">${icons.play}</button>
        <span class="field">
          <input id="${id}" class="value" inputmode="decimal" autocomplete="off" spellcheck="false" aria-describedby="${id}-problem">
          <span class="unit">${unitText(unit)}</span>
        </span>
      </div>
      <input type="range" class="slide" min="0" max="${steps}" step="1" aria-label="${name}">
      <div class="range-row">
        <input class="from" inputmode="decimal" aria-label="${name} from" title="Left end of the slider" spellcheck="false">
        <label class="log" title="Logarithmic slider"><input type="checkbox" class="is-log"> log</label>
        <input class="to" inputmode="decimal" aria-label="${name} to" title="Right end of the slider" spellcheck="false">
      </div>
      <p class="field-problem" id="${id}-problem" role="alert"></p>`
    const find = s => this.element.querySelector(s)
    this.field = find(".value")
    this.slide = find(".slide")
    this.problemText = find(".field-problem")
    this.ends = { from: find(".from"), to: find(".to") }
    this.logBox = find(".is-log")
    this.playButton = find(".play")
    if (variable.words) this.element.classList.add("has-words")
    this.listen()
  }

  listen() {
    this.slide.addEventListener("input", () => this.on.move(this.fromPosition(Number(this.slide.value))))
    this.slide.addEventListener("change", () => this.on.end())
    this.slide.addEventListener("keydown", event => {
      const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key]
      if (!step || this.variable.words) return
      event.preventDefault()
      this.slide.value = Number(this.slide.value) + step * (event.shiftKey ? 50 : event.altKey ? 1 : 10)
      this.on.move(this.fromPosition(Number(this.slide.value)))
      clearTimeout(this.keys)
      this.keys = setTimeout(() => this.on.end(), 350)
    })
    this.slide.addEventListener("dblclick", () => { this.on.move(this.variable.value); this.on.end() })
    const take = () => {
      const value = parsed(this.field.value, this.variable.unit)
      if (value === null) return this.problem(`“${this.field.value}” is no number${this.variable.unit ? ` in ${unitText(this.variable.unit)}` : ""}`)
      if (this.variable.logarithmic && value <= 0) return this.problem("A logarithmic variable must be positive")
      this.problem("")
      const { from, to } = this.current
      if (value < from || value > to) this.on.range({ from: Math.min(from, value), to: Math.max(to, value) }, true)
      this.on.move(value)
      this.on.end()
    }
    this.field.addEventListener("change", take)
    this.field.addEventListener("keydown", event => {
      if (event.key === "Escape") { this.field.value = plain(this.value); this.problem("") }
      if (event.key === "ArrowUp" || event.key === "ArrowDown") {
        event.preventDefault()
        this.on.move(this.fromPosition(Number(this.slide.value) + (event.key === "ArrowUp" ? 5 : -5)))
        this.on.end()
      }
    })
    for (const end of ["from", "to"]) this.ends[end].addEventListener("change", () => {
      const value = parsed(this.ends[end].value, this.variable.unit)
      const other = this.current[end === "from" ? "to" : "from"]
      if (value === null) return this.problem(`“${this.ends[end].value}” is no number`)
      if (end === "from" ? value >= other : value <= other) return this.problem("The left end must be below the right end")
      if (this.logBox.checked && value <= 0) return this.problem("A logarithmic slider needs positive ends")
      this.problem("")
      this.on.range({ [end]: value })
    })
    this.logBox.addEventListener("change", () => {
      if (this.logBox.checked && this.current.from <= 0) {
        this.logBox.checked = false
        return this.problem("A logarithmic slider needs positive ends")
      }
      this.problem("")
      this.on.range({ logarithmic: this.logBox.checked })
    })
    this.playButton.addEventListener("click", () => this.on.play())
  }

  fromPosition(position) {
    const { from, to, logarithmic } = this.current, t = Math.max(0, Math.min(1, position / steps))
    if (this.variable.words) return Math.round(t * (this.variable.words.length - 1))
    return snapped(logarithmic ? from * (to / from) ** t : from + t * (to - from), this.current)
  }

  position(value) {
    const { from, to, logarithmic } = this.current
    if (this.variable.words) return (value / Math.max(1, this.variable.words.length - 1)) * steps
    return steps * (logarithmic ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from))
  }

  /** Shows a value and a range. */
  show(value, current, isPlaying) {
    this.current = current
    this.value = value
    // What somebody is typing stays as it is typed.
    const isTyping = document.activeElement === this.field, typed = parsed(this.field.value, this.variable.unit)
    if (!isTyping || (typed !== null && typed !== value)) this.field.value = this.variable.words ? this.variable.words[value] : plain(value)
    const position = String(Math.round(this.position(value)))
    if (this.slide.value !== position) this.slide.value = position
    this.slide.style.setProperty("--at", `${Math.max(0, Math.min(100, position / 10))}%`)
    const zero = current.from < 0 && current.to > 0 && !current.logarithmic ? this.position(0) / 10 : null
    this.slide.style.setProperty("--zero", zero === null ? "0%" : `${zero}%`)
    this.slide.setAttribute("aria-valuetext", `${number(value)} ${unitText(this.variable.unit)}`.trim())
    for (const end of ["from", "to"]) if (document.activeElement !== this.ends[end]) this.ends[end].value = plain(current[end])
    this.logBox.checked = Boolean(current.logarithmic)
    this.playButton.innerHTML = icons[isPlaying ? "pause" : "play"]
    this.playButton.setAttribute("aria-pressed", Boolean(isPlaying))
  }

  problem(text) {
    this.problemText.textContent = text
    this.field.setAttribute("aria-invalid", Boolean(text))
  }
}
