"""from_ase against ase.vibrations.Vibrations, with the EMT calculator."""

import numpy as np
import pytest

ase = pytest.importorskip("ase", reason="the package ase is not installed")
from ase.build import bulk, molecule  # noqa: E402
from ase.calculators.emt import EMT  # noqa: E402
from ase.constraints import FixAtoms  # noqa: E402
from ase.optimize import BFGS  # noqa: E402
from ase.phonons import Phonons  # noqa: E402
from ase.vibrations import Vibrations  # noqa: E402

import pairbath  # noqa: E402


@pytest.fixture(scope="module")
def nitrogen():
    atoms = molecule("N2")
    atoms.calc = EMT()
    BFGS(atoms, logfile=None).run(fmax=1e-5)
    return atoms


@pytest.fixture(scope="module")
def copper():
    """A cluster with one layer held fast."""
    atoms = ase.Atoms(bulk("Cu", "fcc", a=3.6, cubic=True) * (2, 1, 1), pbc=False)
    atoms.calc = EMT()
    atoms.set_constraint(FixAtoms([0, 1]))
    BFGS(atoms, logfile=None).run(fmax=1e-4)
    return atoms


def reference(atoms, folder, indices=None):
    found = Vibrations(atoms, indices=indices, name=str(folder / "vib"), delta=0.01)
    found.run()
    return found.get_energies()


def signed(energies):
    """ASE's imaginary energies as negative numbers."""
    return np.sort(np.where(np.abs(energies.imag) > np.abs(energies.real), -np.abs(energies), np.abs(energies)))


def quiet(atoms, **options):
    return pairbath.from_ase(atoms, progress=False, **options)


@pytest.mark.parametrize("indices", [None, [3, 5, 6]])
def test_energies_are_those_of_ase(copper, tmp_path, indices):
    found = quiet(copper, indices=indices)
    # The same differences; ASE's constants are of CODATA 2014, 1e-8 away. Squares of free motions are rounding: 1e-10 eV^2.
    expected = signed(reference(copper, tmp_path, indices))
    assert np.sign(found.energies) * found.energies**2 == pytest.approx(np.sign(expected) * expected**2, rel=1e-7, abs=1e-11)
    assert found.dynamical_matrix == pytest.approx(found.dynamical_matrix.T, abs=0)
    assert len(found.atoms) == (len(copper) - 2 if indices is None else 3)


def test_sum_rule_leaves_the_stretch(nitrogen, tmp_path):
    plain, ruled = quiet(nitrogen), quiet(nitrogen, sum_rule=True)
    expected = signed(reference(nitrogen, tmp_path))[-1]
    assert (plain.free, ruled.free, len(ruled.energies)) == (0, 3, 3)
    assert plain.energies[-1] == pytest.approx(expected, rel=1e-7)
    assert ruled.energies[-1] == pytest.approx(expected, rel=1e-6)  # forces sum to zero but for rounding
    assert ruled.bosons([2]) == pytest.approx([expected], rel=1e-6)
    stretch = ruled.displacements[2]
    assert stretch[0] == pytest.approx(-stretch[1], abs=1e-8)
    with pytest.raises(pairbath.ModelError, match="sum_rule"):
        quiet(nitrogen, indices=[0], sum_rule=True)


def test_energies_go_into_a_junction(nitrogen):
    modes = quiet(nitrogen, sum_rule=True)
    junction = pairbath.Junction(
        [0.1], electrodes={"L": pairbath.wide_band(0.1, [0]), "R": pairbath.wide_band(0.1, [0])}, bosons=modes.bosons([2]), coupling=[[[0.02]]],
        baths={"ph": pairbath.ohmic(1e-4)},
    )
    assert junction.run(V=0.0, observables=["mode_population"]).mode_energy.item() == pytest.approx(modes.energies[2], rel=1e-12)


def test_restart(copper, tmp_path):
    class Enough(Exception):
        pass

    def stop(stage, done, total):
        if done == 5:
            raise Enough

    folder = tmp_path / "steps"
    with pytest.raises(Enough):
        pairbath.from_ase(copper, restart=folder, progress=stop)
    said = []
    found = pairbath.from_ase(copper, restart=folder, progress=lambda *a: said.append(a))
    assert said[0][1:] == (0, 6 * (len(copper) - 2) - 5) and "31 calculations of forces on 8 atoms" in said[0][0]
    assert found.energies == pytest.approx(quiet(copper).energies, abs=1e-12)
    other = copper.copy()
    other.calc = EMT()
    other.positions[3] += 0.01
    with pytest.raises(pairbath.ModelError, match="restart.*positions"):
        quiet(other, restart=folder)


def test_nothing_of_the_atoms_is_changed(copper):
    before = copper.positions.copy(), len(copper.constraints)
    quiet(copper, indices=[4])
    assert np.array_equal(copper.positions, before[0]) and len(copper.constraints) == before[1]


def test_perfect_crystal_passes_all_of_its_bands(tmp_path):
    """Copper along (100), wave vector zero across: the transmission counts the bands of ase.phonons at this energy."""
    cell = bulk("Cu", "fcc", a=3.6, cubic=True)
    crystal = cell * (10, 1, 1)
    crystal.calc = EMT()
    pairs = np.argsort(crystal.positions[:, 0], kind="stable").reshape(5, -1)  # principal layers of two cells
    junction = pairbath.from_ase(
        crystal, device=pairs[2], left=np.concatenate(pairs[:2]), right=np.concatenate(pairs[3:]), progress=False
    )
    phonons = Phonons(cell, EMT(), supercell=(10, 1, 1), delta=0.01, name=str(tmp_path / "phonon"))
    phonons.run()
    phonons.read(acoustic=True)
    q = np.linspace(0.0, 0.5, 200)
    bands = np.array(phonons.band_structure([(x, 0, 0) for x in q], verbose=False)).real
    energies = np.array([0.004, 0.009, 0.013, 0.0175, 0.022, 0.026])
    crossings = [int(np.sum((bands[1:] > e) != (bands[:-1] > e))) for e in energies]
    found = junction.run(observables=["phonon_transmission"], frequencies=energies).phonon_transmission
    # A uniform junction scatters nothing: whole numbers, but for springs of lead and device that differ by the differences of forces.
    assert found.sel(bath="L", bath2="R").values.ravel() == pytest.approx(crossings, abs=1e-4)
    assert max(crossings) >= 3


def test_bad_arguments_are_named(nitrogen):
    bare = nitrogen.copy()
    for given, words in [
        (dict(atoms=bare), "no calculator"),
        (dict(atoms="N2"), "atoms: found str"),
        (dict(indices=[2]), "indices: found 2"),
        (dict(step=0), "step: found 0"),
        (dict(device=[0]), "1 of the three"),
        (dict(baths={}), "baths: found an option of a junction"),
    ]:
        with pytest.raises(pairbath.ModelError, match=words):
            quiet(**{"atoms": nitrogen, **given})
