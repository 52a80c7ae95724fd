"""Phonons through a carbon ribbon and a defect in it: phonopy's file against sisl's recursive self-energies."""

import sys
import tempfile
from pathlib import Path

import numpy as np
import scipy.sparse
import sisl
from phonopy import Phonopy
from phonopy.structure.atoms import PhonopyAtoms
from sisl.physics.self_energy import RecursiveSI

from support import EV2_PER_SPRING, check, pairbath, variable

BOND = 1.42
CELLS = 7
MASS = 12.011


def spring(d):
    """The 3x3 spring of a bond vector: radial, in the plane and out of the plane; first and second neighbours."""
    r = np.linalg.norm(d)
    radial = np.outer(d, d) / r**2
    out = np.diag([0, 0, 1.0])
    tangential = np.eye(3) - radial - out
    if abs(r - BOND) < 0.05:
        return 30 * radial + 15 * tangential + 8 * out
    if abs(r - BOND * 3**0.5) < 0.05:
        return 3 * radial - tangential + 0.8 * out
    return None


def ribbon(heavy):
    """An armchair ribbon of four dimer lines as a supercell; `heavy` is the mass of one atom in the middle."""
    cell = sisl.geom.nanoribbon(4, BOND, sisl.Atom(6, R=BOND + 0.01), kind="armchair")
    count, length = len(cell), cell.cell[0, 0]
    # The supercell itself is the unit cell for phonopy: the heavy atom is in it once.
    cells = [cell.xyz + np.array([0.1 + c * length, 8, 10]) for c in range(CELLS)]
    positions = np.concatenate(cells)
    masses = np.full(len(positions), MASS)
    masses[3 * count + 3] = heavy
    atoms = PhonopyAtoms(
        symbols=["C"] * len(positions), cell=np.diag([CELLS * length, 30, 30]), positions=positions, masses=masses
    )
    springs = np.zeros((len(positions), len(positions), 3, 3))
    for i in range(len(positions)):
        for j in range(i):
            d = positions[j] - positions[i]
            d[0] -= CELLS * length * round(d[0] / (CELLS * length))
            block = spring(d)
            if block is None:
                continue
            springs[i, j] -= block
            springs[j, i] -= block
            springs[i, i] += block
            springs[j, j] += block
    phonon = Phonopy(atoms, np.eye(3, dtype=int), primitive_matrix=np.eye(3))
    phonon.force_constants = springs
    return phonon, springs, masses, count, length


def reference(springs, masses, count, length, energies, eta):
    """Tr[Gamma_L D Gamma_R D^+] of cells 2 to 4 between leads of sisl."""
    size = springs.shape[0]
    matrix = springs.transpose(0, 2, 1, 3).reshape(3 * size, 3 * size) * EV2_PER_SPRING
    weights = np.repeat(np.sqrt(masses), 3)
    matrix = matrix / np.outer(weights, weights)
    block = lambda a, b: matrix[3 * count * a : 3 * count * (a + 1), 3 * count * b : 3 * count * (b + 1)]
    # The lead from cells without the heavy atom.
    geometry = sisl.Geometry(
        np.random.default_rng(1).random((count, 3)), sisl.Atom(6, R=[1.0, 1.0, 1.0]), lattice=sisl.Lattice([length, 30, 30], nsc=[3, 1, 1])
    )
    parts = {0: block(5, 5), 1: block(5, 6), -1: block(5, 4)}
    ordered = [scipy.sparse.csr_matrix(parts[int(offset[0])]) for offset in geometry.lattice.sc_off]
    lead = sisl.DynamicalMatrix.fromsp(geometry, scipy.sparse.hstack(ordered).tocsr())
    left, right = RecursiveSI(lead, "-A"), RecursiveSI(lead, "+A")
    device = matrix[3 * count * 2 : 3 * count * 5, 3 * count * 2 : 3 * count * 5]
    n = 3 * count
    result = []
    for w in energies:
        z = w * w + 1j * eta
        sigma = [np.zeros((3 * n, 3 * n), complex) for _ in range(2)]
        sigma[0][:n, :n] = left.self_energy(z)
        sigma[1][2 * n :, 2 * n :] = right.self_energy(z)
        g = np.linalg.inv(z * np.eye(3 * n) - device - sigma[0] - sigma[1])
        gamma = [1j * (s - s.conj().T) for s in sigma]
        result.append(np.trace(gamma[0] @ g @ gamma[1] @ g.conj().T).real)
    return np.array(result)


