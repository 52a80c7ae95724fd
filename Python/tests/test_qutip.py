"""to_qutip: hierarchical equations of motion in QuTiP against pairbath's exact currents and closed forms of a damped oscillator."""

import numpy as np
import pytest

pytest.importorskip("qutip", reason="the package qutip is not installed")
pytest.importorskip("yaml", reason="the package pyyaml is not installed")

import pairbath  # noqa: E402

STATE = dict(V=0.7, mu=0.05, T=0.2)


def lorentzian(levels, widths, bandwidth, center, **options):
    """The same Lorentzian electrodes in pairbath: an orbital of its own each, with a wide band of 2 W."""
    n = len(levels)
    h = np.zeros((n + len(widths),) * 2)
    h[:n, :n] = levels if np.ndim(levels) == 2 else np.diag(levels)
    electrodes = {}
    for i, (name, (orbital, gamma)) in enumerate(widths.items(), start=n):
        h[i, i] = center
        h[i, orbital] = h[orbital, i] = np.sqrt(gamma * bandwidth / 2)
        electrodes[name] = pairbath.wide_band(2 * bandwidth, [i])
    return pairbath.Junction(h, electrodes=electrodes, units="natural", **options)


def wide(levels, widths, **options):
    electrodes = {name: pairbath.wide_band(gamma, [orbital]) for name, (orbital, gamma) in widths.items()}
    return pairbath.Junction(levels, electrodes=electrodes, units="natural", **options)


def elastic(junction, **state):
    return junction.run(observables=["charge_current"], **{**STATE, **state}).charge_current.values.ravel()


LEVEL = {"L": (0, 0.3), "R": (0, 0.15)}


@pytest.mark.parametrize("center", [0.1, None])
def test_level_between_lorentzian_electrodes(center):
    """The steady current of HEOM at depth 2 is Landauer's, to the Pade expansion."""
    mu = {"L": STATE["mu"] + STATE["V"] / 2, "R": STATE["mu"] - STATE["V"] / 2}
    if center is None:  # each band in the middle of its own chemical potential
        h = np.array([[0.2, 0, 0], [0, mu["L"], 0], [0, 0, mu["R"]]])
        for i, gamma in ((1, 0.3), (2, 0.15)):
            h[0, i] = h[i, 0] = np.sqrt(gamma * 2.0 / 2)
        electrodes = {"L": pairbath.wide_band(4.0, [1]), "R": pairbath.wide_band(4.0, [2])}
        exact = elastic(pairbath.Junction(h, electrodes=electrodes, units="natural"))
    else:
        exact = elastic(lorentzian([0.2], LEVEL, 2.0, center))
    errors = []
    for terms in (3, 6, 12):
        problem = pairbath.to_qutip(wide([0.2], LEVEL), bandwidth=2.0, center=center, terms=terms, **STATE)
        _, ados = problem.solver(max_depth=2).steady_state()
        found = problem.currents(ados)
        assert found["L"] == pytest.approx(-found["R"], abs=1e-10)  # conserved, to the linear solver
        errors.append(abs(found["L"] - exact[0]) / abs(exact[0]))
    assert errors[0] > errors[1] > 1e-12 or errors[1] < 1e-7  # the expansion converges
    assert errors[2] < 1e-8  # Pade of 12 terms is exact to 1e-10 within |e| of 25 T; what is left is the solver


def test_broad_bands_approach_the_wide_band():
    """Errors fall with 1/W."""
    exact = elastic(wide([0.2], LEVEL))
    errors = []
    for bandwidth in (20.0, 40.0):
        problem = pairbath.to_qutip(wide([0.2], LEVEL), bandwidth=bandwidth, terms=15, **STATE)
        errors.append(problem.currents(problem.solver(2).steady_state()[1])["L"] / exact[0] - 1)
    assert errors[1] == pytest.approx(errors[0] / 2, rel=0.2)
    assert abs(errors[1]) < 0.3 / 40  # Gamma/W


