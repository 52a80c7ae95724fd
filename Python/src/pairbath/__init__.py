"""Pairbath: energy, heat and charge transport where electrons driven by a voltage meet bosons.

A biased conductor acts on bosons like several equilibrium baths of electron-hole pairs. Describe a junction, run it, get labelled
arrays with errors:

>>> import numpy as np, pairbath
>>> dots = pairbath.Junction(
...     [10.5, 9.5], units="natural",
...     electrodes={"L": pairbath.wide_band(0.5, [0]), "R": pairbath.wide_band(0.5, [1])},
...     bosons=[1.0], baths={"ph": pairbath.ohmic(0.02)}, coupling=[[0, 0.5], [0.5, 0]])
>>> data = dots.run(V=np.linspace(-3, 3, 121), mu=10, T=1, observables=["energy_current"])
>>> data.pairbath.plot("energy_current")
"""

from __future__ import annotations

from typing import Any

from . import accessor as _accessor  # registers Dataset.pairbath
from ._library import version as _version
from ._results import open_result
from .errors import ConvergenceError, FileError, Interrupted, ModelError, PairbathError, UnfinishedWarning
from .junction import Junction
from .model import Optimum, System
from .parts import (
    bath_table,
    chain,
    chain_bath,
    drude,
    ohmic,
    periodic,
    periodic_bath,
    self_energy,
    underdamped,
    wide_band,
)
from .systems import Bodies, PairSpectra, Terminals, bodies, load, loads, terminals

__version__ = "0.1.0"

#: Adapters to other packages, imported when they are first used.
_ADAPTERS = {
    "from_ase": "ase",
    "from_kwant": "kwant",
    "from_phonopy": "phonopy",
    "from_pyscf": "pyscf",
    "from_sisl": "sisl",
    "to_qutip": "qutip",
}

__all__ = [
    "Bodies",
    "ConvergenceError",
    "FileError",
    "Interrupted",
    "Junction",
    "ModelError",
    "Optimum",
    "PairSpectra",
    "PairbathError",
    "System",
    "Terminals",
    "UnfinishedWarning",
    "bath_table",
    "bodies",
    "chain",
    "chain_bath",
    "core_version",
    "drude",
    "load",
    "loads",
    "ohmic",
    "open_result",
    "periodic",
    "periodic_bath",
    "self_energy",
    "terminals",
    "underdamped",
    "wide_band",
    *sorted(_ADAPTERS),
]


def core_version() -> str:
    """The version of the core library."""
    return _version()


def __getattr__(name: str) -> Any:
    if name in _ADAPTERS:
        import importlib

        return getattr(importlib.import_module(f"{__name__}.adapters.{_ADAPTERS[name]}"), name)
    raise AttributeError(f"module 'pairbath' has no attribute {name!r}")


def __dir__() -> list:
    return sorted(set(globals()) | set(__all__))
