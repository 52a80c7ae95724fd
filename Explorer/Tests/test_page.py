"""History, comparison, links, export, the server's moods, keyboard, sizes, themes."""

import json
import re

from conftest import ROOT, Server, curve, rest, until, value


def type_value(page, name, text):
    field = page.locator(f".variable[data-name={name}] .value")
    field.fill(text)
    field.press("Enter")


def test_undo_and_redo(page):
    type_value(page, "V", "-1")
    type_value(page, "V", "-2")
    page.locator("#title").click()
    page.keyboard.press("Control+z")
    assert value(page, "V") == -1
    page.keyboard.press("Control+Shift+z")
    assert value(page, "V") == -2
    page.get_by_role("button", name="Undo").click()
    assert value(page, "V") == -1


def test_keep_and_compare(page):
    page.keyboard.press("k")
    type_value(page, "T", "0.4")
    rest(page)
    ghosts = "explorer.views.curves.plot.traces.filter(t => t.line.dash === 'dash' && t.hoverinfo === 'skip').length"
    until(page, f"{ghosts} > 0")
    page.locator(".chip.is-ghost").click()
    until(page, f"{ghosts} === 0")
    page.get_by_role("button", name="Compare two sets of values").click()
    type_value(page, "T", "0.25")
    rest(page)
    until(page, f"{ghosts} > 0")
    page.get_by_role("button", name="Show A").click()
    assert value(page, "T") == 0.4
    page.locator("#title").click()
    page.keyboard.press("x")
    assert value(page, "T") == 0.25


def test_reload_and_links_restore(visit, dot):
    page = visit(dot).page
    rest(page)
    type_value(page, "V", "-1.25")
    page.locator("#view-map select").first.select_option("effective_temperature")
    until(page, "location.hash.length > 5")
    page.wait_for_timeout(300)
    link = page.url
    page.reload()
    until(page, "Boolean(window.explorer?.views.map.latest)")
    assert value(page, "V") == -1.25 and page.evaluate("explorer.store.state.map.name") == "effective_temperature"
    other = visit(dot, link[len(dot.address):]).page
    assert value(other, "V") == -1.25
    type_value(other, "V", "-3")
    assert value(page, "V") == -1.25


def test_exports(page):

    def exported(view, entry):
        page.locator(f"#view-{view}").get_by_role("button", name=re.compile("Export")).click()
        with page.expect_download() as download:
            page.get_by_role("menuitem", name=entry).click()
        return open(download.value.path(), "rb").read()

    for view in ("diagram", "baths", "modes", "curves", "map", "spectra"):
        assert exported(view, "PNG picture").startswith(b"\x89PNG")
        assert exported(view, "SVG picture").startswith(b"<svg")
    assert b"energy_current" in exported("curves", "CSV table").splitlines()[0]
    assert exported("curves", "NetCDF result").startswith(b"\x89HDF")
    assert b"conductor" in exported("curves", "Model file")


def test_command_is_copied(visit, dot):
    page = visit(dot, permissions=["clipboard-read", "clipboard-write"]).page
    rest(page)
    page.locator("#view-curves").get_by_role("button", name=re.compile("Export")).click()
    page.get_by_role("menuitem", name="Copy the command").click()
    page.wait_for_selector(".banner")
    assert page.evaluate("navigator.clipboard.readText()").startswith("pairbath run ")


def test_model_edited(visit, tmp_path):
    server = Server(tmp_path, ROOT / "Examples/double-dot-cooling/model.yaml")
    try:
        page = visit(server).page
        rest(page)
        server.model.write_text(server.text.replace("title: Double dot, electronic cooling", "title: Another dot").replace("parameters: {mu: 10.0}", "parameters: {mu: 9.0}"))
        until(page, "document.querySelector('#title').textContent === 'Another dot'")
        assert value(page, "mu") == 9
        rest(page)
        drawn = curve(page, "energy_current")
        server.model.write_text(server.text.replace("conductor:", "conductor: ["))
        banner = page.locator(".banner.is-error")
        banner.wait_for()
        assert "model.yaml:" in banner.inner_text()
        assert curve(page, "energy_current") == drawn
        server.model.write_text(server.text)
        banner.wait_for(state="detached")
        until(page, "document.querySelector('#title').textContent.startsWith('Double dot')")
        server.stop()
        page.wait_for_selector(".banner.is-error >> text=does not answer")
        assert page.locator("#view-curves .plot").is_visible()
    finally:
        server.stop()


