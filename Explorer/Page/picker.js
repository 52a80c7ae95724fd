// The form in which one chooses observables and their components.
import { escaped, unitText } from "./format.js"
import { openBeside } from "./menu.js"
import { quantity } from "./result.js"
import { chosen } from "./curvetraces.js"

/** Opens the choice of what the curves show. */
export function pickQuantities(app, button, view) {
  const form = document.createElement("div")
  form.className = "picker"
  const draw = () => {
    const { shown, parts } = app.store.state.curves
    const items = app.description.curves
    const own = items.filter(q => q.inModel), rest = items.filter(q => !q.inModel)
    const choices = shown.map(name => components(name, parts[name])).filter(Boolean)
    form.replaceChildren(vertical(), group("In the model", own, shown), group("Also", rest, shown), ...choices)
  }
  const vertical = () => {
    const label = document.createElement("label")
    const options = '<option value="">as the values need it</option><option value="no">linear</option><option value="yes">logarithmic</option>'
    label.innerHTML = `<span>Vertical axis</span> <select>${options}</select>`
    const select = label.querySelector("select")
    select.value = app.store.state.curves.logarithmic ?? ""
    select.addEventListener("change", () => app.store.change(s => { s.curves.logarithmic = select.value || null }))
    return label
  }
  const group = (title, items, shown) => {
    const box = document.createElement("fieldset")
    box.innerHTML = `<legend>${title}</legend>`
    for (const q of items) {
      const label = document.createElement("label")
      label.title = q.words
      const checked = shown.includes(q.name) ? "checked" : ""
      label.innerHTML = `<input type="checkbox" ${checked}> <span>${escaped(titleOf(q, items))}</span> <small>${escaped(unitText(q.unit))}</small>`
      label.firstChild.addEventListener("change", event => {
        app.store.change(s => { s.curves.shown = event.target.checked ? [...s.curves.shown, q.name] : s.curves.shown.filter(n => n !== q.name) })
        setTimeout(() => {
          const at = [...form.querySelectorAll("input")].indexOf(event.target)
          draw()
          form.querySelectorAll("input")[at]?.focus()
        })
      })
      box.append(label)
    }
    box.hidden = !items.length
    return box
  }
  const components = (name, choice) => {
    const q = quantity(view.latest?.result, name)
    if (!q) return null
    const all = q.components()
    if (all.length < 2) return null
    return componentChoice(q, all, choice, chosen(q, choice), indices => {
      app.store.change(s => { s.curves.parts = { ...s.curves.parts, [name]: indices } })
      draw()
    })
  }
  draw()
  openBeside(button, form, { label: "Observables" })
}

/** A fieldset with the components of a quantity; `take` gets indices, or null for "those that matter". */
export function componentChoice(q, all, choice, now, take) {
  const box = document.createElement("fieldset")
  box.className = "components"
  box.innerHTML = `<legend>${escaped(q.title)}: components</legend>`
  const auto = document.createElement("label")
  auto.innerHTML = `<input type="checkbox" ${choice ? "" : "checked"}> <span>those that matter</span>`
  auto.firstChild.addEventListener("change", event => take(event.target.checked ? null : now.map(c => c.index)))
  box.append(auto)
  for (const c of all.slice(0, 120)) {
    const label = document.createElement("label")
    label.innerHTML = `<input type="checkbox" ${now.some(o => o.index === c.index) ? "checked" : ""}> <span>${escaped(c.label || "all")}</span>`
    label.firstChild.addEventListener("change", event => {
      const set = new Set(now.map(o => o.index))
      if (event.target.checked) set.add(c.index); else set.delete(c.index)
      take([...set].sort((a, b) => a - b))
    })
    box.append(label)
  }
  return box
}

/** Titles are short; where two are the same, what they are resolved by tells them apart, or their name. */
export function titleOf(q, items) {
  const by = q => (q.dimensions.length ? `${q.title} by ${q.dimensions.map(d => d.replace(/2$/, "")).join(", ")}` : q.title)
  const same = items.filter(o => o.title === q.title)
  if (same.length < 2) return q.title
  return same.filter(o => by(o) === by(q)).length < 2 ? by(q) : `${q.title} (${q.name.replace(/_/g, " ")})`
}
