r"""A device of sisl with semi-infinite electrodes as a junction.

sisl's self-energy of an electrode is :math:`\Sigma = (eS_{01}-H_{01})\,g\,(eS_{01}-H_{01})^\dagger` with :math:`H_{01}` from a cell to the
next one away from the device, which is pairbath's `periodic` electrode: H00, H01, S00, S01 go over as they are. sisl computes at
:math:`e + i\eta`; pairbath in the retarded limit, so that its transmissions are those of sisl for :math:`\eta \to 0`.
"""

from __future__ import annotations

import numpy as np

from ._common import hermitian, index_list, need, real_if_real, refuse

_SHIFT = 0.1  # angstrom: positions of an electrode's atoms in device and lead agree up to a common shift
_DENSE = 300  # orbitals: from here on the conductor goes over as a sparse matrix


def from_sisl(hamiltonian, electrodes, *, k=(0.0, 0.0, 0.0), spin=None, bulk=True, fermi_energy=0.0, **options):
    """Junction of a device Hamiltonian of sisl and its electrodes.

    Parameters
    ----------
    hamiltonian : sisl.Hamiltonian
        The device **with** one cell of each electrode, as for TBtrans; orthogonal or not. Its images along the electrodes are cut.
    electrodes : dict
        Names and electrodes: ``{"L": (lead, "-A", atoms), ...}`` with the Hamiltonian of the lead, its semi-infinite direction in sisl's
        words, and the atoms of the device that are its cell nearest to the device, in the lead's order; or ``(recursive, atoms)`` with a
        `sisl.RecursiveSI`.
    k : (3,) array_like
        Wave vector in reciprocal lattice vectors; 0 along the electrodes. Complex matrices where it is not 0 or 1/2.
    spin : {0, 1}, optional
        Which spin of a polarised Hamiltonian. Non-collinear ones have both, spin up and down of an orbital side by side.
    bulk : bool
        True: the electrode's atoms in the device get the lead's H00, S00 (TBtrans' default). False: they keep the device's own.
    fermi_energy : float
        eV, becomes 0 in the junction.
    **options
        Options of `pairbath.Junction`: bosons, baths, coupling, spin_degeneracy (default 2 without spin, else 1), and so on. Orbitals are
        numbered as in sisl.

    Returns
    -------
    pairbath.Junction
        Units eV.

    Raises
    ------
    pairbath.ModelError
        Electrodes that do not fit the device, or couple beyond the next cell.

    Notes
    -----
    Cost: none to speak of; n^2 numbers for the device below 300 orbitals, its elements above.
    """
    sisl = need("sisl", "sisl", "from_sisl")
    from pairbath import Junction, periodic

    if not isinstance(hamiltonian, sisl.Hamiltonian):
        raise refuse("hamiltonian", type(hamiltonian).__name__, "a sisl.Hamiltonian")
    if not isinstance(electrodes, dict) or not electrodes:
        raise refuse("electrodes", repr(electrodes)[:60], '{"L": (lead, "-A", atoms), "R": (lead, "+A", atoms)}')
    if not np.isfinite(fermi_energy):
        raise refuse("fermi_energy", repr(fermi_energy), "an energy in eV")
    k = _wave_vector(k)
    read = _Reader(hamiltonian.spin, spin, k)
    leads = {name: _Lead(sisl, name, value, hamiltonian, read) for name, value in electrodes.items()}
    _require_apart(leads)
    device = hamiltonian.copy()
    device.set_nsc(_cut(hamiltonian.lattice, leads.values()))
    h, s = read.matrices(device, sparse=device.no >= _DENSE)
    parts = {}
    for name, lead in leads.items():
        h00, s00 = read.matrices(lead.cell)
        h01, s01 = read.matrices(lead.hopping)
        if (s is None) != (s00 is None):
            what = "a lead without overlap beside a device with one" if s00 is None else "a lead with an overlap beside an orthogonal device"
            raise refuse(f"electrodes[{name!r}]", what, "both orthogonal, or both with an overlap")
        places = read.orbitals(hamiltonian.geometry, lead.atoms)
        if bulk:
            h = _replaced(h, places, h00)
            s = s if s is None else _replaced(s, places, s00)
        overlaps = {} if s is None else {"S00": _dense(s00), "S01": _dense(s01, False)}
        h00 = _dense(h00)
        h01 = _dense(h01, False)
        if fermi_energy:
            h00 = h00 - fermi_energy * (np.eye(len(h00)) if s is None else overlaps["S00"])
            h01 = h01 if s is None else h01 - fermi_energy * overlaps["S01"]
        parts[name] = periodic(H00=h00, H01=h01, orbitals=places.tolist(), **overlaps)
    if fermi_energy:
        h = h - fermi_energy * (_identity(h) if s is None else s)
    options.setdefault("spin_degeneracy", 2 if hamiltonian.spin.is_unpolarized else 1)
    h, s = (m if m is None or hasattr(m, "tocsr") else _dense(m) for m in (h, s))
    return Junction(h, S=s, electrodes=parts, units="eV", **options)


class _Reader:
    """Matrices of one spin at one wave vector."""

    def __init__(self, kind, spin, k):
        self.k, self.options, self.factor = k, {}, 1
        if kind.is_polarized:
            if spin not in (0, 1) or isinstance(spin, bool):
                raise refuse("spin", repr(spin), "0 or 1: the Hamiltonian is spin-polarised", "one junction for each spin")
            self.options = {"spin": spin}
        elif spin is not None:
            raise refuse("spin", repr(spin), f"None: the Hamiltonian is {'unpolarised' if kind.is_unpolarized else 'not collinear'}")
        elif not kind.is_unpolarized:
            if not (kind.is_noncolinear or kind.is_spinorbit):
                raise refuse("hamiltonian", f"spin of kind {kind}", "unpolarised, polarised, non-collinear or spin-orbit")
            self.factor = 2

    def matrices(self, parent, sparse=False):
        """H and S (None: orthogonal)."""
        form = "csr" if sparse else "array"
        h = parent.Hk(self.k, format=form, **self.options)
        return h, None if parent.orthogonal else parent.Sk(self.k, format=form)

    def orbitals(self, geometry, atoms):
        plain = geometry.a2o(atoms, all=True)
        return (self.factor * plain[:, None] + np.arange(self.factor)).ravel()


