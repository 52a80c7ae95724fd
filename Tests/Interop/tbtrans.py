"""Hamiltonians written by sisl, transmissions by sisl's self-energies and NumPy, against `pairbath import tbtrans` and `pairbath run`.

    python Tests/Interop/tbtrans.py .build/release/pairbath

needs sisl and netCDF4 from PyPI. Every case writes the files of a job, computes T at its energies the plain way (folding the electrodes
and what lies outside the device region into it, as TBtrans does), and compares.
"""

import os
import subprocess
import sys
import tempfile

import netCDF4
import numpy as np
import sisl

PAIRBATH = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else ".build/release/pairbath")
ENERGIES = [-0.75, -0.25, 0.25, 0.75]
CONTOUR = """
%block TBT.Contours
  line
%endblock
%block TBT.Contour.line
  part line
    from -1. eV to 1. eV
      delta 0.5 eV
        method mid-rule
%endblock
"""


def crystal(rng, spin="unpolarized", atoms=3, orthogonal=False, nsc=(3, 3, 1), cell=(3.0, 2.5, 12.0)):
    """A cell of some atoms with random couplings to its neighbours, non-orthogonal unless told otherwise."""
    positions = [[0.4 + 0.9 * i, 0.3 + 0.37 * (i % 2), 0.1 * i] for i in range(atoms)]
    carbon = sisl.Atom(6, R=[1.0] * 2)
    geometry = sisl.Geometry(positions, carbon, lattice=sisl.Lattice(list(cell), nsc=list(nsc)))
    spin = sisl.Spin(spin)
    H = sisl.Hamiltonian(geometry, spin=spin, orthogonal=orthogonal)
    size = H.spin.size(H.dtype) if hasattr(H.spin, "size") and callable(H.spin.size) else len(H.spin)
    no = geometry.no
    for i in range(no):
        for s in range(geometry.n_s):
            off = geometry.lattice.sc_off[s]
            # Half of all pairs; the other half by symmetry.
            if tuple(off) < (0, 0, 0):
                continue
            for j in range(no):
                if tuple(off) == (0, 0, 0) and j < i:
                    continue
                diagonal = i == j and not any(off)
                strength = 1.0 if not any(off) else (0.45 if abs(off).sum() == 1 else 0.15)
                values = list(rng.normal(size=size) * strength * 0.6)
                if diagonal and size >= 4:
                    if size == 8:
                        values[4] = values[5] = 0.0
                        values[6], values[7] = values[2], -values[3]
                if size == 2:
                    values[1] = values[0] + 0.2 * rng.normal()
                if not orthogonal:
                    values.append(1.0 if diagonal else 0.04 * strength * rng.normal())
                H[i, j, tuple(off)] = values
                if not diagonal:
                    back = list(values)
                    if size == 8:
                        # H(-R)_ji = H(R)_ij^+ in the spin box: 11 and 22 conjugate, 12 <-> 21^*.
                        back[4], back[5] = -values[4], -values[5]
                        back[2], back[3] = values[6], -values[7]
                        back[6], back[7] = values[2], -values[3]
                    H[j, i, tuple(-off)] = back
    return H


def matrices(H, k, spin=None):
    """H(k) and S(k) of a channel."""
    kw = {} if spin is None else {"spin": spin}
    h = H.Hk(k, format="array", **kw)
    s = np.eye(h.shape[0]) if H.orthogonal else H.Sk(k, format="array")
    return np.asarray(h, complex), np.asarray(s, complex)


def blocks(H, axis, k, spin=None):
    """H00, H01, S00, S01 along an axis at transverse k; H01 leads towards +axis."""
    phases = [0.0, 0.125, 0.375, 0.625]
    hs, ss = [], []
    n = 3
    for m in range(n):
        q = list(k)
        q[axis] = m / n
        h, s = matrices(H, q, spin)
        hs.append(h)
        ss.append(s)
    w = np.exp(-2j * np.pi * np.arange(n) / n)
    h00, s00 = sum(hs) / n, sum(ss) / n
    h01, s01 = sum(a * b for a, b in zip(w, hs)) / n, sum(a * b for a, b in zip(w, ss)) / n
    return h00, h01, s00, s01


