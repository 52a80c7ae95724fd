"""Electrodes and boson baths in the field's words: what stands in the dictionaries ``electrodes`` and ``baths`` of a junction.

Each function returns a dictionary with the keys of the model file; such dictionaries may also be written by hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Optional


def _given(**keys: Any) -> dict:
    return {key: value for key, value in keys.items() if value is not None}


def wide_band(broadening: Any, orbitals: Optional[Sequence[int]] = None) -> dict:
    r"""A wide-band electrode, :math:`\Sigma(e) = -i\Gamma/2`.

    Parameters
    ----------
    broadening : number, str or (n, n) array_like
        :math:`\Gamma`, an energy, on each of the orbitals; or a Hermitian, positive semidefinite matrix over them.
    orbitals : sequence of int, optional
        Orbitals of the conductor, from 0; a matrix without them covers all.
    """
    return _given(kind="wide-band", orbitals=orbitals, broadening=broadening)


def chain(orbital: int, energy: Any, hopping: Any, coupling: Any) -> dict:
    r"""A semi-infinite chain at one orbital, band :math:`energy \pm 2|hopping|`.

    Parameters
    ----------
    orbital : int
        The orbital it is joined to.
    energy, hopping, coupling : number or str
        Level and hopping inside the chain, hopping to the orbital; energies.
    """
    return _given(kind="chain", orbital=orbital, energy=energy, hopping=hopping, coupling=coupling)


def periodic(
    H00: Any,
    H01: Any,
    S00: Any = None,
    S01: Any = None,
    orbitals: Optional[Sequence[int]] = None,
    coupling_hamiltonian: Any = None,
    coupling_overlap: Any = None,
    **others: Any,
) -> dict:
    """A semi-infinite periodic lead.

    Parameters
    ----------
    H00, S00 : (c, c) array_like
        Hamiltonian (energy) and overlap of a cell.
    H01, S01 : (c, c) array_like
        From a cell (rows) to the next one away from the conductor (columns).
    orbitals : sequence of int
        Orbitals of the conductor that the first cell is joined to.
    coupling_hamiltonian, coupling_overlap : (orbitals, c) array_like, optional
        From these orbitals (rows) to the first cell (columns); default `H01`, `S01`.
    **others
        ``eta``, ``coupling_eta`` (energies, cells that absorb), ``absorption`` as in the model file.
    """
    return _given(
        kind="periodic",
        orbitals=orbitals,
        H00=H00,
        H01=H01,
        S00=S00,
        S01=S01,
        coupling_hamiltonian=coupling_hamiltonian,
        coupling_overlap=coupling_overlap,
        **others,
    )


def self_energy(energies: Any, values: Any, orbitals: Optional[Sequence[int]] = None) -> dict:
    r"""An electrode given by :math:`\Sigma(e)` on a grid.

    Parameters
    ----------
    energies : (e,) array_like
        At least four, ascending; energies.
    values : (e, n, n) array_like
        Retarded self-energies, energies. What interpolation is worth is measured and stands in every error.
    orbitals : sequence of int, optional
        Orbitals of the matrices; default all.
    """
    return _given(kind="table", orbitals=orbitals, energies=energies, self_energy=values)


def ohmic(friction: Any, coordinates: Optional[Sequence[int]] = None) -> dict:
    r"""An Ohmic bath, :math:`\Pi(w) = -iw\eta`; `friction` is :math:`\eta`, the rate at which a population relaxes, an energy."""
    return _given(kind="ohmic", coordinates=coordinates, friction=friction)


def drude(friction: Any, cutoff: Any, coordinates: Optional[Sequence[int]] = None) -> dict:
    r"""A Drude bath, :math:`\Pi(w) = -iw\eta/(1 - iw/w_c)`: friction with the memory :math:`1/w_c`."""
    return _given(kind="drude", coordinates=coordinates, friction=friction, cutoff=cutoff)


def underdamped(friction: Any, frequency: Any, width: Any, coordinates: Optional[Sequence[int]] = None) -> dict:
    r"""A vibration `frequency` of `width` stands between: :math:`\Pi(w) = (\eta W_0^2/G)\,w(w+iG)/(w^2-W_0^2+iGw)`."""
    return _given(kind="underdamped", coordinates=coordinates, friction=friction, frequency=frequency, width=width)


def chain_bath(spring: Any, onsite: Any = None, coupling: Any = None, coordinates: Optional[Sequence[int]] = None) -> dict:
    """A semi-infinite harmonic chain at one coordinate; energies squared. Band onsite <= w^2 <= onsite + 4 spring."""
    return _given(kind="chain", coordinates=coordinates, spring=spring, onsite=onsite, coupling=coupling)


def periodic_bath(K00: Any, K01: Any, coupling: Any = None, coordinates: Optional[Sequence[int]] = None) -> dict:
    """A semi-infinite periodic lead of coordinates; energies squared.

    `K01` leads from a cell (rows) to the next one away from the junction (columns), `coupling` (default `K01`) from
    `coordinates` (rows) to the first cell.
    """
    return _given(kind="periodic", coordinates=coordinates, K00=K00, K01=K01, coupling=coupling)


def bath_table(frequencies: Any, values: Any, coordinates: Optional[Sequence[int]] = None) -> dict:
    r"""A bath given by :math:`\Pi(w)` on a grid of frequencies from 0.

    Parameters
    ----------
    frequencies : (w,) array_like
        At least four, ascending from 0; energies.
    values : (w, n, n) array_like
        Complex: :math:`\Pi`. Real: its imaginary part, the real part follows (Kramers-Kronig). Energies squared.
    """
    return _given(kind="table", coordinates=coordinates, frequencies=frequencies, self_energy=values)
