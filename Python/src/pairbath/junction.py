"""Junctions: a conductor with electrodes, bosons, their baths and the coupling between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Optional

import numpy as np
import xarray as xr

from . import _arrays, _yaml
from ._lowering import Lowering
from .errors import argument_error
from .model import System, _workers

_LINEAR = ["onsager_matrix", "linear_conductance", "seebeck", "peltier", "linear_thermal_conductance", "figure_of_merit"]
_ROOM_TEMPERATURE = 300.0


class Junction(System):
    r"""A junction, :math:`H = c^\dagger H c + \sum_k W_k a_k^\dagger a_k + \sum_k c^\dagger M_k c\,(a_k + a_k^\dagger)` with leads and baths.

    Parameters
    ----------
    H : (n, n) or (n,) array_like, scipy.sparse matrix, dict, or None
        Hermitian Hamiltonian of the conductor, or its levels (diagonal); entries may be texts, arithmetic in the parameters. A dictionary
        is the section `conductor` of the model file (chains, cells, files). None: bosons alone.
    S : (n, n) array_like, optional
        Overlap of the orbitals, positive definite. Default: orthogonal.
    electrodes : dict of str to dict
        Name to what `wide_band`, `chain`, `periodic` and `self_energy` return.
    bosons : (modes,) or (d, d) array_like, or dict
        Mode energies; or the mass-weighted dynamical matrix (energy squared); or the section `bosons`.
    baths : dict of str to dict
        Name to what `ohmic`, `drude`, `underdamped`, `chain_bath`, `periodic_bath` and `bath_table` return.
    coupling : (modes, n, n) or (n, n) array_like, list of sparse matrices, or dict
        One Hermitian matrix per mode (per coordinate with a dynamical matrix and "mass-weighted").
    convention : {"dimensionless", "mass-weighted", "rotating-wave"}
        What `coupling` multiplies: :math:`a + a^\dagger`; the mass-weighted coordinate (eV^(3/2)); or :math:`a^\dagger` with its adjoint.
    units : {"eV", "natural"}
        eV and K; or one energy unit for everything, temperatures included.
    spin_degeneracy : number, optional
        Default 1.
    parameters : dict, optional
        Names to numbers or arithmetic, usable in every number of the junction and of the state.
    state : dict, optional
        The section `state`. Default: two electrodes get mu + V/2 and mu - V/2, one or more than two get mu, and everything has the
        temperature T, with mu = 0, V = 0 and T = 300 K (1 in natural units) until `run` says otherwise. ``run(mu={"L": 0.1})`` sets one
        electrode and leaves the others as they are.
    compute : dict, optional
        Defaults of `run`: level, observables, tolerance, ...
    potentials : list of dict, optional
        Voltages and the share of them that every orbital takes: ``{"value": "V", "diagonal": [0.5, -0.5]}``.
    sweep, k_points, q_points : dict, optional
        These sections of the model file.

    Raises
    ------
    ModelError
        For whatever makes no sense, with the argument or key path, what was found and what is allowed.

    Examples
    --------
    >>> junction = pairbath.Junction(
    ...     [10.5, 9.5], units="natural",
    ...     electrodes={"L": pairbath.wide_band(0.5, [0]), "R": pairbath.wide_band(0.5, [1])},
    ...     bosons=[1.0], baths={"ph": pairbath.ohmic(0.02)}, coupling=[[0, 0.5], [0.5, 0]])
    >>> data = junction.run(V=np.linspace(-3, 3, 121), mu=10, T=1, observables=["energy_current"])
    """

    def __init__(
        self,
        H: Any = None,
        S: Any = None,
        *,
        electrodes: Optional[Mapping[str, Any]] = None,
        bosons: Any = None,
        baths: Optional[Mapping[str, Any]] = None,
        coupling: Any = None,
        convention: str = "dimensionless",
        units: str = "eV",
        spin_degeneracy: Any = None,
        title: str = "",
        parameters: Optional[Mapping[str, Any]] = None,
        state: Optional[Mapping[str, Any]] = None,
        compute: Optional[Mapping[str, Any]] = None,
        potentials: Optional[Sequence[Mapping[str, Any]]] = None,
        sweep: Optional[Mapping[str, Any]] = None,
        k_points: Optional[Mapping[str, Any]] = None,
        q_points: Optional[Mapping[str, Any]] = None,
        folder: Optional[str] = None,
    ) -> None:
        if units not in ("eV", "natural"):
            raise argument_error("units", repr(units), "'eV' or 'natural'")
        lowering = Lowering(units)
        sections: dict[str, Any] = {}
        if title:
            sections["title"] = str(title)
        sections["units"] = units
        if H is not None:
            sections["conductor"] = lowering.conductor(H, S, spin_degeneracy, potentials)
        if electrodes is not None:
            sections["electrodes"] = {str(name): lowering.electrode(str(name), given) for name, given in _items(electrodes, "electrodes")}
        if bosons is not None:
            sections["bosons"] = lowering.bosons(bosons)
        if baths is not None:
            sections["baths"] = {str(name): lowering.bath(str(name), given) for name, given in _items(baths, "baths")}
        if coupling is not None:
            sections["coupling"] = lowering.coupling(coupling, convention)
        for name, section in (("k_points", k_points), ("q_points", q_points)):
            if section is not None:
                sections[name] = dict(section)
        given = _default_state(list(electrodes or {}), list(baths or {}), units) if state is None else {"state": dict(state)}
        values = {**given.pop("parameters", {}), **dict(parameters or {})}
        if values:
            sections["parameters"] = values
        sections.update(given)
        for name, section in (("sweep", sweep), ("compute", compute)):
            if section:
                sections[name] = dict(section)
        # Electrodes of the default state, whose words `run` knows.
        self._default = tuple(str(name) for name in electrodes or {}) if state is None else None
        super().__init__(text=_yaml.block(sections) + "\n", arrays=lowering.arrays, folder=folder)

    # Computing

    def spectra(
        self, frequencies: Any, observables: Sequence[str] = ("emission", "absorption"), **state: Any
    ) -> xr.Dataset:
        """Spectra at given energies of the bosons, for example the emission and absorption of every pair bath.

        Parameters
        ----------
        frequencies : (w,) array_like
            Energies of the bosons.
        observables : sequence of str
            Complex ones have a last dimension `ri`; ``dataset.pairbath.complex(name)`` makes them complex.
        **state
            As in `run`.
        """
        _refuse(state, "frequencies")
        return self.run(frequencies=np.atleast_1d(frequencies), observables=observables, **state)

    def transmission(self, energies: Any, **state: Any) -> xr.DataArray:
        """Elastic transmission Tr[Gamma_a G Gamma_b G^+] per spin between all electrodes.

        Parameters
        ----------
        energies : (e,) array_like
            Energies of the electrons.
        **state
            As in `run`; matters only where the junction itself depends on a variable.

        Returns
        -------
        xarray.DataArray
            Dimensions (electrode, electrode2, energy).
        """
        _refuse(state, "energies", "observables")
        return self.run(energies=np.atleast_1d(energies), observables=["transmission"], **state)["transmission"]

    def linear_response(self, **state: Any) -> xr.Dataset:
        """Onsager matrix, conductance, Seebeck and Peltier coefficients, thermal conductance and ZT at states of equilibrium.

        Parameters
        ----------
        **state
            As in `run`: one chemical potential and one temperature for everybody, ``T=np.linspace(10, 300, 30)``. Levels "sharp" and
            "landauer"; other states are NaN.
        """
        _refuse(state, "observables")
        return self.run(observables=list(_LINEAR), **state)

    def function(
        self, variables: Sequence[str], observables: Sequence[str], *, names: Optional[Sequence[str]] = None, workers: int = 1, **fixed: Any
    ) -> Any:
        """The numbers of single states as a fast function, for fits and optimizers.

        Parameters
        ----------
        variables : sequence of str
            Parameters that are the arguments; they may not stand in the junction itself.
        observables : sequence of str
            What is computed.
        names : sequence of str, optional
            Names of the results that are wanted; default all that come with the observables.
        workers : int
            Threads of a call.
        **fixed
            Numbers of other parameters, and `level`, `tolerance` and the like, as in `run`.

        Returns
        -------
        StateFunction
            ``f(0.3, T=1.0)`` or ``f(V=array, T=array)`` returns a dictionary from names to arrays.

        Examples
        --------
        >>> f = junction.function(["V", "T"], ["charge_current"])
        >>> f(V=0.1, T=300)["charge_current"]
        """
        from .function import make

        wanted = [variables] if isinstance(variables, str) else [str(name) for name in variables]
        if not wanted or len(set(wanted)) < len(wanted):
            raise argument_error("variables", f"{wanted}", "names of parameters, each once")
        start = self._values(wanted)
        overrides, arrays = self._changes({**fixed, **{name: [start[name]] for name in wanted}, "observables": [observables] if isinstance(observables, str) else list(observables)})
        model = self._model.change(overrides, arrays)
        axes = [axis["name"] for axis in model.description["sweep"]]
        if sorted(axes) != sorted(wanted):
            others = [name for name in axes if name not in wanted]
            raise argument_error("variables", f"a model that also sweeps {', '.join(others)}", "one value for these", f"{others[0]}=...")
        return make(model, axes, names, _workers(workers), (self, wanted, list(observables), names, workers, fixed))

    def _values(self, names: Sequence[str]) -> dict:
        """Values at which variables start: those of the parameters, or of the sweep."""
        known = self.description
        found = {axis["name"]: axis["first"] for axis in known["sweep"]}
        found.update({name: value for name, value in known["values"].items() if value is not None and name not in found})
        return {name: found.get(name, 0.0) for name in names}

    def pair_baths(self, **state: Any) -> "xr.Dataset":
        """The electron-hole pair baths: chemical potential mu_a - mu_b and, where T_a = T_b, the temperature of every channel a>b."""
        from .display import pair_baths

        return pair_baths(self.run(observables=["charge_current"], progress=False, **state))

    def _check_voltage(self, changes: dict) -> None:
        """Refuses a voltage that would not count."""
        electrodes = getattr(self, "_default", None)
        if "V" not in changes or electrodes is None or "V" in self.description["parameters"] and len(electrodes) != 2:
            return
        if len(electrodes) != 2:
            found = f"a voltage with {len(electrodes)} electrodes"
            raise argument_error("V", found, "two electrodes, mu + V/2 and mu - V/2", f"mu={{'{(electrodes or ('L',))[0]}': ...}}")
        mu = changes.get("mu")
        if isinstance(mu, Mapping) and set(electrodes) <= {str(name) for name in mu}:
            if not any(isinstance(value, str) and "V" in value for value in mu.values()):
                raise argument_error("V", "a voltage beside mu of both electrodes, which leaves it no effect", "one of them")

    def _state(self, changes: dict, settings: dict) -> dict:
        variables: dict = {}
        self._check_voltage(changes)
        for name, value in changes.items():
            section = {"mu": "chemical_potential", "T": "temperature"}.get(name)
            if section is None or not isinstance(value, Mapping):
                variables[name] = value
                continue
            if not value:
                raise argument_error(name, "an empty dictionary", "values by the names of electrodes and baths")
            for part, number in value.items():
                place = f"state.{section}.{part}"
                if isinstance(number, str) or np.ndim(number) == 0:
                    settings[place] = number
                else:
                    if f"{name}_{part}" in self.description["parameters"]:
                        found = f"an array for '{part}', whose axis would be called {name}_{part} as a parameter is"
                        raise argument_error(name, found, "another name of the parameter")
                    variables[f"{name}_{part}"] = number
                    settings[place] = f"{name}_{part}"
        return variables

    def _repr_html_(self) -> str:
        from .display import pair_bath_html

        return super()._repr_html_() + pair_bath_html(self.description)


def _refuse(state: dict, *names: str) -> None:
    for name in names:
        if name in state:
            raise argument_error(name, "a value", f"a call without it: this method sets {name} itself", "run(...) takes everything")


def _items(given: Any, argument: str) -> Any:
    if not isinstance(given, Mapping):
        raise argument_error(argument, type(given).__name__, "a dictionary from names to what pairbath.wide_band and the like return")
    return given.items()


def _default_state(electrodes: list, baths: list, units: str) -> dict:
    """Parameters mu, V, T and the section `state`."""
    temperature = _ROOM_TEMPERATURE if units == "eV" else 1.0
    if not electrodes:
        return {"parameters": {"T": temperature}, "state": {"temperature": {name: "T" for name in baths}}}
    potentials = {name: "mu" for name in electrodes}
    parameters = {"mu": 0.0, "T": temperature}
    if len(electrodes) == 2:
        potentials = {electrodes[0]: "mu + V/2", electrodes[1]: "mu - V/2"}
        parameters["V"] = 0.0
    return {"parameters": parameters, "state": {"chemical_potential": potentials, "temperature": {n: "T" for n in electrodes + baths}}}