def surface(z, h00, h01, s00, s01):
    """g^-1 of a lead that goes on with h01, by decimation."""
    d = z * s00 - h00
    a, b = z * s01 - h01, z * s01.conj().T - h01.conj().T
    e, es = d.copy(), d.copy()
    for _ in range(200):
        g = np.linalg.inv(e)
        es, e, a, b = es - a @ g @ b, e - a @ g @ b - b @ g @ a, a @ g @ a, b @ g @ b
        if abs(a).max() < 1e-40:
            break
    return es


def orbitals(atoms, per):
    return np.concatenate([np.arange(a * per, (a + 1) * per) for a in atoms])


def transmissions(device, leads, ks, weights, eta, per, axis=0, spin=None, region=None, bulk=True, energies=ENERGIES):
    """T between the two leads. A lead: (H, side, atoms of the device, eta, atoms of its own cell used)."""
    cut = device.copy()
    nsc = [None, None, None]
    nsc[axis] = 1
    cut.set_nsc(nsc)
    result = []
    for e in energies:
        total = 0
        for k, weight in zip(ks, weights):
            h, s = matrices(cut, k, spin)
            z = e + 1j * eta
            K = z * s - h
            taken = []
            for H, side, atoms, lead_eta, used in leads:
                h00, h01, s00, s01 = blocks(H, axis, k, spin)
                if side < 0:
                    h01, s01 = h01.conj().T, s01.conj().T
                zl = e + 1j * lead_eta
                inverse = surface(zl, h00, h01, s00, s01)
                own = orbitals(used, per)
                inverse = np.linalg.inv(np.linalg.inv(inverse)[np.ix_(own, own)])
                at = orbitals(atoms, per)
                if bulk:
                    K[np.ix_(at, at)] = inverse
                else:
                    K[np.ix_(at, at)] -= (zl * s00 - h00)[np.ix_(own, own)] - inverse
                taken.append(at)
            n = len(K)
            if region is None:
                inside = np.setdiff1d(np.arange(n), np.concatenate(taken))
                outside = taken
            else:
                inside = orbitals(region[0], per)
                outside = [orbitals(r, per) for r in region[1:]]
            G = K[np.ix_(inside, inside)].copy()
            gammas = []
            for out in outside:
                sigma = K[np.ix_(inside, out)] @ np.linalg.solve(K[np.ix_(out, out)], K[np.ix_(out, inside)])
                G -= sigma
                gammas.append(1j * (sigma - sigma.conj().T))
            G = np.linalg.inv(G)
            total += weight * np.trace(gammas[0] @ G @ gammas[1] @ G.conj().T).real
        result.append(total)
    return np.array(result)


def pairbath(folder, fdf, table=None):
    with open(os.path.join(folder, "RUN.fdf"), "w") as f:
        f.write(fdf)
    model = os.path.join(folder, "model")
    command = [PAIRBATH, "import", "tbtrans", os.path.join(folder, "RUN.fdf"), "-o", model, "--quiet"]
    if table:
        command += ["--electrodes", os.path.join(folder, table)]
    subprocess.run(command, check=True)
    out = os.path.join(folder, "result.nc")
    # Exit code 1: some states miss their tolerance, tables above all; their numbers are there.
    code = subprocess.run([PAIRBATH, "run", os.path.join(model, "model.yaml"), "--output", out, "--quiet"]).returncode
    assert code in (0, 1, 70), f"pairbath run: exit code {code}"
    with netCDF4.Dataset(out) as d:
        return np.array(d["transmission"][...]).reshape(d["transmission"].shape[:2] + (-1,)), np.array(
            d["transmission_error"][...]
        ).reshape(d["transmission"].shape[:2] + (-1,))


def electrodes(left="", right="", file="ELEC", ending="TSHS"):
    return f"""
%block TBT.Elec.Left
  HS {file}.{ending}
  semi-inf-direction -a1
  electrode-position 1
{left}
%endblock
%block TBT.Elec.Right
  HS {file}.{ending}
  semi-inf-direction +a1
  electrode-position end -1
{right}
%endblock
"""


