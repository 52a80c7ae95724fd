"""Handles of the library: models and results, freed with their last reference."""

from __future__ import annotations

import ctypes
import json
from collections.abc import Mapping, Sequence
from typing import Any, Optional

import numpy as np

from . import _library
from ._library import Array, Source
from ._owning import free_with
from ._progress import Monitoring


class Model:
    """A model that the core has read and checked; what it was read from stays with it."""

    def __init__(self, pointer: int) -> None:
        self._pointer = pointer
        free_with(self, _library.library().pairbath_model_free, pointer)

    @classmethod
    def read(
        cls,
        text: Optional[str] = None,
        file: Optional[str] = None,
        folder: Optional[str] = None,
        arrays: Optional[Mapping[str, "ModelArray"]] = None,
        overrides: Sequence[str] = (),
        tolerance: float = 0.0,
    ) -> "Model":
        """Reads a model from a text, or from a file where there is none."""
        source, _keep = _source(arrays or {}, overrides, tolerance)
        source.text = None if text is None else text.encode()
        source.file = None if file is None else file.encode()
        source.folder = None if folder is None else folder.encode()
        return cls(_library.call("pairbath_model_read", ctypes.byref(source)))

    def change(self, overrides: Sequence[str], arrays: Mapping[str, "ModelArray"], tolerance: float = 0.0) -> "Model":
        """The same model with changes as behind ``--set``; the text is not parsed again."""
        source, _keep = _source(arrays, overrides, tolerance)
        return Model(_library.call("pairbath_model_change", self._pointer, ctypes.byref(source)))

    def _json(self, name: str) -> Any:
        text = _library.call(name, self._pointer)
        try:
            return json.loads(ctypes.string_at(text))
        finally:
            _library.library().pairbath_text_free(text)

    @property
    def description(self) -> dict:
        """What the model is."""
        return self._json("pairbath_model_description")

    @property
    def observables(self) -> list:
        """Everything that may be asked for."""
        return self._json("pairbath_model_observables")

    def save(self, folder: str) -> None:
        """Writes model.yaml and, where there are arrays, junction.nc."""
        _library.call("pairbath_model_save", self._pointer, folder.encode())

    def plan(self, workers: int = 0) -> tuple[float, int]:
        """Seconds and bytes a run is expected to take."""
        seconds, size = ctypes.c_double(), ctypes.c_int64()
        _library.call("pairbath_model_plan", self._pointer, workers, ctypes.byref(seconds), ctypes.byref(size))
        return seconds.value, size.value

    def run(self, workers: int = 0, monitoring: Optional[Monitoring] = None) -> "Result":
        """Computes every state; what the monitoring ended keeps what is finished (exit code 130)."""
        monitoring = monitoring or Monitoring()
        with monitoring:
            return Result(_library.call("pairbath_run", self._pointer, workers, monitoring.callback, None))

    def optimize(
        self,
        bounds: Mapping[str, tuple[float, float]],
        objective: str,
        maximize: bool,
        evaluations: int,
        tolerance: float,
        monitoring: Optional[Monitoring] = None,
    ) -> dict:
        """Searches inside bounds; the fields of ``pairbath_optimum``."""
        names, count = _library.strings(list(bounds))
        lower = (ctypes.c_double * count)(*[low for low, _ in bounds.values()])
        upper = (ctypes.c_double * count)(*[high for _, high in bounds.values()])
        search = _library.Search(names, lower, upper, count, objective.encode(), int(maximize), evaluations, tolerance)
        monitoring = monitoring or Monitoring()
        with monitoring:
            place = _library.call("pairbath_optimize", self._pointer, ctypes.byref(search), monitoring.callback, None)
        try:
            found = place.contents
            return {
                "values": dict(zip(bounds, found.values[: found.count])),
                "objective": found.objective,
                "objective_error": found.objective_error,
                "unit": found.unit.decode(),
                "evaluations": found.evaluations,
                "converged": found.converged == 1,
                "ended": found.converged < 0,
                "model_text": found.model_text.decode(),
            }
        finally:
            _library.library().pairbath_optimum_free(place)


class ModelArray:
    """An array of a model in memory with its text attributes (``units``, ``convention``)."""

    __slots__ = ("attributes", "values")

    def __init__(self, values: Any, **attributes: str) -> None:
        array = np.asarray(values)
        kind = np.complex128 if array.dtype.kind == "c" else np.float64
        self.values = np.asarray(array, dtype=kind, order="C")
        self.attributes = attributes

    def __getstate__(self):
        return (self.values, self.attributes)

    def __setstate__(self, state):
        self.values, self.attributes = state


def _source(arrays: Mapping[str, ModelArray], overrides: Sequence[str], tolerance: float) -> tuple[Source, list]:
    """What a model is read from, and what must live meanwhile."""
    keep: list = []
    records = (Array * max(len(arrays), 1))()
    for record, (name, array) in zip(records, arrays.items()):
        values = array.values
        parts = [np.ascontiguousarray(values.real), np.ascontiguousarray(values.imag)] if values.dtype.kind == "c" else [values]
        shape = (ctypes.c_int64 * max(values.ndim, 1))(*values.shape)
        record.name, record.rank, record.shape = name.encode(), values.ndim, shape
        record.values = parts[0].ctypes.data
        record.imaginary = parts[1].ctypes.data if len(parts) > 1 else None
        if array.attributes:
            texts, _ = _library.strings([word for pair in array.attributes.items() for word in pair])
            ended = (ctypes.c_char_p * (len(texts) + 1))(*texts)
            record.attributes = ended
            keep.append(ended)
        keep += [parts, shape]
    changes, count = _library.strings(list(overrides))
    keep += [records, changes]
    return Source(None, None, None, records, len(arrays), changes, count, tolerance), keep


class Result:
    """A result of the core; arrays that share its numbers keep it alive."""

    def __init__(self, pointer: int) -> None:
        library = _library.library()
        self._pointer = pointer
        free_with(self, library.pairbath_result_free, pointer)
        self.contents = library.pairbath_result_contents(pointer).contents

    @classmethod
    def read(cls, path: str) -> "Result":
        """Reads a result file."""
        return cls(_library.call("pairbath_result_read", path.encode()))

    def write(self, path: str) -> None:
        """Writes a result file, whole or not at all."""
        _library.call("pairbath_result_write", self._pointer, path.encode())

    @property
    def exit_code(self) -> int:
        """What the command would end with."""
        return self.contents.exit_code

    @property
    def notes(self) -> list[str]:
        """What must be known before the numbers are used."""
        return [self.contents.notes[i].decode() for i in range(self.contents.note_count)]
