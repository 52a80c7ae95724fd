// Small helpers for the drawings that are not Plotly's.

const space = "http://www.w3.org/2000/svg"

/** An element with attributes and children (elements, or text). */
export function el(name, attributes = {}, ...children) {
  const node = document.createElementNS(space, name)
  for (const [key, value] of Object.entries(attributes)) if (value !== null && value !== undefined) node.setAttribute(key, value)
  node.append(...children.flat().filter(c => c !== null && c !== undefined && c !== false))
  return node
}

/** Text of a kind (a class of the style sheet): *italic* letters and _{indices} as in a result's symbols. */
export function text(x, y, content, kind = "small", color = null, anchor = "middle", more = {}) {
  const node = el("text", { x, y, class: kind, "text-anchor": anchor, style: color ? `fill:${color}` : null, ...more })
  for (const part of String(content).split(/(_\{[^}]*\}|\*[^*]*\*)/)) {
    if (!part) continue
    if (part.startsWith("_{")) {
      const index = el("tspan", { dy: "0.28em", "font-size": "0.75em" }, part.slice(2, -1))
      node.append(index, el("tspan", { dy: "-0.21em" }, "\u200b"))
    }
    else if (part.startsWith("*")) node.append(el("tspan", { class: "symbol" }, part.slice(1, -1)))
    else node.append(part)
  }
  return node
}

/** A picture that fills its panel: title and description for those who cannot see it. */
export function picture(width, height, title, description, children, scale = 1) {
  const id = "t" + Math.random().toString(36).slice(2, 8)
  const size = { viewBox: `0 0 ${width} ${height}`, width: width * scale, height: height * scale }
  return el("svg", { class: "picture", ...size, role: "img", "aria-labelledby": `${id} ${id}d`, xmlns: space },
    el("title", { id }, title), el("desc", { id: `${id}d` }, description), children)
}

/** The room of a panel for a picture: enlarged ones are magnified, text and all. */
export function room(content) {
  const { clientWidth, clientHeight } = content
  const scale = Math.max(1, Math.min(clientWidth / 640, clientHeight / 380, 2.2))
  return { w: clientWidth / scale, h: clientHeight / scale, scale }
}

/** A flow along a cubic curve: a band with a head, and dashes that wander along it. */
export function flow(from, to, { width, color, isVertical = false, speed = 1, tip = "" }) {
  const [x0, y0] = from, [x1, y1] = to
  const c = isVertical ? [[x0, (y0 + y1) / 2], [x1, (y0 + y1) / 2]] : [[(x0 + x1) / 2, y0], [(x0 + x1) / 2, y1]]
  const norm = Math.hypot(x1 - c[1][0], y1 - c[1][1]) || 1
  const dx = (x1 - c[1][0]) / norm, dy = (y1 - c[1][1]) / norm
  const head = Math.max(7, width * 1.5), half = Math.max(4.5, width * 0.95)
  const back = Math.min(head * 0.9, Math.hypot(x1 - x0, y1 - y0) * 0.6)
  const d = `M${x0} ${y0} C${c[0].join(" ")} ${c[1].join(" ")} ${x1 - dx * back} ${y1 - dy * back}`
  const base = [x1 - dx * head, y1 - dy * head]
  const tipPath = `M${x1} ${y1} L${base[0] - dy * half} ${base[1] + dx * half} L${base[0] + dy * half} ${base[1] - dx * half} Z`
  return el("g", { class: "flow", "data-tip": tip || null },
    el("path", { d, fill: "none", stroke: color, "stroke-width": Math.max(1.2, width), opacity: 0.9 }),
    el("path", { d: tipPath, fill: color }),
    width > 2 ? wandering(d, width, 1.6 / speed) : null)
}

/** Dashes along a path; a new drawing goes on where the old one was. */
function wandering(d, width, period) {
  const phase = ((performance.now() / 1000) % period).toFixed(3)
  return el("path", {
    d, class: "wander", fill: "none", stroke: "#fff", "stroke-width": Math.min(2.4, width * 0.35), "stroke-dasharray": "2 16",
    "stroke-linecap": "round", opacity: 0.85,
    style: `animation-duration:${period.toFixed(2)}s;animation-delay:-${phase}s`,
  })
}

/** A wavy line, for quanta. */
export function wave(from, to, { color, width = 2, amplitude = 4, turns = 4 }) {
  const [x0, y0] = from, [x1, y1] = to
  const length = Math.hypot(x1 - x0, y1 - y0) || 1
  const [ux, uy] = [(x1 - x0) / length, (y1 - y0) / length]
  let d = `M${x0} ${y0}`
  const steps = turns * 12, flat = Math.min(10, length / 4)
  for (let k = 0; k <= steps; k++) {
    const s = (k / steps) * (length - flat)
    const a = amplitude * Math.sin((2 * Math.PI * turns * k) / steps)
    d += ` L${(x0 + ux * s - uy * a).toFixed(1)} ${(y0 + uy * s + ux * a).toFixed(1)}`
  }
  d += ` L${(x1 - ux * 5).toFixed(1)} ${(y1 - uy * 5).toFixed(1)}`
  const tip = `M${x1} ${y1} L${x1 - ux * 8 - uy * 4.5} ${y1 - uy * 8 + ux * 4.5} L${x1 - ux * 8 + uy * 4.5} ${y1 - uy * 8 - ux * 4.5} Z`
  const line = el("path", { d, fill: "none", stroke: color, "stroke-width": width, "stroke-linejoin": "round" })
  return el("g", { class: "quantum" }, line, el("path", { d: tip, fill: color }))
}
