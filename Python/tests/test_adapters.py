"""What adapters share: packages that are missing, lists of atoms, vibrations."""

import sys

import numpy as np
import pytest

import pairbath
from pairbath.adapters import _common, _vibrations

PACKAGES = {
    "pyscf": ("from_pyscf", "pyscf.scf", (None, {"L": [0]})),
    "ase": ("from_ase", "ase", (None,)),
    "sisl": ("from_sisl", "sisl", (None, {})),
    "kwant": ("from_kwant", "kwant.system", (None,)),
    "phonopy": ("from_phonopy", "phonopy", (None,)),
}


@pytest.mark.parametrize("extra", sorted(PACKAGES))
def test_missing_packages_are_told_with_the_command_that_installs_them(extra, monkeypatch):
    name, module, arguments = PACKAGES[extra]
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ImportError, match=rf"{name} needs the package {extra}.*pip install 'pairbath\[{extra}\]'"):
        getattr(pairbath, name)(*arguments)


def test_missing_qutip(monkeypatch, dots):
    monkeypatch.setitem(sys.modules, "qutip", None)
    with pytest.raises(ImportError, match=r"to_qutip needs the package qutip.*pip install 'pairbath\[qutip\]'"):
        pairbath.to_qutip(dots, bandwidth=1.0)


def test_constant_of_springs():
    """1 eV/angstrom^2 on 1 amu: 521.47 1/cm, the number of every table of units."""
    assert np.sqrt(_common.SPRING) / _common.WAVENUMBER == pytest.approx(521.4709, rel=1e-6)


def test_free_motions_of_atoms_on_a_line_and_in_space(rng):
    line = np.array([[0, 0, 0], [0, 0, 1.0], [0, 0, 2.5]])
    for places, count in ((line, 5), (line[:1], 3), (rng.normal(size=(4, 3)), 6)):
        free = _vibrations.free_motions(np.arange(1.0, len(places) + 1), places)
        assert free.shape == (3 * len(places), count)
        assert free.T @ free == pytest.approx(np.eye(count), abs=1e-12)


def test_two_atoms_on_a_spring():
    """W^2 = k (1/m + 1/m')."""
    k = 3.0
    spring = np.diag([0.0, 0.0, k])
    found = _vibrations.vibrations(np.block([[spring, -spring], [-spring, spring]]), [2.0, 5.0])
    assert found.energies[-1] == pytest.approx(np.sqrt(_common.SPRING * k * (1 / 2 + 1 / 5)), rel=1e-12)
    assert np.abs(found.energies[:-1]).max() < 1e-8
    with pytest.raises(pairbath.ModelError, match=r"mode 0 of W\^2"):
        found.bosons()
    moved = found.displacements[-1]
    assert 2.0 * moved[0] == pytest.approx(-5.0 * moved[1], abs=1e-12)  # the centre of mass rests


@pytest.mark.parametrize("wrong, words", [([[0, 1]], "shape"), (np.full((6, 6), np.nan), "NaN")])
def test_bad_force_constants(wrong, words):
    with pytest.raises(pairbath.ModelError, match=words):
        _vibrations.vibrations(wrong, [1.0, 2.0])
