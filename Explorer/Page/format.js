// Numbers as text: as many digits as their error allows, and units as people write them.

const superscript = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" }
/** A number as an exponent. */
export const raised = text => [...String(text)].map(c => superscript[c] ?? c).join("")
const prefixes = { "-15": "f", "-12": "p", "-9": "n", "-6": "µ", "-3": "m", 0: "", 3: "k", 6: "M", 9: "G", 12: "T" }
/** Units that take a prefix. */
const prefixable = new Set(["W", "A", "V", "eV", "s", "nm", "W m-2", "A m-2", "W K-1", "A V-1", "W m-2 K-1", "V K-1"])

/** "W m-2" becomes "W m⁻²", "energy unit^2/hbar" becomes "energy unit²/ħ". */
export function unitText(unit) {
  if (!unit || unit === "1") return ""
  return unit.replace(/\^(-?\d+)/g, (_, n) => raised(n)).replace(/([A-Za-z])(-?\d+)\b/g, (_, a, n) => a + raised(n))
    .replace(/hbar/g, "ħ").replace(/\^n/g, "ⁿ").replace(/k_B/g, "k_B")
}

/** How many significant digits an error leaves of a value, between 1 and a limit. */
export function digitsOf(value, error, limit = 5) {
  if (!(error > 0) || value === 0 || !isFinite(value)) return limit
  const digits = Math.floor(Math.log10(Math.abs(value))) - Math.floor(Math.log10(error))
  return Math.max(1, Math.min(limit, digits))
}

/** A number without a unit. */
export function number(value, error = null, limit = 5) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–"
  if (!isFinite(value)) return value > 0 ? "∞" : "−∞"
  if (value === 0 || (error > 0 && Math.abs(value) < error)) return "0"
  const digits = digitsOf(value, error, limit)
  const size = Math.floor(Math.log10(Math.abs(Number(value.toPrecision(digits)))))
  let text
  if (size < -4 || size > 5) {
    const [mantissa, exponent] = value.toExponential(digits - 1).split("e")
    text = `${trimmed(mantissa)}×10${raised(Number(exponent))}`
  } else text = trimmed(value.toFixed(Math.max(0, digits - 1 - size)))
  return text.replace("-", "−")
}

const trimmed = text => (text.includes(".") ? text.replace(/\.?0+$/, "") : text)

/** The factor and the unit with a prefix that make a number easy to read. */
export function scaled(size, unit) {
  if (!prefixable.has(unit) || !(size > 0) || !isFinite(size) || (size >= 0.1 && size < 1e4)) return { factor: 1, unit: unitText(unit) }
  const power = Math.max(-15, Math.min(12, 3 * Math.floor(Math.log10(size) / 3 + 1e-9)))
  return { factor: 10 ** -power, unit: prefixes[power] + unitText(unit) }
}

/** The same for an axis, where units without prefixes get a power of ten. */
export function scaledAxis(size, unit) {
  const s = scaled(size, unit)
  if (s.factor !== 1 || !(size > 0) || !isFinite(size) || (size >= 1e-3 && size < 1e5)) return s
  const power = 3 * Math.floor(Math.log10(size) / 3 + 1e-9)
  return { factor: 10 ** -power, unit: `10${raised(power)} ${s.unit}`.trim() }
}

/** A number with its unit. */
export function quantity(value, unit, error = null, limit = 5) {
  const s = scaled(Math.abs(value), unit)
  const text = number(value * s.factor, error === null ? null : error * s.factor, limit)
  return s.unit && text !== "–" ? `${text} ${s.unit}` : text
}

/** A unit for pictures: natural units are told once, below the page. */
export const shortUnit = unit => (/energy unit/.test(unit ?? "") ? "" : unit)

/** A plus sign where it helps to see a direction. */
export const signed = text => (/^([−–∞]|0( |$))/.test(text) ? text : `+${text}`)

/** What a number field shows: plain digits that read back as the same number. */
export const plain = value => (Number.isFinite(value) ? String(Number(value.toPrecision(12))) : "")

/** The number in a text, with the variable's unit behind it or not; null where there is none. */
export function parsed(text, unit = "") {
  let t = text.trim().replace(/[−–]/g, "-").replace(/\s+/g, " ")
  if (unit && t.endsWith(unit)) t = t.slice(0, -unit.length).trim()
  if (!/^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(t)) return null
  const value = Number(t)
  return Number.isFinite(value) ? value : null
}

/** Seconds for people. */
export function duration(seconds) {
  if (!(seconds >= 0)) return ""
  if (seconds < 1) return `${Math.max(1, Math.round(seconds * 1000))} ms`
  if (seconds < 90) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`
  return `${Math.round(seconds / 60)} min`
}

/** A symbol of a result file, "*T*_{eff}", as HTML that Plotly and the page both understand. */
export function symbolHTML(symbol) {
  return escaped(symbol).replace(/\*([^*]*)\*/g, "<i>$1</i>").replace(/_\{([^}]*)\}/g, "<sub>$1</sub>").replace(/\^\{([^}]*)\}/g, "<sup>$1</sup>")
}

export const escaped = text => String(text ?? "").replace(/[&<>"]/g, c => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c])

/** A channel "L>R" as people write it. */
export const channelText = label => label.replace(">", " → ")
