"""Gathers the sources of the site in one folder, with the repository's own tree, so that relative links stay what they are.

    python stage.py FOLDER

Pages of Documentation/ are taken as they are. A README becomes the index of its folder. Pages of examples get their model behind
them, and the table of Examples becomes a gallery. Files that did not change keep their times: Sphinx reads only what did.
"""

import re
import shutil
import sys
from pathlib import Path

import equations

ROOT = Path(__file__).resolve().parents[2]
SITE = Path(__file__).resolve().parent
# Of the C library, to look at or take along.
HEADER = Path("Sources/CPairbath/include/pairbath.h")
PAGES = ["CHANGELOG.md", "CONTRIBUTING.md"]
# Data that pages link to or notebooks read.
DATA = {".yaml", ".nc", ".svg", ".png", ".gp", ".py", ".json", ".txt", ".dat"}


class Stage:
    """A folder that ends up with exactly the files it was given."""

    def __init__(self, folder):
        self.folder = folder
        self.written = set()

    def write(self, name, text):
        path = self.folder / name
        self.written.add(path)
        if path.is_file() and path.read_text() == text:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def copy(self, source, name):
        path = self.folder / name
        self.written.add(path)
        if path.is_file() and path.stat().st_mtime >= source.stat().st_mtime and path.stat().st_size == source.stat().st_size:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, path)

    def finish(self):
        for path in sorted(self.folder.rglob("*"), reverse=True):
            if path.is_file() and path not in self.written:
                path.unlink()


def indexed(text):
    """Links to a README are links to the index of its folder."""
    return re.sub(r"(\]\([^)\s]*?)README\.md", r"\1index.md", text)


def example_page(folder):
    """The README of an example with its model behind."""
    text = indexed((folder / "README.md").read_text()).rstrip()
    files = sorted(p.name for p in folder.iterdir() if p.suffix in {".nc", ".py", ".gp"} and p.name in committed(folder))
    page = [text, "", "## The model", "", "```{literalinclude} model.yaml", ":language: yaml", "```", ""]
    names = ["model.yaml", *files]
    page += ["Files: " + ", ".join(f"{{download}}`{name}`" for name in names) + ".", ""]
    return "\n".join(page)


def committed(folder):
    """Names of data that belong to an example: results are not among them."""
    model = (folder / "model.yaml").read_text()
    return {p.name for p in folder.iterdir() if p.suffix != ".nc" or p.name in model}


def gallery(text):
    """The table of the examples as cards, with the pages behind it in the navigation."""
    rows = re.findall(r'^\| <img src="([^"]+)"[^>]*> \| \[([^\]]+)\]\(([^)]+)\) \| (.*) \|$', text, re.M)
    head = text.split("| | example |")[0].rstrip()
    lines = [head, "", "::::{grid} 1 2 2 3", ":gutter: 3", ""]
    for picture, name, link, words in rows:
        page = link.replace("README.md", "index")
        lines += [f":::{{grid-item-card}} {name}", f":link: {page}", ":link-type: doc", f":img-top: {picture}", "", words, ":::", ""]
    lines += ["::::", "", "```{toctree}", ":hidden:", ""]
    lines += [f"{name} <{link.replace('README.md', 'index')}>" for _, name, link, _ in rows] + ["```", ""]
    folders = {p.parent.name for p in (ROOT / "Examples").glob("*/model.yaml")}
    missing = folders.symmetric_difference(name for _, name, _, _ in rows)
    if missing:
        raise SystemExit(f"Examples/README.md and the folders of Examples differ: {', '.join(sorted(missing))}")
    return "\n".join(lines)


def repository_pages(stage):
    stage.copy(ROOT / HEADER, HEADER)
    for name in PAGES:
        source = ROOT / name
        stage.write(name, indexed(source.read_text()))
    for source in sorted((ROOT / "Documentation").rglob("*")):
        if SITE in source.parents or not source.is_file():
            continue
        name = source.relative_to(ROOT)
        if source.name == "README.md":
            stage.write(name.with_name("index.md"), formats(indexed(source.read_text()), source.parent))
        elif source.suffix == ".md":
            text = indexed(source.read_text())
            stage.write(name, equations.linked(text) if source.name == "Theory.md" else text)
        else:
            stage.copy(source, name)


def examples(stage):
    stage.write("Examples/index.md", gallery((ROOT / "Examples/README.md").read_text()))
    for model in sorted((ROOT / "Examples").glob("*/model.yaml")):
        folder = model.parent
        stage.write(f"Examples/{folder.name}/index.md", example_page(folder))
        names = committed(folder)
        for source in sorted(folder.iterdir()):
            if source.suffix in DATA and source.name in names:
                stage.copy(source, source.relative_to(ROOT))


def formats(text, folder):
    """The index of a folder of pages, with these in the navigation."""
    names = sorted(path.stem for path in folder.glob("*.md") if path.name != "README.md")
    return "\n".join([text.rstrip(), "", "```{toctree}", ":hidden:", "", *names, "```", ""])


def site_pages(stage):
    for source in sorted((SITE / "pages").rglob("*")):
        if source.is_file() and "__pycache__" not in source.parts and not source.name.startswith("."):
            stage.copy(source, source.relative_to(SITE / "pages"))


def adapters(stage):
    """The reference of the adapters to other packages: those that are there."""
    page = (SITE / "pages/python/reference.md").read_text()
    names = []
    for source in sorted((ROOT / "Python/src/pairbath/adapters").glob("*.py")):
        names += [f".. autofunction:: pairbath.{name}" for name in re.findall(r"^def ((?:from|to)_\w+)", source.read_text(), re.M)]
    if names:
        page += "\n".join(["", "## Adapters to other packages", "", "```{eval-rst}", *names, "```", ""])
    stage.write("python/reference.md", page)


if __name__ == "__main__":
    stage = Stage(Path(sys.argv[1]).absolute())
    repository_pages(stage)
    examples(stage)
    site_pages(stage)
    adapters(stage)
    stage.finish()
