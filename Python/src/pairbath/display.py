"""The pair baths of a junction as a table and a picture, for people to look at."""

from __future__ import annotations

import html

import numpy as np
import xarray as xr


def pair_baths(data: xr.Dataset) -> xr.Dataset:
    """Chemical potential and temperature of every pair bath of a result.

    The pairs of an electron from electrode a that ends in b are an equilibrium bath of bosons with the chemical potential
    mu_a - mu_b; it has a temperature where T_a = T_b, and none (NaN) elsewhere.
    """
    mu, temperature = data["chemical_potential"], data["temperature"]
    names = [str(name) for name in data["electrode"].values]
    labels = [f"{a}>{b}" for a in names for b in names]

    def table(values: xr.DataArray, combine) -> xr.DataArray:
        rows = [combine(values.sel(electrode=a, drop=True), values.sel(electrode=b, drop=True)) for a in names for b in names]
        return xr.concat(rows, dim=xr.DataArray(labels, dims="channel", name="channel"))

    potentials = table(mu, lambda a, b: a - b)
    temperatures = table(temperature, lambda a, b: a.where(np.isclose(a, b, rtol=1e-12, atol=0)))
    potentials.attrs = {"units": mu.attrs.get("units", ""), "long_name": "Chemical potential of the pairs, mu_a - mu_b"}
    temperatures.attrs = {"units": temperature.attrs.get("units", ""), "long_name": "Temperature of the pairs"}
    return xr.Dataset({"pair_chemical_potential": potentials, "pair_temperature": temperatures})


def pair_bath_html(description: dict) -> str:
    """Table and picture of the pair baths at a junction's first state; empty without electrodes."""
    state = description.get("first_state") or {}
    electrodes = state.get("electrodes", [])
    if not electrodes:
        return ""
    natural = description["units"] == "natural"
    units = ("", "") if natural else (" eV", " K")
    rows, levels = [], []
    for a in electrodes:
        for b in electrodes:
            potential = a["chemical_potential"] - b["chemical_potential"]
            same = abs(a["temperature"] - b["temperature"]) <= 1e-12 * abs(a["temperature"])
            levels.append((f"{a['name']}>{b['name']}", potential, "pair"))
            rows.append((f"{a['name']}>{b['name']}", f"{potential:.6g}{units[0]}", f"{a['temperature']:.6g}{units[1]}" if same else "none"))
    for bath in state.get("baths", []):
        levels.append((bath["name"], bath["chemical_potential"], "bath"))
        rows.append((bath["name"], f"{bath['chemical_potential']:.6g}{units[0]}", f"{bath['temperature']:.6g}{units[1]}"))
    cells = "".join("<tr>" + "".join(f"<td style='text-align:left'>{html.escape(text)}</td>" for text in row) + "</tr>" for row in rows)
    table = f"<table><tr><th>bath</th><th>chemical potential</th><th>temperature</th></tr>{cells}</table>"
    return f"<div>Baths the bosons see at the first state (a&gt;b: pairs of an electron from a that ends in b)</div>{table}{_picture(levels)}"


def _picture(levels: list) -> str:
    """Chemical potentials of the baths as levels, SVG."""
    values = [value for _, value, _ in levels]
    low, high = min(values + [0.0]), max(values + [0.0])
    span = (high - low) or 1.0
    width, height, margin = 70 * len(levels) + 20, 130, 22

    def y(value: float) -> float:
        return margin + (high - value) / span * (height - 2 * margin - 12) if high > low else height / 2 - 6

    lines = [
        f"<line x1='5' x2='{width - 5}' y1='{y(0):.1f}' y2='{y(0):.1f}' stroke='#999' stroke-dasharray='3 3'/>",
        f"<text x='{width - 5}' y='{y(0) - 3:.1f}' font-size='9' text-anchor='end' fill='#999'>0</text>",
    ]
    for i, (name, value, kind) in enumerate(levels):
        color = "#0072b2" if kind == "pair" else "#d55e00"
        x = 15 + 70 * i
        lines.append(f"<line x1='{x}' x2='{x + 50}' y1='{y(value):.1f}' y2='{y(value):.1f}' stroke='{color}' stroke-width='3'/>")
        lines.append(f"<text x='{x + 25}' y='{height - 6}' font-size='11' text-anchor='middle' fill='{color}'>{html.escape(name)}</text>")
    body = "".join(lines)
    label = "Chemical potentials of the baths"
    return f"<svg width='{width}' height='{height}' role='img' aria-label='{label}' font-family='sans-serif'><title>{label}</title>{body}</svg>"
