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


def test_two_orbitals_complex_hopping_overlap_and_spin():
    """A broadening that joins orbitals, an overlap, two spins and eV."""
    overlap = np.array([[1.0, 0.15], [0.15, 1.0]])
    h = np.array([[0.1, 0.2 + 0.1j], [0.2 - 0.1j, -0.15]])
    gamma = np.array([[0.2, 0.05j], [-0.05j, 0.1]])
    electrodes = {"L": pairbath.wide_band(gamma, [0, 1]), "R": pairbath.wide_band(0.15, [1])}
    junction = pairbath.Junction(h, S=overlap, electrodes=electrodes, units="eV", spin_degeneracy=2)
    state = dict(V=0.3, T=900.0)
    exact = junction.run(observables=["charge_current"], **state).charge_current.values.ravel()
    found = []
    for bandwidth in (15.0, 30.0):
        problem = pairbath.to_qutip(junction, bandwidth=bandwidth, terms=3, **state)
        assert len(problem.fermions) == 4
        one = pairbath.to_qutip(
            pairbath.Junction(h, S=overlap, electrodes=electrodes, units="eV"), bandwidth=bandwidth, terms=10, **state
        )
        found.append(2 * one.currents(one.solver(2).steady_state()[1])["L"])
    # The rest falls as 1/W: taken out of two bandwidths.
    assert 2 * found[1] - found[0] == pytest.approx(exact[0], rel=2e-3)
    assert found[1] == pytest.approx(exact[0], rel=0.03)


def test_fermions_anticommute():
    problem = pairbath.to_qutip(wide([0.2, 0.1], {"L": (0, 0.3), "R": (1, 0.15)}), bandwidth=2.0, **STATE)
    a, b = problem.fermions
    assert (a * b + b * a).norm() < 1e-14
    assert (a * b.dag() + b.dag() * a).norm() < 1e-14
    assert (a * a.dag() + a.dag() * a - 1).norm() < 1e-14


def oscillator(bath, coordinates=None):
    """A mode that the electrons do not touch."""
    return wide([0.2], LEVEL, bosons=[1.0], baths={"ph": bath}, coupling=[[[0.0]]])


BATHS = {
    "drude": (pairbath.drude(0.15, 3.0), lambda w: -1j * w * 0.15 / (1 - 1j * w / 3.0)),
    "ohmic": (pairbath.ohmic(0.15), lambda w: -1j * w * 0.15 / (1 - 1j * w / 6.0)),
    "underdamped": (
        pairbath.underdamped(0.05, 2.5, 0.8),
        lambda w: 0.05 * 2.5**2 / 0.8 * w * (w + 0.8j) / (w**2 - 2.5**2 + 0.8j * w),
    ),
}


@pytest.mark.parametrize("kind", sorted(BATHS))
def test_damped_oscillator(kind):
    """<Q^2> = int_0^inf dw/2pi Gamma_p |D|^2 coth(w/2T), exact for an oscillator; friction, cut-off and shift enter it."""
    bath, retarded = BATHS[kind]
    temperature = 0.8
    problem = pairbath.to_qutip(
        oscillator(bath), bandwidth=2.0, terms=4, levels=14, cutoff=6.0 if kind == "ohmic" else None, V=0.0, T=temperature
    )
    qutip = pytest.importorskip("qutip")
    heom = pytest.importorskip("qutip.solver.heom")
    # The oscillator alone: the electrons' factor of the product is left out.
    a = qutip.destroy(14)
    h = problem.hamiltonian.ptrace(1) / 2
    h = h - 0.1 * qutip.qeye(14)  # the level 0.2, half full
    x = (a + a.dag()) / np.sqrt(2)
    boson = [environment for environment, operator in problem.baths if operator.dims[0] == [2, 14]][-1]
    rho, _ = heom.HEOMSolver(h, (boson, x), max_depth=5).steady_state()
    w = np.linspace(1e-6, 200, 2_000_001)
    pi = retarded(w)
    power = -2 * pi.imag / np.abs(w**2 - 1 - pi) ** 2 / np.tanh(w / 2 / temperature)
    expected = np.sum((power[1:] + power[:-1]) / 2) * (w[1] - w[0]) / (2 * np.pi)
    # 14 levels leave exp(-14/0.8) = 3e-8; five levels of the hierarchy and 4 Pade terms: measured to converge to a few 1e-4.
    assert qutip.expect(x * x, rho) == pytest.approx(expected, rel=2e-3)
    # The damping matters: without it <Q^2> is coth(1/2T)/2.
    assert abs(expected / (0.5 / np.tanh(0.5 / temperature)) - 1) > 0.005


def test_current_pumps_a_mode_as_in_second_order():
    """Two levels joined by the mode alone, weak coupling: HEOM's population is that of the rates, up to the next order."""
    junction = wide(
        [0.5, -0.5], {"L": (0, 0.4), "R": (1, 0.4)}, bosons=[1.0], baths={"ph": pairbath.drude(0.05, 5.0)}, coupling=[[[0, 0.05], [0.05, 0]]]
    )
    state = dict(V=1.0, mu=0.0, T=0.4)
    exact_bands = lorentzian(
        [0.5, -0.5], {"L": (0, 0.4), "R": (1, 0.4)}, 3.0, 0.0, bosons=[1.0], baths={"ph": pairbath.drude(0.05, 5.0)},
        coupling=[[[0, 0.05, 0, 0], [0.05, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]],
    )
    second = exact_bands.run(observables=["charge_current"], level="landauer", compute={"elastic_correction": "none"}, **state)
    problem = pairbath.to_qutip(junction, bandwidth=3.0, center=0.0, terms=2, levels=4, **state)
    rho, ados = problem.solver(max_depth=2).steady_state()
    found = problem.currents(ados)
    assert found["L"] == pytest.approx(-found["R"], abs=1e-9)
    # m^2 = 2.5e-3 against widths 0.4 and friction 0.05: higher orders of some per cent; the sign and size are what is compared.
    assert found["L"] == pytest.approx(second.charge_current.sel(electrode="L").item(), rel=0.1)


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
