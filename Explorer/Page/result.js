// Reading the variables of an answer: components of their dimensions, row-major.
import { channelText } from "./format.js"

/** A variable of a result with ways to its components. */
export class Quantity {
  constructor(result, variable) {
    Object.assign(this, variable)
    this.result = result
    const axes = new Map(result.axes.map(a => [a.name, { name: a.name, size: a.values.length, axis: a }]))
    const size = d => (d.labels ?? d.values ?? d.positions ?? [0]).length
    const dims = new Map(result.dimensions.map(d => [d.name, { name: d.name, size: size(d), dimension: d }]))
    this.shape = variable.dimensions.map(name => axes.get(name) ?? dims.get(name))
    let stride = 1
    for (const s of [...this.shape].reverse()) { s.stride = stride; stride *= s.size }
    /** Dimensions that are no sweep. */
    this.inner = this.shape.filter(s => s.dimension)
    this.swept = this.shape.filter(s => s.axis)
  }

  /** Components over the inner dimensions but those named: [{offset, label, indices}]. */
  components(without = []) {
    let list = [{ offset: 0, words: [], indices: [] }]
    for (const s of this.inner) {
      if (without.includes(s.name)) continue
      const labels = s.dimension.labels ?? Array.from(s.dimension.values ?? { length: s.size }, (v, k) => String(v ?? k))
      list = list.flatMap(c => labels.map((label, k) => ({
        offset: c.offset + k * s.stride, indices: [...c.indices, k],
        words: s.size === 1 && /^(mode|mode2|bath|bath2)$/.test(s.name) ? c.words : [...c.words, componentText(s.name, label)],
      })))
    }
    return list.map((c, k) => ({ ...c, index: k, label: c.words.join(", ") }))
  }

  /** Values (or errors) of one component along one dimension or sweep axis. */
  along(component, name, values = this.values) {
    if (!values) return null
    const s = this.shape.find(s => s.name === name)
    if (!s) return null
    const out = new Float64Array(s.size)
    for (let k = 0; k < s.size; k++) out[k] = values[component.offset + k * s.stride]
    return out
  }

  /** Rows of one component over two sweep axes. */
  grid(component, y, x) {
    const sy = this.shape.find(s => s.name === y), sx = this.shape.find(s => s.name === x)
    const row = j => Float64Array.from({ length: sx.size }, (_, i) => this.values[component.offset + j * sy.stride + i * sx.stride])
    return Array.from({ length: sy.size }, (_, j) => row(j))
  }
}

function componentText(dimension, label) {
  if (dimension === "channel") return channelText(label)
  if (dimension === "mode") return `mode ${label}`
  if (dimension === "mode2") return `and ${label}`
  return String(label)
}

/** The variable of a name, or null. */
export function quantity(result, name) {
  const variable = result?.variables.find(v => v.name === name)
  return variable ? new Quantity(result, variable) : null
}

/** A scalar or a list of an answer without sweep axes; null where it is missing. */
export const list = (result, name) => result?.variables.find(v => v.name === name)?.values ?? null
export const errorsOf = (result, name) => result?.variables.find(v => v.name === name)?.errors ?? null
export const labels = (result, dimension) => result?.dimensions.find(d => d.name === dimension)?.labels ?? []
