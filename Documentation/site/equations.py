"""Numbered equations as targets, and the numbers in the text as links to them.

On the page an equation carries its number as \\tag{6}, and the text says "(6)". On the site the equation can be reached as `#equation-6`.
"""

import re

# Code, display equations and inline equations: no number in them is a reference.
APART = re.compile(r"(`[^`]*`|\$\$.*?\$\$|\$[^$]+\$)", re.S)
TAG = re.compile(r"\\tag\{(\d+)\}")


def linked(text):
    """The page with a target before every numbered equation that begins a line, and links from the numbers in the text."""
    pieces = APART.split(text)
    known = set()
    for place in range(1, len(pieces), 2):
        number = TAG.search(pieces[place])
        before = pieces[place - 1]
        if number and (before.endswith("\n") or not before):
            known.add(number.group(1))
            pieces[place - 1] = before + ("" if before.endswith("\n\n") else "\n") + f"(equation-{number.group(1)})=\n"
    for place in range(0, len(pieces), 2):
        pieces[place] = re.sub(
            r"\((\d{1,2})\)",
            lambda found: f"[({found.group(1)})](#equation-{found.group(1)})" if found.group(1) in known else found.group(0),
            pieces[place],
        )
    return "".join(pieces)
