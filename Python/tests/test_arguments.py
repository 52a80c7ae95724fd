"""Bad input: an exception that names argument and shape, and never a crash."""

import numpy as np
import pytest

import pairbath

WIDE = {"L": pairbath.wide_band(0.5, [0]), "R": pairbath.wide_band(0.5, [1])}


def message(call):
    with pytest.raises(pairbath.ModelError) as caught:
        call()
    return str(caught.value)


@pytest.mark.parametrize(
    ("H", "words"),
    [
        (np.zeros((2, 3)), r"H: found shape (2, 3); allowed: a square matrix"),
        (np.zeros((2, 2, 2)), "H: found shape (2, 2, 2)"),
        (np.array([[0.0, np.nan], [np.nan, 1.0]]), "nan at index (0, 1), shape (2, 2)"),
        (np.array([[0, np.inf], [np.inf, 1]]), "inf at index"),
        (np.ma.masked_array(np.eye(2), mask=[[0, 1], [1, 0]]), "masked"),
        (np.array([[None, 1], [1, None]]), "dtype object, shape (2, 2)"),
        (np.array([[True, False], [False, True]]), "dtype bool"),
        ([[0, 1], [1]], "rectangular"),
        (np.array(["2020-01-01", "2020-01-02"], dtype="datetime64[D]"), "dtype datetime64"),
        (np.array([[0, 1], [2, 0]]), "Hermitian"),
        (np.zeros((0, 0)), "shape (0, 0)"),
        (np.array([1 + 1j, 2]), "complex levels"),
    ],
)
def test_a_matrix_that_is_none_is_named_with_its_shape(H, words):
    assert words in message(lambda: pairbath.Junction(H, electrodes=WIDE))


def test_an_overlap_of_another_shape_says_both():
    text = message(lambda: pairbath.Junction(np.eye(2), np.eye(3), electrodes=WIDE))
    assert "S: found shape (3, 3)" in text and "(2, 2)" in text


@pytest.mark.parametrize("array", [np.asfortranarray(np.arange(16.0).reshape(4, 4)), np.arange(64.0).reshape(8, 8)[::2, ::2], np.arange(16, dtype=">i4").reshape(4, 4)])
def test_memory_order_and_byte_order_do_not_matter(array):
    H = array + array.T
    wide = {"L": pairbath.wide_band(0.5, [0]), "R": pairbath.wide_band(0.5, [3])}
    found = pairbath.Junction(H, electrodes=wide).transmission([1.0])
    np.testing.assert_array_equal(found, pairbath.Junction(np.ascontiguousarray(H, dtype=float), electrodes=wide).transmission([1.0]))


def test_names_that_do_not_exist_get_the_nearest(dots):
    assert "energy_current" in message(lambda: dots.run(observables=["enrgy_current"]))
    assert "unknown name 'Vg'" in message(lambda: dots.run(Vg=0.3))
    assert "landauer" in message(lambda: dots.run(level="landau"))
    data = dots.run(mu=10, observables=["energy_current"])
    with pytest.raises(pairbath.ModelError, match="energy_current"):
        data.pairbath.plot("enrgy_current")


def test_units_as_words_are_read_and_nonsense_is_refused():
    level = pairbath.Junction([0.1], electrodes={"L": pairbath.wide_band("200 meV", [0]), "R": pairbath.wide_band(0.2, [0])})
    assert float(level.run(V="50 mV", observables=["charge_current"])["chemical_potential"].sel(electrode="L")) == 0.025
    assert "parsec" in message(lambda: level.run(V="3 parsec"))


@pytest.mark.parametrize("value", [np.array([]), np.zeros((2, 2)), np.array([0.1, np.nan]), 1 + 1j, True, None, np.array([None]), np.nan, 1e400])
def test_values_of_a_variable_that_are_none(dots, value):
    assert message(lambda: dots.run(V=value, mu=10)).startswith("V: found")


def test_arguments_of_a_run_are_checked(dots):
    assert message(lambda: dots.run(workers=0)).startswith("workers: found 0")
    assert message(lambda: dots.run(progress="yes")).startswith("progress")
    assert message(lambda: dots.run(cancel=True)).startswith("cancel")
    assert "tolerance" in message(lambda: dots.run(tolerance=2.0))
    assert "electrodes" in message(lambda: pairbath.Junction([0.1], electrodes=["L"]))
    assert "bounds['V']" in message(lambda: dots.optimize("energy_current", {"V": (1,)}))


def test_self_energies_and_grids_must_match():
    table = pairbath.self_energy(np.linspace(-1, 1, 5), np.zeros((4, 1, 1)))
    text = message(lambda: pairbath.Junction([0.1], electrodes={"L": table}))
    assert "4 matrices, shape (4, 1, 1)" in text and "5" in text


def test_old_and_foreign_files_are_refused(tmp_path):
    with pytest.raises(pairbath.FileError, match="missing.nc"):
        pairbath.open_result(tmp_path / "missing.nc")
    other = tmp_path / "other.nc"
    other.write_bytes(b"CDF\x01 not a result")
    with pytest.raises(pairbath.ModelError, match="other.nc"):
        pairbath.open_result(other)
    with pytest.raises(pairbath.PairbathError, match="nowhere.yaml"):
        pairbath.load(tmp_path / "nowhere.yaml")


def test_errors_say_where_they_are(tmp_path):
    path = tmp_path / "model.yaml"
    path.write_text("conductor: {energies: [0.1]}\nelectrodes:\n  L: {kind: wide-band, orbitals: [0], broadening: -1}\nstate: {chemical_potential: 0, temperature: 1}\n")
    with pytest.raises(pairbath.ModelError) as caught:
        pairbath.load(path).run()
    error = caught.value
    assert (error.line, error.key_path, error.exit_code) == (3, "electrodes.L.broadening", 65)
    assert error.file.endswith("model.yaml") and error.allowed and "-1" in error.found


def test_a_run_does_not_overwrite_what_it_read(tmp_path, dots):
    path = dots.save(tmp_path)
    with pytest.raises(pairbath.PairbathError, match="reads"):
        pairbath.load(path).run(mu=10, output=path)
