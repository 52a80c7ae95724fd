"""A folder of finished displacements, so that an interrupted calculation goes on where it was."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile

import numpy as np

from ._common import refuse

_SAME = 1e-6  # numbers of the same calculation, energies in hartree or eV, agree to that


class Restart:
    """Finished displacements by their positions, of one calculation.

    Parameters
    ----------
    folder : path or None
        Made where it does not exist. None: nothing is kept.
    calculation : dict
        What the calculation is, texts and numbers by name. It is written to `calculation.json`; a folder of another one is refused.

    Raises
    ------
    pairbath.ModelError
        The folder belongs to another calculation (the message names what differs), or a file in it is damaged.
    """

    def __init__(self, folder, calculation):
        self.folder = None if folder is None else os.fspath(folder)
        if self.folder is None:
            return
        os.makedirs(self.folder, exist_ok=True)
        path = os.path.join(self.folder, "calculation.json")
        if not os.path.exists(path):
            self._write("calculation.json", json.dumps(calculation, indent=1).encode())
            return
        try:
            with open(path, encoding="utf-8") as file:
                before = json.load(file)
        except ValueError:
            raise refuse("restart", f"{path}, which cannot be read", "a folder that this function wrote", "another folder") from None
        for name in list(calculation) + [n for n in before if n not in calculation]:
            if not _same(before.get(name), calculation.get(name)):
                raise refuse(
                    "restart",
                    f"displacements of another calculation in {self.folder}: {name} was {_short(before.get(name))}, is {_short(calculation.get(name))}",
                    "displacements of the same atoms, basis and method",
                    "another folder for this calculation",
                )

    def read(self, positions):
        """Arrays of a finished displacement by name, or None."""
        if self.folder is None or not os.path.exists(path := os.path.join(self.folder, self._name(positions))):
            return None
        try:
            with np.load(path, allow_pickle=False) as file:
                return {name: file[name] for name in file.files}
        except Exception as error:
            raise refuse("restart", f"{path}, which cannot be read ({error})", "files this function wrote", "delete it") from None

    def write(self, positions, **arrays):
        """Keeps a finished displacement; the file appears complete or not at all."""
        if self.folder is None:
            return
        with tempfile.SpooledTemporaryFile(max_size=1 << 26) as buffer:
            np.savez(buffer, **arrays)
            buffer.seek(0)
            self._write(self._name(positions), buffer.read())

    def _write(self, name, content):
        handle, path = tempfile.mkstemp(dir=self.folder, prefix=".unfinished-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            os.replace(path, os.path.join(self.folder, name))
        except BaseException:
            os.unlink(path)
            raise

    @staticmethod
    def _name(positions):
        return f"displacement-{digest(positions)}.npz"


def digest(array):
    """Name of an array of numbers, equal for numbers that agree to 1e-9."""
    whole = np.rint(np.asarray(array, dtype=float) * 1e9).astype(np.int64)
    return hashlib.sha256(np.ascontiguousarray(whole).tobytes()).hexdigest()[:16]


def _same(a, b):
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return abs(a - b) <= _SAME
    return a == b


def _short(value):
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "..."
