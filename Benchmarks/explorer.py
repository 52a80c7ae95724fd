#!/usr/bin/env python3
"""How fast `pairbath explore` follows a hand, in a real browser, beside a page of Dash that calls NumPy for the same.

    explorer.py PAIRBATH [--repeats 15]        (needs: playwright, dash, numpy; Chromium)

Times run from a step of the slider, or the question for a map, to the picture on the screen (plotly_afterplot and the next frame); those of
the server alone from a question to its whole answer, over HTTP. Medians, and the largest.
"""

import argparse
import json
import os
import pathlib
import re
import socket
import statistics
import subprocess
import sys
import time
import urllib.request

from playwright.sync_api import sync_playwright

ROOT = pathlib.Path(__file__).resolve().parent.parent
MODEL = ROOT / "Examples/double-dot-rectification/model.yaml"


def words(times):
    return f"{1e3 * statistics.median(times):.1f} ms (at most {1e3 * max(times):.1f})"


def ask(address, **question):
    begin = time.perf_counter()
    request = urllib.request.Request(address + "api/compute", json.dumps(question).encode(), {"Content-Type": "application/json"})
    urllib.request.urlopen(request).read()
    return time.perf_counter() - begin


def axis(name, low, high, points):
    return {"name": name, "from": low, "to": high, "points": points}


def server_times(address, repeats):
    line, wanted = axis("dT", -1.8, 1.8, 200), {"observables": ["energy_current"], "variables": ["energy_current"]}
    for level in ("sharp", "landauer"):
        times = [ask(address, values={"mu": 10 + 0.01 * k}, axes=[line], level=level, **wanted) for k in range(repeats)]
        print(f"server, curve of 200 states, level {level}: {words(times)}")
    for points in (26, 201):
        times = [ask(address, values={"T0": 1 + 0.001 * k}, axes=[axis("mu", 9, 13, points), axis("dT", -1.8, 1.8, points)], **wanted) for k in range(repeats)]
        print(f"server, map of {points} x {points}: {words(times)}")


# Resolves with the milliseconds until the picture of a plot has changed and stands on the screen.
AFTER = """([selector, act]) => new Promise(done => {
  const plot = document.querySelector(selector + (document.querySelector(selector).classList.contains('js-plotly-plot') ? '' : ' .js-plotly-plot'))
  const start = performance.now()
  plot.once('plotly_afterplot', () => requestAnimationFrame(() => setTimeout(() => done(performance.now() - start))))
  act && window[act]()
})"""


def page_times(page, repeats):
    times = []
    for k in range(repeats):
        page.evaluate("k => { window.step = () => explorer.set({ mu: 10 + 0.02 * k }, { isFinal: false }) }", k + 1)
        times.append(page.evaluate(AFTER, ["#view-curves", "step"]) / 1e3)
    page.evaluate("explorer.finish()")
    print(f"page, a step of the slider to the redrawn curves: {words(times)}")
    map_times(page, "with all views", "explorer.set({ T0: 1 + 0.01 * k }, { isFinal: true })", repeats)
    swap = "explorer.store.change(s => { s.map = { ...s.map, x: s.map.y, y: s.map.x } })"
    map_times(page, "alone, its axes exchanged", swap, repeats)


def map_times(page, what, act, repeats):
    first, last = [], []
    for k in range(max(repeats // 3, 4)):
        page.wait_for_timeout(600)
        page.evaluate(
            """k => { const map = explorer.views.map; window.seen = []; const begin = performance.now(); map.plot.node ??= document.querySelector('#view-map .js-plotly-plot')
                 map.plot.node.on('plotly_afterplot', window.note = () => seen.push([performance.now() - begin, map.latest?.stage])); """ + act + " }", k + 1)
        page.wait_for_timeout(1500)
        seen = page.evaluate("() => { explorer.views.map.plot.node.removeListener('plotly_afterplot', note); return seen }")
        first.append(seen[0][0] / 1e3)
        last.append(max(time for time, stage in seen) / 1e3)
    print(f"page, first picture of a map {what}: {words(first)}; the final one, 201 x 201: {words(last)}")


def dash_times(browser, repeats):
    with socket.create_server(("127.0.0.1", 0)) as place:
        port = place.getsockname()[1]
    dash = subprocess.Popen([sys.executable, str(ROOT / "Benchmarks/explorer_dash.py"), str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        for _ in range(100):
            try:
                page.goto(f"http://127.0.0.1:{port}/")
                break
            except Exception:
                time.sleep(0.1)
        page.wait_for_selector("#curve .js-plotly-plot")
        page.wait_for_timeout(1500)
        times = []
        thumb = page.locator("#mu [role=slider]").first
        thumb.focus()
        for _ in range(repeats):
            page.evaluate("() => { window.begun = 0; addEventListener('keydown', () => { begun = performance.now() }, { once: true, capture: true }) }")
            waiting = "() => { window.taken = new Promise(done => document.querySelector('#curve .js-plotly-plot').once('plotly_afterplot', () => requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun))))) }"
            page.evaluate(waiting)
            page.keyboard.press("ArrowRight")
            times.append(page.evaluate("taken") / 1e3)
            page.wait_for_timeout(150)
        print(f"Dash and NumPy, a step of the slider to the redrawn curve: {words(times)}")
        times = []
        for _ in range(3):
            page.evaluate("() => { window.taken = new Promise(done => document.querySelector('#map .js-plotly-plot').once('plotly_afterplot', () => requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun))))); begun = performance.now() }")
            page.locator("#go").click()
            times.append(page.evaluate("taken") / 1e3)
        print(f"Dash and NumPy, map of 201 x 201: {words(times)}")
    finally:
        dash.kill()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pairbath")
    parser.add_argument("--repeats", type=int, default=15)
    options = parser.parse_args()
    server = subprocess.Popen([options.pairbath, "explore", str(MODEL), "--no-browser"], stdout=subprocess.PIPE, text=True)
    address = next(found for found in (re.search(r"http://\S+", line) for line in server.stdout) if found).group()
    try:
        server_times(address, options.repeats)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": 1280, "height": 720})
            page.goto(address)
            page.wait_for_timeout(3000)
            page_times(page, options.repeats)
            page.close()
            dash_times(browser, options.repeats)
            browser.close()
    finally:
        server.terminate()


if __name__ == "__main__":
    main()
