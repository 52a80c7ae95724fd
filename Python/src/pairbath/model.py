"""What every kind of model can do: run, describe itself, save, be copied and pickled."""

from __future__ import annotations

import html
import os
import pathlib
import threading
from collections.abc import Iterable, Mapping
from typing import Any, Optional, TypeVar, Union

import numpy as np
import xarray as xr

from . import _arrays, _results, _yaml
from ._model import Model, ModelArray
from ._progress import Monitoring, Progress
from .errors import Interrupted, argument_error

#: Axes with more values are arrays in memory, not text.
_SHORT = 8
_Kind = TypeVar("_Kind", bound="System")
_COMPUTE = ("level", "observables", "tolerance", "frequencies", "energies")


class System:
    """A model of any kind: a junction, two bodies, terminals, given pair spectra.

    Immutable; every method that computes returns a new object. `Junction`, `Bodies` and `Terminals` make one from Python objects,
    `pairbath.load` from a file.
    """

    def __init__(
        self,
        text: Optional[str] = None,
        arrays: Optional[Mapping[str, ModelArray]] = None,
        file: Optional[str] = None,
        folder: Optional[str] = None,
        overrides: Iterable[str] = (),
    ) -> None:
        self._text, self._file, self._folder = text, file, folder
        self._arrays = dict(arrays or {})
        self._overrides = tuple(overrides)
        self._read()

    def _read(self) -> None:
        self._model = Model.read(self._text, self._file, self._folder, self._arrays, self._overrides)
        self._known: Optional[dict] = None

    def __getstate__(self) -> dict:
        state = self.__dict__.copy()
        del state["_model"]
        return state

    def __setstate__(self, state: dict) -> None:
        self.__dict__.update(state)
        self._read()

    # Descriptions

    @property
    def description(self) -> dict:
        """What the core understood: title, kind, units, parts, sweep, states."""
        if self._known is None:
            self._known = self._model.description
        return self._known

    @property
    def text(self) -> str:
        """The model (YAML) with its changes."""
        return self.description["text"]

    @property
    def observables(self) -> xr.Dataset:
        """Everything that may be asked for: name of the result, the observable that brings it, dimensions, unit, words."""
        rows = self._model.observables
        columns = {key: ("name", [row[key] for row in rows]) for key in ("observable", "unit", "description")}
        columns["dimensions"] = ("name", [", ".join(row["dimensions"]) for row in rows])
        return xr.Dataset(columns, coords={"name": [row["name"] for row in rows]})

    def plan(self, workers: Optional[int] = None) -> tuple[float, int]:
        """Expected seconds and bytes of `run`; parts of it are run for about a second."""
        return self._model.plan(_workers(workers))

    def __repr__(self) -> str:
        known = self.description
        lines = [f"<pairbath.{type(self).__name__} {known['title']!r}>" if known["title"] else f"<pairbath.{type(self).__name__}>"]
        lines += [f"  {name}: {value}" for name, value in known["parts"]]
        lines += [f"  sweep {a['name']}: {a['points']} points, {a['first']:g} to {a['last']:g}" for a in known["sweep"]]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        known = self.description
        rows = [(name, value) for name, value in known["parts"]]
        rows += [(f"sweep {a['name']}", f"{a['points']} points, {a['first']:g} to {a['last']:g}") for a in known["sweep"]]
        cells = "".join(
            f"<tr><th style='text-align:left'>{html.escape(a)}</th><td style='text-align:left'>{html.escape(b)}</td></tr>" for a, b in rows
        )
        title = html.escape(known["title"] or type(self).__name__)
        return f"<b>{title}</b><table>{cells}</table>"

    # Computing

    def with_(self: _Kind, **changes: Any) -> _Kind:
        """The same model with other values: parameters (a number or a text with a unit), or key paths through `set`.

        >>> junction.with_(T=4.2, set={"baths.ph.friction": 0.01})
        """
        overrides, arrays = self._changes(changes)
        return self._copy(self._text, self._overrides + tuple(overrides), {**self._arrays, **arrays})

    def _copy(self: _Kind, text: Optional[str], overrides: tuple, arrays: dict) -> _Kind:
        copy = self.__class__.__new__(self.__class__)
        copy.__dict__.update(self.__dict__)
        copy._text, copy._overrides, copy._arrays = text, overrides, arrays
        if text is not None and self._text is None and self._file is not None:
            copy._folder = os.path.dirname(self._file) or "."
        copy._read()
        return copy

    def run(
        self,
        *,
        workers: Optional[int] = None,
        progress: Progress = None,
        cancel: Optional[threading.Event] = None,
        output: Union[None, str, "os.PathLike[str]"] = None,
        **changes: Any,
    ) -> xr.Dataset:
        """Computes every state.

        Parameters
        ----------
        workers : int, optional
            Threads; the numbers do not depend on it. Default all cores.
        progress : bool or callable, optional
            True: a bar (tqdm); a function of (stage, done, total); False: nothing. By default a bar where somebody looks on and it
            takes longer than a second.
        cancel : threading.Event, optional
            Ends the run within half a second once it is set, as Control-C does.
        output : path, optional
            Also writes the result file (NetCDF), the same as the command writes.
        **changes
            Numbers set parameters, one-dimensional arrays make axes of the sweep in the order of the keywords; `observables`, `level`,
            `tolerance`, `frequencies`, `energies` and `compute` (a dictionary) say what is wanted; `set` (a dictionary) changes
            any key path of the model.

        Returns
        -------
        xarray.Dataset
            Variables X and X_error (absolute, from the arithmetic) with the names, dimensions and attributes of the result file.
            Numbers are shared with the core and read-only: ``dataset.copy(deep=True)`` has its own.

        Raises
        ------
        ModelError
            What makes no sense, with the argument or key path, what was found and what is allowed.
        ConvergenceError
            No state reached its tolerance; the values are in the exception's `dataset`.
        Interrupted
            Control-C or `cancel`; the finished states are in the exception's `dataset`.

        Warns
        -----
        UnfinishedWarning
            Some states have no answer; `status` marks them.
        """
        monitoring = Monitoring(progress, cancel)
        count = _workers(workers)
        overrides, arrays = self._changes(changes)
        model = self._model.change(overrides, arrays) if overrides else self._model
        result = model.run(count, monitoring)
        if output is not None:
            result.write(os.fspath(output))
        if monitoring.was_interrupted:  # also where the last state was done already
            raise _results.interrupted(result, "run")
        return _results.answered(result, "run")

    def optimize(
        self,
        objective: str,
        bounds: Mapping[str, tuple[float, float]],
        *,
        minimize: bool = False,
        evaluations: int = 300,
        tolerance: float = 1e-4,
        progress: Progress = None,
        cancel: Optional[threading.Event] = None,
        **changes: Any,
    ) -> "Optimum":
        """Finds the numbers of the model that make one number of its state largest, or smallest.

        Parameters
        ----------
        objective : str
            For example ``"cooling_power"``, ``"charge_current:L"``, ``"power*efficiency"``.
        bounds : dict
            Names (parameters, or key paths such as ``"electrodes.L.broadening"``) with (low, high), in the units of the model.
        evaluations, tolerance : int, float
            Most evaluations; the part of the ranges by which values still move when the search rests.

        Raises
        ------
        Interrupted
            Control-C or `cancel`; the best so far is in the exception's `optimum`.
        """
        ranges = {}
        for name, ends in bounds.items():
            pair = _arrays.numbers(ends, f"bounds[{name!r}]", rank=1, real=True)
            if pair.shape != (2,):
                raise argument_error(f"bounds[{name!r}]", f"{len(pair)} numbers", "(low, high)")
            ranges[str(name)] = (float(pair[0]), float(pair[1]))
        overrides, arrays = self._changes(changes)
        model = self._model.change(overrides, arrays) if overrides else self._model
        monitoring = Monitoring(progress, cancel)
        found = model.optimize(ranges, objective, not minimize, evaluations, tolerance, monitoring)
        optimum = Optimum(self._copy(found["model_text"], (), {**self._arrays, **arrays}), found)
        if found["ended"] or monitoring.was_interrupted:
            error = Interrupted("optimize: interrupted; the best so far is in the exception's optimum", exit_code=130)
            error.optimum = optimum
            raise error
        return optimum

    # Files

    def save(self, folder: Union[str, "os.PathLike[str]"]) -> pathlib.Path:
        """Writes model.yaml, and junction.nc where arrays are in memory, for `pairbath run FOLDER/model.yaml`."""
        place = pathlib.Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        self._model.save(str(place))
        return place / "model.yaml"

    # Changes

    def _changes(self, changes: dict) -> tuple[list[str], dict[str, ModelArray]]:
        """Changes as behind ``--set``, and the arrays they name."""
        overrides: list[str] = []
        arrays: dict[str, ModelArray] = {}
        compute = _mapping(changes.pop("compute", None), "compute")
        settings = _mapping(changes.pop("set", None), "set")
        for key in _COMPUTE:
            value = changes.pop(key, None)
            if value is None:
                continue
            if key in compute:
                raise argument_error(key, "a value beside the one in compute", "one of them")
            compute[key] = value
        if isinstance(compute.get("observables"), str):
            compute["observables"] = [compute["observables"]]
        for name, value in self._state(dict(changes), settings).items():
            overrides.append(self._variable(name, value, arrays))
        for key, value in compute.items():
            overrides.append(_setting(f"compute.{key}", value, key, arrays))
        for path, value in settings.items():
            overrides.append(_setting(str(path), value, str(path), arrays))
        return overrides, arrays

    def _state(self, changes: dict, settings: dict) -> dict:
        """Variables of the state by their names; words such as `mu` of several electrodes become variables and `settings`."""
        return changes

    def _variable(self, name: str, value: Any, arrays: dict) -> str:
        if isinstance(value, str):
            return f"{name}={_yaml.text(value)}"
        if isinstance(value, (bool, np.bool_)) or value is None:
            raise argument_error(name, repr(value), "a number, a text with a unit, or an array of numbers")
        if isinstance(value, Mapping):
            return f"sweep.{name}={_yaml.flow(dict(value), name)}"
        if isinstance(value, (list, tuple)) and value and all(isinstance(item, str) for item in value):
            return f"sweep.{name}={_yaml.flow(value, name)}"
        array = _arrays.numbers(value, name, rank=(0, 1), real=True)
        if array.ndim == 0:
            return f"{name}={_yaml.scalar(float(array), name)}"
        if array.size == 0:
            raise argument_error(name, "an empty array", "at least one value")
        if array.size <= _SHORT:
            return f"sweep.{name}={_yaml.flow(array, name)}"
        arrays[f"axis_{name}"] = ModelArray(array)
        return f"sweep.{name}={{array: axis_{name}}}"


