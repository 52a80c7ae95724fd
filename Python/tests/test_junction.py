"""Junctions against closed forms and NumPy: what goes in as arrays comes out as physics."""

import numpy as np
import pytest
from conftest import hermitian

import pairbath

#: e^2/h per eV: e/(2 pi hbar), A/V, CODATA 2022.
QUANTUM = 3.874045864931e-05


def transmission(H, gammas, energies, S=None):
    """tr[G_a G G_b G^+] with wide bands, the textbook formula."""
    S = np.eye(len(H)) if S is None else S
    values = []
    for e in energies:
        green = np.linalg.inv(e * S - H + 0.5j * sum(gammas))
        values.append(np.trace(gammas[0] @ green @ gammas[1] @ green.conj().T).real)
    return np.array(values)


def test_a_level_between_two_electrodes_carries_the_landauer_current_at_zero_temperature():
    level = pairbath.Junction([0.1], electrodes={"L": pairbath.wide_band(0.2, [0]), "R": pairbath.wide_band(0.3, [0])})
    volts = np.array([0.05, 0.3])
    data = level.run(V=volts, T=0, observables=["charge_current"])
    width = 0.25  # (0.2 + 0.3)/2
    exact = QUANTUM * 0.2 * 0.3 / width * (np.arctan((volts / 2 - 0.1) / width) - np.arctan((-volts / 2 - 0.1) / width))
    current = data["charge_current"].sel(electrode="L")
    assert current.attrs["units"] == "A"
    # CODATA's own digits of the conductance quantum: 1e-12.
    np.testing.assert_allclose(current, exact, rtol=1e-11)
    assert (abs(current + data["charge_current"].sel(electrode="R")) <= 2 * data["charge_current_error"].sel(electrode="L")).all()


@pytest.mark.parametrize("size", [3, 12])
@pytest.mark.parametrize("overlap", [False, True])
def test_transmission_of_random_matrices_is_numpys(rng, size, overlap):
    H = hermitian(rng, size)
    S = np.eye(size) + (0.05 * hermitian(rng, size) if overlap else 0)
    gammas = []
    for _ in range(2):
        a = rng.normal(size=(size, 2)) + 1j * rng.normal(size=(size, 2))
        gammas.append(0.3 * a @ a.conj().T)
    junction = pairbath.Junction(H, S if overlap else None, electrodes={"L": pairbath.wide_band(gammas[0]), "R": pairbath.wide_band(gammas[1])})
    energies = np.linspace(-2, 2, 101)
    found = junction.transmission(energies).sel(electrode="L", electrode2="R")
    # Rounding of an inverse of condition 10^2.
    np.testing.assert_allclose(found, transmission(H, gammas, energies, S), rtol=1e-11, atol=1e-13)
    np.testing.assert_array_equal(found["energy"], energies)


def test_arrays_in_memory_and_in_text_are_the_same_bits(rng):
    """Sixty-four elements stand in the text, more in memory."""
    H = hermitian(rng, 8)
    big = np.zeros((9, 9), complex)
    big[:8, :8] = H
    big[8, 8] = 50.0
    wide = {"L": pairbath.wide_band(0.4, [0]), "R": pairbath.wide_band(0.3, [7])}
    small = pairbath.Junction(H, electrodes=wide)
    large = pairbath.Junction(big, electrodes=wide)
    assert "memory" in large.text and "memory" not in small.text
    energies = np.linspace(-1, 1, 11)
    np.testing.assert_allclose(large.transmission(energies), small.transmission(energies), rtol=1e-10, atol=1e-14)


def test_a_large_broadening_over_some_orbitals_is_one_over_all(rng):
    H = hermitian(rng, 12)
    a = rng.normal(size=(9, 9))
    gamma, whole = 0.1 * a @ a.T, np.zeros((12, 12))
    whole[3:, 3:] = gamma
    left = pairbath.wide_band(0.4, [0])
    energies = np.linspace(-1, 1, 5)
    some = pairbath.Junction(H, electrodes={"L": left, "R": pairbath.wide_band(gamma, list(range(3, 12)))}).transmission(energies)
    np.testing.assert_array_equal(some, pairbath.Junction(H, electrodes={"L": left, "R": pairbath.wide_band(whole)}).transmission(energies))
    with pytest.raises(pairbath.ModelError, match="one row per orbital"):
        pairbath.Junction(H, electrodes={"L": left, "R": pairbath.wide_band(gamma, list(range(8)))})


