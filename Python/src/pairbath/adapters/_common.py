"""What the adapters share: the other package by name, refusals in one form, lists of atoms, constants of the SI."""

from __future__ import annotations

import importlib
import operator

import numpy as np

from ..errors import ConvergenceError, argument_error

# Exact constants of the SI of 2019, and the atomic mass constant and bohr radius of CODATA 2018.
_HBAR = 1.054571817e-34  # J s
_CHARGE = 1.602176634e-19  # C
_DALTON = 1.66053906660e-27  # kg
BOHR = 0.529177210903  # angstrom
HARTREE = 27.211386245988  # eV
WAVENUMBER = 1.239841984e-4  # eV per 1/cm

SPRING = _HBAR**2 * 1e20 / (_DALTON * _CHARGE)
"""hbar^2 over angstrom^2 amu, in eV: a spring of 1 eV/angstrom^2 on 1 amu is 4.180159e-3 eV^2."""


def need(module, extra, what):
    """Import another package, or say how to install it.

    Parameters
    ----------
    module : str
        Name of the module, "pyscf.scf" for example.
    extra : str
        The extra of pairbath that brings it.
    what : str
        What needs it, for the message.

    Raises
    ------
    ImportError
        The package is missing; the message has the command that installs it.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        package = module.split(".")[0]
        raise ImportError(
            f"{what} needs the package {package}, which cannot be imported here ({error}); next: pip install 'pairbath[{extra}]'"
        ) from error


def refuse(argument, found, allowed, hint=None):
    """The exception for an argument that makes no sense: `raise refuse(...)`.

    It is `pairbath.ModelError`: the names of the argument, what was found, what is allowed, what to do next.
    """
    return argument_error(argument, found, allowed, hint or "")


def not_converged(what, hint):
    """The exception for a calculation of the other package that does not converge: `raise not_converged(...)`."""
    return ConvergenceError(f"{what}; next: {hint}", code="notConverged", hint=hint)


def index_list(argument, values, count, what="atoms", empty=False):
    """Whole numbers from 0 below `count`, each once, in the order given.

    Raises
    ------
    pairbath.ModelError
        Not a list of whole numbers, out of range, or a number twice.
    """
    if np.ndim(values) == 0:
        values = [values]
    allowed = f"{what} as whole numbers from 0 to {count - 1}, each once"
    try:
        result = [operator.index(v) for v in values]
    except TypeError:
        raise refuse(argument, repr(values)[:80], allowed) from None
    if any(isinstance(v, (bool, np.bool_)) for v in values):
        raise refuse(argument, "a list of bool", allowed, f"numpy.flatnonzero({argument}) gives the numbers")
    wrong = [v for v in result if not 0 <= v < count]
    if wrong:
        raise refuse(argument, f"{wrong[0]}", allowed)
    if len(set(result)) < len(result):
        twice = next(v for v in result if result.count(v) > 1)
        raise refuse(argument, f"{twice} more than once", allowed)
    if not result and not empty:
        raise refuse(argument, "an empty list", allowed)
    return np.array(result, dtype=int)


def positive(argument, value, what):
    """A finite number above 0, as float. Raises `pairbath.ModelError` for anything else."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise refuse(argument, repr(value)[:80], f"{what}, a number above 0") from None
    if isinstance(value, (bool, np.bool_)) or not np.isfinite(number) or number <= 0:
        raise refuse(argument, repr(value)[:80], f"{what}, a number above 0")
    return number


def hermitian(argument, matrix, scale=None):
    """The Hermitian part of a dense matrix, real where nothing is imaginary.

    Raises
    ------
    pairbath.ModelError
        The matrix differs from its adjoint by more than 1e-8 of its largest element, or has a NaN.
    """
    matrix = np.asarray(matrix)
    if not np.all(np.isfinite(matrix)):
        raise refuse(argument, "NaN or infinity", "finite numbers")
    largest = np.abs(matrix).max(initial=0.0) if scale is None else scale
    difference = np.abs(matrix - matrix.conj().T).max(initial=0.0)
    if difference > 1e-8 * max(largest, 1e-30):
        raise refuse(argument, f"a matrix that differs from its adjoint by {difference:.2g}", "a Hermitian matrix")
    matrix = (matrix + matrix.conj().T) / 2
    return real_if_real(matrix)


def real_if_real(matrix):
    """The real part where the imaginary one vanishes exactly, else the matrix."""
    matrix = np.asarray(matrix)
    return np.ascontiguousarray(matrix.real) if np.iscomplexobj(matrix) and not matrix.imag.any() else matrix