def test_server_gone_and_back(visit, dot):
    opened = visit(dot)
    page = opened.page
    rest(page)
    opened.context.set_offline(True)
    type_value(page, "V", "-4")
    banner = page.locator(".banner.is-error")
    banner.wait_for()
    assert "does not answer" in banner.inner_text()
    opened.context.set_offline(False)
    banner.wait_for(state="detached")
    rest(page)
    assert page.evaluate("explorer.pictures.latest.body.values.V") == -4


def test_slow_network_stays_responsive(visit, dot):
    opened = visit(dot)
    page = opened.page
    rest(page)
    session = opened.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", {"offline": False, "latency": 600, "downloadThroughput": 200_000, "uploadThroughput": 200_000})
    slider = page.locator(".variable[data-name=T] .slide")
    slider.focus()
    for _ in range(10):
        slider.press("ArrowRight")
    assert float(page.locator(".variable[data-name=T] .value").input_value()) == value(page, "T") > 0.1
    page.locator("#view-curves .panel-progress").wait_for(state="visible")
    session.send("Network.emulateNetworkConditions", {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1})
    rest(page)
    assert page.evaluate("explorer.views.curves.latest.body.values.T") == value(page, "T")


def test_slow_computation_can_be_cancelled(page):
    held, cancelled = [], []
    page.route("**/api/compute", lambda route: held.append(route))
    page.route("**/api/cancel", lambda route: (cancelled.append(route.request.post_data_json["view"]), route.continue_()))
    type_value(page, "T", "0.35")
    button = page.locator("#view-curves .panel-progress button")
    button.click()
    page.wait_for_timeout(100)
    assert any(view.endswith("/curves") for view in cancelled)
    assert page.locator("#view-curves").get_attribute("aria-busy") == "false"
    page.unroute("**/api/compute")
    for route in held:
        route.abort()
    type_value(page, "T", "0.4")
    rest(page)
    assert page.evaluate("explorer.views.curves.latest.body.values.T") == 0.4


def test_keyboard_alone(page):
    seen = []
    for _ in range(24):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.className + '|' + (document.activeElement.closest('.variable')?.dataset.name ?? '')"))
        if seen[-1] == "slide|V":
            break
    assert seen[-1] == "slide|V", seen
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    before = value(page, "V")
    page.keyboard.press("ArrowRight")
    assert value(page, "V") > before
    page.keyboard.press("1")
    assert page.locator("#view-diagram.is-focused").is_visible() and page.locator("#view-map").is_hidden()
    page.keyboard.press("Escape")
    assert page.locator("#view-map").is_visible()
    unnamed = page.evaluate("""[...document.querySelectorAll('button, input, select')].filter(e => e.offsetParent && !(e.getAttribute('aria-label') || e.textContent.trim() || e.labels?.length)).map(e => e.outerHTML)""")
    assert unnamed == []
    page.locator("#view-curves").get_by_role("button", name="Choose what the curves show").focus()
    page.keyboard.press("Enter")
    page.locator(".popover").wait_for()
    page.keyboard.press("Escape")
    page.locator(".popover").wait_for(state="detached")


def test_phone(visit, dot):
    page = visit(dot, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True).page
    rest(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    boxes = [page.locator(f"#view-{v}").bounding_box() for v in ("diagram", "baths", "modes", "curves", "map", "spectra")]
    assert all(box["width"] > 340 for box in boxes)
    assert all(a["y"] + a["height"] <= b["y"] for a, b in zip(boxes, boxes[1:]))


def test_dark(visit, dot):
    page = visit(dot, color_scheme="dark").page
    ground = "getComputedStyle(document.querySelector('.panel')).backgroundColor"
    assert page.evaluate(ground) == "rgb(18, 21, 27)"
    page.get_by_role("button", name="Light or dark").click()
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    page.reload()
    until(page, "Boolean(window.explorer)")
    assert page.evaluate(ground) == "rgb(255, 255, 255)"


def test_everything_fits_above_the_fold(page):
    assert page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == [1280, 720]
    assert json.loads(page.evaluate("JSON.stringify([...document.querySelectorAll('.panel')].every(p => p.getBoundingClientRect().bottom <= 720))"))
