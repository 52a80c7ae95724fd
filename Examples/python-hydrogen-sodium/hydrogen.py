"""H2 between two sodium dimers: from the geometry to a heating curve with PySCF and Pairbath.

    pip install 'pairbath[pyscf]'
    python hydrogen.py

Writes model.yaml and junction.nc (the junction, for the command) and prints what it computes. Finished displacements are kept in
the folder `displacements`: an interrupted run goes on from there.
"""

import pathlib

import numpy as np
import pairbath
from pyscf import dft, gto
from scipy.optimize import minimize_scalar

HERE = pathlib.Path(__file__).resolve().parent
GAP, DIMER = 6.4, 3.1  # angstrom: between the inner sodium atoms, and within a dimer


def mean_field(half, start=None):
    """LDA of Na2-H2-Na2 on the z axis, H at +half and -half; `start` is a density to begin with."""
    places = [-GAP / 2 - DIMER, -GAP / 2, -half, half, GAP / 2, GAP / 2 + DIMER]
    mol = gto.M(
        atom=[(symbol, (0, 0, z)) for symbol, z in zip(["Na", "Na", "H", "H", "Na", "Na"], places)],
        basis={"Na": "lanl2dz", "H": "6-31g**"},
        ecp={"Na": "lanl2dz"},
        verbose=0,
    )
    result = dft.RKS(mol, xc="lda,vwn")
    result.conv_tol = 1e-10
    result.kernel(dm0=start)
    return result


def main():
    start = mean_field(0.39).make_rdm1()
    half = minimize_scalar(lambda x: mean_field(x, start).e_tot, bounds=(0.37, 0.42), method="bounded", options={"xatol": 1e-4}).x
    molecule = mean_field(half, start)
    print(f"H-H {2 * half:.4f} angstrom, energy {molecule.e_tot:.6f} hartree")

    junction = pairbath.from_pyscf(
        molecule,
        electrodes={"L": [0, 1], "R": [4, 5]},  # both sodium dimers, every orbital
        broadening=1.0,  # eV
        hessian="differences",  # 12 SCF runs give springs and couplings together
        restart=HERE / "displacements",
        progress=True,
        title="H2 between sodium dimers, from PySCF",
        baths={"sodium": pairbath.ohmic(5e-4)},  # 0.5 meV: a lifetime of 1.3 ps
        sweep={"V": {"from": 0.0, "to": 1.0, "points": 41}},
        compute={"observables": ["mode_population", "effective_temperature", "energy_current", "charge_current"], "tolerance": 1e-8},
    )
    junction.save(HERE)
    data = junction.run()
    print("modes (meV):", np.round(1000 * data.mode_energy.values, 2))
    for volt in (0.25, 0.5, 0.75, 1.0):
        at = data.sel(V=volt, method="nearest")
        print(f"V = {volt:4.2f}: population of the stretch {at.mode_population.values[-1]:.4g}, heat {at.energy_current.item():.4g} W")


if __name__ == "__main__":
    main()
