"""from_pyscf against PySCF: its response equations, its overlaps between geometries, its thermochemistry."""

import numpy as np
import pytest

pytest.importorskip("pyscf", reason="the package pyscf is not installed")
from pyscf import dft, gto, scf  # noqa: E402
from pyscf.hessian import thermo  # noqa: E402

import pairbath  # noqa: E402
from pairbath.adapters import _displaced  # noqa: E402
from pairbath.adapters import pyscf as adapter  # noqa: E402
from pairbath.adapters._common import BOHR, HARTREE  # noqa: E402

ELECTRODES = {"L": [0], "R": [3]}
PLACES = np.array([[0.0, 0.0, -2.6], [0.0, 0.01, -0.38], [0.01, 0.0, 0.4], [0.0, 0.2, 2.7]])


def build(places=PLACES, method=scf.RHF, **options):
    mol = gto.M(atom=[(s, p) for s, p in zip(["Li", "H", "H", "Li"], places)], basis="6-31g", verbose=0)
    mean_field = method(mol)
    mean_field.conv_tol, mean_field.conv_tol_grad = 1e-12, 1e-8
    for name, value in options.items():
        setattr(mean_field, name, value)
    return mean_field.run()


@pytest.fixture(scope="module")
def hydrogen():
    return build()


@pytest.fixture(scope="module")
def coupled(hydrogen):
    return quiet(hydrogen, step=0.002)


def quiet(mean_field, electrodes=ELECTRODES, **options):
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # these atoms are not relaxed, on purpose: no symmetry hides a fault
        return adapter.molecule(mean_field, electrodes, progress=False, **options)


def mass_weighted(coupled):
    """M^k in eV^(3/2)."""
    return coupled.couplings * np.sqrt(2 * coupled.vibrations.energies[coupled.modes])[:, None, None]


def displaced(coupled, k, amount):
    """Positions in angstrom with Q_k = amount (eV^(-1/2))."""
    places = PLACES.copy()
    places[coupled.vibrations.atoms] += amount * coupled.vibrations.displacements[k]
    return places


def test_derivative_of_the_fock_matrix_is_that_of_the_response_equations(hydrogen):
    """dF/dR at every atom from PySCF's coupled-perturbed Hartree-Fock; no finite difference enters it."""
    hessian = hydrogen.Hessian()
    c, filled = hydrogen.mo_coeff, hydrogen.mo_occ > 0
    explicit = hessian.make_h1(c, hydrogen.mo_occ)
    first, _ = hessian.solve_mo1(hydrogen.mo_energy, c, hydrogen.mo_occ, explicit)
    respond = hydrogen.gen_response(c, hydrogen.mo_occ, hermi=1)
    directions = np.eye(12).reshape(12, 4, 3)
    exact = []
    for atom in range(4):
        for x in range(3):
            density = 2 * first[atom][x] @ c[:, filled].T
            exact.append(explicit[atom][x] + respond(density + density.T))
    exact = np.array(exact)

    def error(step):
        found = _displaced.differences(hydrogen, directions, step, False, hydrogen.nuc_grad_method().kernel(), None, False)
        return np.abs(found.fock - exact).max()

    coarse, fine = error(0.08), error(0.04)
    # Central differences: a quarter of the error at half the step, but for the next order (h over 0.3 bohr, squared: 2 %) and what
    # PySCF's response equations leave (1e-6 hartree/bohr, whatever conv_tol_cpscf).
    assert fine == pytest.approx(coarse / 4, rel=0.03, abs=4e-6)
    assert fine < 3e-4  # h^2/6 times third derivatives of about 0.5 hartree/bohr^3


def test_diagonal_is_the_slope_of_the_orbital_energies(hydrogen, coupled):
    c = hydrogen.mo_coeff
    for k, matrix in enumerate(mass_weighted(coupled)):
        amount = 0.002 / np.linalg.norm(coupled.vibrations.displacements[k], axis=1).max()
        plus, minus = (build(displaced(coupled, k, s * amount)).mo_energy for s in (1, -1))
        slope = HARTREE * (plus - minus) / (2 * amount)
        # Both sides are differences with the same step, of H and of its eigenvalues: they err apart by the square of the step
        # (0.002 angstrom over the reach of an orbital near the proton, 0.1 angstrom: 4e-4) times the slope.
        assert np.diag(c.T @ matrix @ c) == pytest.approx(slope, rel=4e-4, abs=4e-4 * np.abs(slope).max())


