// The column of variables, parameters and accuracy.
import { escaped, number } from "./format.js"
import { Slider } from "./slider.js"

export class Controls {
  constructor(app, element) {
    this.app = app
    this.element = element
  }

  /** Makes the controls of a model anew. */
  build() {
    const { app } = this, d = app.description
    this.sliders = new Map()
    const isOpen = this.element.querySelector("details.parameters")?.open
    this.element.replaceChildren()
    const make = variable => {
      const slider = new Slider(variable, {
        move: value => app.set({ [variable.name]: value }, { isFinal: false }),
        end: () => app.finish(),
        range: (change, isForValue) => app.store.change(s => {
          // A slider that was made longer for a value goes back when the value is refused.
          this.extended = isForValue ? { name: variable.name, range: s.ranges[variable.name] } : null
           s.ranges = { ...s.ranges, [variable.name]: { ...pick(d.variable(variable.name, s)), ...change } } }),
        play: () => app.player.toggle(variable.name),
      })
      this.sliders.set(variable.name, slider)
      return slider.element
    }
    const swept = d.variables.filter(v => v.isSwept), parameters = d.variables.filter(v => !v.isSwept)
    const first = swept.length ? swept : parameters
    const box = document.createElement("div")
    box.className = "swept"
    box.append(...first.map(make))
    this.element.append(box)
    if (swept.length && parameters.length) {
      const title = `Parameters (${parameters.length})`
      this.element.append(folded("parameters", title, parameters.map(make), isOpen ?? d.variables.length <= 4))
    }
    if (d.fixed.length) {
      const table = document.createElement("dl")
      table.innerHTML = d.fixed.map(f => `<dt><i>${escaped(f.name)}</i></dt><dd>${escaped(f.text)}</dd>`).join("")
      this.element.append(folded("fixed", `Expressions (${d.fixed.length})`, [table], false))
    }
    this.element.append(this.accuracy())
    this.update(app.store.state)
  }

  accuracy() {
    const { app } = this, d = app.description
    const box = document.createElement("div")
    box.className = "accuracy"
    if (d.levels.length > 1) {
      const set = document.createElement("fieldset")
      set.className = "segments"
      const radios = d.levels.map(l => `<label><input type="radio" name="level" value="${l}"><span>${l}</span></label>`)
      set.innerHTML = `<legend>Level</legend>${radios.join("")}`
      set.addEventListener("change", event => app.store.change(s => { s.level = event.target.value }))
      box.append(set)
    }
    const label = document.createElement("label")
    label.className = "tolerance"
    const choices = [1e-3, 1e-4, 1e-6, 1e-8, 1e-10].filter(t => t !== d.tolerance)
    const options = choices.map(t => `<option value="${t}">${number(t)}</option>`)
    label.innerHTML = `Tolerance <select><option value="">${number(d.tolerance)}</option>${options.join("")}</select>`
    this.tolerance = label.querySelector("select")
    this.tolerance.addEventListener("change", () => app.store.change(s => { s.tolerance = Number(this.tolerance.value) || null }))
    box.append(label)
    return box
  }

  update(state) {
    const d = this.app.description
    for (const [name, slider] of this.sliders) slider.show(state.values[name], pick(d.variable(name, state)), state.playing === name)
    for (const radio of this.element.querySelectorAll("input[name=level]")) radio.checked = radio.value === state.level
    const kept = state.tolerance ? String(state.tolerance) : ""
    if (this.tolerance.value !== kept) this.tolerance.value = kept
  }

  /** The server's complaint goes to the field it names, or to the one that was changed last. */
  problem(keyPath, lastChanged, message) {
    const name = String(keyPath ?? "").split(".").find(part => this.sliders.has(part)) ?? lastChanged
    if (!this.sliders.has(name)) return
    this.clear()
    this.sliders.get(name).problem(message)
    this.complaint = name
  }

  /** The slider is as it was before a value that was refused. */
  shrink() {
    if (!this.extended) return
    const { name, range } = this.extended
    this.extended = null
    this.app.store.change(s => {
      s.ranges = { ...s.ranges }
      if (range) s.ranges[name] = range
      else delete s.ranges[name]
    })
  }

  clear() {
    if (this.complaint) this.sliders.get(this.complaint)?.problem("")
    this.complaint = null
  }
}

const pick = ({ from, to, logarithmic }) => ({ from, to, logarithmic: Boolean(logarithmic) })

function folded(name, title, children, isOpen) {
  const details = document.createElement("details")
  details.className = name
  details.open = isOpen
  details.innerHTML = `<summary>${title}</summary>`
  details.append(...children)
  return details
}
