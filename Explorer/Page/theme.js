// Sets light or dark before anything is drawn. A classic script: modules would come too late.
(function () {
  let kept = null
  try { kept = localStorage.getItem("pairbath-theme") } catch { /* storage may be forbidden */ }
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"
  document.documentElement.dataset.theme = kept === "light" || kept === "dark" ? kept : system
})()
