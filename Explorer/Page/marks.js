// States without an answer: what a status means, and its hatching.
import { ink } from "./palette.js"

export const kinds = {
  1: { words: "no steady state", pattern: "/" },
  2: { words: "tolerance missed", pattern: "." },
  3: { words: "not computed", pattern: "x" },
}

/** Runs of equal status along an axis, wide enough to be seen: [{status, from, to}]. */
export function runs(x, status) {
  const found = []
  for (let k = 0; k < x.length; k++) {
    const s = status[k]
    if (!(s > 0)) continue
    const from = k ? (x[k - 1] + x[k]) / 2 : x[k], to = k + 1 < x.length ? (x[k] + x[k + 1]) / 2 : x[k]
    const last = found.at(-1)
    if (last && last.status === s && Math.abs(last.to - from) < 1e-12 * (Math.abs(from) + 1)) last.to = to
    else found.push({ status: s, from, to })
  }
  return found
}

/** Hatched areas behind curves, on an axis of their own from 0 to 1. */
export function areas(x, status, yaxis) {
  return runs(x, status).map(run => ({
    x: [run.from, run.from, run.to, run.to], y: [0, 1, 1, 0], yaxis, type: "scatter", mode: "lines", line: { width: 0 }, hoverinfo: "skip", showlegend: false,
    fill: "toself", fillcolor: ink("mark"),
    fillpattern: { shape: kinds[run.status]?.pattern ?? "/", fgcolor: ink("mark-ink"), bgcolor: ink("mark"), size: 7, solidity: 0.25 },
  }))
}

/** The kinds of status in an answer, as entries of a legend. */
export function legendEntries(status) {
  if (!status) return []
  return Object.keys(kinds).filter(k => status.includes(Number(k))).map(k => ({ isMark: true, status: k, label: kinds[k].words }))
}

/** A picture of the marked cells of a map, rows from the lowest; null when there are none. */
export function hatching(grid) {
  if (!grid.some(row => row.some(s => s > 0))) return null
  const ny = grid.length, nx = grid[0].length
  const canvas = document.createElement("canvas")
  canvas.width = 600
  canvas.height = 450
  const pen = canvas.getContext("2d")
  const w = canvas.width / nx, h = canvas.height / ny
  for (const status of [1, 2, 3]) {
    pen.save()
    pen.beginPath()
    let isEmpty = true
    grid.forEach((row, j) => row.forEach((s, i) => {
      if (s !== status) return
      pen.rect(i * w - 0.3, canvas.height - (j + 1) * h - 0.3, w + 0.6, h + 0.6)
      isEmpty = false
    }))
    if (!isEmpty) {
      pen.clip()
      pen.fillStyle = ink("mark")
      if (status !== 2) pen.fillRect(0, 0, canvas.width, canvas.height)
      pen.strokeStyle = ink("mark-ink")
      pen.lineWidth = 1.3
      for (let k = -canvas.height; k < canvas.width; k += 11) {
        if (status !== 2) { pen.beginPath(); pen.moveTo(k, canvas.height); pen.lineTo(k + canvas.height, 0); pen.stroke() }
        if (status !== 1) { pen.beginPath(); pen.moveTo(k, 0); pen.lineTo(k + canvas.height, canvas.height); pen.stroke() }
      }
    }
    pen.restore()
  }
  return canvas.toDataURL("image/png")
}
