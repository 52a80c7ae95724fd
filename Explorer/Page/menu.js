// Things that open beside a button: menus and small forms.

/** Opens content beside a button; Escape, a click elsewhere or the button itself close it. */
export function openBeside(button, content, { label, role = "dialog" } = {}) {
  // The press that closes the box must not open it again.
  if (!button.isWatched) {
    button.isWatched = true
    button.addEventListener("pointerdown", () => { button.wasOpen = Boolean(button.opened) })
  }
  const wasOpen = button.wasOpen || button.opened
  button.wasOpen = false
  if (wasOpen) { button.opened?.hidePopover(); return null }
  const box = document.createElement("div")
  box.className = "popover"
  box.popover = "auto"
  box.setAttribute("role", role)
  box.setAttribute("aria-label", label ?? button.getAttribute("aria-label") ?? button.textContent)
  box.append(content)
  document.body.append(box)
  box.addEventListener("toggle", event => {
    if (event.newState !== "closed") return
    box.remove()
    button.setAttribute("aria-expanded", "false")
    button.opened = null
    if (document.activeElement === document.body) button.focus()
  })
  box.showPopover()
  button.opened = box
  button.setAttribute("aria-expanded", "true")
  place(box, button)
  box.querySelector("input:checked, button, input, select")?.focus({ preventScroll: true })
  return box
}

function place(box, button) {
  const b = button.getBoundingClientRect(), room = document.documentElement
  const width = box.offsetWidth, height = box.offsetHeight
  box.style.left = `${Math.max(6, Math.min(b.right - width, room.clientWidth - width - 6))}px`
  const below = b.bottom + 4
  box.style.top = `${below + height <= room.clientHeight ? below : Math.max(6, Math.min(b.top - height - 4, room.clientHeight - height - 6))}px`
}

/** A menu of [text, action] pairs; null is a line between them. */
export function openMenu(button, items, label) {
  const list = document.createElement("div")
  list.className = "menu"
  let box = null
  for (const item of items) {
    if (!item) { list.append(document.createElement("hr")); continue }
    const entry = document.createElement("button")
    entry.type = "button"
    entry.setAttribute("role", "menuitem")
    entry.textContent = item[0]
    entry.addEventListener("click", () => { box?.hidePopover(); item[1]() })
    list.append(entry)
  }
  list.addEventListener("keydown", event => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (!step) return
    event.preventDefault()
    const entries = [...list.querySelectorAll("button")]
    entries[(entries.indexOf(document.activeElement) + step + entries.length) % entries.length].focus()
  })
  box = openBeside(button, list, { label, role: "menu" })
}

/** A button with an icon and a name for those who hear it. */
export function iconButton(icon, label, action, className = "") {
  const button = document.createElement("button")
  button.type = "button"
  button.className = `icon ${className}`
  button.innerHTML = icons[icon]
  button.setAttribute("aria-label", label)
  button.title = label
  button.addEventListener("click", () => action(button))
  return button
}

const pen = 'fill="none" stroke="currentColor" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round"'
const drawn = body => `<svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true" ${pen}>${body}</svg>`

export const icons = {
  undo: drawn('<path d="M7.5 4 3.5 8l4 4M4 8h7.5a4.5 4.5 0 0 1 0 9H8"/>'),
  redo: drawn('<path d="m12.5 4 4 4-4 4M16 8H8.5a4.5 4.5 0 0 0 0 9H12"/>'),
  pin: drawn('<path d="M7 3h6l-1 6 2.5 3h-9L8 9zM10 12v5.5"/>'),
  link: drawn('<path d="M8.5 11.5a3.5 3.5 0 0 0 5 0l2.5-2.5a3.5 3.5 0 0 0-5-5l-1 1M11.5 8.5a3.5 3.5 0 0 0-5 0L4 11a3.5 3.5 0 0 0 5 5l1-1"/>'),
  export: drawn('<path d="M10 3v9.5M6 9l4 4 4-4M4 16.5h12"/>'),
  theme: drawn('<circle cx="10" cy="10" r="6.5"/><path d="M10 3.5a6.5 6.5 0 0 1 0 13z" fill="currentColor"/>'),
  help: drawn('<circle cx="10" cy="10" r="7"/><path d="M7.9 8a2.1 2.1 0 1 1 3.2 1.9c-.8.5-1.1.9-1.1 1.8M10 14.2v.1"/>'),
  focus: drawn('<path d="M12 3.5h4.5V8M8 16.5H3.5V12M16.5 3.5 11.5 8.5M3.5 16.5l5-5"/>'),
  unfocus: drawn('<path d="M16.5 8H12V3.5M3.5 12H8v4.5M12 8l5-5M8 12l-5 5"/>'),
  choose: drawn('<path d="M3.5 6h7M14.5 6h2M3.5 14h2M9.5 14h7"/><circle cx="12.5" cy="6" r="2"/><circle cx="7.5" cy="14" r="2"/>'),
  play: drawn('<path d="M6.5 4.5v11l9-5.5z" fill="currentColor"/>'),
  pause: drawn('<path d="M7 5v10M13 5v10" stroke-width="2.6"/>'),
  close: drawn('<path d="m5 5 10 10M15 5 5 15"/>'),
}
