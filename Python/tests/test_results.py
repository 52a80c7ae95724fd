"""Datasets: the same names, units and bits as result files, numbers without a copy."""

import pathlib
import warnings

import numpy as np
import pytest
import xarray as xr
from conftest import ROOT

import pairbath

#: Examples that a run finishes in about a second.
QUICK = ["cooling-window", "double-dot-rectification", "double-dot-thermoelectric", "flat-band", "double-dot-cooling", "quantum-of-heat", "graphene-plates", "near-field"]
EXAMPLES = [name for name in QUICK if (ROOT / "Examples" / name / "model.yaml").exists()]


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_has_the_bits_of_the_command(name, command, tmp_path):
    model = ROOT / "Examples" / name / "model.yaml"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pairbath.UnfinishedWarning)
        ours = pairbath.load(model).run()
    assert command("run", model, "--output", tmp_path / "r.nc", "--quiet").returncode in (0, 1)
    theirs = pairbath.open_result(tmp_path / "r.nc")
    assert set(ours.variables) == set(theirs.variables) and set(ours.coords) == set(theirs.coords)
    for variable in theirs.variables:
        a, b = ours[variable], theirs[variable]
        assert a.dims == b.dims and a.dtype == b.dtype
        assert a.attrs.keys() == b.attrs.keys()
        if a.dtype == object:
            assert list(a.values.ravel()) == list(b.values.ravel())
        else:
            assert np.ascontiguousarray(a.values).tobytes() == np.ascontiguousarray(b.values).tobytes(), variable


def test_a_result_file_opens_in_xarray_as_the_same_dataset(dots, tmp_path):
    pytest.importorskip("netCDF4")
    ours = dots.run(V=[0.0, 0.5], mu=10, observables=["energy_current", "mode_population"], output=tmp_path / "r.nc")
    with xr.open_dataset(tmp_path / "r.nc", decode_times=False) as theirs:
        xr.testing.assert_identical(ours.drop_attrs() if hasattr(ours, "drop_attrs") else ours, theirs.drop_attrs() if hasattr(theirs, "drop_attrs") else theirs)
        assert ours["energy_current"].attrs == {k: v for k, v in theirs["energy_current"].attrs.items()}


def test_numbers_are_not_copied_and_outlive_everything_else(dots):
    data = dots.run(V=np.linspace(-1, 1, 1001), T=np.linspace(0.5, 1.5, 1000), mu=10, observables=["energy_current"])
    values = data["energy_current"].values
    assert values.shape == (1001, 1000)
    assert not values.flags.owndata and not values.flags.writeable
    assert np.shares_memory(values, data["energy_current"].variable.values)
    kept = values[500]
    expected = kept.copy()
    del data, values
    np.testing.assert_array_equal(kept, expected)


def test_units_and_words_are_those_of_the_file():
    level = pairbath.Junction([0.1], electrodes={"L": pairbath.wide_band(0.2, [0]), "R": pairbath.wide_band(0.2, [0])})
    data = level.run(V=[0.1], observables=["charge_current"])
    assert data["charge_current"].attrs["units"] == "A"
    assert data["charge_current"].attrs["error_variable"] == "charge_current_error"
    assert "sign_convention" in data["charge_current"].attrs
    assert data.attrs["model"].startswith("units: eV") and len(data.attrs["model_sha256"]) == 64
    assert data["temperature"].attrs["units"] == "K"


def test_states_without_an_answer_are_warned_about_and_marked(dots):
    with pytest.warns(pairbath.UnfinishedWarning, match="No steady state") as caught:
        data = dots.run(V=[0.0, 3.0], mu=10, observables=["mode_population"])
    assert pathlib.Path(caught[0].filename) == pathlib.Path(__file__)
    assert list(data.pairbath.unfinished.values) == [False, True]
    assert np.isnan(data["mode_population"].sel(mode=0, V=3.0))


def test_a_tolerance_that_nobody_reaches_keeps_the_values_in_the_exception():
    # The second-order correction of levels this narrow cancels: more digits than a number has would be needed.
    narrow = pairbath.Junction(
        [[0.3, 0.2], [0.2, -0.3]],
        units="natural",
        electrodes={"L": pairbath.wide_band(1e-3, [0]), "R": pairbath.wide_band(1e-3, [1])},
        bosons=[0.5],
        baths={"ph": pairbath.ohmic(0.01)},
        coupling=[[0, 0.1], [0.1, 0]],
    )
    with pytest.raises(pairbath.ConvergenceError, match="tolerance") as caught:
        narrow.run(V=0.3, T=0.05, observables=["charge_current"], tolerance=1e-12)
    found = caught.value.dataset["charge_current"]
    assert np.isfinite(found).all() and (caught.value.dataset["charge_current_error"] > 0).all()


def test_a_table_too_coarse_is_warned_about():
    grid = np.linspace(-40, 40, 12)
    table = pairbath.self_energy(grid, (-0.25j * np.exp(-(grid**2) / 800))[:, None, None])
    level = pairbath.Junction([0.1], units="natural", electrodes={"L": table, "R": pairbath.wide_band(0.5, [0])})
    with pytest.warns(pairbath.UnfinishedWarning, match="too coarse"):
        data = level.run(V=0.2, T=0.5, observables=["charge_current"])
    assert (data["charge_current_error"] > 1e-8 * abs(data["charge_current"])).all()


def test_observables_lists_what_may_be_asked_for(dots):
    table = dots.observables
    assert "energy_current" in table["name"].values
    row = table.sel(name="charge_current_elastic")
    assert str(row["observable"].values) == "charge_current"


def test_plots_have_labels_units_and_error_bands(dots):
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    data = dots.run(V=np.linspace(-1, 1, 11), T=np.linspace(0.5, 1, 10), mu=10, observables=["energy_current", "charge_current"])
    axes = data.isel(T=0).pairbath.plot("charge_current")
    assert axes.get_xlabel() == "V" and axes.get_ylabel().startswith("Current (e")
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["L", "R"]
    assert len(axes.collections) == 2  # the bands
    axes = data.pairbath.plot("energy_current")
    assert axes.get_ylabel() == "T" and axes.get_xlabel() == "V"  # V has more values
    matplotlib.pyplot.close("all")
