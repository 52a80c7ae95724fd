"""from_kwant against kwant.smatrix."""

import numpy as np
import pytest

kwant = pytest.importorskip("kwant", reason="the package kwant is not installed (it has no wheels: pip builds it from source, with numpy below 2)")

import pairbath  # noqa: E402

ENERGIES = [-1.9, -0.63, 0.21, 0.87]


def compare(system, energies=ENERGIES, params=None, energy=0.0, **options):
    junction = pairbath.from_kwant(system, energy, params=params, **options)
    unit = options.get("unit", 1.0)
    found = junction.transmission(unit * (np.array(energies) - energy))
    leads = range(len(system.leads))
    largest = 0.0
    for i, e in enumerate(energies):
        s = kwant.smatrix(system, e, params=params)
        for a in leads:
            for b in leads:
                if a == b:
                    continue
                # Both are exact but for rounding; 1e-9 leaves Kwant's modes a factor 1e6.
                assert found.values[a, b, i] == pytest.approx(s.transmission(a, b), abs=1e-9)
                largest = max(largest, s.transmission(a, b))
    assert largest > 0.1
    return found


def strip(width=3, length=5, flux=0.0, third=False, norbs=1):
    """A strip with disorder and flux, between leads with a lattice of their own orientation; perhaps a third lead at its side."""
    lattice = kwant.lattice.square(norbs=norbs)
    unit = np.eye(norbs)
    mix = 0.3 * np.array([[0, 1j], [-1j, 0]]) if norbs == 2 else np.zeros((1, 1))

    def onsite(site):
        return kwant.digest.uniform(repr(site.pos)) * unit + mix

    def hopping(a, b):
        return -np.exp(1j * flux * (a.pos[1] + b.pos[1]) / 2 * (a.pos[0] - b.pos[0])) * (unit + 0.4 * mix)

    def fill(builder, sites, level):
        builder[sites] = level
        builder[lattice.neighbors()] = hopping

    system = kwant.Builder()
    fill(system, (lattice(x, y) for x in range(length) for y in range(width)), onsite)
    lead = kwant.Builder(kwant.TranslationalSymmetry((-1, 0)))
    fill(lead, (lattice(0, y) for y in range(width)), 0.1 * unit)
    system.attach_lead(lead)
    system.attach_lead(lead.reversed())
    if third:
        side = kwant.Builder(kwant.TranslationalSymmetry((0, 1)))
        fill(side, (lattice(x, 0) for x in range(1, 3)), 0.2 * unit)
        system.attach_lead(side)
    return system.finalized()


def test_strip():
    compare(strip())


def test_magnetic_field_with_a_third_lead_tells_the_directions_apart():
    found = compare(strip(flux=0.3, third=True))
    assert np.abs(found.values - found.values.transpose(1, 0, 2)).max() > 1e-2


def test_two_orbitals_on_a_site_with_spin_orbit_coupling():
    compare(strip(width=2, norbs=2, flux=0.2))


def test_hopping_of_a_lead_that_is_not_symmetric_and_reaches_a_part_of_the_cell():
    """Two atoms in a cell, one of them at the interface; complex hopping along and a different one within."""
    lattice = kwant.lattice.chain(norbs=1)
    system = kwant.Builder()
    system[(lattice(i) for i in range(4))] = lambda site: 0.1 * site.tag[0]
    system[lattice.neighbors()] = -0.8 * np.exp(0.5j)
    lead = kwant.Builder(kwant.TranslationalSymmetry((-2,)))
    lead[(lattice(i) for i in range(2))] = 0.05
    lead[lattice(0), lattice(1)] = -1.1 * np.exp(0.2j)
    lead[lattice(-1), lattice(0)] = -0.7 * np.exp(0.9j)
    other = kwant.Builder(kwant.TranslationalSymmetry((1,)))
    other[lattice(0)] = -0.1
    other[lattice(0), lattice(1)] = -1.3 * np.exp(-0.3j)
    system.attach_lead(lead)
    system.attach_lead(other)
    final = system.finalized()
    assert final.leads[0].inter_cell_hopping().shape == (2, 1)
    compare(final, [-1.3, -0.75, 0.7, 1.2])


def test_parameters_fermi_energy_unit_and_names():
    lattice = kwant.lattice.chain(norbs=1)
    system = kwant.Builder()
    system[(lattice(i) for i in range(3))] = lambda site, gate: gate
    system[lattice.neighbors()] = -1
    lead = kwant.Builder(kwant.TranslationalSymmetry((-1,)))
    lead[lattice(0)] = 0
    lead[lattice.neighbors()] = -1
    system.attach_lead(lead)
    system.attach_lead(lead.reversed())
    final = system.finalized()
    found = compare(final, params={"gate": 0.9}, energy=0.4, unit=2.7, names=["source", "drain"])
    assert list(found.electrode.values) == ["source", "drain"]
    with pytest.raises(pairbath.ModelError, match="params: found.*gate"):
        pairbath.from_kwant(final)


def test_large_system_goes_over_sparse():
    compare(strip(width=6, length=60, flux=0.05), energies=[0.21])


def test_lead_that_is_a_self_energy():
    lattice = kwant.lattice.chain(norbs=1)
    system = kwant.Builder()
    system[(lattice(i) for i in range(3))] = 0.2
    system[lattice.neighbors()] = -0.5
    lead = kwant.Builder(kwant.TranslationalSymmetry((-1,)))
    lead[lattice(0)] = 0
    lead[lattice.neighbors()] = -1
    system.attach_lead(lead)
    # A Lorentzian self-energy: smooth, causal, no band edges. Spacing 0.0125 over a width of 2: (0.0125/2)^4 = 2e-9.
    system.leads.append(kwant.builder.SelfEnergyLead(lambda e, args=(), params=None: np.array([[0.5 / (e + 2j)]]), [lattice(2)], ()))
    final = system.finalized()
    with pytest.raises(pairbath.ModelError, match="energies: found None"):
        pairbath.from_kwant(final)
    grid = np.linspace(-8, 8, 1281)
    found = pairbath.from_kwant(final, energies=grid).transmission(ENERGIES)
    for i, e in enumerate(ENERGIES):
        green = kwant.greens_function(final, e)
        # smatrix knows no self-energy leads; Kwant's Green's function does.
        assert found.values[0, 1, i] == pytest.approx(green.transmission(0, 1), abs=1e-8)


def test_bad_arguments_are_named():
    final = strip()
    lattice = kwant.lattice.chain(norbs=1)
    builder = kwant.Builder()
    builder[lattice(0)] = 0.0
    for arguments, words in [
        (dict(system=builder), r"found Builder.*finalized\(\)"),
        (dict(system=builder.finalized()), "without leads"),
        (dict(system=3), "found int"),
        (dict(energy=np.nan), "energy: found nan"),
        (dict(unit=0), "unit: found 0"),
        (dict(names=["a"]), "2 different names"),
        (dict(names="LR"), "2 different names"),
    ]:
        given = {"system": final, **arguments}
        with pytest.raises(pairbath.ModelError, match=words):
            pairbath.from_kwant(**given)
