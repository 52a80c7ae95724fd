"""from_sisl against sisl's own self-energies (RecursiveSI) and a Green's function made of them."""

import numpy as np
import pytest

sisl = pytest.importorskip("sisl", reason="the package sisl is not installed")

import pairbath  # noqa: E402

ENERGIES = np.array([-2.3, -0.71, -0.12, 0.33, 1.07])


def transmission(device, electrodes, energy, k=(0, 0, 0), spin=None, eta=1e-6, bulk=True):
    """Tr[Gamma_L G Gamma_R G^+] of sisl, extrapolated to eta = 0 from two values."""
    options = {} if spin is None else {"spin": spin}

    def at(eta):
        factor = device.Hk(k, **options).shape[0] // device.no
        h, s = device.Hk(k, format="array", dtype=complex, **options), device.Sk(k, format="array", dtype=complex)
        inverse, widths = energy * s - h, []
        for lead, direction, atoms in electrodes.values():
            surface = sisl.RecursiveSI(lead, direction)
            orbitals = device.geometry.a2o(atoms, all=True)
            orbitals = (factor * orbitals[:, None] + np.arange(factor)).ravel()
            block = np.ix_(orbitals, orbitals)
            sigma = surface.self_energy(energy + 1j * eta, k, **options)
            if bulk:
                inverse[block] = surface.self_energy(energy + 1j * eta, k, bulk=True, **options)
            else:
                inverse[block] -= sigma
            width = np.zeros_like(inverse)
            width[block] = 1j * (sigma - sigma.conj().T)
            widths.append(width)
        green = np.linalg.inv(inverse)
        return np.trace(widths[0] @ green @ widths[1] @ green.conj().T).real

    return 2 * at(eta / 2) - at(eta)


def compare(device, electrodes, energies=ENERGIES, **options):
    junction = pairbath.from_sisl(device, electrodes, **options)
    found = junction.transmission(energies).sel(electrode="L", electrode2="R").values.ravel()
    expected = [transmission(cut(device), electrodes, e, **options) for e in energies]
    # eta = 1e-6, extrapolated: (eta over level spacings of 0.01)^2 = 1e-8; recursion and inversions lose digits like 1e-16/eta.
    assert found == pytest.approx(expected, abs=2e-7)
    assert max(expected) > 0.1
    return found


def cut(device, axis=0):
    device = device.copy()
    nsc = np.array(device.lattice.nsc)
    nsc[axis] = 1
    device.set_nsc(nsc)
    return device


def graphene(width=None, disorder=0.0):
    """Armchair ribbon (width in cells) or a sheet, transport along A, 4 cells with changed levels in the middle."""
    cell = sisl.geom.graphene(orthogonal=True)
    if width:
        cell = cell.tile(width, 1)
        cell.set_nsc([3, 1, 1])
    lead = sisl.Hamiltonian(cell)
    lead.construct([(0.1, 1.44), (0.05, -2.7)])
    device = lead.tile(4, 0)
    rng = np.random.default_rng(3)
    for atom in range(cell.na, 3 * cell.na):
        device[atom, atom] = 0.05 + disorder * rng.normal()
    n = cell.na
    return device, {"L": (lead, "-A", np.arange(n)), "R": (lead, "+A", np.arange(3 * n, 4 * n))}


def test_ribbon_with_disorder():
    compare(*graphene(3, disorder=1.0))


def test_wide_ribbon_goes_over_sparse():
    compare(*graphene(20, disorder=0.5), energies=ENERGIES[1:3])


def test_sheet_at_a_wave_vector_is_complex():
    compare(*graphene(disorder=0.7), k=(0, 0.21, 0))


def chain(complex_hopping=False, shift=0.0):
    """Two orbitals on an atom, an overlap, hopping that is not symmetric; the device's levels differ from the lead's."""
    atom = sisl.Atom(6, R=[1.4, 1.4])
    geometry = sisl.Geometry([[0, 0, 0], [1.2, 0, 0]], atom, lattice=[2.5, 10, 10])
    geometry.set_nsc([3, 1, 1])
    lead = sisl.Hamiltonian(geometry, orthogonal=False, dtype=complex if complex_hopping else float)
    phase = np.exp(0.4j) if complex_hopping else 1.0
    for i in range(4):
        lead[i, i] = 0.2 * i, 1.0
    lead.H[0, 1], lead.H[1, 0] = 0.1 * phase, 0.1 * np.conj(phase)
    for i, j, h, s in [(0, 2, -1.1, 0.12), (1, 3, -0.9, 0.1), (0, 3, 0.3, -0.03), (1, 2, -0.2, 0.05)]:
        lead.H[i, j], lead.H[j, i] = h * phase, h * np.conj(phase)
        lead.S[i, j], lead.S[j, i] = s, s
    for i, j, h, s in [(2, 0, -0.8, 0.09), (3, 1, -0.7, 0.08), (3, 0, 0.25, 0.04)]:
        lead.H[i, j, (1, 0, 0)], lead.H[j, i, (-1, 0, 0)] = h * phase, h * np.conj(phase)
        lead.S[i, j, (1, 0, 0)], lead.S[j, i, (-1, 0, 0)] = s, s
    device = lead.tile(5, 0)
    for i in range(8, 12):
        device.H[i, i] = 0.5 + 0.1 * i + shift
    return device, {"L": (lead, "-A", [0, 1]), "R": (lead, "+A", [8, 9])}