def test_two_orbitals_with_overlap_and_a_broadening_that_joins_them():
    """In eV. The reference has an orbital for every eigenvector of Gamma in the basis that is not orthogonal: no S^(-1/2) enters it."""
    overlap = np.array([[1.0, 0.15], [0.15, 1.0]])
    h = np.array([[0.1, 0.2 + 0.1j], [0.2 - 0.1j, -0.15]])
    gammas = {"L": np.array([[0.2, 0.05j], [-0.05j, 0.1]]), "R": np.array([[0.0, 0.0], [0.0, 0.15]])}
    half, center, state = 0.9, 0.05, dict(V=0.3, T=2000.0)
    full, s = np.zeros((5, 5), complex), np.eye(5)
    full[:2, :2], s[:2, :2] = h, overlap
    place, electrodes = 2, {}
    for name, gamma in gammas.items():
        places = []
        for value in np.linalg.eigvalsh(gamma):
            if value > 1e-12:
                full[place, place] = center
                full[:2, place] = np.sqrt(value * half / 2) * vector_of(gamma, value)
                full[place, :2] = full[:2, place].conj()
                places.append(place)
                place += 1
        electrodes[name] = pairbath.wide_band(2 * half, places)
    exact = pairbath.Junction(full, S=s, electrodes=electrodes).run(observables=["charge_current"], **state).charge_current.values.ravel()
    wide_bands = {name: pairbath.wide_band(gamma, [0, 1]) for name, gamma in gammas.items()}
    problem = pairbath.to_qutip(pairbath.Junction(h, S=overlap, electrodes=wide_bands), bandwidth=half, center=center, terms=4, **state)
    _, ados = problem.solver(max_depth=2).steady_state()
    # Pade of 4 terms at |e| < 10 T, the Lorentzian's tail beyond: parts in 1e5.
    assert problem.currents(ados)["L"] == pytest.approx(exact[0], rel=1e-4)


def vector_of(gamma, value):
    """The eigenvector of an eigenvalue."""
    values, vectors = np.linalg.eigh(gamma)
    return vectors[:, np.argmin(np.abs(values - value))]


def test_two_spins_carry_twice_the_current():
    one = pairbath.to_qutip(wide([0.2], LEVEL), bandwidth=2.0, terms=2, **STATE)
    two = pairbath.to_qutip(wide([0.2], LEVEL, spin_degeneracy=2), bandwidth=2.0, terms=2, **STATE)
    assert (len(one.fermions), len(two.fermions)) == (1, 2)
    currents = [p.currents(p.solver(2).steady_state()[1])["L"] for p in (one, two)]
    assert currents[1] == pytest.approx(2 * currents[0], rel=1e-6)  # the same expansion; the linear solver


def test_fermions_anticommute():
    problem = pairbath.to_qutip(wide([0.2, 0.1], {"L": (0, 0.3), "R": (1, 0.15)}), bandwidth=2.0, **STATE)
    a, b = problem.fermions
    assert (a * b + b * a).norm() < 1e-14
    assert (a * b.dag() + b.dag() * a).norm() < 1e-14
    assert (a * a.dag() + a.dag() * a - 1).norm() < 1e-14


def oscillator(bath):
    """A mode that the electrons do not touch."""
    return wide([0.2], LEVEL, bosons=[1.0], baths={"ph": bath}, coupling=[[[0.0]]])


def motion(kind, times):
    """x(t) from x(0) = 1: the Langevin equation x'' = -x - Pi x with one more variable y for the memory, factorised at t = 0."""
    from scipy.linalg import expm

    if kind == "underdamped":  # y'' = -G y' + W0^2 (x - y), x'' = -x - k (x - y), k = eta W0^2/G
        k, w0, g = 0.02 * 2.5**2 / 0.8, 2.5, 0.8
        matrix = [[0, 1, 0, 0], [-1 - k, 0, k, 0], [0, 0, 0, 1], [w0**2, 0, -(w0**2), -g]]
    else:  # y' = wc (x - y), x'' = -x - eta wc (x - y)
        eta, wc = 0.3, 3.0 if kind == "drude" else 6.0
        matrix = [[0, 1, 0], [-1 - eta * wc, 0, eta * wc], [wc, 0, -wc]]
    return np.array([expm(np.array(matrix) * t)[0, 0] for t in times])


BATHS = {"drude": pairbath.drude(0.3, 3.0), "ohmic": pairbath.ohmic(0.3), "underdamped": pairbath.underdamped(0.02, 2.5, 0.8)}