def test_rest_is_the_nonadiabatic_coupling(hydrogen, coupled):
    """M_ij = (e_j - e_i) <i|d j>, from overlaps between orbitals of two geometries."""
    energies, c = HARTREE * hydrogen.mo_energy, hydrogen.mo_coeff
    for k, matrix in enumerate(mass_weighted(coupled)):
        amount = 0.002 / np.linalg.norm(coupled.vibrations.displacements[k], axis=1).max()

        def slope(size):
            parts = []
            for sign in (1, -1):
                other = build(displaced(coupled, k, sign * size))
                overlap = c.T @ gto.intor_cross("int1e_ovlp", hydrogen.mol, other.mol) @ other.mo_coeff
                parts.append(overlap * np.sign(np.diag(overlap)))
            return (parts[0] - parts[1]) / (2 * size)

        # Orbitals that lie close turn quickly: the square of the step is taken out.
        derivative = (4 * slope(amount / 2) - slope(amount)) / 3
        expected = (energies[None, :] - energies[:, None]) * derivative
        found = c.T @ matrix @ c
        np.fill_diagonal(found, 0)
        np.fill_diagonal(expected, 0)
        # What is left are the differences of H with 0.002 angstrom: measured to fall with the step's square, to 3e-5 here.
        assert np.abs(found - expected).max() < 1e-4 * np.abs(expected).max()


def test_rigid_motion_is_a_commutator(hydrogen):
    """All atoms along z: F does not change, M = [H, d/dz] in the space of the orbitals."""
    motion = _displaced.moving(hydrogen, np.tile([0.0, 0.0, 1.0], (4, 1)))
    assert np.abs(motion + motion.T).max() < 1e-12  # rounding: the overlap does not change either
    fock, overlap = hydrogen.get_fock(), hydrogen.get_ovlp()
    found = adapter.corrected(np.zeros_like(fock), motion, fock, overlap)
    inverse = np.linalg.inv(overlap)
    assert found == pytest.approx(motion @ inverse @ fock - fock @ inverse @ motion, abs=1e-10)


@pytest.mark.parametrize("method", ["analytic", "differences"])
def test_frequencies_are_those_of_thermo(hydrogen, method):
    found = quiet(hydrogen, vibrating=[0, 1, 2, 3], modes=[5], hessian=method, step=0.002)
    expected = thermo.harmonic_analysis(hydrogen.mol, hydrogen.Hessian().kernel(), imaginary_freq=False)["freq_wavenumber"]
    # The same projection. PySCF's Hessian is symmetric to 1e-7 hartree/bohr^2, of 5e-3; thermo takes one triangle, we the mean.
    # Differences: h^2 of a gradient.
    exact = dict(rel=2e-5) if method == "analytic" else dict(rel=5e-4, abs=1.0)
    assert found.vibrations.free == 6
    assert found.vibrations.wavenumbers == pytest.approx(np.sort(expected), **exact)


def test_one_atom_held_fast_is_the_block_of_the_hessian(hydrogen, coupled):
    full = hydrogen.Hessian().kernel().transpose(0, 2, 1, 3).reshape(12, 12)[3:9, 3:9]
    mass = np.repeat(hydrogen.mol.atom_mass_list(isotope_avg=True)[1:3], 3)
    squares = 4.180159e-3 * np.linalg.eigvalsh(full * HARTREE / BOHR**2 / np.sqrt(np.outer(mass, mass)))
    # PySCF's response of two atoms and of all four agree to 1e-6 hartree/bohr^2, that is 4e-7 eV^2 with the mass of hydrogen.
    assert np.sign(coupled.vibrations.energies) * coupled.vibrations.energies**2 == pytest.approx(squares, abs=1e-6)