def band_conductance(springs, count, temperature):
    """Thermal conductance of the perfect ribbon: every band carries (k_B^2 T/h) int x^2 e^x/(e^x - 1)^2 over the energies it passes."""
    size = springs.shape[0]
    matrix = springs.transpose(0, 2, 1, 3).reshape(3 * size, 3 * size) * EV2_PER_SPRING / MASS
    block = lambda a, b: matrix[3 * count * a : 3 * count * (a + 1), 3 * count * b : 3 * count * (b + 1)]
    phases = np.exp(1j * np.linspace(0, np.pi, 24001))[:, None, None]
    bands = np.sqrt(np.abs(np.linalg.eigvalsh(block(3, 3) + block(3, 4) * phases + block(3, 2) / phases)))
    thermal = 8.617333262145179e-5 * temperature
    x = np.linspace(0, 1.01 * bands.max() / thermal, 400001)
    f = np.ones_like(x)
    f[1:] = x[1:] ** 2 * np.exp(x[1:]) / np.expm1(x[1:]) ** 2
    integral = np.concatenate([[0], np.cumsum((f[1:] + f[:-1]) / 2 * np.diff(x))])
    total = np.abs(np.diff(np.interp(bands / thermal, x, integral), axis=0)).sum()
    return 1.380649e-23**2 * temperature / 6.62607015e-34 * total


def main():
    failures = 0
    energies = np.linspace(0.011, 0.191, 19)
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        for name, heavy in [("ribbon", MASS), ("ribbon with a heavy atom", 28.0)]:
            phonon, springs, masses, count, length = ribbon(heavy)
            phonon.save(folder / "params.yaml", settings={"force_constants": True})
            out = folder / name.replace(" ", "-")
            atoms = lambda first, last: f"{first * count + 1}-{last * count}"
            pairbath(
                "import", "phonopy", folder / "params.yaml", "--left", atoms(0, 2), "--device", atoms(2, 5), "--right", atoms(5, 7), "-o", out
            )
            wanted = "[" + ", ".join(f"{w:.15g}" for w in energies) + "]"
            pairbath(
                "run", out / "model.yaml", "-o", out / "result.nc", "--set", "compute.observables=[phonon_transmission]",
                "--set", f"compute.frequencies={wanted}",
            )
            found = variable(out / "result.nc", "phonon_transmission")[0, 1]
            # sisl's broadening of 1e-10 eV^2 takes some 1e-6 of a channel, more beside band edges.
            failures += check(f"{name} of carbon against sisl", found, reference(springs, masses, count, length, energies, 1e-10), 3e-5, scale=1.0)
        # The device of one cell, as the integral costs its cube.
        phonon, springs, masses, count, length = ribbon(MASS)
        phonon.save(folder / "params.yaml", settings={"force_constants": True})
        out = folder / "conductance"
        pairbath(
            "import", "phonopy", folder / "params.yaml", "--left", atoms(0, 2), "--device", atoms(2, 3), "--right", atoms(3, 5), "-o", out
        )
        pairbath("run", out / "model.yaml", "-o", out / "result.nc", "--set", "compute.observables=[thermal_conductance]")
        # Bands that cross between two wave numbers are taken for ones that turn: 1e-5 at 24001 of them.
        found = variable(out / "result.nc", "thermal_conductance")[0, 1]
        failures += check("conductance of the ribbon against its bands", found, band_conductance(springs, count, 300), 5e-5)
    return failures


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
