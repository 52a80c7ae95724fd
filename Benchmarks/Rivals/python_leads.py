"""Transmission of a perfect ribbon at many energies, as users of sisl and kwant compute it.

usage: python_leads.py sisl|kwant ENERGIES FROM TO

The lead is an armchair graphene ribbon of five dimer lines, hopping -2.7 eV; one core. Prints the seconds without imports and set-up, and
writes T(E) to leads_<program>.npy in the temporary folder.
"""
import os
import sys
import tempfile
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
import numpy as np

T = -2.7
INNER = [(0, 1), (1, 2), (2, 3), (2, 5), (4, 5), (5, 6), (6, 7), (6, 9), (8, 9)]
OUTER = [(0, 3), (4, 3), (4, 7), (8, 7)]


def blocks():
    h00, h01 = np.zeros((10, 10)), np.zeros((10, 10))
    for i, j in INNER:
        h00[i, j] = h00[j, i] = T
    for i, j in OUTER:
        h01[i, j] = T
    return h00, h01


def with_sisl(energies):
    import sisl

    h00, h01 = blocks()
    # Positions only tell neighbours apart: the elements are set by hand.
    geometry = sisl.Geometry([[0.1 * i, 0, 0] for i in range(10)], sisl.Atom(6, R=2.0), lattice=[2.0, 20, 20])
    geometry.set_nsc([3, 1, 1])
    h = sisl.Hamiltonian(geometry)
    for i in range(10):
        for j in range(10):
            if h00[i, j] != 0:
                h[i, j] = h00[i, j]
            if h01[i, j] != 0:
                h[i, j, (1, 0, 0)] = h01[i, j]
                h[j, i, (-1, 0, 0)] = h01[i, j]
    left = sisl.physics.RecursiveSI(h, "-A", eta=1e-6)
    right = sisl.physics.RecursiveSI(h, "+A", eta=1e-6)
    start = time.perf_counter()
    result = []
    for e in energies:
        sl = left.self_energy(e)
        sr = right.self_energy(e)
        g = np.linalg.inv(e * np.eye(10) - h00 - sl - sr)
        gl, gr = 1j * (sl - sl.conj().T), 1j * (sr - sr.conj().T)
        result.append(np.trace(gl @ g @ gr @ g.conj().T).real)
    return time.perf_counter() - start, result


def with_kwant(energies):
    import kwant

    h00, h01 = blocks()
    lattice = kwant.lattice.chain(norbs=10)
    system = kwant.Builder()
    system[lattice(0)] = h00
    lead = kwant.Builder(kwant.TranslationalSymmetry((-1,)))
    lead[lattice(0)] = h00
    # From a site to its right neighbour: H01 as in the blocks.
    lead[lattice(0), lattice(1)] = h01
    system.attach_lead(lead)
    system.attach_lead(lead.reversed())
    final = system.finalized()
    start = time.perf_counter()
    result = [kwant.smatrix(final, e).transmission(1, 0) for e in energies]
    return time.perf_counter() - start, result


if __name__ == "__main__":
    program, count, low, high = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4])
    seconds, values = {"sisl": with_sisl, "kwant": with_kwant}[program](np.linspace(low, high, count))
    np.save(os.path.join(tempfile.gettempdir(), f"leads_{program}.npy"), np.array(values, dtype=float))
    print(f"{program}: {seconds:.4f} s")
