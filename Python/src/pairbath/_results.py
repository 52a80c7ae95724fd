"""Results as labelled arrays: the same names, units and attributes as in the result file."""

from __future__ import annotations

import ctypes
import os
import sys
import warnings
from typing import Any, Union

import numpy as np
import xarray as xr

from ._library import Attribute, Variable
from ._model import Result
from .errors import ConvergenceError, Interrupted, UnfinishedWarning

_INTEGERS, _STRINGS = 2, 3


class _Numbers:
    """Numbers of a result where the core has them, for NumPy to look at; keeps the result alive."""

    __slots__ = ("__array_interface__", "_owner")

    def __init__(self, owner: Result, address: int, shape: tuple) -> None:
        self._owner = owner
        self.__array_interface__ = {"version": 3, "typestr": "<f8", "shape": shape, "data": (address, True)}


def _attributes(records: Any, count: int) -> dict:
    found: dict = {}
    for i in range(count):
        record: Attribute = records[i]
        if record.text is not None:
            found[record.name.decode()] = record.text.decode()
        else:
            numbers = np.array(record.numbers[: record.count]) if record.count else np.array([])
            found[record.name.decode()] = float(numbers[0]) if len(numbers) == 1 else numbers
    return found


def _values(owner: Result, record: Variable, shape: tuple) -> np.ndarray:
    if record.kind == _STRINGS:
        texts = [text.decode() for text in record.strings[: record.count]] if record.count else []
        return np.array(texts, dtype=object).reshape(shape)
    if record.count == 0:
        return np.empty(shape)
    values = np.asarray(_Numbers(owner, record.numbers, shape))
    return values.astype(np.int32) if record.kind == _INTEGERS else values


def dataset(result: Result) -> xr.Dataset:
    """A dataset that shares the numbers of a result."""
    contents = result.contents
    variables: dict = {}
    coordinates: set = set()
    for i in range(contents.variable_count):
        record = contents.variables[i]
        name = record.name.decode()
        dimensions = tuple(text.decode() for text in record.dimensions[: record.rank]) if record.rank else ()
        shape = tuple(record.shape[: record.rank]) if record.rank else ()
        attributes = _attributes(record.attributes, record.attribute_count)
        coordinates.update(attributes.pop("coordinates", "").split())
        if dimensions == (name,):
            coordinates.add(name)
        variables[name] = xr.Variable(dimensions, _values(result, record, shape), attributes, fastpath=True)
    known = {name: variables.pop(name) for name in list(variables) if name in coordinates}
    return xr.Dataset(variables, coords=known, attrs=_attributes(contents.attributes, contents.attribute_count))


def interrupted(result: Result, where: str) -> Interrupted:
    """The exception of a run that was ended, with what is finished."""
    error = Interrupted(f"{where}: interrupted; the finished states are in the exception's dataset", exit_code=130)
    error.dataset = dataset(result)
    return error


def answered(result: Result, where: str) -> xr.Dataset:
    """The dataset of a run, with the warning or exception that its exit code asks for.

    Raises
    ------
    ConvergenceError
        When no state reached its tolerance; the dataset is in the exception.
    Interrupted
        After Control-C or a set event; the finished states are in the exception.
    """
    data = dataset(result)
    if result.exit_code == 0:
        return data
    notes = "\n".join(result.notes)
    if result.exit_code == 130:
        raise interrupted(result, where)
    if result.exit_code == 70:
        error = ConvergenceError(f"{where}: no state reached its tolerance; the exception's dataset has the values.\n{notes}", exit_code=70)
        error.dataset = data
        raise error
    _warn(notes)
    return data


def _warn(notes: str) -> None:
    """Warns at the line of the caller outside this package."""
    folder = os.path.dirname(__file__)
    level, frame = 2, sys._getframe(1)
    while frame.f_back is not None and os.path.dirname(frame.f_code.co_filename) == folder:
        level, frame = level + 1, frame.f_back
    warnings.warn(notes, UnfinishedWarning, stacklevel=level)


def open_result(path: Union[str, "os.PathLike[str]"]) -> xr.Dataset:
    """Reads a result file, compares it with its checksum and returns it as a dataset.

    Raises
    ------
    FileError, ModelError
        When the file cannot be read, is no result, or is damaged.
    """
    return dataset(Result.read(os.fspath(path)))
