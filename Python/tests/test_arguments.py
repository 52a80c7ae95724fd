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


def test_words_that_contradict_each_other_are_refused(dots):
    assert "leaves it no effect" in message(lambda: dots.run(V=1.0, mu={"L": 10.0, "R": 10.0}))
    assert message(lambda: dots.run(mu={})).startswith("mu: found an empty dictionary")
    assert message(lambda: dots.run(level="sharp", compute={"level": "landauer"})).startswith("level")
    assert message(lambda: dots.run(compute=["x"])).startswith("compute: found list")
    assert message(lambda: dots.transmission([1.0], observables=["x"])).startswith("observables")
    three = {name: pairbath.wide_band(0.1, [0]) for name in "LRC"}
    assert "3 electrodes" in message(lambda: pairbath.Junction([0.1], electrodes=three).run(V=1.0))
    named = pairbath.Junction(["T_L", 0.2], units="natural", electrodes=WIDE, parameters={"T_L": 0.1})
    assert "T_L as a parameter is" in message(lambda: named.run(T={"L": [1.0, 2.0]}))


def test_texts_are_not_taken_apart():
    assert message(lambda: pairbath.Junction([0.1, 0.2], electrodes=WIDE, bosons="12")).startswith("bosons: found '12'")
    assert "orbitals" in message(lambda: pairbath.Junction([0.1], electrodes={"L": pairbath.wide_band(0.5, "01")}))
    level = pairbath.Junction([0.1], electrodes={"L": pairbath.wide_band(0.2, [0]), "R": pairbath.wide_band(0.2, [0])})
    np.testing.assert_array_equal(level.run(V=["100 mV", "0.2"], observables="charge_current")["V"], [0.1, 0.2])


def test_sparse_matrices_of_every_kind_are_read_or_refused_with_words():
    sparse = pytest.importorskip("scipy.sparse")
    H = np.diag(np.arange(4.0)) + np.eye(4, k=1) + np.eye(4, k=-1)
    wide = {"L": pairbath.wide_band(0.5, [0]), "R": pairbath.wide_band(0.5, [3])}
    expected = pairbath.Junction(H, electrodes=wide).transmission([0.5])
    for kind in (sparse.csr_matrix, sparse.csc_matrix, sparse.coo_matrix, sparse.lil_matrix, sparse.dia_matrix, sparse.dok_matrix):
        np.testing.assert_allclose(pairbath.Junction(kind(H), electrodes=wide).transmission([0.5]), expected, rtol=1e-12)
    assert "toarray" in message(lambda: pairbath.Junction(H, electrodes={"L": pairbath.wide_band(sparse.csr_matrix(np.eye(4)))}))
    ragged = message(lambda: pairbath.Junction(H, electrodes={"L": pairbath.wide_band([[1, 0.5], [0.5]])}))
    assert "different lengths" in ragged


def test_functions_check_what_they_get(dots):
    import pickle

    f = dots.function(["V", "T"], ["energy_current"], mu=10)
    assert pickle.loads(pickle.dumps(f))(0.1, 1.0)["energy_current"] == f(0.1, 1.0)["energy_current"]
    assert "found 3 values" in message(lambda: f(1, 2, 3))
    assert "shapes (2,), (3,)" in message(lambda: f([1, 2], [1, 2, 3]))
    assert message(lambda: f("a", 1.0)).startswith("V: found str")
    assert "foo" in message(lambda: dots.function(["V"], ["energy_current"], names=["foo"], mu=10)(0.1))
    assert "each once" in message(lambda: dots.function(["V", "V"], ["energy_current"]))


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
