"""Sliders, fields, clicks: what is drawn are the numbers of the command line."""

import pytest
from conftest import computed, curve, rest, until, value


def close(a, b, tolerance=1e-7):
    return abs(a - b) <= tolerance * max(abs(a), abs(b), 1e-12)


def test_loads(visit, dot):
    page = visit(dot).page
    rest(page)
    assert page.locator("#title").inner_text() == "Double dot, electronic cooling"
    for view in ("diagram", "baths", "modes", "curves", "map", "spectra"):
        assert page.locator(f"#view-{view}").is_visible()
    assert page.locator("#view-baths .bath").count() == 5
    assert page.locator("#view-diagram .sea").count() == 2
    assert page.locator(".panel-problem:visible").count() == 0
    assert page.locator("#view-diagram svg title").count() == 1 and page.locator("#view-diagram svg desc").count() == 1


def test_dragging_computes(page, dot):
    before = curve(page, "energy_current")
    box = page.locator(".variable[data-name=T] .slide").bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 8, y)
    page.mouse.down()
    for k in range(1, 12):
        page.mouse.move(box["x"] + box["width"] * k / 15, y)
        page.wait_for_timeout(25)
    page.mouse.up()
    rest(page)
    after = curve(page, "energy_current")
    T = value(page, "T")
    assert T > 0.2 and after["y"] != before["y"] and len(after["x"]) == 201
    expected = computed(dot, "energy_current", f"T={T}", "V={from: -6, to: 0.5, points: 201}")
    assert all(close(x, row[0]) and close(y, row[1]) for x, y, row in zip(after["x"], after["y"], expected))
    state = page.evaluate("explorer.pictures.latest.result.variables.find(v => v.name === 'energy_current').values[0]")
    assert close(state, computed(dot, "energy_current", f"T={T}", f"V={value(page, 'V')}")[0][-1])


def test_one_request_at_a_time_and_the_newest_wins(page):
    page.evaluate("""() => { window.flying = {}; window.most = 0; const old = window.fetch
        window.fetch = async (path, options) => { if (path !== 'api/compute') return old(path, options)
            const view = JSON.parse(options.body).view; flying[view] = (flying[view] ?? 0) + 1; most = Math.max(most, flying[view])
            try { return await old(path, options) } finally { flying[view]-- } } }""")
    page.evaluate("""async () => { for (let k = 0; k < 40; k++) { explorer.set({ T: 0.1 + 0.01 * k }, { isFinal: false }); await new Promise(r => setTimeout(r, 8)) } explorer.finish() }""")
    rest(page)
    assert page.evaluate("most") == 1
    assert close(page.evaluate("explorer.views.curves.latest.body.values.T"), value(page, "T"))
    assert close(value(page, "T"), 0.49)


def test_click_on_the_curves(page):
    box = page.locator("#view-curves .nsewdrag").first.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.75, box["y"] + box["height"] / 2)
    assert abs(value(page, "V") - (-6 + 0.75 * 6.5)) < 0.05
    assert page.locator(".variable[data-name=V] .value").input_value() == str(value(page, "V"))


def test_click_on_the_map(page, dot):
    box = page.locator("#view-map .nsewdrag").first.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.25)
    assert abs(value(page, "V") + 2.75) < 0.05 and abs(value(page, "T") - 0.4) < 0.01
    until(page, "explorer.views.map.z.length === 201")
    z = page.evaluate("explorer.views.map.z[100][0]")
    assert close(z, computed(dot, "energy_current", "T=0.3", "V=-6")[0][-1])
    milliseconds = page.evaluate("""async () => { const v = explorer.views.map; const t = performance.now(); v.draw()
        await new Promise(r => requestAnimationFrame(r)); return performance.now() - t }""")
    assert milliseconds < 400


def test_bad_numbers_get_a_message(page):
    field = page.locator(".variable[data-name=V] .value")
    before = value(page, "V")
    field.fill("1,2,x")
    field.press("Enter")
    message = page.locator(".variable[data-name=V] .field-problem")
    assert "no number" in message.inner_text() and field.get_attribute("aria-invalid") == "true"
    assert value(page, "V") == before
    field.fill("-1.5e0")
    field.press("Enter")
    assert value(page, "V") == -1.5 and message.inner_text() == ""
    field.fill("2")
    field.press("Enter")
    assert value(page, "V") == 2 and page.locator(".variable[data-name=V] .to").input_value() == "2"
    low = page.locator(".variable[data-name=V] .from")
    low.fill("9")
    low.press("Enter")
    assert "below" in message.inner_text()


def test_refused_values_reach_their_field(page):
    drawn = curve(page, "energy_current")
    field = page.locator(".variable[data-name=T] .value")
    field.fill("-1")
    field.press("Enter")
    banner = page.locator(".banner.is-error")
    banner.wait_for()
    assert "-1" in banner.inner_text() and "-1" in page.locator(".variable[data-name=T] .field-problem").inner_text()
    rest(page)
    assert curve(page, "energy_current") == drawn
    field.fill("0.2")
    field.press("Enter")
    rest(page)
    assert banner.count() == 0 and page.locator(".is-refused:visible").count() == 0
    assert page.locator(".variable[data-name=T] .from").input_value() == "0.1"


def test_no_steady_state_is_hatched_not_zero(visit, servers):
    page = visit(servers("vibrational-instability")).page
    until(page, "Boolean(explorer.views.curves.plot.traces)")
    points = curve(page, "energy_current")
    assert points["y"][-1] is None and points["y"][0] is not None
    assert page.locator("#view-curves .legend").inner_text().count("no steady state") == 1
    assert page.evaluate("explorer.views.curves.plot.traces.filter(t => t.fillpattern).length") >= 1


@pytest.mark.parametrize("example, hidden", [("photon-diode", ["diagram", "modes"]), ("thermoradiative-cell", ["diagram", "modes"])])
def test_other_kinds(visit, servers, example, hidden):
    page = visit(servers(example)).page
    rest(page, limit=25)
    for view in hidden:
        assert page.locator(f"#view-{view}").is_hidden()
    assert page.locator("#view-baths .picture").count() == 1
    assert page.evaluate("explorer.views.curves.plot.traces.length") >= 1
