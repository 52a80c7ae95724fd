"""Screenshots against reference images, coarsely enough for other fonts. UPDATE=1 writes them anew."""

import base64
import os
import pathlib

import pytest
from conftest import rest

REFERENCE = pathlib.Path(__file__).resolve().parent / "reference"

#: The share of cells of about 27 pixels whose mean colours differ visibly: letters of other fonts average out, a missing curve or box does not.
COMPARE = """async ([a, b]) => {
  const small = async source => { const image = new Image(); image.src = source; await image.decode(); const canvas = new OffscreenCanvas(48, 27); const pen = canvas.getContext('2d')
    pen.imageSmoothingQuality = 'high'; pen.drawImage(image, 0, 0, 48, 27); return pen.getImageData(0, 0, 48, 27).data }
  const [p, q] = [await small(a), await small(b)]; let different = 0
  for (let k = 0; k < p.length; k += 4) if ([0, 1, 2].some(c => Math.abs(p[k + c] - q[k + c]) > 22)) different++
  return different / (p.length / 4) }"""

#: Fewer colours: a smaller file.
POSTERIZE = """async source => {
  const image = new Image(); image.src = source; await image.decode(); const canvas = document.createElement('canvas'); canvas.width = image.width; canvas.height = image.height
  const pen = canvas.getContext('2d'); pen.drawImage(image, 0, 0); const data = pen.getImageData(0, 0, canvas.width, canvas.height)
  for (let k = 0; k < data.data.length; k++) data.data[k] = Math.min(255, Math.round(data.data[k] / 17) * 17); pen.putImageData(data, 0, 0)
  return canvas.toDataURL('image/png') }"""

LOOKS = {
    "light": ("double-dot-cooling", {}, "explorer.set({ V: -1.2, T: 0.3 })"),
    "dark": ("double-dot-rectification", {"color_scheme": "dark"}, "explorer.set({ dT: 1.2, mu: 10 })"),
    "baths": ("double-dot-cooling", {}, "(explorer.set({ V: -4, T: 0.2 }), explorer.focus('baths'))"),
    "phone": ("double-dot-cooling", {"viewport": {"width": 390, "height": 844}}, "explorer.set({ V: -1.2, T: 0.3 })"),
    "terminals": ("photon-diode", {}, "explorer.set({ V: 0.2, T: 300, dT: -15 })"),
}


@pytest.mark.parametrize("name", LOOKS)
def test_looks_as_before(visit, servers, name):
    example, options, prepare = LOOKS[name]
    page = visit(servers(example), **options).page
    page.evaluate(prepare)
    rest(page, quiet=0.4, limit=20, with_map=True)
    page.evaluate("document.querySelector('#status').textContent = ''")
    picture = page.screenshot()
    file = REFERENCE / f"{name}.png"
    as_data = lambda data: "data:image/png;base64," + base64.b64encode(data).decode()
    if os.environ.get("UPDATE"):
        file.write_bytes(base64.b64decode(page.evaluate(POSTERIZE, as_data(picture)).partition(",")[2]))
    difference = page.evaluate(COMPARE, [as_data(picture), as_data(file.read_bytes())])
    assert difference < 0.03, f"{name} differs from its reference image in {difference:.0%} of its cells; UPDATE=1 writes it anew"
