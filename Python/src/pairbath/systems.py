"""Bodies that radiate, terminals with given transmissions, given pair spectra, and models from files."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any, Optional, Union

from . import _yaml
from ._model import Model
from .errors import argument_error
from .junction import Junction
from .model import System


class Bodies(System):
    """Two bodies that radiate to each other across vacuum; made by `pairbath.bodies`."""


class Terminals(System):
    """Landauer by itself: baths joined by given transmissions; made by `pairbath.terminals`."""


class PairSpectra(System):
    """Modes with given spectra of electron-hole pairs; from files."""


_KINDS = {"junction": Junction, "bodies": Bodies, "terminals": Terminals, "pair_spectra": PairSpectra}


def load(path: Union[str, "os.PathLike[str]"], **changes: Any) -> System:
    """Reads a model file of any kind.

    Parameters
    ----------
    path : path
        The model (YAML).
    **changes
        As in `run`: values of parameters and sweep variables; ``set={"electrodes.L.broadening": 0.1}`` changes key paths.

    Returns
    -------
    Junction, Bodies, Terminals or PairSpectra
    """
    file = os.fspath(path)
    kind = Model.read(file=file).description["kind"]
    system: System = object.__new__(_KINDS[kind])
    System.__init__(system, file=file)
    return system.with_(**changes) if changes else system


def loads(text: str, folder: Optional[str] = None, **changes: Any) -> System:
    """Reads a model of any kind from its text; `folder` is where its data files are."""
    if not isinstance(text, str):
        raise argument_error("text", type(text).__name__, "the text of a model")
    kind = Model.read(text=text, folder=folder).description["kind"]
    system: System = object.__new__(_KINDS[kind])
    System.__init__(system, text=text, folder=folder)
    return system.with_(**changes) if changes else system


def bodies(
    bodies: Mapping[str, Mapping[str, Any]],
    *,
    gap: Any,
    temperature: Any,
    bias: Optional[Mapping[str, Any]] = None,
    materials: Optional[Mapping[str, Any]] = None,
    parameters: Optional[Mapping[str, Any]] = None,
    sweep: Optional[Mapping[str, Any]] = None,
    compute: Optional[Mapping[str, Any]] = None,
    title: str = "",
    folder: Optional[str] = None,
) -> Bodies:
    """Two bodies that radiate to each other.

    Parameters
    ----------
    bodies : dict of str to dict
        Two; fluxes count from the first to the second. For example ``{"kind": "half-space", "material": "Au"}``.
    gap : number or str
        Width of the vacuum, nm or with a unit; "infinite" for the far field; may name a parameter, ``gap="d"``.
    temperature : number, str or dict
        K; of both, or of each body.
    bias : dict, optional
        Of any of the bodies, V.
    materials : dict, optional
        Besides the built-in Au, Al, SiC, Si, InAs, vacuum.

    Examples
    --------
    >>> plates = pairbath.bodies(
    ...     {"hot": {"kind": "half-space", "material": "SiC"}, "cold": {"kind": "half-space", "material": "SiC"}},
    ...     gap="d", temperature={"hot": 400, "cold": 300}, parameters={"d": 100})
    >>> plates.run(d=np.geomspace(10, 1e4, 31), observables=["energy_flux"])
    """
    if not isinstance(bodies, Mapping):
        raise argument_error("bodies", type(bodies).__name__, "a dictionary of two bodies")
    sections: dict[str, Any] = {"title": title} if title else {}
    if materials:
        sections["materials"] = dict(materials)
    sections["bodies"] = dict(bodies)
    state = {"temperature": temperature, "gap": gap}
    if bias:
        state["bias"] = dict(bias)
    return _made(Bodies, sections, state, parameters, sweep, compute, folder)


def terminals(
    baths: Sequence[str],
    transmission: Mapping[str, Any],
    *,
    particles: str,
    temperature: Any,
    chemical_potential: Any = None,
    degeneracy: Any = None,
    breakpoints: Optional[Sequence[float]] = None,
    units: str = "eV",
    parameters: Optional[Mapping[str, Any]] = None,
    sweep: Optional[Mapping[str, Any]] = None,
    compute: Optional[Mapping[str, Any]] = None,
    title: str = "",
    folder: Optional[str] = None,
) -> Terminals:
    """Baths joined by given transmissions: the Landauer formula by itself.

    Parameters
    ----------
    baths : sequence of str
    transmission : dict of str to number, str or dict
        ``{"hot>cold": "exp(-w)"}``: a number, arithmetic in w and the parameters, or ``{"kind": "lorentzian", ...}``.
    particles : {"bosons", "fermions"}
    temperature, chemical_potential : number, str or dict
        Of all, or of each bath.
    """
    section: dict[str, Any] = {"particles": particles, "baths": list(baths), "transmission": dict(transmission)}
    if degeneracy is not None:
        section["degeneracy"] = degeneracy
    if breakpoints is not None:
        section["breakpoints"] = list(breakpoints)
    sections: dict[str, Any] = {"title": title} if title else {}
    sections.update(units=units, terminals=section)
    state = {"temperature": temperature}
    if chemical_potential is not None:
        state["chemical_potential"] = chemical_potential
    return _made(Terminals, sections, state, parameters, sweep, compute, folder)


def _made(kind: type, sections: dict, state: dict, parameters: Any, sweep: Any, compute: Any, folder: Optional[str]) -> Any:
    if parameters:
        sections["parameters"] = dict(parameters)
    sections["state"] = {key: dict(value) if isinstance(value, Mapping) else value for key, value in state.items()}
    for name, section in (("sweep", sweep), ("compute", compute)):
        if section:
            sections[name] = dict(section)
    return kind(text=_yaml.block(sections) + "\n", folder=folder)
