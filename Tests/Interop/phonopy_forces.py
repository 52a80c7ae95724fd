"""Force constants written by phonopy in all its forms; mode energies against phonopy's dynamical matrix."""

import sys
import tempfile
from pathlib import Path

import numpy as np
from phonopy import Phonopy
from phonopy.file_IO import write_FORCE_CONSTANTS, write_force_constants_to_hdf5
from phonopy.harmonic.force_constants import full_fc_to_compact_fc
from phonopy.structure.atoms import PhonopyAtoms

from support import EV2_PER_SPRING, check, pairbath, variable

CELLS = 5


def dimers():
    """A chain of CO in a box, springs 10 and 7 eV/angstrom^2."""
    lattice = 4.0
    cell = PhonopyAtoms(
        symbols=["C", "O"], cell=np.diag([lattice, 10, 10]), scaled_positions=[[0, 0, 0], [0.45, 0, 0]], masses=[12.0, 16.0]
    )
    phonon = Phonopy(cell, np.diag([CELLS, 1, 1]), primitive_matrix=np.eye(3))
    positions = phonon.supercell.positions
    length = CELLS * lattice
    count = len(positions)
    springs = np.zeros((count, count, 3, 3))
    for i in range(count):
        for j in range(i):
            d = positions[j, 0] - positions[i, 0]
            d -= length * round(d / length)
            strength = 10.0 if abs(abs(d) - 0.45 * lattice) < 1e-6 else 7.0 if abs(abs(d) - 0.55 * lattice) < 1e-6 else 0.0
            block = np.diag([strength, strength / 3, strength / 4])
            springs[i, j] -= block
            springs[j, i] -= block
            springs[i, i] += block
            springs[j, j] += block
    return phonon, springs


def main():
    phonon, full = dimers()
    compact = full_fc_to_compact_fc(phonon.primitive, full)
    p2s = phonon.primitive.p2s_map
    phonon.force_constants = full
    matrix = phonon.dynamical_matrix
    matrix.run([0, 0, 0])
    squares = np.linalg.eigvalsh(matrix.dynamical_matrix.real)
    expected = np.sqrt(squares[3:] * EV2_PER_SPRING)
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        phonon.save(folder / "full.yaml", settings={"force_constants": True})
        phonon.force_constants = compact
        phonon.save(folder / "compact.yaml", settings={"force_constants": True})
        phonon.save(folder / "bare.yaml", settings={"force_constants": False, "force_sets": False, "displacements": False})
        write_FORCE_CONSTANTS(full, folder / "FULL")
        write_FORCE_CONSTANTS(compact, folder / "COMPACT", p2s_map=p2s)
        write_force_constants_to_hdf5(full, folder / "full.hdf5", p2s_map=p2s, physical_unit="eV/angstrom^2")
        write_force_constants_to_hdf5(compact, folder / "compact.hdf5", p2s_map=p2s, physical_unit="eV/angstrom^2")
        scaled = compact / (13.605693122994 / 0.529177210903**2)
        write_force_constants_to_hdf5(scaled, folder / "rydberg.hdf5", p2s_map=p2s, physical_unit="Ry/au^2")
        forms = [["full.yaml"], ["compact.yaml"]]
        forms += [["bare.yaml", name] for name in ["FULL", "COMPACT", "full.hdf5", "compact.hdf5", "rydberg.hdf5"]]
        for form in forms:
            out = folder / ("out-" + form[-1])
            pairbath("import", "phonopy", *[folder / name for name in form], "-o", out)
            pairbath("run", out / "model.yaml", "-o", out / "result.nc")
            # The bath of 0.1 meV shifts modes of 50 meV by 1e-6/2 of their energy.
            failures += check("phonopy " + form[-1], variable(out / "result.nc", "renormalized_energy"), expected, 2e-6)
    return failures


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
