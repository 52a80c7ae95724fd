// Plotly, drawn at most once a frame, in the colours of the page, with a pointer that reads data coordinates.
import { ink } from "./palette.js"

/** Plotly comes last: the first answers are on their way while the browser reads it. */
const ready = new Promise(resolve => { if (window.Plotly) resolve(); else document.getElementById("plotly").addEventListener("load", resolve) })

const config = { displayModeBar: false, responsive: false, doubleClick: false, scrollZoom: false, showTips: false, displaylogo: false }

export class Plot {
  constructor(element, label) {
    this.element = element
    this.element.classList.add("plot")
    this.element.setAttribute("role", "img")
    this.element.setAttribute("aria-label", label)
  }

  /** Listens to an event of Plotly, once there is a plot. */
  once(event, action) { (this.events ??= []).push([event, action]) }

  /** Draws before the next frame; `words` say what one sees. */
  draw(traces, layout, shapes = [], words = null) {
    if (words) this.element.setAttribute("aria-label", words)
    this.pending = { traces, layout }
    this.shapes = shapes
    this.schedule()
  }

  /** Moves lines without touching the curves. */
  mark(shapes) {
    if (JSON.stringify(shapes) === JSON.stringify(this.shapes)) return
    this.shapes = shapes
    this.schedule()
  }

  schedule() {
    if (this.scheduled) return
    this.scheduled = true
    ready.then(() => requestAnimationFrame(() => {
      this.scheduled = false
      const { clientWidth: width, clientHeight: height } = this.element
      if (!width || !height) return
      if (this.pending) {
        const { traces, layout } = this.pending
        this.pending = null
        this.traces = traces
        this.layout = { ...themed(layout), width, height }
        this.frames = Object.keys(layout).filter(k => k.startsWith("yaxis") && layout[k].visible !== false).map(k => frame(k.replace("axis", "")))
        this.layout.shapes = [...this.frames, ...this.shapes]
        Plotly.react(this.element, traces, this.layout, config)
        for (const [event, action] of this.events ?? []) this.element.on(event, action)
        this.events = null
      } else if (this.layout) Plotly.relayout(this.element, { shapes: [...this.frames, ...this.shapes] })
    }))
  }

  /** Calls back with data coordinates while the pointer is down in the plot. */
  scrub({ move, end }) {
    let isDown = false
    const at = event => {
      const full = this.element._fullLayout
      if (!full?.xaxis) return null
      const box = this.element.getBoundingClientRect()
      const px = event.clientX - box.left, py = event.clientY - box.top
      const { xaxis: x, yaxis: y, _size: { t: top, h: height } } = full
      const within = (value, length) => Math.max(0, Math.min(length, value))
      const isInside = px >= x._offset - 2 && px <= x._offset + x._length + 2 && py >= top - 2 && py <= top + height + 2
      // Plotly forgets an axis that has no traces.
      return { x: x.p2d(within(px - x._offset, x._length)), y: y ? y.p2d(within(py - y._offset, y._length)) : null, isInside }
    }
    this.element.addEventListener("pointerdown", event => {
      const point = event.button === 0 && at(event)
      if (!point || !point.isInside) return
      isDown = true
      this.element.setPointerCapture?.(event.pointerId)
      move(point)
    })
    this.element.addEventListener("pointermove", event => { if (isDown) move(at(event)) })
    const up = () => { if (isDown) { isDown = false; end() } }
    this.element.addEventListener("pointerup", up)
    this.element.addEventListener("pointercancel", up)
  }
}

/** A frame around the area of a vertical axis. */
const frame = y => ({
  type: "rect", xref: "paper", yref: `${y} domain`, x0: 0, x1: 1, y0: 0, y1: 1, line: { color: ink("line-strong"), width: 1 }, layer: "below",
})

/** An axis in the page's style. */
export const axisStyle = (title, more = {}) => ({
  title: { text: title, standoff: 6, font: { size: 12.5 } }, ticks: "outside", ticklen: 4, tickcolor: ink("line-strong"), showline: false,
  gridcolor: ink("grid"), zerolinecolor: ink("line-strong"), zerolinewidth: 1, fixedrange: true,
  exponentformat: "power", tickfont: { size: 11 }, minexponent: 4, automargin: false, ...more,
})

function themed(layout) {
  return {
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", font: { family: ink("font"), size: 12, color: ink("ink") },
    showlegend: false, dragmode: false, hovermode: "closest", separators: ".", margin: { l: 58, r: 12, t: 8, b: 40 },
    hoverlabel: { bgcolor: ink("panel"), bordercolor: ink("line-strong"), font: { family: ink("font"), size: 12, color: ink("ink") }, align: "left" },
    ...layout,
  }
}

/** The type of an axis, with a mark at every decade where there are many. */
export function logTicks(isLogarithmic, values) {
  if (!isLogarithmic) return { type: "linear" }
  return { type: "log", tickfont: { size: 9.5 }, ...(values.at(-1) / values[0] > 200 ? { dtick: 1 } : {}) }
}

/** The line at the current value of a horizontal axis. */
export const cursorLine = x => ({ type: "line", xref: "x", yref: "paper", x0: x, x1: x, y0: 0, y1: 1, line: { color: ink("accent"), width: 1.6 } })