def table(path, device, leads, per, energies, eta, rng):
    """Sigma of both leads on the orbitals between them that they touch, as TBtrans saves it."""
    cut = device.copy()
    cut.set_nsc([1, None, None])
    h, s = matrices(cut, [0, 0, 0])
    taken = [orbitals(lead[2], per) for lead in leads]
    inside = np.setdiff1d(np.arange(len(h)), np.concatenate(taken))
    ry = 13.605693122994
    with netCDF4.Dataset(path, "w") as d:
        d.createDimension("one", 1)
        d.createDimension("xyz", 3)
        d.createDimension("nkpt", 1)
        d.createDimension("ne", len(energies))
        d.createDimension("no_d", len(inside))
        d.createVariable("E", "f8", ("ne",))[:] = energies / ry
        d.createVariable("eta", "f8", ("one",))[:] = eta / ry
        d.createVariable("kpt", "f8", ("nkpt", "xyz"))[:] = 0
        d.createVariable("pivot", "i4", ("no_d",))[:] = rng.permutation(inside) + 1
        for name, (H, side, _, lead_eta, _), at in zip(("Left", "Right"), leads, taken):
            touched = inside[np.abs(h[np.ix_(inside, at)]).max(axis=1) > 0]
            pivot = rng.permutation(touched)
            g = d.createGroup(name)
            g.createDimension("no_e", len(pivot))
            g.createVariable("pivot", "i4", ("no_e",))[:] = pivot + 1
            re = g.createVariable("ReSelfEnergy", "f8", ("nkpt", "ne", "no_e", "no_e"))
            im = g.createVariable("ImSelfEnergy", "f8", ("nkpt", "ne", "no_e", "no_e"))
            for i, e in enumerate(energies):
                h00, h01, s00, s01 = blocks(H, 0, [0, 0, 0])
                if side < 0:
                    h01, s01 = h01.conj().T, s01.conj().T
                inverse = surface(e + 1j * lead_eta, h00, h01, s00, s01)
                v = ((e + 1j * eta) * s - h)[np.ix_(pivot, at)]
                sigma = v @ np.linalg.solve(inverse, v.T) / ry
                re[0, i], im[0, i] = sigma.real.T, sigma.imag.T


def report(name, expected, found, bound, absolute=False):
    worst = np.max(np.abs(found - expected) / (1 if absolute else np.maximum(np.abs(expected), 1e-12)))
    good = worst <= bound
    print(f"{'ok  ' if good else 'FAIL'} {name}: {worst:.1e} (allowed {bound:.0e})")
    if not good:
        print("     found", found)
    return good


def simple(rng, folder, ending, spin, k=3, fermi=0.0, orthogonal=False, eta="1e-5 eV"):
    H = crystal(rng, spin, orthogonal=orthogonal)
    device = H.tile(4, 0)
    n = H.geometry.na
    # Something in the middle.
    per = 2
    for i in range(n * 2 * per, n * 2 * per + per):
        old = np.array(device[i, i])
        old[0] += 0.3
        if len(old) > 2 + (not orthogonal):
            old[1] -= 0.2
        device[i, i] = old
    H.write(os.path.join(folder, f"ELEC.{ending}"))
    device.write(os.path.join(folder, f"DEVICE.{ending}"))
    fdf = f"TBT.HS DEVICE.{ending}\nTBT.Elecs.Eta {eta}\nTBT.Contours.Eta 0. eV\nTBT.k [1 {k} 1]\n"
    fdf += "TBT.Symmetry.TimeReversal false\n" + CONTOUR + electrodes(ending=ending)
    found, _ = pairbath(folder, fdf)
    ks, w = [[0, j / k, 0] for j in range(k)], [1 / k] * k
    lead_eta = float(eta.split()[0])
    leads = [(H, -1, range(n), lead_eta, range(n)), (H, 1, range(3 * n, 4 * n), lead_eta, range(n))]
    kind = sisl.Spin(spin)
    mixed = not (kind.is_unpolarized or kind.is_polarized)
    if kind.is_polarized:
        expected = sum(transmissions(device, leads, ks, w, 0, per, spin=s) for s in (0, 1))
    else:
        expected = transmissions(device, leads, ks, w, 0, per * (2 if mixed else 1))
    return expected, found[0, 1]


