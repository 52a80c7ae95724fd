"""The C library (``pairbath.h``) through ctypes: structures, functions, errors."""

from __future__ import annotations

import ctypes
import functools
import os
import pathlib
from ctypes import POINTER, c_char_p, c_double, c_int32, c_int64, c_void_p

from .errors import ConvergenceError, FileError, Interrupted, ModelError, PairbathError

_ABI = 1


class Error(ctypes.Structure):
    _fields_ = [
        ("exit_code", c_int32),
        ("code", c_char_p),
        ("message", c_char_p),
        ("file", c_char_p),
        ("line", c_int64),
        ("column", c_int64),
        ("key_path", c_char_p),
        ("found", c_char_p),
        ("allowed", c_char_p),
        ("hint", c_char_p),
    ]


class Array(ctypes.Structure):
    _fields_ = [
        ("name", c_char_p),
        ("rank", c_int32),
        ("shape", POINTER(c_int64)),
        ("values", c_void_p),
        ("imaginary", c_void_p),
        ("attributes", POINTER(c_char_p)),
    ]


class Source(ctypes.Structure):
    _fields_ = [
        ("text", c_char_p),
        ("file", c_char_p),
        ("folder", c_char_p),
        ("arrays", POINTER(Array)),
        ("array_count", c_int64),
        ("overrides", POINTER(c_char_p)),
        ("override_count", c_int64),
        ("tolerance", c_double),
    ]


class Attribute(ctypes.Structure):
    _fields_ = [("name", c_char_p), ("text", c_char_p), ("numbers", POINTER(c_double)), ("count", c_int64)]


class Variable(ctypes.Structure):
    _fields_ = [
        ("name", c_char_p),
        ("kind", c_int32),
        ("rank", c_int32),
        ("dimensions", POINTER(c_char_p)),
        ("shape", POINTER(c_int64)),
        ("count", c_int64),
        ("numbers", c_void_p),
        ("strings", POINTER(c_char_p)),
        ("attributes", POINTER(Attribute)),
        ("attribute_count", c_int64),
    ]


class Contents(ctypes.Structure):
    _fields_ = [
        ("variables", POINTER(Variable)),
        ("variable_count", c_int64),
        ("attributes", POINTER(Attribute)),
        ("attribute_count", c_int64),
        ("exit_code", c_int32),
        ("notes", POINTER(c_char_p)),
        ("note_count", c_int64),
    ]


class Search(ctypes.Structure):
    _fields_ = [
        ("names", POINTER(c_char_p)),
        ("lower", POINTER(c_double)),
        ("upper", POINTER(c_double)),
        ("count", c_int64),
        ("objective", c_char_p),
        ("maximize", c_int32),
        ("evaluations", c_int64),
        ("tolerance", c_double),
    ]


class Optimum(ctypes.Structure):
    _fields_ = [
        ("values", POINTER(c_double)),
        ("count", c_int64),
        ("objective", c_double),
        ("objective_error", c_double),
        ("unit", c_char_p),
        ("evaluations", c_int64),
        ("converged", c_int32),
        ("model_text", c_char_p),
        ("owner", c_void_p),
    ]


Monitor = ctypes.CFUNCTYPE(c_int32, c_void_p, c_char_p, c_int64, c_int64)
_ErrorPlace = POINTER(POINTER(Error))

