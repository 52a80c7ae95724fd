"""Checks that every relative link, picture and script of the built site leads to a file and, where it has one, to an anchor.

    python check_links.py SITE

Sphinx checks what it resolves itself; this sees what stands in the pages in the end: raw HTML, the gallery, the pages of DocC.
"""

import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit


class Page(HTMLParser):
    """The links of a page and the anchors it has."""

    def __init__(self, path):
        super().__init__()
        self.links, self.anchors = [], set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name in ("href", "src") and value is not None:
                self.links.append(value)
            if name in ("id", "name") and value is not None:
                self.anchors.add(value)


def target(page, link):
    """The file a link leads to."""
    path = (page.parent / unquote(urlsplit(link).path)).resolve() if urlsplit(link).path else page
    return path / "index.html" if path.is_dir() else path


def main(site):
    site = site.resolve()
    pages = {path: Page(path) for path in sorted(site.rglob("*.html"))}
    faults = []
    count = 0
    for path, page in pages.items():
        for link in page.links:
            if urlsplit(link).scheme or link.startswith("//"):
                continue
            count += 1
            found = target(path, link)
            anchor = unquote(urldefrag(link).fragment)
            if link.startswith("/") or not found.is_file() or not found.is_relative_to(site):
                faults.append(f"{path.relative_to(site)}: {link} leads nowhere")
            elif anchor and found in pages and anchor not in pages[found].anchors:
                faults.append(f"{path.relative_to(site)}: {link} has no such anchor")
    print("\n".join(faults) or f"links: {count} in {len(pages)} pages, none broken")
    if faults or not pages:
        raise SystemExit(1)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
