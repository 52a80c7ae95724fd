"""What a mean field of PySCF must be, its masses, forces and analytic second derivatives."""

from __future__ import annotations

import warnings

import numpy as np

from ._common import BOHR, HARTREE, need, not_converged, refuse

_LARGE_FORCE = 0.1  # eV/angstrom: modes of atoms that are pushed are not those of a minimum


def require_mean_field(mean_field):
    """Refuse what is no converged restricted mean field of a molecule."""
    scf = need("pyscf.scf", "pyscf", "from_pyscf")
    if not isinstance(mean_field, scf.hf.SCF):
        raise refuse("mean_field", type(mean_field).__name__, "a mean field of PySCF, scf.RHF(mol).run() or dft.RKS(mol, xc='pbe').run()")
    kind = type(mean_field).__name__
    if hasattr(mean_field, "kpt") or hasattr(mean_field, "kpts"):
        raise refuse("mean_field", f"{kind}, a periodic calculation", "a molecule", "cluster electrodes: cut a cluster out of the crystal")
    if np.ndim(mean_field.mo_coeff) == 3 or isinstance(mean_field, (scf.uhf.UHF, scf.ghf.GHF)):
        raise refuse(
            "mean_field", f"{kind}, unrestricted", "a restricted one (RHF, RKS)", "mol.spin = 0 and RKS; spins that differ are not supported here"
        )
    if isinstance(mean_field, scf.rohf.ROHF) or mean_field.mol.spin != 0:
        raise refuse("mean_field", f"{kind} with {mean_field.mol.spin} unpaired electrons", "a closed shell", "mol.spin = 0")
    if mean_field.mol.symmetry:
        raise refuse("mean_field", "a molecule with point-group symmetry", "symmetry=False: displaced atoms break it", "mol.symmetry = False; mol.build()")
    if mean_field.mo_energy is None or not mean_field.converged:
        raise not_converged("mean_field has not converged", "mean_field.run(), with a level shift, more cycles or mean_field.newton()")
    occupations = np.asarray(mean_field.mo_occ)
    if np.any((occupations > 1e-10) & (occupations < 2 - 1e-10)):
        raise refuse("mean_field", "fractional occupations (smearing)", "orbitals that are full or empty", "an SCF without smearing")


def masses_of(mol, given):
    """Masses of all atoms in amu: those given, or PySCF's averages over isotopes."""
    if given is None:
        return np.asarray(mol.atom_mass_list(isotope_avg=True), dtype=float)
    masses = np.asarray(given, dtype=float)
    if masses.shape != (mol.natm,) or not np.all(np.isfinite(masses)) or not np.all(masses > 0):
        raise refuse("masses", f"shape {masses.shape}, smallest {masses.min(initial=np.inf)}", f"one above 0 for each of {mol.natm} atoms, in amu")
    return masses


def warn_of_forces(mean_field, atoms):
    """The gradient (atoms, 3) in hartree/bohr; a warning where atoms that vibrate are pushed."""
    gradients = mean_field.nuc_grad_method()
    gradients.verbose = 0
    gradient = gradients.kernel()
    size = np.linalg.norm(gradient[atoms], axis=1) * HARTREE / BOHR
    if size.max() > _LARGE_FORCE:
        warnings.warn(
            f"atom {atoms[size.argmax()]} vibrates about a place where a force of {size.max():.2g} eV/angstrom acts on it: "
            "modes mean little away from a minimum. Relax the atoms that vibrate (pyscf.geomopt).",
            UserWarning,
            stacklevel=4,
        )
    return gradient


def analytic_hessian(mean_field, atoms, hessian):
    """(3v, 3v) in hartree/bohr^2 for v atoms, or None where differences of gradients are wanted."""
    v = len(atoms)
    if not isinstance(hessian, str):
        array = np.asarray(hessian, dtype=float)
        if array.shape != (v, v, 3, 3) or not np.all(np.isfinite(array)):
            raise refuse("hessian", f"shape {array.shape}", f"({v}, {v}, 3, 3) in hartree/bohr^2, finite, for the {v} atoms that vibrate")
        return array.transpose(0, 2, 1, 3).reshape(3 * v, 3 * v)
    if hessian not in ("auto", "analytic", "differences"):
        raise refuse("hessian", repr(hessian), "'auto', 'analytic', 'differences' or an array")
    if hessian == "differences":
        return None
    try:
        second = mean_field.Hessian()
        second.verbose = 0
        array = np.asarray(second.kernel(atmlst=[int(a) for a in atoms]))
    except (NotImplementedError, AttributeError) as error:
        if hessian == "auto":
            return None
        raise refuse(
            "hessian", f"'analytic', which PySCF does not have for {type(mean_field).__name__} ({error})", "'differences' or 'auto'"
        ) from error
    return array.transpose(0, 2, 1, 3).reshape(3 * v, 3 * v)