@pytest.mark.parametrize("kind", sorted(BATHS))
def test_damped_oscillator(kind):
    """A displaced oscillator moves and decays as D(w) says, exactly: friction, cut-off and the shift enter it."""
    import qutip
    from qutip.solver import heom

    n = 8
    problem = pairbath.to_qutip(
        oscillator(BATHS[kind]), bandwidth=2.0, terms=4, levels=n, cutoff=6.0 if kind == "ohmic" else None, V=0.0, T=0.5
    )
    # The oscillator alone, without the electrons' factor: the sum over the level's states, less its energy 0.2 in one of two.
    h = problem.hamiltonian.ptrace(1) / 2 - 0.1 * qutip.qeye(n)
    a = qutip.destroy(n)
    x = (a + a.dag()) / np.sqrt(2)
    assert (problem.baths[-1][1].ptrace(1) / 2 - x).norm() < 1e-12
    start = (qutip.basis(n, 0) + 0.3 * qutip.basis(n, 1)).unit()
    times = np.linspace(0, 8, 9)
    solver = heom.HEOMSolver(h, (problem.baths[-1][0], x), max_depth=4, options={"progress_bar": False, "nsteps": 20000})
    found = np.real(solver.run(qutip.ket2dm(start), times, e_ops=[x]).expect[0])
    expected = found[0] * motion(kind, times)
    # Linear: exact but for the 8 levels and the depth, measured to fall from 7e-3 (depth 3) to 3e-4 (depth 4) for Drude.
    assert found / found[0] == pytest.approx(expected / found[0], abs=2e-3)


@pytest.mark.parametrize("convention", ["dimensionless", "mass-weighted"])
def test_coupling_displaces_the_oscillator(convention):
    """Two equal levels joined by the mode alone: one electron lowers the spectrum by m^2/W, as polarons do, two do nothing."""
    m, w, level = 0.3, 1.2, 0.25
    scale = 1.0 if convention == "dimensionless" else np.sqrt(2 * w)  # M = m sqrt(2 W)
    junction = wide(
        [level, level], {"L": (0, 0.4), "R": (1, 0.4)}, bosons=[w], coupling=[[[0, m * scale], [m * scale, 0]]], convention=convention,
        baths={"ph": pairbath.drude(1e-12, 1.0)},  # the core wants one; it shifts the mode by 1e-12
    )
    problem = pairbath.to_qutip(junction, bandwidth=3.0, levels=30, **STATE)
    found = problem.hamiltonian.eigenenergies()[:8]
    ladder = w * np.arange(8)
    one = np.repeat(level - m**2 / w + ladder, 2)  # bonding and antibonding are displaced either way
    expected = np.sort(np.concatenate([ladder, one, 2 * level + ladder]))[:8]
    assert found == pytest.approx(expected, abs=1e-9)  # 30 levels hold displacements of 0.25 to rounding


def test_what_is_not_mapped_is_refused():
    level = wide([0.2], LEVEL)
    chain = pairbath.Junction([0.2], electrodes={"L": pairbath.chain(0, 0.0, -1.0, 0.3), "R": pairbath.wide_band(0.1, [0])}, units="natural")
    alone = pairbath.Junction(bosons=[[1.0]], baths={"a": pairbath.ohmic(0.1)}, units="natural")
    words = pairbath.Junction([0.2], electrodes={"L": pairbath.wide_band("g", [0]), "R": pairbath.wide_band(0.1, [0])}, parameters={"g": 0.1}, units="natural")
    many = wide(np.zeros(10), {"L": (0, 0.3), "R": (1, 0.1)})
    light = wide([0.2], LEVEL, bosons=[1.0], baths={"ph": pairbath.ohmic(0.1)}, coupling=[[[0.1]]], convention="rotating-wave")
    for junction, options, message in [
        (level, dict(bandwidth=-1), "bandwidth: found -1"),
        (level, dict(bandwidth={"L": 1.0}), "one for the electrode 'R' too"),
        (level, dict(bandwidth=1.0, terms=0), "terms: found 0"),
        (level, dict(bandwidth=1.0, T=0.0), "a temperature above 0"),
        (level, dict(bandwidth=1.0, V=np.array([0.0, 1.0])), "V: found several values"),
        (chain, dict(bandwidth=1.0), "kind: found 'chain'"),
        (alone, dict(bandwidth=1.0), "electrons"),
        (words, dict(bandwidth=1.0), "a plain number"),
        (many, dict(bandwidth=1.0), "1024 states"),
        (light, dict(bandwidth=1.0), "rotating-wave"),
        (oscillator(pairbath.ohmic(0.1)), dict(bandwidth=1.0), "cutoff: found None"),
        (3, dict(bandwidth=1.0), "junction: found int"),
    ]:
        with pytest.raises(pairbath.ModelError, match=message):
            pairbath.to_qutip(junction, **{**options})
