"""Memory of the core freed with the Python object that owns it."""

from __future__ import annotations

import functools
import threading
import weakref
from typing import Any


class _Ending(weakref.ref):
    """A weak reference that a C function takes as an argument it does not look at."""

    __slots__ = ()
    _as_parameter_ = 0


_lock = threading.Lock()
_references: set = set()
_most = 256


def free_with(owner: Any, free: Any, pointer: int) -> None:
    """Calls the C function `free` of `pointer` when `owner` is gone.

    Not by `__del__`: Python runs signal handlers when a function of its own begins, and what they raise inside a finalizer is lost, so
    that Control-C would be lost in loops of short runs. A partial of a C function is no such function.
    """
    global _most
    reference = _Ending(owner, functools.partial(free, pointer))
    with _lock:
        _references.add(reference)
        if len(_references) > _most:
            _references.difference_update([r for r in _references if r() is None])
            _most = max(256, 2 * len(_references))
