"""A server for every model, one browser, and a fresh page for every test.

PAIRBATH names the binary (default: .build/explorer/release/pairbath), CHROMIUM the browser (default: /usr/bin/chromium).
"""

import os
import pathlib
import re
import select
import shutil
import subprocess
import time

import pytest
from playwright.sync_api import sync_playwright

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PAIRBATH = os.environ.get("PAIRBATH", str(ROOT / ".build/explorer/release/pairbath"))
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")


class Server:
    """`pairbath explore` of a copy of a model, which tests may edit."""

    def __init__(self, folder, model, *arguments):
        self.model = folder / "model.yaml"
        shutil.copy(model, self.model)
        self.text = self.model.read_text()
        self.process = subprocess.Popen([PAIRBATH, "explore", str(self.model), "--no-browser", "--port", "0", *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.address = self.find_address()

    def find_address(self):
        said, end = b"", time.time() + 20
        while time.time() < end and self.process.poll() is None:
            if not select.select([self.process.stdout], [], [], 0.2)[0]:
                continue
            said += os.read(self.process.stdout.fileno(), 65536)
            found = re.search(rb"http://\S+", said)
            if found and b"\n" in said[found.start():]:
                return found.group().decode()
        raise RuntimeError(f"no address from {PAIRBATH} explore: {said.decode(errors='replace')}")

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.stdout.close()


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--force-color-profile=srgb"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def servers(tmp_path_factory):
    """Starts the server of an example when it is first asked for."""
    running = {}

    def start(example):
        if example not in running:
            running[example] = Server(tmp_path_factory.mktemp(example), ROOT / "Examples" / example / "model.yaml")
        return running[example]

    yield start
    for server in running.values():
        server.stop()


@pytest.fixture
def dot(servers):
    """The double dot that electrons cool, at its own values."""
    return servers("double-dot-cooling")


class Visit:
    """A page with what it asked for and what went wrong in it."""

    def __init__(self, browser, address, **options):
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 720}, "reduced_motion": "reduce", **options})
        self.page = self.context.new_page()
        self.address = address
        self.requests, self.errors = [], []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda message: message.type == "error" and "Failed to load resource" not in message.text and self.errors.append(message.text))

    def open(self, fragment=""):
        self.page.goto(self.address + fragment)
        until(self.page, "Boolean(window.explorer && (explorer.views.curves.latest || !explorer.views.curves.isPossible))")
        return self.page

    def close(self):
        self.context.close()


@pytest.fixture
def visit(browser):
    """Opens pages; afterwards no script may have failed and no other host may have been asked."""
    visits = []

    def start(server, fragment="", **options):
        opened = Visit(browser, server.address, **options)
        visits.append(opened)
        opened.open(fragment)
        return opened

    yield start
    for opened in visits:
        strangers = [url for url in opened.requests if not url.startswith((opened.address, "data:", "blob:"))]
        opened.close()
        assert not opened.errors, opened.errors
        assert not strangers, strangers


@pytest.fixture(scope="session")
def shared(browser, servers):
    """One page of the double dot for all tests that leave nothing behind: loading Plotly takes a second."""
    opened = Visit(browser, servers("double-dot-cooling").address)
    opened.open()
    yield opened
    opened.close()


@pytest.fixture
def page(shared):
    """The shared page, as if it had just been opened."""
    page = shared.page
    shared.errors.clear()
    page.evaluate("""() => { document.querySelectorAll('.popover').forEach(p => p.hidePopover()); document.activeElement?.blur()
        explorer.store.reset({ ...structuredClone(explorer.start), focus: null, isDragging: false, playing: null }) }""")
    rest(page)
    yield page
    assert not shared.errors, shared.errors
    strangers = [url for url in shared.requests if not url.startswith((shared.address, "data:", "blob:"))]
    assert not strangers, strangers


def until(page, condition, limit=12.0):
    """Waits for a condition; the page's own policy forbids what Playwright's wait_for_function does."""
    end = time.time() + limit
    while not page.evaluate(condition):
        assert time.time() < end, f"never became true: {condition}"
        page.wait_for_timeout(40)


def rest(page, quiet=0.15, limit=12.0, with_map=False):
    """Waits until no view computes any more; the map refines for longer than most tests care."""
    busy = '.panel[aria-busy="true"]' if with_map else '.panel:not(#view-map)[aria-busy="true"]'
    end, since = time.time() + limit, time.time()
    while time.time() - since < quiet:
        if page.locator(busy).count():
            since = time.time()
        assert time.time() < end, "some view never finished"
        page.wait_for_timeout(40)
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def curve(page, name, component=0):
    """Points of a curve that is drawn."""
    return page.evaluate(
        """([name, component]) => { const t = explorer.views.curves.plot.traces.find(t => t.meta?.name === name && t.meta.component === component);
            return t && { x: Array.from(t.x), y: Array.from(t.y, v => Number.isFinite(v) ? v : null), text: t.text } }""", [name, component])


def value(page, name):
    return page.evaluate("name => explorer.store.state.values[name]", name)


def computed(server, name, *settings):
    """A variable of `pairbath run` as a list of rows (axes and value)."""
    output = server.model.parent / "check.nc"
    arguments = [part for setting in settings for part in ("--set", setting)]
    subprocess.run([PAIRBATH, "run", str(server.model), "--quiet", "--force", "-o", str(output), *arguments], check=True)
    text = subprocess.run([PAIRBATH, "show", str(output), name, "--csv"], check=True, capture_output=True, text=True).stdout
    head, *rows = [line.split(",") for line in text.strip().splitlines()]
    column = head.index(name)
    return [(*map(float, row[:column]), float(row[column])) for row in rows]
