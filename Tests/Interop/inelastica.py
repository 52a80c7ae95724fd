"""IETS of a junction by Inelastica's lowest-order formulas (constant spectral functions), against `pairbath import inelastica`.

    python Tests/Interop/inelastica.py .build/release/pairbath

needs numpy, scipy and netCDF4. The formulas are written down anew from Frederiksen et al., PRB 75, 205413 (2007), eqs. (60)-(65), with the
Hilbert term in closed form (Bevilacqua et al., Eur. Phys. J. B 89, 3 (2016)).
"""

import os
import subprocess
import sys
import tempfile

import netCDF4
import numpy as np
from scipy.special import psi

PAIRBATH = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else ".build/release/pairbath")
KT = 100 * 8.617333262e-5
G0 = 7.748091729e-5
ENERGIES = np.array([0.1, 0.04, 0.001, -0.02])
H = np.array([[0.0, -100.0], [-100.0, 30.0]])
GAMMAS = (400.0, 300.0)


def write(path, couplings):
    with netCDF4.Dataset(path, "w") as d:
        sizes = dict(modes=4, nspin=1, norb=2, xyz=3, natoms=6, dev_atoms=2, dyn_atoms=1)
        for name, length in sizes.items():
            d.createDimension(name, length)

        def put(name, dimensions, values):
            d.createVariable(name, "d", dimensions)[:] = values

        put("hw", ("modes",), ENERGIES)
        put("DeviceAtoms", ("dev_atoms",), [3, 4])
        put("DynamicAtoms", ("dyn_atoms",), [3])
        put("GeometryXYZ", ("natoms", "xyz"), [[2.0 * i, 0, 0] for i in range(6)])
        put("H0", ("nspin", "norb", "norb"), H[None])
        put("S0", ("nspin", "norb", "norb"), np.eye(2)[None])
        put("He_ph", ("modes", "nspin", "norb", "norb"), couplings)


def current(v, couplings):
    """I in units of G0 volts, modes in equilibrium."""
    g = np.linalg.inv(-H + 0.5j * np.diag(GAMMAS))
    ga = g.conj().T
    left, right = np.diag([GAMMAS[0], 0]).astype(complex), np.diag([0, GAMMAS[1]]).astype(complex)
    al, ar, al_time = g @ left @ ga, g @ right @ ga, ga @ left @ g
    a, cross = al + ar, ar @ left @ g
    total = np.trace(left @ g @ right @ ga).real * v

    def coth(x):
        return 1 / np.tanh(x / (2 * KT))

    for w, m in zip(ENERGIES[:2], couplings[:2, 0]):
        symmetric = np.trace(al_time @ m @ ar @ m) + 0.5j * (
            np.trace(cross.conj().T @ m @ a @ m) - np.trace(cross @ m @ a @ m)
        )
        asymmetric = np.trace(cross.conj().T @ m @ (ar - al) @ m) + np.trace(cross @ m @ (ar - al) @ m)
        occupation = 1 / (np.exp(w / KT) - 1)
        opening = 0.5 * (w + v) * (coth(w) - coth(w + v)) - 0.5 * (w - v) * (coth(w) - coth(w - v))
        x0, xp, xm = (x / (2 * np.pi * KT) for x in (w, w + v, w - v))
        hilbert = KT * (2 * x0 * psi(1j * x0) - xp * psi(1j * xp) - xm * psi(1j * xm)).real
        total += symmetric.real * (opening + 2 * v * occupation) + asymmetric.real * hilbert
    return total


def main():
    couplings = np.zeros((4, 1, 2, 2))
    couplings[0, 0] = [[0.5, 0.8], [0.8, -0.3]]
    couplings[1, 0] = [[0.3, 0.0], [0.0, -0.3]]
    voltages = np.linspace(0.02, 0.2, 10)
    with tempfile.TemporaryDirectory() as folder:
        write(os.path.join(folder, "Output.nc"), couplings)
        model, out = os.path.join(folder, "out"), os.path.join(folder, "result.nc")
        subprocess.run([PAIRBATH, "import", "inelastica", os.path.join(folder, "Output.nc"), "-o", model, "--quiet"], check=True)
        changes = [
            f"electrodes.L.broadening={GAMMAS[0]}", f"electrodes.R.broadening={GAMMAS[1]}", "parameters.T=100 K",
            "sweep.V=[" + ",".join(map(str, voltages)) + "]", "compute.observables=[iets]",
            "baths={lattice: {kind: ohmic, friction: 100 eV}}",
        ]
        command = [PAIRBATH, "run", os.path.join(model, "model.yaml"), "--output", out, "--quiet"]
        for change in changes:
            command += ["--set", change]
        subprocess.run(command, check=True)
        with netCDF4.Dataset(out) as d:
            found = np.array(d["iets"][0])
    h = 1e-4
    expected = np.array([current(v + h, couplings) - 2 * current(v, couplings) + current(v - h, couplings) for v in voltages])
    expected *= G0 / h**2
    worst = np.max(abs(found - expected)) / np.max(abs(expected))
    good = worst < 4e-3
    print(f"{'ok  ' if good else 'FAIL'} IETS, ten voltages: {worst:.1e} of the peak (allowed 4e-03)")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
