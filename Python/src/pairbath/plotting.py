"""Curves and maps of results with matplotlib."""

from __future__ import annotations

from typing import Any, Optional

import numpy as np
import xarray as xr

from .accessor import finite, nearest
from .errors import argument_error

_LABELS = ("electrode", "electrode2", "bath", "bath2", "channel", "reservoir", "reservoir2", "terminal", "terminal2", "mode", "mode2")
_UNITLESS = {"1", ""}


def label(variable: Any, name: str) -> str:
    """The name of an axis with its unit, from the attributes."""
    words = variable.attrs.get("long_name", name)
    words = name if words == f"sweep variable {name}" else words
    unit = variable.attrs.get("units_in_words", variable.attrs.get("units", ""))
    return words if unit in _UNITLESS else f"{words} ({unit})"


def draw(data: xr.Dataset, name: str, x: Optional[str], ax: Any, errors: bool, options: dict) -> Any:
    """Draws a variable of a result; see ``Dataset.pairbath.plot``."""
    try:
        import matplotlib.pyplot as plt
    except ImportError:
        raise argument_error("plot", "no matplotlib", "matplotlib", "pip install 'pairbath[plot]'") from None
    if name not in data:
        raise argument_error("name", repr(name), nearest(name, [str(n) for n in data.data_vars]))
    values = data[name]
    if "ri" in values.dims and not values.isel(ri=1).any():
        data = data.isel(ri=[0])  # a real spectrum
        values = data[name]
    numeric = [str(d) for d in values.dims if d in data.coords and d not in _LABELS and d != "ri" and data[d].dtype.kind in "iuf"]
    if x is None:
        x = max(reversed(numeric), key=lambda d: values.sizes[d]) if numeric else None
    if x is None or x not in values.dims:
        raise argument_error("x", repr(x), f"one of {', '.join(map(str, numeric)) or 'no axis: this variable has one state'}")
    others = [d for d in numeric if d != x and values.sizes[d] > 1]
    if ax is None:
        _, ax = plt.subplots(layout="constrained")
    if len(others) == 1 and values.sizes[others[0]] > 8 and all(values.sizes[d] == 1 for d in values.dims if d not in (x, others[0])):
        _map(values, x, others[0], ax, options)
    else:
        _curves(data, name, x, ax, errors, options)
    ax.set_xlabel(label(data[x], x))
    return ax


def _map(values: xr.DataArray, x: str, y: str, ax: Any, options: dict) -> None:
    field = values.squeeze([d for d in values.dims if d not in (x, y)], drop=True).transpose(y, x)
    numbers = finite(field.values)
    if numbers.size and numbers.min() < 0 < numbers.max():
        limit = float(np.abs(numbers).max())
        options = {"cmap": "RdBu_r", "vmin": -limit, "vmax": limit, **options}
    mesh = ax.pcolormesh(field[x].values, field[y].values, field.values, **{"shading": "nearest", "rasterized": True, **options})
    ax.figure.colorbar(mesh, ax=ax, label=label(values, str(values.name)))
    ax.set_ylabel(label(values[y], y))


def _curves(data: xr.Dataset, name: str, x: str, ax: Any, errors: bool, options: dict) -> None:
    values = data[name]
    rest = [d for d in values.dims if d != x]
    stacked = values.stack(curve=rest).transpose("curve", x) if rest else values.expand_dims("curve")
    bands = None
    if errors and f"{name}_error" in data:
        error = data[f"{name}_error"]
        bands = error.stack(curve=rest).transpose("curve", x) if rest else error.expand_dims("curve")
    several = stacked.sizes["curve"] > 1
    for i in range(stacked.sizes["curve"]):
        curve = stacked.isel(curve=i)
        (line,) = ax.plot(curve[x].values, curve.values, label=_words(values, rest, i) if several else None, **options)
        if bands is not None:
            width = bands.isel(curve=i).values
            ax.fill_between(curve[x].values, curve.values - width, curve.values + width, color=line.get_color(), alpha=0.25, linewidth=0)
    if several:
        ax.legend()
    ax.set_ylabel(label(values, name))


def _words(values: xr.DataArray, dims: list, number: int) -> str:
    index = np.unravel_index(number, [values.sizes[d] for d in dims])
    words = []
    for d, i in zip(dims, index):
        if values.sizes[d] == 1:
            continue
        at = values[d].values[i] if d in values.coords else i
        words.append(str(at) if d in _LABELS[:-2] or d == "ri" else f"{d} = {at:g}" if isinstance(at, (int, float, np.number)) else str(at))
    return ", ".join(words)