def test_sparse_matrices_are_dense_ones(rng):
    scipy = pytest.importorskip("scipy.sparse")
    H = np.diag(rng.normal(size=30)) + np.diag(-np.ones(29), 1) + np.diag(-np.ones(29), -1)
    wide = {"L": pairbath.wide_band(0.4, [0]), "R": pairbath.wide_band(0.3, [29])}
    energies = np.linspace(-1, 1, 11)
    dense = pairbath.Junction(H, electrodes=wide).transmission(energies)
    sparse = pairbath.Junction(scipy.csr_matrix(H), electrodes=wide).transmission(energies)
    np.testing.assert_allclose(sparse, dense, rtol=1e-10)


def test_a_periodic_lead_is_a_perfect_wire():
    H00, H01 = np.array([[0.0, -1.0], [-1.0, 0.0]]), np.array([[0.0, 0.0], [-1.0, 0.0]])
    lead = {"H00": H00, "H01": H01}
    device = pairbath.Junction(
        H00, electrodes={"L": pairbath.periodic(H00=H00, H01=H01.T, orbitals=[0, 1]), "R": pairbath.periodic(**lead, orbitals=[0, 1])}
    )
    found = device.transmission([-1.5, 0.3, 1.9, 2.1]).sel(electrode="L", electrode2="R")
    np.testing.assert_allclose(found, [1, 1, 1, 0], atol=1e-9)


def test_energy_leaves_electrons_as_it_enters_the_bath(dots):
    data = dots.run(V=np.linspace(-1, 1, 21), mu=10, T=1, observables=["energy_current", "bath_energy_current", "energy_current_channel"])
    into = data["bath_energy_current"].sel(bath="ph")
    bound = data["energy_current_error"] + data["bath_energy_current_error"].sel(bath="ph")
    assert (abs(into - data["energy_current"]) <= bound).all()
    channels = data["energy_current_channel"].sum("channel") - data["energy_current"]
    assert (abs(channels) <= data["energy_current_channel_error"].sum("channel") + data["energy_current_error"] + 1e-15).all()


def test_temperatures_and_potentials_by_name(dots):
    by_name = dots.run(T={"L": 1.0, "R": 1.0, "ph": 0.5}, mu={"L": 10.2, "R": "mu - 0.2"}, observables=["energy_current"], set={"parameters.mu": 10})
    assert float(by_name["chemical_potential"].sel(electrode="R")) == 9.8
    assert float(by_name["bath_temperature"].sel(bath="ph")) == 0.5
    swept = dots.run(T={"ph": np.array([0.5, 1.0])}, mu=10, observables=["energy_current"])
    assert swept["energy_current"].dims == ("T_ph",)
    assert float(swept["energy_current"][0]) > 0 and abs(float(swept["energy_current"][1])) <= float(swept["energy_current_error"][1])


def test_axes_come_in_the_order_of_the_keywords(dots):
    data = dots.run(T=[0.5, 1.0], V=[0.0, 0.1, 0.2], mu=10, observables=["energy_current"])
    assert data["energy_current"].dims == ("T", "V")
    np.testing.assert_array_equal(data["V"], [0.0, 0.1, 0.2])


def test_linear_response_of_one_level_at_low_temperature_is_its_transmission():
    level = pairbath.Junction([0.1], electrodes={"L": pairbath.wide_band(0.2, [0]), "R": pairbath.wide_band(0.2, [0])})
    data = level.linear_response(T=1e-3)
    exact = QUANTUM * 0.04 / (0.01 + 0.04)
    # Sommerfeld: the next term is (pi kB T)^2/6 T''/T, below 1e-11 here.
    assert float(data["linear_conductance"].sel(electrode="L", electrode2="L")) == pytest.approx(exact, rel=1e-10)


def test_spectra_obey_detailed_balance_with_the_chemical_potential_of_the_pairs(dots):
    w = np.array([0.4, 1.0, 1.7])
    data = dots.spectra(w, V=0.6, mu=10, T=1.0)
    emission, absorption = data.pairbath.complex("emission"), data.pairbath.complex("absorption")
    for channel, potential in [("L>R", 0.6), ("R>L", -0.6)]:
        ratio = absorption.sel(channel=channel).squeeze() / emission.sel(channel=channel).squeeze()
        np.testing.assert_allclose(ratio.real, np.exp(w - potential), rtol=1e-8)
    pairs = data.pairbath.pair_baths()
    assert float(pairs["pair_chemical_potential"].sel(channel="L>R")) == pytest.approx(0.6)


