r"""Force constants of phonopy: modes at the centre of the zone, or a phonon junction cut out of its supercell.

:math:`K = \hbar^2\Phi/\sqrt{mm'}`; phonopy's frequencies in THz times h are these energies. Born charges are left out.
"""

from __future__ import annotations

import warnings

import numpy as np

from ._common import BOHR, HARTREE, need, refuse
from ._phonon_junction import ForceConstants, junction
from ._vibrations import acoustic, free_motions, vibrations

# eV/angstrom^2 for one unit, as phonopy names them.
_UNITS = {
    "eV/angstrom^2": 1.0,
    "eV/angstrom.au": 1 / BOHR,
    "Ry/au^2": HARTREE / 2 / BOHR**2,
    "mRy/au^2": HARTREE / 2000 / BOHR**2,
    "hartree/au^2": HARTREE / BOHR**2,
    "hartree/angstrom.au": HARTREE / BOHR,
}


def from_phonopy(phonon, *, device=None, left=None, right=None, sum_rule=True, unit=None, **options):
    """Vibrations, or a phonon junction, from a Phonopy object with force constants.

    Parameters
    ----------
    phonon : phonopy.Phonopy
        With `force_constants`, full or compact.
    device, left, right : list of int, optional
        Atoms of the supercell from 0: the device, and two principal layers of each lead (the program finds which is the inner one). Without
        the three, the modes of the primitive cell at wave vector zero.
    sum_rule : bool
        Modes: restore the acoustic sum rule and take the three translations out. A junction always has it among the springs it keeps.
    unit : str, optional
        Unit of the force constants: ``eV/angstrom^2``, ``Ry/au^2``, ``mRy/au^2``, ``hartree/au^2``, ``eV/angstrom.au`` or
        ``hartree/angstrom.au``; default that of `phonon.calculator`. Positions in au for units over au^2.
    **options
        A junction: options of `pairbath.Junction`, such as title, parameters, state, compute.

    Returns
    -------
    Vibrations or pairbath.Junction
        The junction has bosons alone: the dynamical matrix of the device in eV^2, periodic baths ``L`` and ``R``, level ``landauer``.

    Raises
    ------
    pairbath.ModelError
        No force constants; a cut that leaves out more than 5 % of the largest spring; layers that are no images of each other.
    """
    module = need("phonopy", "phonopy", "from_phonopy")
    if not isinstance(phonon, module.Phonopy):
        raise refuse("phonon", type(phonon).__name__, "a phonopy.Phonopy object", "phonopy.load('phonopy_params.yaml')")
    if phonon.force_constants is None:
        raise refuse("phonon", "no force constants", "force constants", "phonon.produce_force_constants()")
    if phonon.nac_params is not None:
        warnings.warn("Born charges (nac_params) are left out: modes at wave vector zero are the transverse ones.", UserWarning, stacklevel=2)
    named = [device is not None, left is not None, right is not None]
    if any(named) and not all(named):
        raise refuse("device, left, right", f"{sum(named)} of the three", "all three for a junction, or none for the modes")
    scale, length = _unit(phonon, unit)
    matrix = scale * _full(phonon)
    if not all(named):
        if options:
            raise refuse(sorted(options)[0], "an option of a junction", "modes have none", "name device, left and right")
        return _modes(phonon, matrix, sum_rule)
    cell = phonon.supercell
    forces = ForceConstants(matrix, np.asarray(cell.masses), length * cell.positions, length * np.asarray(cell.cell), list(cell.symbols))
    return junction(forces, device, left, right, **options)


def _unit(phonon, unit):
    """eV/angstrom^2 for one unit of the force constants, angstrom for one of length."""
    if unit is None:
        try:
            from phonopy.physical_units import get_calculator_physical_units as units
        except ImportError:  # phonopy before 3
            from phonopy.interface.calculator import get_default_physical_units as units
        known = units(phonon.calculator)
        unit = known["force_constants_unit"] if isinstance(known, dict) else known.force_constants_unit
    if unit not in _UNITS:
        raise refuse("unit", repr(unit), ", ".join(_UNITS))
    return _UNITS[unit], BOHR if unit.endswith("au^2") else 1.0


def _full(phonon):
    matrix = np.asarray(phonon.force_constants)
    if matrix.shape[0] != matrix.shape[1]:
        from phonopy.harmonic.force_constants import compact_fc_to_full_fc

        try:
            matrix = compact_fc_to_full_fc(phonon.primitive, matrix)
        except AttributeError:  # phonopy before 3 wants all of it
            matrix = compact_fc_to_full_fc(phonon, matrix)
    if not np.all(np.isfinite(matrix)):
        raise refuse("phonon", "force constants with NaN or infinity", "finite numbers")
    return np.array(matrix, dtype=float)


def _modes(phonon, matrix, sum_rule):
    """Modes of the primitive cell at q = 0: springs to all images of an atom add up."""
    primitive = phonon.primitive
    own = list(primitive.p2s_map)
    place = np.array([own.index(i) for i in primitive.s2p_map])
    folded = np.zeros((len(own), len(own), 3, 3))
    for i, atom in enumerate(own):
        np.add.at(folded[i], place, matrix[atom])
    flat = folded.transpose(0, 2, 1, 3).reshape(3 * len(own), -1)
    flat = (flat + flat.T) / 2
    masses = np.asarray(primitive.masses)
    if not sum_rule:
        return vibrations(flat, masses)
    return vibrations(acoustic(flat), masses, free=free_motions(masses, np.asarray(primitive.positions), rotations=False))
