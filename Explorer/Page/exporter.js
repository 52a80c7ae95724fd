// Pictures, numbers, the model and the command of a view.
import { exported } from "./api.js"
import { ink } from "./palette.js"

export class Exporter {
  constructor(app) { this.app = app }

  /** The menu of a view. */
  items(view) {
    const body = () => view.latest?.body
    return [
      ["PNG picture", () => this.run(view, async () => save(await this.png(view), `${this.stem(view)}.png`))],
      ["SVG picture", () => this.run(view, async () => save(await this.svg(view), `${this.stem(view)}.svg`))],
      null,
      ["CSV table", () => this.run(view, () => this.file(body(), "csv", view))],
      ["NetCDF result", () => this.run(view, () => this.file(body(), "netcdf", view))],
      ["Model file", () => this.run(view, () => this.file(body(), "model", view))],
      null,
      ["Copy the command", () => this.run(view, () => this.copy(view.latest.result.command, "The command"))],
    ]
  }

  stem(view) { return `${this.app.description.file.replace(/\.ya?ml$/, "")}-${view.name}` }

  async run(view, work) {
    try {
      if (!view.latest) throw new Error("Nothing has been computed yet")
      await work()
    } catch (problem) {
      view.panel.problem(`Not exported: ${problem.message}`)
    }
  }

  async file(body, format, view) {
    const file = await exported(body, format)
    save(file.blob, format === "model" ? file.name : file.name.replace(/^result\./, `${this.stem(view)}.`))
  }

  async copy(content, what) {
    try {
      await navigator.clipboard.writeText(content)
      this.app.announce(`${what} is on the clipboard`, true)
    } catch {
      // No clipboard without permission: the text to copy by hand.
      this.app.banners.show("copy", "quiet", what, { text: content, closes: true })
    }
  }

  async svg(view) {
    if (view.plot) {
      const { width, height } = view.plot.layout
      const data = await Plotly.toImage(figure(view.plot), { format: "svg", width, height })
      return new Blob([decodeURIComponent(data.slice(data.indexOf(",") + 1))], { type: "image/svg+xml" })
    }
    return new Blob([standalone(view.panel.content.querySelector("svg"))], { type: "image/svg+xml" })
  }

  async png(view) {
    if (view.plot) {
      const { width, height } = view.plot.layout
      const data = await Plotly.toImage(figure(view.plot), { format: "png", width, height, scale: 2 })
      const bytes = Uint8Array.from(atob(data.slice(data.indexOf(",") + 1)), c => c.charCodeAt(0))
      return new Blob([bytes], { type: "image/png" })
    }
    const drawing = view.panel.content.querySelector("svg")
    const { width, height } = drawing.viewBox.baseVal
    const address = URL.createObjectURL(new Blob([standalone(drawing)], { type: "image/svg+xml" }))
    try {
      const image = new Image()
      image.src = address
      await image.decode()
      const canvas = document.createElement("canvas")
      canvas.width = 2 * width
      canvas.height = 2 * height
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height)
      return await new Promise(done => canvas.toBlob(done, "image/png"))
    } finally {
      URL.revokeObjectURL(address)
    }
  }
}

/** A plot with a legend inside, on the panel's ground. */
function figure(plot) {
  const named = plot.traces.filter(t => t.showlegend)
  const hasLegend = named.length > 1
  const legend = { orientation: "h", y: 1.02, yanchor: "bottom", x: 0 }, margin = { ...plot.layout.margin, t: hasLegend ? 44 : 14 }
  return { data: plot.traces, layout: { ...plot.layout, paper_bgcolor: ink("panel"), showlegend: hasLegend, legend, margin } }
}

const styles = ["font-family", "font-size", "font-style", "font-weight", "fill", "stroke", "stroke-width", "paint-order", "stroke-linejoin"]

/** A drawing that needs no style sheet. */
function standalone(drawing) {
  const copy = drawing.cloneNode(true)
  const from = drawing.querySelectorAll("text, tspan"), to = copy.querySelectorAll("text, tspan")
  from.forEach((node, k) => {
    const style = getComputedStyle(node)
    for (const name of styles) to[k].style.setProperty(name, style.getPropertyValue(name))
  })
  copy.querySelectorAll(".wander").forEach(n => n.remove())
  const { width, height } = drawing.viewBox.baseVal
  const ground = document.createElementNS("http://www.w3.org/2000/svg", "rect")
  for (const [k, v] of Object.entries({ width, height, fill: ink("panel") })) ground.setAttribute(k, v)
  copy.insertBefore(ground, copy.querySelector("desc")?.nextSibling ?? copy.firstChild)
  return new XMLSerializer().serializeToString(copy)
}

function save(blob, name) {
  const link = document.createElement("a")
  link.href = URL.createObjectURL(blob)
  link.download = name
  document.body.append(link)
  link.click()
  link.remove()
  setTimeout(() => URL.revokeObjectURL(link.href), 10000)
}
