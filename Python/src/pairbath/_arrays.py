"""Arrays of users, checked: numbers of known shape that C can read."""

from __future__ import annotations

from typing import Any

import numpy as np

from .errors import argument_error


def is_sparse(value: Any) -> bool:
    """True for matrices and arrays of scipy.sparse."""
    return type(value).__module__.startswith("scipy.sparse") and hasattr(value, "tocoo")


def rank(value: Any, argument: str) -> int:
    """The number of dimensions of an array-like; an error for ragged lists."""
    if is_sparse(value):
        return 2
    try:
        return np.ndim(value)
    except ValueError:
        raise argument_error(argument, "rows of different lengths", "a rectangular array") from None


def numbers(value: Any, argument: str, rank: int | tuple[int, ...] | None = None, real: bool = False) -> np.ndarray:
    """The numbers of an array-like as float64 or complex128 in row-major order.

    Raises
    ------
    ModelError
        For masked, object, text, boolean and NaN arrays, other ranks, and complex numbers where ``real``.
    """
    if isinstance(value, np.ma.MaskedArray) and np.ma.is_masked(value):
        raise argument_error(argument, "a masked array with masked elements", "numbers", "fill it: array.filled(0)")
    if hasattr(value, "magnitude") and hasattr(value, "units"):
        raise argument_error(argument, f"a quantity in {value.units}", "plain numbers in the units of the model", "value.to('eV').magnitude")
    if is_sparse(value):
        found = f"a sparse matrix, shape {value.shape}"
        raise argument_error(argument, found, "an array; H, S and lists of couplings may be sparse", "matrix.toarray()")
    if value is None or isinstance(value, (str, bytes, set, dict)) or hasattr(value, "__next__"):
        raise argument_error(argument, f"{type(value).__name__}", "an array or a list of numbers")
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise argument_error(argument, f"no rectangular array ({error})", "rows of equal length") from None
    if array.dtype.kind not in "iufc":
        found = f"dtype {array.dtype}, shape {array.shape}"
        hint = "convert it: array.astype(float)" if array.dtype.kind in "bm" else ""
        raise argument_error(argument, found, "real or complex numbers", hint)
    if rank is not None and array.ndim not in (rank if isinstance(rank, tuple) else (rank,)):
        ranks = " or ".join(str(r) for r in (rank if isinstance(rank, tuple) else (rank,)))
        raise argument_error(argument, f"shape {array.shape}", f"{ranks} dimensions")
    shape = array.shape  # ascontiguousarray makes one dimension of none
    if array.dtype.kind == "c":
        array = np.ascontiguousarray(array, dtype=np.complex128)
        if real or not array.imag.any():
            if array.imag.any():
                raise argument_error(argument, f"complex numbers, shape {array.shape}", "real numbers")
            array = np.ascontiguousarray(array.real)
    else:
        array = np.ascontiguousarray(array, dtype=np.float64)
    array = array.reshape(shape)
    if not np.isfinite(array).all():
        place = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        found = f"{array[place]} at index {place}, shape {array.shape}"
        raise argument_error(argument, found, "finite numbers")
    return array


def square(value: Any, argument: str) -> np.ndarray:
    """A square matrix."""
    matrix = numbers(value, argument, rank=2)
    if matrix.shape[0] != matrix.shape[1] or matrix.shape[0] == 0:
        raise argument_error(argument, f"shape {matrix.shape}", "a square matrix")
    return matrix


def indices(value: Any, argument: str) -> list[int]:
    """Whole numbers from 0, as of orbitals."""
    array = np.atleast_1d(np.asarray(value))
    if array.dtype.kind == "b" or array.dtype.kind not in "iuf" or array.ndim != 1 or (array != np.floor(array)).any() or (array < 0).any():
        raise argument_error(argument, f"{value!r}"[:80], "a list of whole numbers from 0")
    return [int(i) for i in array]


def has_text(value: Any) -> bool:
    """True where a nested list holds expressions: names of parameters or arithmetic."""
    if isinstance(value, str):
        return True
    if isinstance(value, (list, tuple)):
        return any(has_text(item) for item in value)
    return isinstance(value, np.ndarray) and value.dtype.kind in "UO" and any(isinstance(item, str) for item in value.flat)