def test_density_functional_with_core_potential_both_ways():
    """Modes and couplings from the analytic Hessian and from differences agree; LDA, a core potential on the metal."""
    mol = gto.M(atom="Na 0 0 -3.0; H 0 0 -0.4; H 0 0 0.4; Na 0 0 3.0", basis="lanl2dz", ecp={"Na": "lanl2dz"}, verbose=0)
    mean_field = dft.RKS(mol, xc="lda,vwn")
    mean_field.conv_tol = 1e-11
    mean_field.grids.level = 4
    mean_field.run()
    one = quiet(mean_field, modes=[5], hessian="analytic", step=0.004)
    two = quiet(mean_field, modes=[5], hessian="differences", step=0.004)
    # The analytic Hessian holds the integration grid fast, the differences move it: parts in a thousand.
    assert two.vibrations.energies[5] == pytest.approx(one.vibrations.energies[5], rel=2e-3)
    # The sign of a mode is arbitrary, and differs from processor to processor.
    sign = np.sign(np.sum(one.couplings * two.couplings))
    assert sign * two.couplings == pytest.approx(one.couplings, abs=2e-3 * np.abs(one.couplings).max())
    assert (one.runs, two.runs) == (2, 12)


@pytest.mark.parametrize("fitted", [False, True])
def test_nothing_of_the_mean_field_is_changed(fitted):
    mol = gto.M(atom="F 0 0 -2.2; H 0 0 -0.4; H 0 0 0.4; F 0 0 2.2", basis="sto-3g", verbose=0)
    mean_field = dft.RKS(mol, xc="b3lyp")
    mean_field = mean_field.density_fit() if fitted else mean_field
    mean_field.grids.level = 0
    mean_field.run()
    density, coordinates = mean_field.make_rdm1(), mean_field.grids.coords.copy()
    before = mean_field.get_fock(dm=density)
    quiet(mean_field, modes=[5], hessian=np.eye(6).reshape(2, 3, 2, 3).transpose(0, 2, 1, 3))
    assert mean_field.mol is mol and np.array_equal(mean_field.grids.coords, coordinates)
    assert np.array_equal(mean_field.get_fock(dm=density), before)
    assert not fitted or mean_field.with_df.mol is mol


def test_restart_goes_on_and_knows_its_calculation(hydrogen, tmp_path):
    class Enough(Exception):
        pass

    def stop(stage, done, total):
        if done == 3:
            raise Enough

    with pytest.warns(UserWarning), pytest.raises(Enough):
        adapter.molecule(hydrogen, ELECTRODES, hessian="differences", restart=tmp_path, progress=stop)
    said = []
    with pytest.warns(UserWarning, match="force"):
        rest = adapter.molecule(hydrogen, ELECTRODES, hessian="differences", restart=tmp_path, progress=lambda *a: said.append(a))
    assert rest.runs == 9 and said[0][1:] == (0, 9) and "9 displaced SCF runs of 22 orbitals" in said[0][0] and "s left" in said[1][0]
    whole = quiet(hydrogen, hessian="differences")
    assert rest.couplings == pytest.approx(whole.couplings, abs=1e-9)  # the same runs: rounding of the SCF
    other = build(PLACES + [0, 0, 0.01] * np.array([[0], [0], [0], [1]]))
    with pytest.raises(pairbath.ModelError, match="restart.*positions"):
        quiet(other, hessian="differences", restart=tmp_path)
    with pytest.raises(pairbath.ModelError, match="restart.*basis|method|energy"):
        quiet(build(method=dft.RKS, xc="lda,vwn"), hessian="differences", restart=tmp_path)
    next(tmp_path.glob("*.npz")).write_bytes(b"not a file")
    with pytest.raises(pairbath.ModelError, match="delete it"):
        quiet(hydrogen, hessian="differences", restart=tmp_path)