_PROTOTYPES = {
    "pairbath_abi": (c_int32, []),
    "pairbath_version": (c_char_p, []),
    "pairbath_error_free": (None, [POINTER(Error)]),
    "pairbath_text_free": (None, [c_void_p]),
    "pairbath_model_read": (c_void_p, [POINTER(Source), _ErrorPlace]),
    "pairbath_model_change": (c_void_p, [c_void_p, POINTER(Source), _ErrorPlace]),
    "pairbath_model_free": (None, [c_void_p]),
    "pairbath_model_save": (c_int32, [c_void_p, c_char_p, _ErrorPlace]),
    "pairbath_model_description": (c_void_p, [c_void_p, _ErrorPlace]),
    "pairbath_model_observables": (c_void_p, [c_void_p, _ErrorPlace]),
    "pairbath_model_plan": (c_int32, [c_void_p, c_int32, POINTER(c_double), POINTER(c_int64), _ErrorPlace]),
    "pairbath_run": (c_void_p, [c_void_p, c_int32, Monitor, c_void_p, _ErrorPlace]),
    "pairbath_run_at": (c_void_p, [c_void_p, c_void_p, c_int64, c_int32, Monitor, c_void_p, _ErrorPlace]),
    "pairbath_result_contents": (POINTER(Contents), [c_void_p]),
    "pairbath_result_write": (c_int32, [c_void_p, c_char_p, _ErrorPlace]),
    "pairbath_result_read": (c_void_p, [c_char_p, _ErrorPlace]),
    "pairbath_result_free": (None, [c_void_p]),
    "pairbath_optimize": (POINTER(Optimum), [c_void_p, POINTER(Search), Monitor, c_void_p, _ErrorPlace]),
    "pairbath_optimum_free": (None, [POINTER(Optimum)]),
}


def _candidates():
    """Where the library may be: the environment, the wheel, a build beside the sources."""
    if "PAIRBATH_LIBRARY" in os.environ:
        yield pathlib.Path(os.environ["PAIRBATH_LIBRARY"])
        return
    here = pathlib.Path(__file__).resolve().parent
    yield here / "libpairbath.so"
    if len(here.parents) > 2:
        yield here.parents[2] / ".build" / "release" / "libpairbath.so"


@functools.lru_cache(maxsize=None)
def library() -> ctypes.CDLL:
    """The loaded library; found once per process."""
    tried = []
    for path in _candidates():
        tried.append(str(path))
        if path.exists():
            found = ctypes.CDLL(str(path))
            break
    else:
        raise ImportError(
            f"pairbath: no libpairbath.so at {', '.join(tried)}; install the wheel, or build it with 'make library' and set PAIRBATH_LIBRARY"
        )
    for name, (result, arguments) in _PROTOTYPES.items():
        function = getattr(found, name)
        function.restype, function.argtypes = result, arguments
    if found.pairbath_abi() != _ABI:
        raise ImportError(
            f"pairbath: the library {path} has interface {found.pairbath_abi()}; this package needs {_ABI}: install matching versions"
        )
    return found


def version() -> str:
    """The version of the core."""
    return library().pairbath_version().decode()


def exception(place) -> PairbathError:
    """The exception of an error the library reported; frees it."""
    record = place.contents
    fields = {
        "exit_code": record.exit_code,
        "code": record.code.decode(),
        "file": record.file.decode(),
        "line": record.line,
        "column": record.column,
        "key_path": record.key_path.decode(),
        "found": record.found.decode(),
        "allowed": record.allowed.decode(),
        "hint": record.hint.decode(),
    }
    message = record.message.decode()
    library().pairbath_error_free(place)
    kind = {70: ConvergenceError, 74: FileError, 130: Interrupted}.get(fields["exit_code"], ModelError)
    return kind(message, **fields)


_started = 0


def starting() -> None:
    """Notes that the core's threads exist in this process; refuses where a fork has left them behind."""
    global _started
    process = os.getpid()
    if _started == 0:
        _started = process
    elif _started != process:
        raise PairbathError(
            "pairbath: found a forked process whose parent has computed already: threads do not survive a fork; allowed: processes started "
            "otherwise; next: multiprocessing.set_start_method('forkserver') or 'spawn', or joblib",
            code="forked",
        )


def call(name: str, *arguments):
    """Calls a function that reports errors; raises what it reports."""
    place = POINTER(Error)()
    value = getattr(library(), name)(*arguments, ctypes.byref(place))
    if place:
        raise exception(place)
    return value


def strings(texts: list[str]):
    """A list of texts for C, and how many they are."""
    if not texts:
        return None, 0
    return (c_char_p * len(texts))(*[text.encode() for text in texts]), len(texts)
