r"""A small junction as a problem of hierarchical equations of motion (HEOM) in QuTiP.

**What is mapped, exactly.** Orbitals become fermions (Jordan-Wigner), twice with `spin_degeneracy` 2; an overlap goes into H and
:math:`\Gamma` by :math:`S^{-1/2}`. Modes become oscillators cut off after `levels` quanta. Couplings `dimensionless` and `mass-weighted`.

==================  ==============================================================================================
electrode           :math:`\Gamma(e) = \Gamma W^2/[(e-c)^2+W^2]`: a Lorentzian of half width W (`bandwidth`) about c
                    (`center`) with Pairbath's :math:`\Gamma` on top; one bath for each eigenvector of :math:`\Gamma`
bath ``drude``      Drude-Lorentz, :math:`J = \eta w\,w_c^2/(w^2+w_c^2)` on the coordinate Q
bath ``ohmic``      the same with :math:`w_c` = `cutoff`
bath ``underdamped``  :math:`J = \eta w\,W_0^4/[(w^2-W_0^2)^2+G^2w^2]`
==================  ==============================================================================================

:math:`J = \Gamma_p/2` for the coupling to Q. The static shift that a bath adds in QuTiP's Hamiltonian is given back
(:math:`+\frac1\pi\int_0^\infty\frac{J}{w}dw\;Q^2`), because Pairbath's baths do not move the mode: :math:`\Pi(0) = 0`.

**What is not mapped.** Wide bands as such (HEOM needs a bandwidth), leads (`chain`, `periodic`, tables), baths that are leads or tables,
chemical potentials of bosons, rotating-wave modes, temperature 0, arithmetic in the model. HEOM has all orders of the coupling and of
the tunnelling together, Pairbath the second order in the coupling: they agree for weak coupling, not for strong.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ._common import index_list, need, positive, refuse
from ._hilbert import fermions, oscillators
from ._model_numbers import matrix, number, sections

_KELVIN = 8.617333262e-5  # eV/K
_AMPERE = 2.434134807e-4  # A for one electron per hbar/eV
_LARGEST = 512  # states of orbitals and modes together


@dataclass(frozen=True)
class Hierarchy:
    """What `qutip.solver.heom.HEOMSolver` needs, and what its states mean.

    Attributes
    ----------
    hamiltonian : qutip.Qobj
        Orbitals and modes, with the shifts given back; energies of the junction (eV or the energy unit), hbar = 1.
    baths : list of (qutip environment, qutip.Qobj)
        Expansions in exponentials and coupling operators.
    fermions, oscillators : list of qutip.Qobj
        Annihilators of the orbitals (spins after each other) and of the modes.
    tags : dict
        Tags of the exponents of each electrode.
    current_unit : float
        A (1 in natural units) for one particle per hbar over the energy unit.
    """

    hamiltonian: object = field(repr=False)
    baths: list = field(repr=False)
    fermions: list = field(repr=False)
    oscillators: list = field(repr=False)
    tags: dict
    current_unit: float

    def solver(self, max_depth=2, **options):
        """`HEOMSolver(hamiltonian, baths, max_depth, ...)`. Depth 2 is exact for electrons without interaction and without modes."""
        heom = need("qutip.solver.heom", "qutip", "to_qutip")
        return heom.HEOMSolver(self.hamiltonian, self.baths, max_depth=max_depth, **options)

    def currents(self, ado_state):
        """Charge current that leaves each electrode (A, or the energy unit over hbar), from the first level of the hierarchy.

        `ado_state` is the second value of ``solver.steady_state()``, or a state of ``solver.run(..., options={"store_ados": True})``.
        """
        return {name: self.current_unit * _current(ado_state, tags) for name, tags in self.tags.items()}

    def populations(self, rho):
        """Mean numbers of quanta of the modes in a density matrix."""
        from qutip import expect

        return np.array([expect(a.dag() * a, rho).real for a in self.oscillators])


def to_qutip(junction, *, bandwidth, center=None, terms=5, levels=6, cutoff=None, **state):
    """The HEOM problem of a small junction in one state.

    Parameters
    ----------
    junction : pairbath.Junction
        Wide-band electrodes; modes with baths ``drude``, ``ohmic`` (with `cutoff`) or ``underdamped``. Plain numbers.
    bandwidth : float or dict
        Half width W of every electrode's Lorentzian, an energy; by name as a dictionary. Errors of the wide-band limit are of order
        (energies that matter)/W.
    center : float or dict, optional
        Energy c of its middle; default the chemical potential of the electrode in this state.
    terms : int
        Terms of the Pade (Drude: Pade, underdamped: Matsubara) expansion besides the pole of the bath.
    levels : int
        Quanta kept in each mode, from 0 to levels - 1.
    cutoff : float, optional
        w_c that stands for the missing cut-off of an ``ohmic`` bath.
    **state
        Numbers of the state, as in `Junction.run`: V, mu, T, ...

    Returns
    -------
    Hierarchy

    Raises
    ------
    pairbath.ModelError
        What is not mapped (see the module's page), more than 512 states, a temperature of 0.

    Examples
    --------
    >>> problem = pairbath.to_qutip(junction, bandwidth=5.0, V=0.2)
    >>> rho, ados = problem.solver(max_depth=2).steady_state()
    >>> problem.currents(ados)["L"]
    """
    qutip = need("qutip", "qutip", "to_qutip")
    if not hasattr(qutip, "LorentzianEnvironment"):
        raise refuse("qutip", f"version {qutip.__version__}", "5.1 or later", "pip install -U 'pairbath[qutip]'")
    model = sections(junction)
    if "conductor" not in model or "electrodes" not in model:
        raise refuse("junction", "no conductor with electrodes", "electrons")
    terms, levels = (_whole(n, v, low) for n, v, low in (("terms", terms, 1), ("levels", levels, 2)))
    electrons = _electrons(junction, model)
    modes = _modes(junction, model)
    spins, size = electrons["spins"], len(electrons["hamiltonian"])
    count = spins * size
    states = 2**count * levels ** len(modes["energies"])
    if states > _LARGEST:
        raise refuse("junction", f"{count} orbitals and {len(modes['energies'])} modes, {states} states", f"at most {_LARGEST} states", "fewer levels")
    d = fermions(qutip, count, levels, len(modes["energies"]))
    a = oscillators(qutip, count, levels, len(modes["energies"]))
    place = _State(junction, model, state)
    h = sum((_bilinear(electrons["hamiltonian"], d[s * size : (s + 1) * size]) for s in range(spins)), 0 * d[0])
    h = h + sum((w * b.dag() * b for w, b in zip(modes["energies"], a)), 0 * d[0])
    coordinates = [
        sum((modes["vectors"][i, k] / np.sqrt(2 * w) * (b + b.dag()) for k, (w, b) in enumerate(zip(modes["energies"], a))), 0 * d[0])
        for i in range(len(a))
    ]
    for k, m in enumerate(modes["coupling"]):
        motion = coordinates[k] if modes["convention"] == "mass-weighted" else a[k] + a[k].dag()
        for s in range(spins):
            h = h + _bilinear(electrons["root"] @ m @ electrons["root"], d[s * size : (s + 1) * size]) * motion
    baths, tags = _electrode_baths(qutip, electrons, place, d, size, bandwidth, center, terms)
    for name, section in (model.get("baths") or {}).items():
        for i in _coordinates(section, name, len(a)):
            environment, shift = _boson_bath(qutip, section, name, place, cutoff, terms)
            baths.append((environment, coordinates[i]))
            h = h + shift * coordinates[i] ** 2
    return Hierarchy(h, baths, d, a, tags, _AMPERE if place.is_eV else 1.0)


def _electrons(junction, model):
    conductor = model["conductor"]
    h = matrix(conductor, "hamiltonian" if "energies" not in conductor else "energies", junction, "hamiltonian", "conductor")
    if h is None or "potentials" in conductor or "spin" in conductor:
        raise refuse("conductor", f"the keys {sorted(conductor)}", "levels or one Hamiltonian, as numbers")
    h = np.diag(h) if h.ndim == 1 else h
    overlap = matrix(conductor, "overlap", junction, "overlap", "conductor")
    root = np.eye(len(h))
    if overlap is not None:
        value, vector = np.linalg.eigh(overlap)
        root = vector @ np.diag(value**-0.5) @ vector.conj().T
    degeneracy = number(conductor.get("spin_degeneracy", 1), "conductor.spin_degeneracy")
    if degeneracy not in (1, 2):
        raise refuse("spin_degeneracy", f"{degeneracy:g}", "1 or 2")
    widths = {}
    for name, section in model["electrodes"].items():
        if section.get("kind") != "wide-band":
            raise refuse(f"electrodes.{name}.kind", repr(section.get("kind")), "'wide-band'", "a wide band for each electrode, with bandwidth=")
        given = matrix(section, "broadening", junction, f"electrode_{name}_broadening", f"electrodes.{name}")
        if given is None:
            raise refuse(f"electrodes.{name}.file", repr(section.get("file"))[:60], "a broadening that the junction was made with")
        orbitals = index_list(f"electrodes.{name}.orbitals", section.get("orbitals", list(range(len(h)))), len(h), "orbitals")
        width = np.zeros((len(h), len(h)), dtype=np.result_type(given, float))
        width[np.ix_(orbitals, orbitals)] = given if given.ndim == 2 else given * np.eye(len(orbitals))
        widths[name] = root @ width @ root
    return {"hamiltonian": root @ h @ root, "root": root, "widths": widths, "spins": int(degeneracy)}


def _modes(junction, model):
    section = model.get("bosons")
    if section is None:
        return {"energies": [], "vectors": np.eye(0), "coupling": [], "convention": "dimensionless"}
    energies = matrix(section, "modes", junction, "mode_energy", "bosons")
    vectors = None if energies is None else np.eye(len(energies))
    if energies is None:
        k = matrix(section, "dynamical_matrix", junction, "dynamical_matrix", "bosons")
        if k is None or set(section) - {"dynamical_matrix", "file"}:
            raise refuse("bosons", f"the keys {sorted(section)}", "modes, or a dynamical matrix")
        squares, vectors = np.linalg.eigh(k)
        if squares.min() <= 0:
            raise refuse("bosons", f"a mode of W^2 = {squares.min():.3g}", "modes with W^2 > 0")
        energies = np.sqrt(squares)
        largest = np.abs(vectors).argmax(axis=0)
        vectors = vectors * np.where(vectors[largest, np.arange(len(squares))] < 0, -1.0, 1.0)
    coupling = model.get("coupling") or {}
    convention = coupling.get("convention")
    matrices = matrix(coupling, "matrices", junction, "coupling", "coupling")
    stored = getattr(junction, "_arrays", {}).get("coupling")
    if convention is None and stored is not None:
        convention = stored.attributes.get("convention")
    if matrices is not None and convention not in ("dimensionless", "mass-weighted"):
        raise refuse("convention", repr(convention), "'dimensionless' or 'mass-weighted'")
    return {"energies": energies, "vectors": vectors, "coupling": [] if matrices is None else matrices, "convention": convention}


class _State:
    """Chemical potentials and temperatures (energies) of one state, as the core evaluates them."""

    def __init__(self, junction, model, state):
        wrong = [n for n, v in state.items() if np.ndim(v) and not isinstance(v, dict)]
        if wrong:
            raise refuse(wrong[0], "several values", "one state: numbers")
        options = {} if model.get("bosons") is None else {"level": "sharp", "compute": {"elastic_correction": "none"}}
        data = junction.run(observables=["charge_current"], **options, **state)
        others = [n for n in data["chemical_potential"].dims if n != "electrode" and data.sizes[n] > 1]
        if others:
            raise refuse(others[0], "a sweep", "one state: a number for each variable")
        self.is_eV = model.get("units", "eV") == "eV"
        unit = _KELVIN if self.is_eV else 1.0
        self.potential = {str(n): float(v) for n, v in zip(data["electrode"].values, data["chemical_potential"].values.ravel())}
        self.temperature = {str(n): unit * float(v) for n, v in zip(data["electrode"].values, data["temperature"].values.ravel())}
        if "bath_temperature" in data:
            self.temperature.update({str(n): unit * float(v) for n, v in zip(data["bath"].values, data["bath_temperature"].values.ravel())})
        if "bath_chemical_potential" in data and np.any(data["bath_chemical_potential"].values != 0):
            raise refuse("state.chemical_potential", "a chemical potential of bosons", "0 for bosons")
        cold = [n for n, t in self.temperature.items() if t <= 0]
        if cold:
            raise refuse(f"state.temperature.{cold[0]}", "0", "a temperature above 0: the expansions need it")


def _electrode_baths(qutip, electrons, place, d, size, bandwidth, center, terms):
    baths, tags = [], {}
    for name, width in electrons["widths"].items():
        half = positive(f"bandwidth[{name!r}]" if isinstance(bandwidth, dict) else "bandwidth", _of(bandwidth, name, "bandwidth"), "an energy")
        middle = place.potential[name] if center is None else number(_of(center, name, "center"), "center")
        tags[name] = []
        for r, (gamma, vector) in enumerate(zip(*_eigen(width))):
            for s in range(electrons["spins"]):
                operator = sum((np.conj(v) * c for v, c in zip(vector, d[s * size : (s + 1) * size])), 0 * d[0])
                whole = qutip.LorentzianEnvironment(place.temperature[name], place.potential[name], gamma, half, omega0=middle)
                tag = (name, r, s)
                baths.append((whole.approx_by_pade(terms, tag=tag), operator))
                tags[name].append(tag)
    return baths, tags


def _eigen(width):
    """Eigenvalues above rounding and their vectors of a broadening."""
    value, vector = np.linalg.eigh((width + width.conj().T) / 2)
    kept = value > 1e-12 * max(value.max(), 1e-300)
    return value[kept], vector[:, kept].T


def _boson_bath(qutip, section, name, place, cutoff, terms):
    """Expansion of a bath on one coordinate and the shift (energy squared, times Q^2) that is given back."""
    kind, at = section.get("kind"), f"baths.{name}"
    if kind not in ("ohmic", "drude", "underdamped"):
        raise refuse(f"{at}.kind", repr(kind), "'ohmic', 'drude' or 'underdamped'")
    friction, temperature = number(section["friction"], f"{at}.friction"), place.temperature[name]
    if kind == "underdamped":
        w0, g = number(section["frequency"], f"{at}.frequency"), number(section["width"], f"{at}.width")
        whole = qutip.UnderDampedEnvironment(T=temperature, lam=np.sqrt(friction * w0**4 / g), gamma=g, w0=w0)
        return whole.approximate("matsubara", Nk=terms, tag=name), friction * w0**2 / (2 * g)
    if kind == "ohmic":
        if cutoff is None:
            raise refuse("cutoff", "None", f"an energy: the bath {name!r} is ohmic, without a cut-off", "cutoff=... far above the modes")
        wc = positive("cutoff", cutoff, "an energy")
    else:
        wc = number(section["cutoff"], f"{at}.cutoff")
    whole = qutip.DrudeLorentzEnvironment(T=temperature, lam=friction * wc / 2, gamma=wc)
    return whole.approximate("pade", Nk=terms, tag=name), friction * wc / 2


def _coordinates(section, name, count):
    given = section.get("coordinates", "all")
    return range(count) if given == "all" else index_list(f"baths.{name}.coordinates", given, count, "coordinates")


def _bilinear(h, d):
    """sum_ij h_ij d_i^+ d_j."""
    return sum((h[i, j] * x.dag() * y for i, x in enumerate(d) for j, y in enumerate(d) if h[i, j] != 0), 0 * d[0])


def _current(ado_state, tags):
    """Particles that leave an electrode: i sum over its exponents of the trace with the coupling operator, + less -."""
    total = 0.0
    for label in ado_state.filter(level=1):
        matrix_, (exponent,) = ado_state.extract(label), ado_state.exps(label)
        if exponent.tag not in tags and (exponent.tag or [None])[0] not in tags:
            continue
        is_plus = exponent.type == exponent.types["+"]
        operator = exponent.Q if is_plus else exponent.Q.dag()
        total += (1 if is_plus else -1) * (operator * matrix_).tr()
    return float((1j * total).real)


def _of(value, name, argument):
    if not isinstance(value, dict):
        return value
    if name not in value:
        raise refuse(argument, f"the names {sorted(map(str, value))}", f"one for the electrode {name!r} too")
    return value[name]


def _whole(name, value, low):
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < low:
        raise refuse(name, repr(value), f"a whole number from {low}")
    return int(value)
