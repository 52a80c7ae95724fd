"""Makes the reference of the Swift library: symbol graphs of the built modules, one page tree by DocC.

    python swift_api.py BUILD OUTPUT

BUILD is the folder of the built modules (.build/release), OUTPUT a folder in which the pages become `swift/`. `import Pairbath` shows
several modules as one; here they become one, too. Warnings of DocC end the program.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
UMBRELLA = "Pairbath"
BACK = '<a href="{}../index.html" style="display: block; padding: 0.3em 1em; font: 14px sans-serif">Pairbath, all documentation</a>'


def exported_modules():
    """The modules that `import Pairbath` shows."""
    texts = [path.read_text() for path in sorted((ROOT / "Sources" / UMBRELLA).glob("*.swift"))]
    return [UMBRELLA] + sorted({name for text in texts for name in re.findall(r"@_exported import (\w+)", text)})


def module_maps(build):
    """Clang module maps that the modules were built with: our own and those of the packages they need."""
    maps = [*(ROOT / "Sources").glob("*/module.modulemap"), *build.glob("*.build/module.modulemap")]
    maps += [*(build.parent / "checkouts").glob("*/Sources/*/include/module.modulemap")]
    return maps


def package_flags():
    """Include folders of the system libraries."""
    found = subprocess.run(["pkg-config", "--cflags-only-I", "openblas", "netcdf", "nlopt"], capture_output=True, text=True, check=True)
    return found.stdout.split()


def extract(build, folder):
    """Writes the symbol graphs of all exported modules."""
    target = json.loads(subprocess.run(["swift", "-print-target-info"], capture_output=True, text=True, check=True).stdout)
    clang = [f"-fmodule-map-file={path}" for path in module_maps(build)] + package_flags()
    options = ["-I", str(build / "Modules"), "-target", target["target"]["triple"], "-minimum-access-level", "public"]
    options += ["-skip-inherited-docs", "-skip-synthesized-members", "-output-dir", str(folder)]
    for flag in clang:
        options += ["-Xcc", flag]
    for module in exported_modules():
        subprocess.run(["swift-symbolgraph-extract", "-module-name", module, *options], check=True)


def merged(folder):
    """One symbol graph of one module out of those in the folder, extensions of own types included."""
    names = set(exported_modules())
    result = None
    for path in sorted(folder.glob("*.symbols.json")):
        extended = path.name.split(".")[0].partition("@")[2]
        if extended and extended not in names:
            continue
        graph = json.loads(path.read_text())
        if result is None:
            result = graph
        else:
            result["symbols"] += graph["symbols"]
            result["relationships"] += graph["relationships"]
    result["module"]["name"] = UMBRELLA
    for symbol in result["symbols"]:
        symbol.pop("swiftExtension", None)
    known = {symbol["identifier"]["precise"] for symbol in result["symbols"]}
    ends = ("memberOf", "requirementOf", "optionalRequirementOf")
    result["relationships"] = [link for link in result["relationships"] if link["kind"] not in ends or link["target"] in known]
    return result


def landing_page():
    """The first page: what the library's page says there is, as topics."""
    page = (ROOT / "Documentation/Library.md").read_text()
    rows = re.findall(r"^\| ([a-z ]+) \| (`.*) \|$", page.split("| to | types |")[1], re.M)
    lines = [f"# ``{UMBRELLA}``", "", "Transport in junctions where electrons meet bosons.", "", "## Overview", ""]
    lines += ["One import shows all types below. Energies are in one unit throughout, with hbar = k_B = e = 1.", "", "## Topics"]
    for purpose, types in rows:
        lines += ["", f"### To {purpose}", ""] + [f"- ``{name}``" for name in re.findall(r"`(\w+)`", types)]
    return "\n".join(lines) + "\n"


def relative(output):
    """Makes the pages independent of where the site stands: paths that began at the base now begin at each page."""
    for page in output.rglob("index.html"):
        up = "../" * (len(page.relative_to(output).parts) - 1) or "./"
        text = page.read_text().replace('var baseUrl = "/swift/"', f'var baseUrl = new URL("{up}", location.href).pathname')
        text = text.replace('<div id="app">', BACK.format(up) + '<div id="app">')
        page.write_text(text.replace('"/swift/', f'"{up}'))


def main(build, output):
    work, pages = output.with_name(output.name + "-work"), output / "swift"
    shutil.rmtree(work, ignore_errors=True)
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir(parents=True)
    (work / "raw").mkdir(parents=True)
    (work / "graph").mkdir()
    catalog = work / f"{UMBRELLA}.docc"
    catalog.mkdir()
    extract(build, work / "raw")
    (work / "graph" / f"{UMBRELLA}.symbols.json").write_text(json.dumps(merged(work / "raw")))
    (catalog / f"{UMBRELLA}.md").write_text(landing_page())
    command = ["docc", "convert", str(catalog), "--additional-symbol-graph-dir", str(work / "graph"), "--output-dir", str(pages)]
    command += ["--transform-for-static-hosting", "--hosting-base-path", "swift", "--warnings-as-errors"]
    command += ["--fallback-bundle-identifier", "pairbath", "--fallback-default-module-kind", "Library"]
    subprocess.run(command, check=True, env={**os.environ, "DOCC_JSON_PRETTYPRINT": "0"})
    relative(pages)


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute(), Path(sys.argv[2]).absolute())
