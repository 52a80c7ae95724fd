r"""Vibrations of ASE atoms with any calculator that gives forces, or a phonon junction cut out of them.

:math:`\Phi_{ij} = -[F_j(x_i + h) - F_j(x_i - h)]/2h`, and its symmetric part; :math:`K = \hbar^2\Phi/\sqrt{mm'}`.
"""

from __future__ import annotations

import numpy as np

from ._common import index_list, need, positive, refuse
from ._phonon_junction import ForceConstants, junction
from ._progress import Progress
from ._restart import Restart, digest
from ._vibrations import acoustic, free_motions, vibrations


def from_ase(
    atoms, indices=None, *, step=0.01, sum_rule=False, device=None, left=None, right=None, restart=None, progress=None, **options
):
    """Vibrations, or a phonon junction, from finite differences of forces.

    Parameters
    ----------
    atoms : ase.Atoms
        With a calculator. It is not changed.
    indices : list of int, optional
        Atoms that vibrate, the others are held fast; default all that no `FixAtoms` holds. A junction displaces those it needs.
    step : float
        Displacement in angstrom; springs err by its square.
    sum_rule : bool
        Restore the acoustic sum rule and take the three translations out of the modes; all atoms must vibrate. A junction always has
        it among the springs it keeps.
    device, left, right : list of int, optional
        A junction: its device, and two principal layers of each lead.
    restart : path, optional
        A folder for finished displacements; it is checked against atoms, cell and calculator.
    progress : bool, callable or None
        As in `Junction.run`: None is a bar where somebody looks on; `progress(stage, done, total)` gets the cost first (done = 0).
    **options
        A junction: options of `pairbath.Junction`.

    Returns
    -------
    Vibrations or pairbath.Junction
        `Vibrations.bosons()` and `Vibrations.dynamical_matrix` (eV^2) are what `bosons=` takes.

    Raises
    ------
    pairbath.ModelError
        No calculator, forces that are not finite, atoms that do not exist.

    Notes
    -----
    Cost: 6 calculations of forces for each atom that vibrates.
    """
    ase = need("ase", "ase", "from_ase")
    if not isinstance(atoms, ase.Atoms):
        raise refuse("atoms", type(atoms).__name__, "an ase.Atoms object")
    if atoms.calc is None:
        raise refuse("atoms", "no calculator", "a calculator that gives forces", "atoms.calc = ...")
    step = positive("step", step, "a displacement in angstrom")
    named = [device is not None, left is not None, right is not None]
    if any(named) and not all(named):
        raise refuse("device, left, right", f"{sum(named)} of the three", "all three for a junction, or none for the modes")
    count = len(atoms)
    if all(named):
        if indices is not None:
            raise refuse("indices", "a list", "None: a junction displaces the atoms of device, left and right")
        lists = [index_list(n, a, count) for n, a in (("device", device), ("left", left), ("right", right))]
        moving = np.unique(np.concatenate(lists))
    else:
        moving = _free(atoms) if indices is None else index_list("indices", indices, count)
        if options:
            raise refuse(sorted(options)[0], "an option of a junction", "modes have none", "name device, left and right")
    if sum_rule and len(moving) < count and not all(named):
        raise refuse("sum_rule", "True with atoms that are held fast", "False: held atoms hold the others", "indices of all atoms")
    rows = force_constants(atoms, moving, step, restart, progress)
    masses = atoms.get_masses()
    if all(named):
        matrix = np.full((count, count, 3, 3), np.nan)
        matrix[moving] = rows
        cell = np.asarray(atoms.cell) * np.asarray(atoms.pbc)[:, None]
        return junction(ForceConstants(matrix, masses, atoms.positions, cell, atoms.get_chemical_symbols()), device, left, right, **options)
    flat = rows[:, moving].transpose(0, 2, 1, 3).reshape(3 * len(moving), -1)
    flat = (flat + flat.T) / 2
    free = None
    if sum_rule:
        flat, free = acoustic(flat), free_motions(masses[moving], atoms.positions[moving], rotations=False)
    return vibrations(flat, masses[moving], moving, free)


def force_constants(atoms, moving, step=0.01, restart=None, progress=None):
    """(moving, N, 3, 3) ndarray of springs in eV/angstrom^2 from 6 force calculations for each moving atom."""
    calculator = atoms.calc
    copy = atoms.copy()
    copy.calc = calculator
    copy.set_constraint()
    middle = atoms.get_positions()
    store = Restart(restart, {} if restart is None else _calculation(atoms))  # its forces are one calculation more
    places = []
    for a in moving:
        for x in range(3):
            for sign in (1, -1):
                at = middle.copy()
                at[a, x] += sign * step
                places.append(at)
    found = [store.read(at) for at in places]
    missing = [i for i, f in enumerate(found) if f is None]
    cost = f"{len(missing)} calculations of forces on {len(atoms)} atoms ({len(moving)} atoms vibrate); the first one tells the time"
    if missing:
        with Progress(progress, len(missing), cost) as bar:
            for i in missing:
                copy.set_positions(places[i])
                forces = np.array(copy.get_forces(apply_constraint=False), dtype=float)
                if forces.shape != (len(atoms), 3) or not np.all(np.isfinite(forces)):
                    raise refuse("atoms", f"forces of shape {forces.shape} that are not all finite", "finite forces from the calculator")
                found[i] = {"forces": forces}
                store.write(places[i], forces=forces)
                bar.step()
    forces = np.array([f["forces"] for f in found]).reshape(len(moving), 3, 2, len(atoms), 3)
    return -((forces[:, :, 0] - forces[:, :, 1]) / (2 * step)).transpose(0, 2, 1, 3)


def _free(atoms):
    from ase.constraints import FixAtoms

    held = [c.get_indices() for c in atoms.constraints if isinstance(c, FixAtoms)]
    free = np.setdiff1d(np.arange(len(atoms)), np.concatenate(held) if held else [])
    if not len(free):
        raise refuse("indices", "no atom that is free to move", "at least one atom", "indices=[...]")
    return free


def _calculation(atoms):
    calculator = atoms.calc
    return {
        "program": "ase",
        "atoms": " ".join(atoms.get_chemical_symbols()),
        "positions": digest(atoms.positions),
        "cell": digest(np.asarray(atoms.cell)) + " " + "".join("TF"[not p] for p in atoms.pbc),
        "calculator": f"{type(calculator).__module__}.{type(calculator).__name__}",
        "parameters": repr(sorted(dict(getattr(calculator, "parameters", None) or {}).items(), key=lambda item: item[0])),
        "forces": digest(np.round(np.asarray(atoms.get_forces(apply_constraint=False)), 6)),
    }