def main():
    good = True
    for ending in ("TSHS", "nc", "HSX"):
        for spin in ("unpolarized", "polarized", "non-colinear", "spin-orbit"):
            with tempfile.TemporaryDirectory() as folder:
                rng = np.random.default_rng(5)
                expected, found = simple(rng, folder, ending, spin)
                # Files of single precision lose half of the digits.
                good &= report(f"{ending}, {spin}", expected, found, 1e-4 if ending == "HSX" else 1e-7)
    good &= variants()
    sys.exit(0 if good else 1)


def variants():
    good = True
    rng = np.random.default_rng(11)
    per = 2
    # Bloch: the device is twice as wide as the electrode's cell.
    with tempfile.TemporaryDirectory() as folder:
        H = crystal(rng)
        wide = H.repeat(2, 1)
        device = wide.tile(4, 0)
        n = wide.geometry.na
        H.write(os.path.join(folder, "ELEC.TSHS"))
        device.write(os.path.join(folder, "DEVICE.TSHS"))
        fdf = "TBT.HS DEVICE.TSHS\nTBT.Elecs.Eta 1e-5 eV\nTBT.Contours.Eta 0. eV\nTBT.k [1 2 1]\n" + CONTOUR
        fdf += electrodes("  Bloch 1 2 1", "  Bloch-a2 2")
        found, _ = pairbath(folder, fdf)
        leads = [(wide, -1, range(n), 1e-5, range(n)), (wide, 1, range(3 * n, 4 * n), 1e-5, range(n))]
        expected = transmissions(device, leads, [[0, 0, 0], [0, 0.5, 0]], [0.5, 0.5], 0, per)
        good &= report("Bloch expansion", expected, found[0, 1], 1e-7)
    # Used atoms: the electrode's cell is two of the crystal's; the device has one of them on each side.
    with tempfile.TemporaryDirectory() as folder:
        H = crystal(rng, nsc=(3, 1, 1))
        double = H.tile(2, 0)
        device = H.tile(4, 0)
        n = H.geometry.na
        double.write(os.path.join(folder, "ELEC.nc"))
        device.write(os.path.join(folder, "DEVICE.nc"))
        fdf = "TBT.HS DEVICE.nc\nTBT.Elecs.Eta 1e-5 eV\nTBT.Contours.Eta 0. eV\n" + CONTOUR
        used = f"  used-atoms {n}"
        found, _ = pairbath(folder, fdf + electrodes(used, used, ending="nc"))
        leads = [(double, -1, range(n), 1e-5, range(n, 2 * n)), (double, 1, range(3 * n, 4 * n), 1e-5, range(n))]
        expected = transmissions(device, leads, [[0, 0, 0]], [1], 0, per)
        good &= report("used-atoms", expected, found[0, 1], 1e-7)
    # Bulk false, with matrices of the device's electrode atoms that differ from the bulk.
    with tempfile.TemporaryDirectory() as folder:
        H = crystal(rng, nsc=(3, 1, 1))
        device = H.tile(4, 0)
        n = H.geometry.na
        for i in list(range(per * n)) + list(range(3 * per * n, 4 * per * n)):
            device[i, i] = np.array(device[i, i]) + [0.07, 0]
        H.write(os.path.join(folder, "ELEC.TSHS"))
        device.write(os.path.join(folder, "DEVICE.TSHS"))
        leads = [(H, -1, range(n), 1e-5, range(n)), (H, 1, range(3 * n, 4 * n), 1e-5, range(n))]
        fdf = "TBT.HS DEVICE.TSHS\nTBT.Elecs.Eta 1e-5 eV\nTBT.Contours.Eta 0. eV\n" + CONTOUR + electrodes()
        for bulk in (True, False):
            found, _ = pairbath(folder, fdf + f"TBT.Elecs.Bulk {bulk}\n")
            expected = transmissions(device, leads, [[0, 0, 0]], [1], 0, per, bulk=bulk)

            good &= report(f"Bulk {bulk}", expected, found[0, 1], 1e-7 if bulk else 1e-9, absolute=not bulk)
            subprocess.run(["rm", "-r", os.path.join(folder, "model")])
    # The device's eta with a device region, orthogonal and not.
    for orthogonal, bound in ((True, 1e-7), (False, 1e-4)):  # eta of the device
        with tempfile.TemporaryDirectory() as folder:
            H = crystal(rng, nsc=(3, 1, 1), orthogonal=orthogonal)
            device = H.tile(6, 0)
            n = H.geometry.na
            H.write(os.path.join(folder, "ELEC.nc"))
            device.write(os.path.join(folder, "DEVICE.nc"))
            fdf = f"TBT.HS DEVICE.nc\nTBT.Atoms.Device [{2 * n + 1} -- {4 * n}]\n" + CONTOUR + electrodes(ending="nc")
            found, _ = pairbath(folder, fdf)
            leads = [(H, -1, range(n), 1e-3, range(n)), (H, 1, range(5 * n, 6 * n), 1e-3, range(n))]
            region = (range(2 * n, 4 * n), range(2 * n), range(4 * n, 6 * n))
            expected = transmissions(device, leads, [[0, 0, 0]], [1], 1e-4, per, region=region)
            good &= report(f"eta of the device, {'orthogonal' if orthogonal else 'overlap'}", expected, found[0, 1], bound, absolute=not orthogonal)
    # Self-energies saved by TBtrans: pivoted, by columns, in Ry.
    with tempfile.TemporaryDirectory() as folder:
        H = crystal(rng, nsc=(3, 1, 1), orthogonal=True)
        device = H.tile(4, 0)
        n = H.geometry.na
        device.write(os.path.join(folder, "DEVICE.nc"))
        energies = np.linspace(-1, 1, 81)
        leads = [(H, -1, range(n), 1e-2, range(n)), (H, 1, range(3 * n, 4 * n), 1e-2, range(n))]
        expected = transmissions(device, leads, [[0, 0, 0]], [1], 1e-4, per, energies=energies)
        table(os.path.join(folder, "RUN.TBT.SE.nc"), device, leads, per, energies, 1e-4, rng)
        fdf = "TBT.HS DEVICE.nc\n" + electrodes(file="ABSENT", ending="nc")
        found, errors = pairbath(folder, fdf, table="RUN.TBT.SE.nc")
        good &= report("TBT.SE.nc, at its energies", expected, found[0, 1], 1e-6)
    # Fermi energies that differ: the electrode's is 0.3 eV, the device's 0.1 eV.
    with tempfile.TemporaryDirectory() as folder:
        H = crystal(rng, nsc=(3, 1, 1))
        device = H.tile(4, 0)
        n = H.geometry.na
        H.write(os.path.join(folder, "ELEC.nc"), Ef=0.3)
        device.write(os.path.join(folder, "DEVICE.nc"), Ef=0.1)
        fdf = "TBT.HS DEVICE.nc\nTBT.Elecs.Eta 1e-5 eV\nTBT.Contours.Eta 0. eV\n" + CONTOUR + electrodes(ending="nc")
        found, _ = pairbath(folder, fdf)
        # What sisl reads back is measured from the Fermi energy of the file.
        H = sisl.get_sile(os.path.join(folder, "ELEC.nc")).read_hamiltonian()
        device = sisl.get_sile(os.path.join(folder, "DEVICE.nc")).read_hamiltonian()
        leads = [(H, -1, range(n), 1e-5, range(n)), (H, 1, range(3 * n, 4 * n), 1e-5, range(n))]
        expected = transmissions(device, leads, [[0, 0, 0]], [1], 0, per)
        with netCDF4.Dataset(os.path.join(folder, "ELEC.nc")) as d:
            print("     Ef of the electrode's file:", d["Ef"][0] * 13.605693122994, "eV")
        good &= report("Fermi energies", expected, found[0, 1], 1e-7)
    return good


if __name__ == "__main__":
    main()