def test_junction_has_the_transmission_of_the_matrices(hydrogen, coupled):
    junction = coupled.junction()
    energies = np.linspace(-3, 3, 7)
    found = junction.transmission(energies)
    for i, e in enumerate(energies):
        width = {}
        for name, o in coupled.orbitals.items():
            width[name] = np.zeros_like(coupled.overlap)
            width[name][np.ix_(o, o)] = coupled.broadenings[name]
        g = np.linalg.inv(e * coupled.overlap - coupled.hamiltonian + 0.5j * (width["L"] + width["R"]))
        expected = np.trace(width["L"] @ g @ width["R"] @ g.conj().T).real
        assert found.isel(energy=i).sel(electrode="L", electrode2="R").item() == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_heating_curve_from_one_call(hydrogen):
    """From the mean field to a population that grows with the bias."""
    with pytest.warns(UserWarning, match="force"):
        junction = pairbath.from_pyscf(
            hydrogen, ELECTRODES, broadening={"L": 0.5, "R": 1.0}, modes=[5], step=0.005, progress=False, baths={"metal": pairbath.ohmic(5e-4)}
        )
    population = junction.run(V=np.array([0.0, 0.6, 1.2]), observables=["mode_population"], level="sharp").mode_population.values.ravel()
    energy = junction.run(V=0.0, observables=["mode_population"]).mode_energy.item()
    assert population[0] == pytest.approx(1 / np.expm1(energy / (8.617333262e-5 * 300)), rel=1e-6)  # Bose at 300 K
    assert population[0] < population[1] < population[2]


BAD = [
    (dict(electrodes={"L": [0], "R": [0]}), "atom 0, which 'L' has too"),
    (dict(electrodes={"L": [0], "R": [4]}), r"electrodes\['R'\]: found 4; allowed: atoms as whole numbers from 0 to 3"),
    (dict(electrodes=[0, 3]), "electrodes: found"),
    (dict(electrodes={}), "electrodes: found"),
    (dict(electrodes={"L": [0.5]}), "whole numbers"),
    (dict(broadening=-1.0), "broadening: found -1.0"),
    (dict(broadening={"L": 1.0}), "broadening: found the names"),
    (dict(broadening="1 eV"), "a number above 0"),
    (dict(step=np.nan), "step: found nan"),
    (dict(modes=[6]), "modes: found 6"),
    (dict(modes=[0, 0]), "0 more than once"),
    (dict(vibrating=[]), "an empty list"),
    (dict(vibrating=[True, False]), "flatnonzero"),
    (dict(electrodes={"L": [0, 1], "R": [2, 3]}), "no atom outside the electrodes"),
    (dict(hessian="numeric"), "'differences'"),
    (dict(hessian=np.zeros((2, 2))), r"\(2, 2, 3, 3\)"),
    (dict(masses=[1, 1]), "masses: found shape"),
    (dict(fermi_energy="zero"), "fermi_energy: found"),
]


@pytest.mark.parametrize("wrong, words", BAD)
def test_bad_arguments_are_named(hydrogen, wrong, words):
    arguments = {"electrodes": ELECTRODES, **wrong}
    with pytest.raises(pairbath.ModelError, match=words):
        quiet(hydrogen, **arguments)


def test_mean_fields_that_do_not_fit_are_refused(hydrogen):
    mol = hydrogen.mol
    symmetric = gto.M(atom="H 0 0 0; H 0 0 0.74", basis="sto-3g", symmetry=True, verbose=0)
    one = gto.M(atom="H 0 0 0", basis="sto-3g", spin=1, verbose=0)
    with pytest.raises(pairbath.ConvergenceError, match="run()"):
        quiet(scf.RHF(mol))
    for wrong, words in [
        (mol, "a mean field of PySCF"),
        (scf.UHF(mol).run(), "unrestricted"),
        (scf.GHF(mol).run(), "unrestricted"),
        (scf.ROHF(one).run(), "unpaired"),
        (scf.RHF(symmetric).run(), "symmetry"),
        (scf.addons.smearing_(scf.RHF(mol), sigma=0.1).run(), "smearing"),
    ]:
        with pytest.raises(pairbath.ModelError, match=words):
            quiet(wrong)


def test_imaginary_modes_are_refused_with_their_atoms():
    mol = gto.M(atom="Li 0 0 -6; H 0 0 -1.2; H 0 0 1.2; Li 0 0 6", basis="sto-3g", verbose=0)
    with pytest.raises(pairbath.ModelError, match=r"modes: found mode 0 of W\^2 = -.*atoms"):
        quiet(scf.RHF(mol).run())