def test_a_function_of_the_state_is_the_run(dots):
    volts = np.linspace(-1, 1, 5)
    data = dots.run(V=volts, mu=10, T=0.7, observables=["energy_current"])
    f = dots.function(["V", "T"], ["energy_current"], mu=10)
    found = f(V=volts, T=0.7)
    assert found["energy_current"].shape == (5,)
    bound = data["energy_current_error"].values + found["energy_current_error"]
    assert (abs(found["energy_current"] - data["energy_current"].values) <= bound).all()
    assert f(0.5, T=0.7)["energy_current"].shape == ()
    with pytest.raises(pairbath.ModelError, match="one for each of V, T"):
        f(0.5)
    with pytest.raises(pairbath.ModelError, match="change the junction itself"):
        dots.with_(set={"conductor.energies": ["10.5 + V", 9.5]}).function(["V"], ["energy_current"])(0.1)


def test_optimize_finds_the_resonance():
    dot = pairbath.Junction(
        ["e", 0.0], electrodes={"L": pairbath.wide_band(0.02, [0]), "R": pairbath.wide_band(0.02, [0])}, parameters={"e": 0.3}
    )
    found = dot.optimize("charge_current:L", {"e": (-0.5, 0.5)}, V=1e-3, T=10, tolerance=1e-6)
    assert found.values["e"] == pytest.approx(0.0, abs=1e-3) and found.objective > 0
    assert found.model.run(V=1e-3, T=10, observables=["charge_current"])["charge_current"].sel(electrode="L") == pytest.approx(found.objective)


def test_black_bodies_obey_stefan_and_boltzmann():
    plates = pairbath.bodies(
        {"hot": {"kind": "black-body"}, "cold": {"kind": "black-body"}}, gap="infinite", temperature={"hot": "T", "cold": 300}, parameters={"T": 350}
    )
    flux = plates.run(T=400, observables=["energy_flux"])["energy_flux"]
    # Stefan and Boltzmann, CODATA 2022.
    assert float(flux) == pytest.approx(5.670374419e-8 * (400**4 - 300**4), rel=1e-8)


def test_terminals_carry_the_quantum_of_heat():
    wire = pairbath.terminals(["hot", "cold"], {"hot>cold": 1}, particles="bosons", temperature={"hot": "T + dT", "cold": "T"}, parameters={"T": 1.0, "dT": 0.0}, units="natural")
    heat = wire.run(dT=[1e-3])["bath_energy_current"].sel(bath="cold")
    # pi/12 (T1^2 - T2^2) in units hbar = kB = 1.
    assert float(heat.squeeze()) == pytest.approx(np.pi / 12 * (1.001**2 - 1), rel=1e-8)


def test_saved_models_give_the_same_bits(rng, tmp_path, command):
    H = hermitian(rng, 10)
    junction = pairbath.Junction(
        H, electrodes={"L": pairbath.wide_band(0.4, [0]), "R": pairbath.wide_band(0.3, [9])}, bosons=[0.1],
        baths={"ph": pairbath.ohmic(1e-3)}, coupling=0.01 * hermitian(rng, 10), compute={"observables": ["energy_current", "charge_current"]},
    ).with_(V=np.linspace(0, 0.5, 11))
    path = junction.save(tmp_path / "model")
    assert command("run", path, "--output", tmp_path / "result.nc", "--quiet").returncode == 0
    ours, theirs = junction.run(), pairbath.open_result(tmp_path / "result.nc")
    for name in theirs.data_vars:
        np.testing.assert_array_equal(ours[name], theirs[name])
    with pytest.raises(pairbath.ModelError, match="another folder"):
        pairbath.load(path).save(path.parent)
    with pytest.raises(pairbath.FileError, match="junction.nc"):
        pairbath.load(path).save(tmp_path / "elsewhere")
    assert not (tmp_path / "elsewhere" / "model.yaml").exists()
    again = pairbath.load(path).run()
    np.testing.assert_array_equal(again["energy_current"], ours["energy_current"])
