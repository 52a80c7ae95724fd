"""Progress and the end of a run: what the core asks ten times a second."""

from __future__ import annotations

import atexit
import signal
import sys
import threading
import time
from typing import Any, Callable, Optional, Union

from . import _library
from .errors import argument_error

#: ``True`` and ``False``, a function of (stage, done, total), or None: a bar where somebody looks on and it takes long.
Progress = Union[None, bool, Callable[[str, int, int], Any]]

#: Seconds that the end of the interpreter waits for runs of other threads.
_LAST_WAIT = 5.0
_running: set = set()
_ending = False


def _end_all() -> None:
    """Ends what other threads compute: they must not call back into an interpreter that is gone."""
    global _ending
    _ending = True
    limit = time.monotonic() + _LAST_WAIT
    while _running and time.monotonic() < limit:
        time.sleep(0.01)


atexit.register(_end_all)

#: Seconds after which a bar appears by itself.
_PATIENCE = 1.0


class Monitoring:
    """Tells how far a run is and ends it: on Control-C, when an event is set, or when the progress function raises."""

    def __init__(self, progress: Progress = None, cancel: Optional[threading.Event] = None) -> None:
        if cancel is not None and not hasattr(cancel, "is_set"):
            raise argument_error("cancel", type(cancel).__name__, "a threading.Event")
        self._report = _reporter(progress)
        self._cancel = cancel
        self._interrupted = False
        self._failure: Optional[BaseException] = None
        self._previous: Any = None
        self.callback = _library.Monitor(self._ask)

    def _ask(self, _context: Any, stage: bytes, done: int, total: int) -> int:
        try:
            if self._report is not None and not self._interrupted:
                self._report(stage.decode(), done, total)
        except BaseException as failure:  # raised again when the core has returned
            self._failure = self._failure or failure
        ended = _ending or self._interrupted or self._failure is not None or (self._cancel is not None and self._cancel.is_set())
        return 1 if ended else 0

    def __enter__(self) -> "Monitoring":
        _library.starting()
        _running.add(self)
        # Python runs handlers of signals between its own instructions: while the core computes, in the callback only. An exception that
        # a handler raises there would be lost, so that Control-C sets a mark instead and is raised afterwards.
        if threading.current_thread() is threading.main_thread():
            previous = signal.getsignal(signal.SIGINT)
            if callable(previous):
                self._previous = previous
                signal.signal(signal.SIGINT, self._interrupt)
        return self

    def _interrupt(self, _number: int, _frame: Any) -> None:
        self._interrupted = True

    def __exit__(self, *_: Any) -> None:
        _running.discard(self)
        if self._previous is not None:
            signal.signal(signal.SIGINT, self._previous)
            self._previous = None
        close = getattr(self._report, "close", None)
        if close is not None:
            close()
        if self._failure is not None:
            failure, self._failure = self._failure, None
            raise failure

    @property
    def was_interrupted(self) -> bool:
        """True after Control-C."""
        return self._interrupted


def _reporter(progress: Progress) -> Optional[Callable[[str, int, int], Any]]:
    if progress is False:
        return None
    if callable(progress):
        return progress
    if progress is not None and progress is not True:
        raise argument_error("progress", repr(progress), "True, False, or a function of (stage, done, total)")
    if progress is None and not _somebody_looks():
        return None
    try:
        from tqdm.auto import tqdm
    except ImportError:
        if progress is True:
            raise argument_error("progress", "True without tqdm", "an installed tqdm", "pip install tqdm") from None
        return None
    return _Bar(tqdm, 0.0 if progress else _PATIENCE)


def _somebody_looks() -> bool:
    shell = sys.modules.get("IPython")
    if shell is not None and getattr(shell, "get_ipython", lambda: None)() is not None:
        return True
    return sys.stderr is not None and hasattr(sys.stderr, "isatty") and sys.stderr.isatty()


class _Bar:
    """A tqdm bar per stage, once a run takes longer than ``patience`` seconds."""

    def __init__(self, tqdm: Any, patience: float) -> None:
        self._tqdm = tqdm
        self._start = time.monotonic()
        self._patience = patience
        self._bar: Any = None
        self._stage = ""

    def __call__(self, stage: str, done: int, total: int) -> None:
        if time.monotonic() - self._start < self._patience:
            return
        if stage != self._stage or self._bar is None:
            self.close()
            self._stage = stage
            self._bar = self._tqdm(total=total, desc=stage, leave=False)
        self._bar.total = total
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None
