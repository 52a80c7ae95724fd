// The quanta of the mode as a ladder in its parabola.
import { number } from "./format.js"
import { cools, heats, ink } from "./palette.js"
import { el, text } from "./svg.js"

/** Rungs as long and dark as they are probable, a mark at the mean. */
export function ladder(s, [x0, x1], box, y, range, description) {
  const { mode } = s
  const middle = (x0 + x1) / 2, half = (x1 - x0) / 2 - 6
  const bottom = box.bottom - 46, top = box.top + 22
  const spacing = Math.max(11, Math.min(y(range[0]) - y(range[0] + mode.energy), (bottom - top) / 4.5))
  const depth = bottom + spacing / 2 - top + 6
  const isSteady = mode.N !== null && Number.isFinite(mode.N) && mode.N >= 0
  const color = mode.isHot === null ? ink("ink") : mode.isHot ? heats() : cools()
  const wall = Array.from({ length: 41 }, (_, k) => {
    const t = k / 20 - 1
    return `${(middle + t * half).toFixed(1)} ${(bottom + spacing / 2 - t * t * depth).toFixed(1)}`
  })
  const drawn = [el("path", { d: `M${wall.join(" L")}`, fill: "none", stroke: ink("line-strong"), "stroke-width": 1.4 })]
  const rung = (yn, reach, more) => el("line", { x1: middle - reach, x2: middle + reach, y1: yn, y2: yn, ...more })
  for (let n = 0; n < Math.max(3, Math.floor((bottom - top) / spacing)); n++) {
    const yn = bottom - n * spacing
    const reach = half * Math.sqrt(Math.max(0, (bottom + spacing / 2 - yn) / depth))
    const p = isSteady ? (mode.N / (1 + mode.N)) ** n : 0
    drawn.push(rung(yn, reach, { stroke: ink("line-strong"), "stroke-width": 1, opacity: 0.7 }))
    const weight = { stroke: color, "stroke-width": Math.min(6, spacing * 0.45), opacity: 0.25 + 0.75 * p, "stroke-linecap": "round" }
    if (p > 0.004) drawn.push(rung(yn, reach * p, weight))
  }
  if (isSteady) {
    const mean = Math.max(top - 4, bottom - mode.N * spacing)
    drawn.push(el("path", { d: `M${x0 - 1} ${mean - 5} l9 5 l-9 5 z`, fill: color }),
      text(middle, box.bottom - 12, `*N* = ${number(mode.N, mode.errorN, mode.N < 1e-4 ? 2 : x1 - x0 < 84 ? 3 : 4)}`, "strong"))
    if (mode.T !== null) drawn.push(text(middle, box.bottom + 6, `*T*_{eff} = ${description.temperature(mode.T, mode.errorT, 4)}`, "small", color))
  } else drawn.push(...(s.status === 1 ? ["no steady", "state"] : ["–"]).map((words, k) => text(middle, box.bottom - 12 + 14 * k, words)))
  const tip = `mode ${mode.index}: rungs are as long and dark as the number of quanta is probable; the wedge is their mean N`
  return el("g", { class: "ladder", "data-tip": tip },
    text(middle, box.top - 2, mode.count > 1 ? `mode ${mode.index}` : "mode", "name"),
    text(middle, box.top + 11, `*ħω* ${description.energy(mode.energy, null, 3)}`), drawn)
}
