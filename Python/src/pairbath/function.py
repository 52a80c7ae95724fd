"""States one by one: what fits, optimizers and control loops call many times."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Optional

import numpy as np

from . import _arrays, _library, _results
from ._model import Model, Result
from ._progress import Monitoring
from .accessor import nearest
from .errors import argument_error


class StateFunction:
    """Numbers of a junction as a function of some of its variables; made by `Junction.function`.

    Calling it costs the computation and some 50 microseconds: no text is read and no dataset is made.
    """

    def __init__(self, model: Model, variables: tuple, names: Optional[tuple], workers: int, origin: tuple) -> None:
        self._model, self.variables, self._names, self._workers, self._origin = model, variables, names, workers, origin
        self._is_checked = names is None

    def __repr__(self) -> str:
        return f"<pairbath.StateFunction of {', '.join(self.variables)}>"

    def __reduce__(self) -> tuple:
        return (_remade, self._origin)

    def __call__(self, *values: Any, **named: Any) -> dict:
        """The numbers at values of the variables.

        Parameters
        ----------
        *values, **named
            Numbers, or arrays that are broadcast against each other: one state for each element.

        Returns
        -------
        dict
            Name to array, shape (dimensions of the variable, shape of the values); X_error beside X. `status` says what became of
            each state, as in a dataset; nothing is warned about.
        """
        places = dict(zip(self.variables, values))
        for name, value in named.items():
            if name not in self.variables or name in places:
                raise argument_error(name, "no variable of this function" if name not in self.variables else "a value twice", ", ".join(self.variables))
            places[name] = value
        missing = [name for name in self.variables if name not in places]
        if missing or len(values) > len(self.variables):
            raise argument_error("values", f"{max(len(places), len(values))} values", f"one for each of {', '.join(self.variables)}")
        try:
            columns = np.broadcast_arrays(*[np.asarray(places[name], dtype=float) for name in self.variables])
        except (TypeError, ValueError):
            arrays = [_arrays.numbers(places[name], name, real=True) for name in self.variables]
            shapes = ", ".join(str(array.shape) for array in arrays)
            raise argument_error("values", f"shapes {shapes}", "numbers and arrays that can be broadcast against each other") from None
        shape = columns[0].shape
        rows = np.ascontiguousarray(np.stack([column.ravel() for column in columns], axis=1))
        if not np.isfinite(rows).all():
            bad = self.variables[int(np.argwhere(~np.isfinite(rows))[0][1])]
            raise argument_error(bad, "NaN or infinity", "finite numbers")
        if rows.size == 0:
            raise argument_error("values", "empty arrays", "one state at least")
        return self._numbers(self._run(rows), shape)

    def _run(self, rows: np.ndarray) -> Result:
        monitoring = Monitoring(False)
        with monitoring:
            arguments = (self._model._pointer, rows.ctypes.data, rows.shape[0], self._workers, monitoring.callback, None)
            result = Result(_library.call("pairbath_run_at", *arguments))
        if result.exit_code == 130 or monitoring.was_interrupted:
            raise _results.interrupted(result, "function")
        return result

    def _numbers(self, result: Result, shape: tuple) -> dict:
        contents = result.contents
        wanted = self._names
        found = {}
        for i in range(contents.variable_count):
            record = contents.variables[i]
            name = record.name.decode()
            if wanted is not None and name not in wanted:
                continue
            if record.kind == 3 or record.rank == 0 or record.dimensions[record.rank - 1] != b"point" or name == "point":
                continue
            own = tuple(record.shape[: record.rank - 1])
            values = np.asarray(_results._Numbers(result, record.numbers, own + shape)) if record.count else np.empty(own + shape)
            found[name] = values
        if not self._is_checked:
            missing = [name for name in wanted or () if name not in found and not name.endswith("_error")]
            if missing:
                known = [r.name.decode() for r in contents.variables[: contents.variable_count]]
                raise argument_error("names", repr(missing[0]), nearest(missing[0], [n for n in known if not n.endswith("_error")]))
            self._is_checked = True
        return found


def _remade(junction: Any, variables: list, observables: list, names: Any, workers: int, fixed: dict) -> StateFunction:
    return junction.function(variables, observables, names=names, workers=workers, **fixed)


def make(model: Model, variables: Iterable[str], names: Optional[Iterable[str]], workers: int, origin: tuple) -> StateFunction:
    """A function of a model whose sweep has exactly these variables, in this order."""
    wanted = None
    if names is not None:
        wanted = tuple(f"{name}{end}" for name in names for end in ("", "_error")) + ("status",)
    return StateFunction(model, tuple(variables), wanted, workers, origin)
