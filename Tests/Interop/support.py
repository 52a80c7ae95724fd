"""The command, results and comparisons for the scripts of this folder."""

import os
import subprocess
from pathlib import Path

import netCDF4
import numpy as np

COMMAND = os.environ.get("PAIRBATH", str(Path(__file__).resolve().parents[2] / ".build/release/pairbath"))

# hbar^2 eV/(angstrom^2 amu) in eV^2, CODATA 2018.
EV2_PER_SPRING = 1.054571817e-34**2 / 1.602176634e-19 * 1e20 / 1.66053906660e-27


def pairbath(*words):
    """Runs the command; what it says on failure is the exception."""
    run = subprocess.run([COMMAND, *map(str, words)], capture_output=True, text=True)
    if run.returncode not in (0, 1):
        raise SystemExit(f"pairbath {' '.join(map(str, words))}: {run.stderr}")
    return run.stdout


def variable(path, name):
    """Values of a result, without dimensions of length one."""
    with netCDF4.Dataset(path) as file:
        return np.squeeze(np.asarray(file[name][...]))


def check(what, found, expected, tolerance, scale=None):
    """Prints the largest relative deviation; 1 where it is above the tolerance."""
    found, expected = np.asarray(found, float), np.asarray(expected, float)
    if found.shape != expected.shape:
        print(f"{what}: shape {found.shape}, expected {expected.shape}  WRONG")
        return 1
    deviation = np.max(np.abs(found - expected) / (np.abs(expected) if scale is None else scale))
    print(f"{what}: largest deviation {deviation:.2g} (allowed {tolerance:.2g}){'' if deviation <= tolerance else '  WRONG'}")
    return int(not deviation <= tolerance)
