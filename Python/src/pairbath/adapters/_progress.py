"""Progress of long calculations of other packages: bars, lines or a function."""

from __future__ import annotations

import sys
import time

from .._progress import _somebody_looks
from ._common import refuse


class Progress:
    """Counts steps and says how long the rest takes, from the time of the steps done.

    Parameters
    ----------
    progress : bool, callable or None
        None: a bar where somebody looks on, True: always (tqdm where that is installed, else lines on standard error). False: silence.
        A callable is called as `progress(stage, done, total)`, as in `Junction.run`: before the first step with the stated cost as the
        stage, after each one with the estimate of the time left. What it raises ends the calculation.
    total : int
        Number of steps.
    cost : str
        What is about to be computed, in words.
    """

    def __init__(self, progress, total, cost):
        if progress not in (None, True, False) and not callable(progress):
            raise refuse("progress", repr(progress)[:60], "True, False, None or a function of (stage, done, total)")
        self.total, self.done, self.start, self.bar, self.report = total, 0, time.monotonic(), None, None
        if callable(progress):
            self.report = progress
        elif progress or (progress is None and _somebody_looks()):
            self.report = _print
            self._try_bar(cost)
        if self.report:
            self.report(cost, 0, total)

    def _try_bar(self, cost):
        try:
            from tqdm.auto import tqdm
        except ImportError:
            return
        print(cost, file=sys.stderr, flush=True)
        self.bar, self.report = tqdm(total=self.total, unit="run"), None

    def step(self):
        """One step is done."""
        self.done += 1
        if self.bar is not None:
            self.bar.update()
        if self.report:
            left = (time.monotonic() - self.start) / self.done * (self.total - self.done)
            self.report(f"about {left:.0f} s left" if self.done < self.total else "done", self.done, self.total)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.bar is not None:
            self.bar.close()


def _print(stage, done, total):
    print(f"{done}/{total}: {stage}" if done else stage, file=sys.stderr, flush=True)
