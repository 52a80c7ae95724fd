"""Exceptions and warnings, with the words of the command."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import xarray

    from .model import Optimum


class PairbathError(Exception):
    """What Pairbath could not do.

    Attributes
    ----------
    code : str
        The kind of fault, for example ``"outOfRange"``.
    file, line, column : str, int, int
        Where it is; empty and 0 where no file is concerned.
    key_path : str
        The part of the model, for example ``"electrodes.L.broadening"``.
    found, allowed, hint : str
        What was found there, what is allowed, what to try next.
    exit_code : int
        What the command would end with.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str = "",
        file: str = "",
        line: int = 0,
        column: int = 0,
        key_path: str = "",
        found: str = "",
        allowed: str = "",
        hint: str = "",
        exit_code: int = 65,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.file = file
        self.line = line
        self.column = column
        self.key_path = key_path
        self.found = found
        self.allowed = allowed
        self.hint = hint
        self.exit_code = exit_code

    def __reduce__(self):  # with all attributes through pickle
        return (_restored, (type(self), self.args, self.__dict__))


def _restored(kind, arguments, attributes):
    error = kind.__new__(kind)
    Exception.__init__(error, *arguments)
    error.__dict__.update(attributes)
    return error


class ModelError(PairbathError, ValueError):
    """A model, an argument or a data file that makes no sense."""


class FileError(PairbathError, OSError):
    """A file that cannot be read or written."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class ConvergenceError(PairbathError):
    """No state reached its tolerance.

    Attributes
    ----------
    dataset : xarray.Dataset or None
        What was computed, with its honest errors; None where nothing was.
    """

    dataset: xarray.Dataset | None = None


class Interrupted(PairbathError, KeyboardInterrupt):
    """A run was ended, by Control-C or by its ``cancel`` event.

    Attributes
    ----------
    dataset : xarray.Dataset or None
        The states that were finished (``status`` 3 marks the others); None where none was.
    optimum : Optimum or None
        Of a search: the best so far.
    """

    dataset: xarray.Dataset | None = None
    optimum: Optimum | None = None


class UnfinishedWarning(UserWarning):
    """Some states have no answer: ``status`` marks them, the notes of the result say why."""


def argument_error(argument: str, found: str, allowed: str, hint: str = "") -> ModelError:
    """The error of an argument, with what was found, what is allowed and the next step."""
    message = f"{argument}: found {found}; allowed: {allowed}" + (f"; next: {hint}" if hint else "")
    return ModelError(message, code="argument", key_path=argument, found=found, allowed=allowed, hint=hint)
