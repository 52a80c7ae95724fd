#!/usr/bin/env python3
"""Writes the snapshots of a molecule that moves: snapshots/s000.nc ... s099.nc, a Hamiltonian (eV) each.

Four orbitals in a row. A torsion between neighbours makes the hopping t cos(angle), and the surroundings shift every orbital; both
fluctuate with the temperature. Needs nothing besides Python: a file is a classic NetCDF file of one variable.
"""
import math
import random
import struct
from pathlib import Path

SITES, HOPPING, ENERGY = 4, -0.9, 0.6  # eV, the Fermi energy is zero
ANGLE, SPREAD, SHIFT = math.radians(30), math.radians(15), 0.08


def hamiltonian(generator):
    matrix = [[0.0] * SITES for _ in range(SITES)]
    for i in range(SITES):
        matrix[i][i] = ENERGY + generator.gauss(0, SHIFT)
    for i in range(SITES - 1):
        hopping = HOPPING * math.cos(ANGLE + generator.gauss(0, SPREAD))
        matrix[i][i + 1] = matrix[i + 1][i] = hopping
    return matrix


def name(text):
    return struct.pack(">i", len(text)) + text.encode() + b"\0" * (-len(text) % 4)


def write(path, matrix):
    size = len(matrix)
    data = b"".join(struct.pack(">d", x) for row in matrix for x in row)
    header = b"CDF\x01" + struct.pack(">i", 0)
    header += struct.pack(">ii", 10, 1) + name("orbital") + struct.pack(">i", size)
    header += struct.pack(">ii", 0, 0)  # no attributes
    header += struct.pack(">ii", 11, 1) + name("hamiltonian") + struct.pack(">iii", 2, 0, 0)
    header += struct.pack(">ii", 0, 0) + struct.pack(">ii", 6, len(data))
    path.write_bytes(header + struct.pack(">i", len(header) + 4) + data)


if __name__ == "__main__":
    folder = Path(__file__).parent / "snapshots"
    folder.mkdir(exist_ok=True)
    generator = random.Random(15)
    for number in range(100):
        write(folder / f"s{number:03d}.nc", hamiltonian(generator))
