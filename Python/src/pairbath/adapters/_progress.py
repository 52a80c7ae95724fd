"""Progress of long calculations of other packages: bars, lines or a function."""

from __future__ import annotations

import sys
import time


class Progress:
    """Counts steps and says how long the rest takes, from the time of the steps done.

    Parameters
    ----------
    progress : bool or callable
        True: a bar of tqdm where that is installed, else lines on standard error. False: silence.
        A callable is called as `progress(done, total, text)` before the first step (done = 0, text is the stated cost) and after
        each one (text has the estimate of the time left). What it raises, `KeyboardInterrupt` among them, ends the calculation.
    total : int
        Number of steps.
    cost : str
        What is about to be computed, in words.
    """

    def __init__(self, progress, total, cost):
        self.total, self.done, self.start, self.bar = total, 0, time.monotonic(), None
        self.report = progress if callable(progress) else (self._print if progress else None)
        if progress is True:
            try:
                from tqdm import tqdm
            except ImportError:
                pass
            else:
                print(cost, file=sys.stderr, flush=True)
                self.bar, self.report = tqdm(total=total, unit="run"), None
        if self.report:
            self.report(0, total, cost)

    def step(self):
        """One step is done."""
        self.done += 1
        if self.bar is not None:
            self.bar.update()
        if self.report:
            left = (time.monotonic() - self.start) / self.done * (self.total - self.done)
            self.report(self.done, self.total, f"about {left:.0f} s left" if self.done < self.total else "done")

    def close(self):
        """Ends the bar."""
        if self.bar is not None:
            self.bar.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    @staticmethod
    def _print(done, total, text):
        print(f"{done}/{total}: {text}" if done else text, file=sys.stderr, flush=True)
