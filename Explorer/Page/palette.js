// Okabe and Ito's colours, the scales of maps, and the colours of the theme.

/** The order of Pairbath's own figures; black becomes the colour of the ink. */
const categories = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00"]
const categoriesOnDark = ["#56B4E9", "#F28E4A", "#2FC79A", "#E09CC4", "#E69F00", "#F0E442"]
const divergingOnLight = ["#08396b", "#2b7bba", "#8fc1e0", "#ffffff", "#fbc777", "#dd8207", "#7c3d00"]
const divergingOnDark = ["#bfe0fb", "#56a9e2", "#1f5586", "#12151b", "#8a5310", "#e8951e", "#ffe0ad"]
const cividis = ["#00224e", "#123570", "#3b496c", "#575d6d", "#707173", "#8a8678", "#a59c74", "#c3b369", "#e1cc55", "#fee838"]

export const isDark = () => document.documentElement.dataset.theme === "dark"

/** A colour of the style sheet. */
export const ink = name => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()

export const category = k => { const c = isDark() ? categoriesOnDark : categories; return c[((k % c.length) + c.length) % c.length] }
/** Dashes tell apart what shares a colour. */
export const dash = k => ["solid", "dash", "dot", "dashdot", "longdash"][Math.floor(k / categories.length) % 5]

export const heats = () => ink("heats")
export const cools = () => ink("cools")

const scale = stops => stops.map((color, k) => [k / (stops.length - 1), color])
export const diverging = () => scale(isDark() ? divergingOnDark : divergingOnLight)
export const sequential = () => scale(cividis)

/** A colour with an opacity. */
export function faded(color, alpha) {
  const n = parseInt(color.slice(1), 16)
  return `rgba(${n >> 16},${(n >> 8) & 255},${n & 255},${alpha})`
}
