"""``Dataset.pairbath``: plots with errors, complex spectra, what is marked."""

from __future__ import annotations

from typing import Any, Optional

import numpy as np
import xarray as xr

from .errors import argument_error


@xr.register_dataset_accessor("pairbath")
class PairbathAccessor:
    """What a result of Pairbath can do besides being a dataset."""

    def __init__(self, data: xr.Dataset) -> None:
        self._data = data

    def complex(self, name: str) -> xr.DataArray:
        """A spectrum with its parts `ri` as complex numbers."""
        values = self._variable(name)
        if "ri" not in values.dims:
            raise argument_error("name", f"'{name}' over {values.dims}", "a variable with the dimension ri")
        return values.isel(ri=0, drop=True) + 1j * values.isel(ri=1, drop=True)

    def error(self, name: str) -> xr.DataArray:
        """The absolute error estimate of a variable."""
        self._variable(name)
        if name + "_error" not in self._data:
            raise argument_error("name", f"'{name}'", "a computed variable; this one is exact input")
        return self._data[name + "_error"]

    @property
    def unfinished(self) -> xr.DataArray:
        """True at states without an answer: no steady state, tolerance missed, not computed."""
        return self._data["status"] != 0

    def pair_baths(self) -> xr.Dataset:
        """Chemical potentials and temperatures of the electron-hole pair baths at every state."""
        from .display import pair_baths

        return pair_baths(self._data)

    def plot(self, name: Optional[str] = None, x: Optional[str] = None, ax: Any = None, errors: bool = True, **options: Any) -> Any:
        """Draws a variable over one sweep variable (curves with error bands) or two (a map).

        Parameters
        ----------
        name : str, optional
            Default: the first computed variable.
        x : str, optional
            The horizontal axis; default the one with most values, of equals the last.
        ax : matplotlib Axes, optional
        errors : bool
            Bands of the error estimates, visible where they are large.
        **options
            For matplotlib's ``plot`` or ``pcolormesh``.

        Returns
        -------
        matplotlib Axes
        """
        from .plotting import draw

        return draw(self._data, name or self._first(), x, ax, errors, options)

    def _first(self) -> str:
        for name in self._data.data_vars:
            if f"{name}_error" in self._data:
                return str(name)
        raise argument_error("name", "no computed variable", "a result of Pairbath")

    def _variable(self, name: str) -> xr.DataArray:
        if name not in self._data:
            raise argument_error("name", repr(name), nearest(name, [str(n) for n in self._data.data_vars if not str(n).endswith("_error")]))
        return self._data[name]


def nearest(name: str, known: list) -> str:
    """The allowed names, the nearest first where one is near."""
    import difflib

    near = difflib.get_close_matches(name, known, n=1)
    words = ", ".join(known)
    return f"'{near[0]}'? All: {words}" if near else words


def finite(values: np.ndarray) -> np.ndarray:
    """The numbers that are finite."""
    return values[np.isfinite(values)]