class Optimum:
    """What a search found.

    Attributes
    ----------
    values : dict
        Name to value, in the units of the model.
    objective, objective_error, unit : float, float, str
        The objective there with its numerical error.
    evaluations, converged : int, bool
        How often the model was computed, and whether the search came to rest.
    model : System
        The model with these values.
    """

    def __init__(self, model: "System", found: dict) -> None:
        self.model = model
        self.values: dict = found["values"]
        self.objective: float = found["objective"]
        self.objective_error: float = found["objective_error"]
        self.unit: str = found["unit"]
        self.evaluations: int = found["evaluations"]
        self.converged: bool = found["converged"]

    def __repr__(self) -> str:
        values = ", ".join(f"{name} = {value:.6g}" for name, value in self.values.items())
        rest = "converged" if self.converged else "not converged"
        unit = f" {self.unit}" if self.unit else ""
        return f"<pairbath.Optimum {values}; objective {self.objective:.8g} +- {self.objective_error:.1g}{unit}; {self.evaluations} evaluations, {rest}>"


def _setting(path: str, value: Any, argument: str, arrays: dict) -> str:
    if not isinstance(value, (str, bytes, Mapping)) and np.ndim(value) == 1 and np.asarray(value).dtype.kind in "iuf" and np.size(value) > 64:
        if path in ("compute.frequencies", "compute.energies"):
            name = path.replace(".", "_")
            arrays[name] = ModelArray(_arrays.numbers(value, argument, rank=1, real=True))
            return f"{path}={{array: {name}}}"
    return f"{path}={_yaml.flow(value, argument)}"


def _mapping(value: Any, argument: str) -> dict:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise argument_error(argument, type(value).__name__, "a dictionary")
    return dict(value)


def _workers(workers: Optional[int]) -> int:
    if workers is None:
        return 0
    if isinstance(workers, bool) or not isinstance(workers, (int, np.integer)) or workers < 1:
        raise argument_error("workers", repr(workers), "a whole number from 1, or None for all cores")
    return int(workers)
