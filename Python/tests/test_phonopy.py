"""from_phonopy against phonopy's own frequencies, and against chains that textbooks solve."""

import numpy as np
import pytest

phonopy = pytest.importorskip("phonopy", reason="the package phonopy is not installed")
from phonopy.structure.atoms import PhonopyAtoms  # noqa: E402

import pairbath  # noqa: E402
from pairbath.adapters import phonopy as adapter  # noqa: E402

THZ = 4.135667696e-3  # h times 1 THz in eV
SPRINGS = np.array([2.0, 0.9, 0.5])  # eV/angstrom^2 along and across
MASS = 12.0
UNIT = 1.054571817e-34**2 * 1e20 / (1.66053906660e-27 * 1.602176634e-19)  # hbar^2/(angstrom^2 amu) in eV
STIFF = UNIT * SPRINGS / MASS  # k/m in eV^2
CHAIN = dict(device=[3, 4], left=[1, 2], right=[5, 6])


def frequencies(phonon, q):
    """phonopy's, as energies in eV."""
    points = phonon.run_qpoints([q])
    found = phonon.get_qpoints_dict()["frequencies"] if points is None else points.frequencies  # phonopy before 4 returns nothing
    return THZ * np.sort(found[0])


def chain(atoms=8, cell=1, springs=SPRINGS, second=0.0):
    """A phonopy object of a chain of equal atoms along x, `cell` atoms in its cell, springs to neighbours and second neighbours."""
    own = PhonopyAtoms(symbols=["C"] * cell, cell=np.diag([cell * 1.5, 9, 9]), positions=[[1.5 * i, 0, 0] for i in range(cell)], masses=[MASS] * cell)
    phonon = phonopy.Phonopy(own, np.diag([atoms // cell, 1, 1]), primitive_matrix="P")
    x = np.rint(phonon.supercell.positions[:, 0] / 1.5).astype(int) % atoms
    matrix = np.zeros((atoms, atoms, 3, 3))
    for distance, k in ((1, np.diag(springs)), (2, second * np.diag(springs))):
        for i in range(atoms):
            for step in (distance, -distance):
                j = int(np.flatnonzero(x == (x[i] + step) % atoms)[0])
                matrix[i, j] -= k
                matrix[i, i] += k
    phonon.force_constants = matrix
    return phonon


def transmission(junction, energies):
    found = junction.run(observables=["phonon_transmission"], frequencies=np.asarray(energies)).phonon_transmission
    return found.sel(bath="L", bath2="R").values.ravel()


def test_modes_at_the_centre_are_those_of_phonopy():
    phonon = chain(cell=2)
    expected = frequencies(phonon, [0, 0, 0])
    found = pairbath.from_phonopy(phonon, sum_rule=False)
    # phonopy's constants are of an older CODATA, 1e-8; free motions are rounding, 1e-10 eV^2.
    assert np.sign(found.energies) * found.energies**2 == pytest.approx(np.sign(expected) * expected**2, rel=1e-6, abs=1e-11)
    ruled = pairbath.from_phonopy(phonon)
    assert ruled.free == 3 and ruled.energies == pytest.approx(expected[3:], rel=1e-6)


def test_compact_force_constants_are_the_same():
    phonon = chain(cell=2)
    full = pairbath.from_phonopy(phonon).energies
    phonon.force_constants = phonon.force_constants[phonon.primitive.p2s_map]
    assert phonon.force_constants.shape[:2] == (2, 8)
    assert pairbath.from_phonopy(phonon).energies == pytest.approx(full, rel=1e-12)


def test_other_units():
    phonon = chain(cell=2)
    factor = 13.605693122994 / 0.529177210903**2
    expected = pairbath.from_phonopy(phonon).energies
    phonon.force_constants = phonon.force_constants / factor
    assert pairbath.from_phonopy(phonon, unit="Ry/au^2").energies == pytest.approx(expected, rel=1e-12)


def test_lead_has_the_bands_of_phonopy():
    """W(q)^2 of K00 + K01 e^{iq} + adjoint at several q: phonopy's frequencies there."""
    taken = {}

    def capture(h, bosons=None, baths=None, **options):
        taken.update(baths)

    phonon = chain(atoms=12, cell=2, second=0.2)
    original = pairbath.Junction
    try:
        pairbath.Junction = capture
        pairbath.from_phonopy(phonon, device=order(phonon, 4, 8), left=order(phonon, 0, 4), right=order(phonon, 8, 12))
    finally:
        pairbath.Junction = original
    for name, sign in (("L", -1), ("R", 1)):
        bath = taken[name] if isinstance(taken[name], dict) else vars(taken[name])
        k00, k01 = np.asarray(bath["K00"]), np.asarray(bath["K01"])
        for q in (0.0, 0.13, 0.31, 0.5):
            hop = k01 * np.exp(2j * np.pi * q * sign)
            found = np.sqrt(np.abs(np.linalg.eigvalsh(k00 + hop + hop.conj().T)))
            expected = np.abs(frequencies(phonon, [q, 0, 0]))
            # Squares of acoustic branches at q = 0 are rounding, 1e-10 eV^2 and 1e-5 eV at most.
            assert np.sort(found) == pytest.approx(expected, rel=1e-6, abs=1e-8)


def order(phonon, first, last):
    """Numbers of the atoms of the supercell that are the first to last along x."""
    return np.argsort(np.rint(phonon.supercell.positions[:, 0] / 1.5), kind="stable")[first:last]


def test_perfect_chain_passes_each_band():
    tops = np.sqrt(4 * STIFF)
    energies = np.linspace(0.05, 1.1, 12) * tops.max()
    expected = (energies[:, None] < tops[None, :]).sum(axis=1)
    assert transmission(pairbath.from_phonopy(chain(), **CHAIN), energies) == pytest.approx(expected, abs=1e-9)


def test_second_neighbours_need_longer_layers():
    phonon = chain(atoms=12, second=0.2)
    with pytest.raises(pairbath.ModelError, match="principal layers of more atoms in left"):
        pairbath.from_phonopy(phonon, device=[4, 5, 6, 7], left=[2, 3], right=[8, 9, 10, 11])
    junction = pairbath.from_phonopy(phonon, device=[4, 5, 6, 7], left=[0, 1, 2, 3], right=[8, 9, 10, 11])
    x = np.linspace(0.01, np.pi, 4001)
    squares = 2 * STIFF[:, None] * ((1 - np.cos(x)) + 0.2 * (1 - np.cos(2 * x)))
    energies = np.array([0.008, 0.02, 0.031, 0.04])
    crossings = [(np.diff((np.sqrt(squares) > e).astype(int), axis=1) != 0).sum() for e in energies]
    assert transmission(junction, energies) == pytest.approx(crossings, abs=1e-9)


def test_isotope_scatters_as_textbooks_say():
    """One heavier atom in the chain: tau = sum over branches of 1/(1 + x^2 tan^2(q/2)), x the relative excess, W = 2 sqrt(k/m) sin(q/2)."""
    phonon = chain()
    masses = np.full(8, MASS)
    masses[3] = 1.4 * MASS
    phonon.supercell.masses = masses
    junction = pairbath.from_phonopy(phonon, **CHAIN)
    energies = np.array([0.003, 0.01, 0.02, 0.03, 0.045])
    sine = energies[:, None] / np.sqrt(4 * STIFF)
    tangent = sine / np.sqrt(np.where(sine < 1, 1 - sine**2, 1.0))
    expected = np.where(sine < 1, 1 / (1 + (0.4 * tangent) ** 2), 0.0).sum(axis=1)
    assert transmission(junction, energies) == pytest.approx(expected, abs=1e-9)


def test_thermal_conductance_of_a_perfect_chain():
    """Each branch carries k_B^2 T/h times int_0^x x^2 e^x/(e^x - 1)^2 dx, x = W_max/k_B T."""
    temperature = 77.0
    thermal = 8.617333262e-5 * temperature
    total = 0.0
    for top in np.sqrt(4 * STIFF):
        x, weight = np.polynomial.legendre.leggauss(60)
        x, weight = (x + 1) * top / thermal / 2, weight * top / thermal / 2
        total += np.sum(weight * x**2 * np.exp(x) / np.expm1(x) ** 2)
    expected = total * 1.380649e-23**2 * temperature / 6.62607015e-34
    junction = pairbath.from_phonopy(chain(), **CHAIN, compute={"tolerance": 1e-7})
    found = junction.run(observables=["thermal_conductance"], T=temperature).thermal_conductance.sel(bath="L", bath2="R").item()
    assert abs(found) == pytest.approx(expected, rel=1e-6)  # ten times the tolerance asked for


def test_layers_are_found_in_any_order():
    expected = transmission(pairbath.from_phonopy(chain(), **CHAIN), [0.01, 0.03])
    turned = pairbath.from_phonopy(chain(), device=[4, 3], left=[2, 1], right=[6, 5])
    assert transmission(turned, [0.01, 0.03]) == pytest.approx(expected, abs=1e-9)


def test_bad_arguments_are_named():
    phonon = chain()
    empty = phonopy.Phonopy(phonon.unitcell, np.diag([8, 1, 1]), primitive_matrix="P")
    unstable = chain(springs=[2.0, 0.9, -0.5])
    broken = chain()
    broken.force_constants = broken.force_constants + np.eye(3)
    for given, words in [
        (dict(phonon=3), "phonon: found int"),
        (dict(phonon=empty), "no force constants"),
        (dict(device=[3]), "1 of the three"),
        (dict(title="x"), "title: found an option"),
        (dict(unit="N/m"), "unit: found 'N/m'"),
        ({**CHAIN, "left": [1, 3]}, "atom 3, which device has too"),
        ({**CHAIN, "left": [1]}, "left: found 1 atoms"),
        ({**CHAIN, "left": [0, 1], "device": [3, 4]}, "a spring|joins"),
        ({**CHAIN, "right": [5, 8]}, "right: found 8"),
        (dict(phonon=unstable, **CHAIN), "stable between fixed leads"),
        (dict(phonon=broken, **CHAIN), "acoustic sum rule|a spring"),
    ]:
        with pytest.raises(pairbath.ModelError, match=words):
            pairbath.from_phonopy(**{"phonon": phonon, **given})
    assert adapter._UNITS["eV/angstrom^2"] == 1