class _Lead:
    """One electrode: matrices of a cell and to the next, atoms of the device."""

    def __init__(self, sisl, name, value, device, read):
        argument = f"electrodes[{name!r}]"
        allowed = '(lead, "-A", atoms) or (sisl.RecursiveSI, atoms)'
        if not isinstance(value, tuple) or len(value) not in (2, 3):
            raise refuse(argument, repr(value)[:60], allowed)
        if len(value) == 3:
            if not isinstance(value[0], sisl.Hamiltonian):
                raise refuse(argument, f"a lead that is a {type(value[0]).__name__}", "a sisl.Hamiltonian")
            self.parent, direction = value[0], value[1]
            self._require_neighbours(argument, direction)
            try:
                recursive = sisl.RecursiveSI(self.parent, direction)
            except Exception as error:
                raise refuse(argument, f"direction {direction!r} ({error})", "'+A', '-A', '+B', '-B', '+C', '-C', from the device outwards") from error
        else:
            recursive = value[0]
            if not isinstance(recursive, sisl.RecursiveSI):
                raise refuse(argument, f"a {type(recursive).__name__}", allowed)
            self.parent = recursive.spgeom0
        self.axis = int(recursive.semi_inf)
        if read.k[self.axis] != 0:
            raise refuse("k", f"{read.k.tolist()}, not 0 along the electrode {name!r}", "a wave vector across the electrodes")
        self.cell, self.hopping = recursive.spgeom0, recursive.spgeom1
        self.atoms = index_list(f"{argument} atoms", value[-1], device.na)
        self._require_same(argument, device, read)

    def _require_neighbours(self, argument, direction):
        axis = "ABC".find(str(direction)[-1:].upper())
        if axis < 0:
            return
        lattice = self.parent.lattice
        n, csr = self.parent.no, self.parent.tocsr(0)
        far = np.flatnonzero(np.abs(lattice.sc_off[:, axis]) > 1)
        for i in far:
            most = np.abs(csr[:, n * i : n * (i + 1)]).max()
            if most > 0:
                raise refuse(
                    argument,
                    f"cells {abs(int(lattice.sc_off[i, axis]))} apart coupled by {most:.2g} eV",
                    "coupling to the next cell only",
                    "a longer principal layer: lead.tile(2, axis)",
                )

    def _require_same(self, argument, device, read):
        inside, own = device.geometry.sub(self.atoms), self.parent.geometry
        counts = inside.orbitals.tolist(), own.orbitals.tolist()
        if counts[0] != counts[1]:
            raise refuse(
                argument,
                f"{inside.no} orbitals on {inside.na} atoms of the device, {own.no} on {own.na} of the lead",
                "the atoms of one cell of the lead, in its order",
                "lead.tile(...) repeats a lead that is narrower than the device",
            )
        shift = inside.xyz - own.xyz
        shift = shift - shift[0]
        if not read.k.any():
            fractional = np.rint(np.linalg.solve(own.cell.T, shift.T).T)
            fractional[:, self.axis] = 0
            shift = shift - fractional @ own.cell
        worst = np.linalg.norm(shift, axis=1)
        if worst.max() > _SHIFT:
            raise refuse(
                argument,
                f"atom {self.atoms[worst.argmax()]} of the device {worst.max():.2g} angstrom beside its place in the lead",
                f"the atoms of one cell of the lead, in its order, to {_SHIFT} angstrom",
            )


def _require_apart(leads):
    owner = {}
    for name, lead in leads.items():
        for a in lead.atoms.tolist():
            if owner.setdefault(a, name) != name:
                raise refuse(f"electrodes[{name!r}]", f"atom {a}, which {owner[a]!r} has too", "every atom in one electrode")


def _cut(lattice, leads):
    """Numbers of supercells of the device without those along its electrodes."""
    nsc = np.array(lattice.nsc)
    unit = lattice.cell / np.linalg.norm(lattice.cell, axis=1)[:, None]
    for lead in leads:
        along = lead.parent.lattice.cell[lead.axis]
        nsc[np.abs(unit @ along) > 0.999 * np.linalg.norm(along)] = 1
    return nsc


def _wave_vector(k):
    try:
        result = np.array(k, dtype=float)
    except (TypeError, ValueError):
        result = np.zeros(0)
    if result.shape != (3,) or not np.all(np.isfinite(result)):
        raise refuse("k", repr(k)[:60], "three numbers, in reciprocal lattice vectors")
    return result


def _replaced(matrix, places, block):
    block = block.toarray() if hasattr(block, "toarray") else block
    is_sparse = hasattr(matrix, "tolil")
    matrix = matrix.tolil() if is_sparse else matrix.astype(np.result_type(matrix, block))
    matrix[np.ix_(places, places)] = block
    return matrix.tocsr() if is_sparse else matrix


def _dense(matrix, is_hermitian=True):
    dense = np.asarray(matrix.toarray() if hasattr(matrix, "toarray") else matrix)
    return hermitian("hamiltonian", dense) if is_hermitian else real_if_real(dense)


def _identity(like):
    if not hasattr(like, "tocsr"):
        return np.eye(like.shape[0])
    from scipy.sparse import identity

    return identity(like.shape[0], format="csr")
