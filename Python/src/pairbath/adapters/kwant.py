r"""A finalised system of Kwant and its leads as a junction.

**Leads.** Kwant's lead has `cell_hamiltonian` H and `inter_cell_hopping` V, which leads from a cell (rows) to the sites of the previous
cell, nearer to the system (columns); these are the first N sites of a cell, and the interface of the system is such a previous cell.
Pairbath's :math:`H_{01}` leads from a cell to the next one away from the conductor: its first rows are :math:`V^\dagger`, the rest is 0;
:math:`V^\dagger` is also the coupling of the interface (`system.lead_interfaces`, in that order) to the first cell.

**Units.** Kwant has none: `unit` says how many eV its energies stand for.
"""

from __future__ import annotations

from contextlib import contextmanager

import numpy as np

from ._common import hermitian, need, positive, real_if_real, refuse

_DENSE = 300  # sites' orbitals: from here on the conductor goes over as a sparse matrix


def from_kwant(system, energy=0.0, *, params=None, names=None, unit=1.0, energies=None, **options):
    """Junction of a finalised Kwant system with its leads.

    Parameters
    ----------
    system : kwant.system.FiniteSystem
        What `builder.finalized()` gives, with at least one lead.
    energy : float
        Kwant's energy that becomes 0 in the junction: the Fermi energy.
    params : dict, optional
        Parameters of the system's value functions, as for `kwant.smatrix`.
    names : list of str, optional
        Names of the electrodes in the order of the leads; default ``lead0``, ``lead1``, ...
    unit : float
        eV (or the energy unit of ``units="natural"``) for one unit of Kwant's energies.
    energies : array_like, optional
        Kwant's energies, ascending, at least four: where leads that have only a self-energy are tabulated. They must hold every energy
        that is asked for, and 40 temperatures beyond the chemical potentials.
    **options
        Options of `pairbath.Junction`. Orbitals are numbered site by site as in `system.sites`.

    Returns
    -------
    pairbath.Junction
        Its transmission (a, b) is Kwant's `smatrix(...).transmission(a, b)`, from b to a.

    Raises
    ------
    pairbath.ModelError
        Not finalised, no leads, leads without cells and no `energies`.
    """
    system_module = need("kwant.system", "kwant", "from_kwant")
    from pairbath import Junction, periodic, self_energy

    if not isinstance(system, system_module.FiniteSystem):
        hint = "builder.finalized()" if hasattr(system, "finalized") else None
        raise refuse("system", type(system).__name__, "a finalised system of Kwant", hint)
    if not system.leads:
        raise refuse("system", "a system without leads", "at least one lead", "builder.attach_lead(lead) before finalized()")
    if not np.isfinite(energy):
        raise refuse("energy", repr(energy), "a finite energy")
    unit = positive("unit", unit, "eV for one unit of Kwant")
    h, norbs = _hamiltonian(system, params)
    offsets = np.concatenate([[0], np.cumsum(norbs)]).astype(int)
    electrodes = {}
    for name, lead, interface in zip(_names(names, len(system.leads)), system.leads, system.lead_interfaces):
        places = np.concatenate([np.arange(offsets[i], offsets[i + 1]) for i in interface])
        if hasattr(lead, "inter_cell_hopping"):
            h00, h01, coupling = _cells(lead, params, name, len(places))
            h00 = unit * (h00 - energy * np.eye(len(h00)))
            electrodes[name] = periodic(H00=h00, H01=unit * h01, orbitals=places.tolist(), coupling_hamiltonian=unit * coupling)
        else:
            grid = _grid(energies, name)
            with _parameters(f"the lead {name!r}"):
                values = unit * np.array([np.asarray(lead.selfenergy(float(e), params=params)) for e in grid])
            electrodes[name] = self_energy(unit * (grid - energy), values, orbitals=places.tolist())
    return Junction(_shifted(h, energy, unit), electrodes=electrodes, **options)


def _hamiltonian(system, params):
    """H of the system, sparse where it is large, and the numbers of orbitals of its sites."""
    with _parameters("the system"):
        h, norbs, _ = system.hamiltonian_submatrix(params=params, sparse=True, return_norb=True)
    if h.shape[0] >= _DENSE:
        return h.tocsr(), norbs
    return hermitian("system", h.toarray()), norbs


def _cells(lead, params, name, interface):
    """H00, H01 from a cell to the next one away from the system, and the coupling of the interface to the first cell."""
    with _parameters(f"the lead {name!r}"):
        cell, hopping = lead.cell_hamiltonian(params=params), lead.inter_cell_hopping(params=params)
    h00 = hermitian(f"the cell of lead {name!r}", np.asarray(cell))
    coupling = real_if_real(np.asarray(hopping).conj().T)
    if len(coupling) != interface:
        raise refuse(f"lead {name!r}", f"{interface} orbitals at the interface, {len(coupling)} that cells couple to", "equal numbers")
    h01 = np.zeros_like(coupling, shape=h00.shape)
    h01[:interface] = coupling
    return h00, h01, coupling


@contextmanager
def _parameters(what):
    """Names `params` where a value function gets wrong parameters; other faults of the user's functions stay as Kwant tells them."""
    try:
        yield
    except Exception as error:
        if isinstance(error, TypeError) or isinstance(error.__cause__, TypeError):
            cause = error.__cause__ or error
            raise refuse("params", f"parameters that {what} does not accept ({cause})", "those of its value functions, by name") from error
        raise


def _names(names, count):
    if names is None:
        return [f"lead{i}" for i in range(count)]
    if isinstance(names, str) or len(names) != count or len(set(names)) < count:
        raise refuse("names", repr(names)[:60], f"{count} different names, one for each lead")
    return list(names)


def _grid(energies, name):
    if energies is None:
        raise refuse(
            "energies", "None", f"energies at which the self-energy of the lead {name!r} is tabulated: it has no cells", "energies=numpy.linspace(...)"
        )
    grid = np.array(energies, dtype=float)
    if grid.ndim != 1 or len(grid) < 4 or not np.all(np.isfinite(grid)) or np.any(np.diff(grid) <= 0):
        raise refuse("energies", f"shape {grid.shape}", "at least four finite energies in ascending order")
    return grid


def _shifted(h, energy, unit):
    if not hasattr(h, "tocsr"):
        return unit * (h - energy * np.eye(len(h)))
    from scipy.sparse import identity

    return (unit * (h - energy * identity(h.shape[0]))).tocsr()
