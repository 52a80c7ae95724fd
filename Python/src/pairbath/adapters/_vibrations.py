"""Force constants of atoms as a dynamical matrix and its modes."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ._common import SPRING, WAVENUMBER, refuse

_FREE = 1e-8  # singular values of the free motions below this share of the largest do not count: an axis of a linear molecule


@dataclass(frozen=True)
class Vibrations:
    r"""Vibrations of n atoms, :math:`K_{ij} = \hbar^2\Phi_{ij}/\sqrt{m_im_j}`, :math:`K u_k = W_k^2 u_k`.

    Attributes
    ----------
    dynamical_matrix : (3n, 3n) ndarray
        K in eV^2, symmetric, mass-weighted; x, y, z of the first atom, then of the next.
    masses : (n,) ndarray
        In amu.
    atoms : (n,) ndarray of int
        Which atoms of the calculation these are.
    energies : (modes,) ndarray
        W in eV in ascending order of W^2; an imaginary one is given as a negative number.
    vectors : (3n, modes) ndarray
        Columns u_k of length 1, mass-weighted, their largest element positive.
    free : int
        Uniform translations and rotations that were taken out of the modes.
    """

    dynamical_matrix: np.ndarray
    masses: np.ndarray
    atoms: np.ndarray
    energies: np.ndarray = field(repr=False)
    vectors: np.ndarray = field(repr=False)
    free: int = 0

    @property
    def wavenumbers(self):
        """(modes,) ndarray: mode energies in 1/cm, imaginary ones negative."""
        return self.energies / WAVENUMBER

    @property
    def displacements(self):
        r"""(modes, n, 3) ndarray: :math:`\partial x_i/\partial Q_k` in angstrom per energy^(-1/2) (eV), Q mass-weighted."""
        scale = np.sqrt(SPRING / np.repeat(self.masses, 3))
        return (self.vectors * scale[:, None]).T.reshape(-1, len(self.masses), 3)

    def bosons(self, modes=None):
        """What `bosons=` of a Junction takes: the energies of the chosen modes (default all), in eV.

        Raises
        ------
        pairbath.ModelError
            A chosen mode is imaginary or has no energy.
        """
        chosen = np.arange(len(self.energies)) if modes is None else np.asarray(modes, dtype=int)
        require_stable(self, chosen)
        return self.energies[chosen]


def require_stable(vibrations, chosen, argument="modes"):
    """Refuse modes without a positive energy, with the atoms that move most."""
    for k in chosen:
        if vibrations.energies[k] > 0:
            continue
        weight = (vibrations.vectors[:, k] ** 2).reshape(-1, 3).sum(axis=1)
        atoms = [int(vibrations.atoms[i]) for i in np.argsort(-weight, kind="stable")[:3]]
        raise refuse(
            argument,
            f"mode {k} of W^2 = {np.copysign(vibrations.energies[k] ** 2, vibrations.energies[k]):.3g} eV^2 (moves most: atoms {atoms})",
            "modes with W^2 > 0",
            "relax the atoms that vibrate, or leave the mode out of the list of modes",
        )


def free_motions(masses, positions, rotations=True):
    """Orthonormal mass-weighted vectors (3n, f) of uniform translations and, if wanted, rotations of n free atoms.

    f is 6, 5 for atoms on a line, 3 for one atom or without rotations.
    """
    n = len(masses)
    root = np.sqrt(np.asarray(masses, dtype=float))
    vectors = [np.kron(root, axis) for axis in np.eye(3)]
    if rotations:
        centre = np.average(positions, axis=0, weights=masses)
        vectors += [(root[:, None] * np.cross(axis, positions - centre)).ravel() for axis in np.eye(3)]
    basis, size, _ = np.linalg.svd(np.array(vectors).T.reshape(3 * n, -1), full_matrices=False)
    return basis[:, size > _FREE * size.max()]


def acoustic(force_constants):
    r"""Force constants (3n, 3n) with the acoustic sum rule, :math:`(1-P)\Phi(1-P)`, P the projector on uniform translations."""
    n = len(force_constants) // 3
    uniform = np.tile(np.eye(3), (n, 1)) / np.sqrt(n)
    rest = np.eye(3 * n) - uniform @ uniform.T
    return rest @ force_constants @ rest


def vibrations(force_constants, masses, atoms=None, free=None):
    """Modes of force constants.

    Parameters
    ----------
    force_constants : (3n, 3n) array_like
        In eV/angstrom^2; the symmetric part counts.
    masses : (n,) array_like
        In amu, above 0.
    atoms : (n,) array_like of int, optional
        Their numbers in the calculation; default 0 to n - 1.
    free : (3n, f) ndarray, optional
        Orthonormal motions that cost no energy (`free_motions`); the modes are those of K in the space orthogonal to them.

    Returns
    -------
    Vibrations
    """
    masses = np.asarray(masses, dtype=float)
    n = len(masses)
    phi = np.asarray(force_constants, dtype=float)
    if phi.shape != (3 * n, 3 * n):
        raise refuse("force_constants", f"shape {phi.shape}", f"({3 * n}, {3 * n}), three rows for each of {n} atoms")
    if not np.all(np.isfinite(phi)):
        raise refuse("force_constants", "NaN or infinity", "finite numbers in eV/angstrom^2")
    if not np.all(masses > 0):
        raise refuse("masses", f"{masses.min()}", "numbers above 0, in amu")
    root = np.sqrt(np.repeat(masses, 3))
    matrix = SPRING * (phi + phi.T) / 2 / np.outer(root, root)
    basis = np.eye(3 * n) if free is None else np.linalg.svd(free, full_matrices=True)[0][:, free.shape[1] :]
    squares, vectors = np.linalg.eigh(basis.T @ matrix @ basis)
    vectors = basis @ vectors
    # The first of those that are the largest but for rounding, so that equal elements of a stretch do not turn the sign around.
    largest = (np.abs(vectors) > (1 - 1e-6) * np.abs(vectors).max(axis=0)).argmax(axis=0)
    vectors = vectors * np.where(vectors[largest, np.arange(len(squares))] < 0, -1.0, 1.0)
    return Vibrations(
        dynamical_matrix=matrix,
        masses=masses,
        atoms=np.arange(n) if atoms is None else np.asarray(atoms, dtype=int),
        energies=np.sign(squares) * np.sqrt(np.abs(squares)),
        vectors=vectors,
        free=0 if free is None else free.shape[1],
    )
