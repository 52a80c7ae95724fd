"""Displaced calculations of PySCF: converged Fock matrices, energies and gradients beside a geometry."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from ._common import BOHR, HARTREE, not_converged
from ._progress import Progress
from ._restart import Restart, digest

# Tight enough for differences: a density that is 1e-7 off moves a derivative over 0.02 angstrom by about 0.1 meV/angstrom.
_ENERGY_TOLERANCE = 1e-11
_GRADIENT_TOLERANCE = 1e-7
# Slope of the energy from differences against the force, eV/angstrom. Third derivatives of stiff bonds (300 eV/angstrom^3) times
# h^2/6 are 5e-3 at h = 0.01 angstrom; another SCF solution 10 meV away makes 0.5.
_SLOPE = 0.1


@dataclass
class Differences:
    """Derivatives along directions d, positions = R + s d, s in bohr, atomic units.

    fock : (directions, n, n), dF/ds. gradients : (directions, atoms, 3) or None, d(dE/dR)/ds. runs : SCF runs made now.
    """

    fock: np.ndarray
    gradients: np.ndarray | None
    runs: int


def differences(mean_field, directions, step, gradients, reference_gradient, restart, progress):
    """Central differences of the converged Fock matrix along directions (directions, atoms, 3); step in bohr.

    Cost: 2 SCF runs for each direction, each begun from the density in the middle, and as many gradients if they are wanted.

    Raises
    ------
    pairbath.ConvergenceError
        A displaced SCF does not converge, or ends in another solution than the one in the middle.
    """
    middle = mean_field.mol.atom_coords()
    store = Restart(restart, calculation(mean_field))
    density = mean_field.make_rdm1()
    n = density.shape[-1]
    positions = [(k, sign, middle + sign * step * d) for k, d in enumerate(directions) for sign in (1, -1)]
    results, missing = {}, []
    for k, sign, at in positions:
        found = store.read(at)
        if found is None or (gradients and "gradient" not in found):
            missing.append((k, sign, at))
        else:
            results[k, sign] = found
    cost = (
        f"{len(missing)} displaced SCF runs of {n} orbitals ({len(directions)} directions, both ways"
        + (", with gradients" if gradients else "")
        + (f"; {len(positions) - len(missing)} more are in the restart folder" if len(missing) < len(positions) else "")
        + "); the first one tells the time"
    )
    if missing:
        with Progress(progress, len(missing), cost) as bar:
            for k, sign, at in missing:
                results[k, sign] = displaced(mean_field, at, density, gradients)
                store.write(at, **results[k, sign])
                bar.step()
    for k, d in enumerate(directions):
        slope = (results[k, 1]["energy"] - results[k, -1]["energy"]) / (2 * step)
        if abs(slope - np.sum(reference_gradient * d)) * HARTREE / BOHR > _SLOPE:
            raise not_converged(
                f"the displaced SCF runs along direction {k} end in another solution: the energy has the slope "
                f"{slope * HARTREE / BOHR:.3g} eV/angstrom, the force says {np.sum(reference_gradient * d) * HARTREE / BOHR:.3g}",
                "converge the mean field to its lowest solution (mean_field.stability()), or choose a smaller step",
            )

    def difference(name):
        return np.array([(results[k, 1][name] - results[k, -1][name]) / (2 * step) for k in range(len(directions))])

    return Differences(difference("fock"), difference("gradient") if gradients else None, len(missing))


def displaced(mean_field, positions, density, gradients):
    """One SCF at other positions (bohr): fock (n, n), energy, and gradient (atoms, 3) if wanted, atomic units."""
    molecule = mean_field.mol.set_geom_(positions, unit="Bohr", inplace=False)
    copy = _own(mean_field).reset(molecule)
    copy.chkfile, copy.callback, copy.verbose = None, None, 0
    copy.conv_tol = min(mean_field.conv_tol, _ENERGY_TOLERANCE)
    copy.conv_tol_grad = min(mean_field.conv_tol_grad or 1.0, _GRADIENT_TOLERANCE)
    copy.max_cycle = max(mean_field.max_cycle, 100)
    copy.kernel(dm0=density)
    if not copy.converged:
        copy = copy.newton()
        copy.chkfile, copy.verbose = None, 0
        copy.kernel(dm0=density)
    if not copy.converged:
        moved = np.abs(positions - mean_field.mol.atom_coords()).max(axis=1)
        raise not_converged(
            f"the SCF with atoms {np.flatnonzero(moved > 0).tolist()} moved by up to {moved.max() * BOHR:.3g} angstrom does not converge",
            "a mean field that converges more easily: another basis, level of theory or start; finished displacements are kept with restart=",
        )
    result = {"fock": copy.get_fock(dm=copy.make_rdm1()), "energy": np.array(copy.e_tot)}
    if gradients:
        gradient = copy.nuc_grad_method()
        gradient.verbose = 0
        result["gradient"] = gradient.kernel()
    return result


def _own(mean_field):
    """A copy that shares nothing which a reset changes: PySCF's copies keep the grids and density fits of the original."""
    copy = mean_field.copy()
    for name in ("grids", "nlcgrids", "with_df"):
        part = getattr(mean_field, name, None)
        if part is not None:
            setattr(copy, name, part.copy())
    copy.scf_summary = {}
    return copy


def moving(mean_field, direction):
    r"""T (n, n), :math:`T_{lj} = \langle l|\partial_s j\rangle` in 1/bohr, for orbitals that move with their atoms along a direction (atoms, 3).

    The derivative of the overlap is T + T^+.
    """
    molecule = mean_field.mol
    slope = molecule.intor("int1e_ipovlp", comp=3)  # <grad i|j>
    result = np.zeros(slope.shape[1:])
    for (_, _, first, last), d in zip(molecule.aoslice_by_atom(), direction):
        # An orbital that moves along d changes by -d.grad.
        result[:, first:last] -= np.einsum("x,xjl->lj", d, slope[:, first:last])
    return result


def calculation(mean_field):
    """What makes a calculation, for a restart: atoms, basis, method, and the energy of them all."""
    molecule = mean_field.mol

    def short(thing):
        return hashlib.sha256(repr(thing).encode()).hexdigest()[:16]

    grids = getattr(mean_field, "grids", None)
    fit = getattr(mean_field, "with_df", None)
    return {
        "program": "pyscf",
        "atoms": " ".join(molecule.atom_symbol(i) for i in range(molecule.natm)),
        "positions": digest(molecule.atom_coords()),
        "basis": f"{molecule.nao} orbitals, {short(sorted(molecule._basis.items()))}",
        "core potentials": short(sorted(molecule._ecp.items())),
        "charge": int(molecule.charge),
        "spin": int(molecule.spin),
        "method": type(mean_field).__name__,
        "functional": str(getattr(mean_field, "xc", "none")),
        "grid": "none" if grids is None else f"level {grids.level}, {short(grids.atom_grid)}",
        "density fitting": "none" if fit is None else str(getattr(fit, "auxbasis", None)),
        "energy": float(mean_field.e_tot),
    }