def test_overlap():
    compare(*chain())


def test_overlap_and_complex_hopping():
    compare(*chain(complex_hopping=True))


def test_electrode_atoms_with_levels_of_their_own():
    device, electrodes = chain()
    for i in range(4):
        device.H[i, i] = 0.3
    one = compare(device, electrodes, bulk=True)
    two = compare(device, electrodes, bulk=False)
    assert np.abs(one - two).max() > 1e-3


def test_recursive_self_energy_and_fermi_energy():
    device, electrodes = chain()
    recursive = {n: (sisl.RecursiveSI(lead, direction), atoms) for n, (lead, direction, atoms) in electrodes.items()}
    one = pairbath.from_sisl(device, electrodes).transmission(ENERGIES)
    two = pairbath.from_sisl(device, recursive, fermi_energy=0.25).transmission(ENERGIES - 0.25)
    assert two.values == pytest.approx(one.values, abs=1e-9)  # the same junction, rounding of the shift


def test_two_spins_and_spins_that_mix():
    device, electrodes = graphene(2, disorder=0.5)
    polarised = {n: (lead.transform(spin="polarized"), d, a) for n, (lead, d, a) in electrodes.items()}
    both = device.transform(spin="polarized")
    for atom in range(8, 16):
        both[atom, atom] = both[atom, atom] + np.array([0.3, -0.3])
    up, down = (compare(both, polarised, spin=s) for s in (0, 1))
    assert np.abs(up - down).max() > 1e-3
    mixed = {n: (lead.transform(spin="non-colinear"), d, a) for n, (lead, d, a) in electrodes.items()}
    tilted = both.transform(spin="non-colinear")
    assert compare(tilted, mixed) == pytest.approx(up + down, abs=1e-8)  # not tilted yet: the sum of both
    for atom in range(8, 12):
        tilted[atom, atom] = tilted[atom, atom] + np.array([0, 0, 0.2, 0.1])
    assert np.abs(compare(tilted, mixed) - up - down).max() > 1e-4


def test_bad_arguments_are_named():
    device, electrodes = graphene(2)
    lead = electrodes["L"][0]
    far = sisl.Hamiltonian(sisl.geom.sc(1.0, sisl.Atom(1, R=2.1)).copy())
    far.geometry.set_nsc([5, 1, 1])
    far = sisl.Hamiltonian(far.geometry)
    far.construct([(0.1, 1.1, 2.1), (0, -1, -0.3)])
    long = far.tile(8, 0)
    n = lead.na
    for arguments, words in [
        (dict(hamiltonian=lead.geometry), "hamiltonian: found Geometry"),
        (dict(electrodes=[1]), "electrodes: found"),
        (dict(electrodes={"L": lead}), r"electrodes\['L'\]"),
        (dict(electrodes={"L": (lead, "-Q", np.arange(n))}), "direction '-Q'"),
        (dict(electrodes={"L": (lead, "-A", [0, 99])}), "99; allowed: atoms"),
        (dict(electrodes={"L": (lead, "-A", np.arange(n - 1))}), "orbitals on"),
        (dict(electrodes={"L": (lead, "-A", np.arange(n)[::-1])}), "beside its place in the lead"),
        (dict(electrodes={"L": (lead, "-A", np.arange(n)), "R": (lead, "+A", np.arange(n))}), "which 'L' has too"),
        (dict(k=(0.1, 0, 0)), "not 0 along the electrode"),
        (dict(k=0.1), "three numbers"),
        (dict(spin=0), "spin: found 0"),
        (dict(hamiltonian=device.transform(spin="polarized")), "one junction for each spin"),
        (dict(hamiltonian=long, electrodes={"L": (far, "-A", [0])}), "cells 2 apart coupled by 0.3 eV"),
        (dict(hamiltonian=chain()[0], electrodes={"L": (sisl.Hamiltonian(chain()[1]["L"][0].geometry), "-A", [0, 1])}), "overlap"),
    ]:
        given = {"hamiltonian": device, "electrodes": electrodes, **arguments}
        with pytest.raises(pairbath.ModelError, match=words):
            pairbath.from_sisl(**given)
