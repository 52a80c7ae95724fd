r"""A molecule of PySCF between electrodes: H, S, vibrations and their coupling to the electrons from one mean field.

**The coupling in a basis that moves.** The orbitals :math:`|j\rangle` are not orthogonal, and they move with their atoms. Let Q be a
mass-weighted coordinate and :math:`T_{lj} = \langle l|\partial_Q j\rangle`, so that :math:`\partial_Q S = T + T^\dagger`. An electron
:math:`\sum_j c_j|j(Q)\rangle` obeys, while the atoms move,

.. math:: i\,S(Q)\,\dot c = [H(Q) - i\dot Q\,T(Q)]\,c .

With the same state written in the orbitals at rest, :math:`c = (1 - Q\,S^{-1}T)\,c'`, and :math:`iT^\dagger\dot c' = T^\dagger S^{-1}Hc'`,
the velocity :math:`\dot Q` drops out to first order in Q:

.. math:: i\,S\,\dot c' = [H + Q\,M]\,c', \qquad M = \partial_QH - T^\dagger S^{-1}H - H\,S^{-1}T .

S, H, T on the right are those of the geometry at rest. So M is what couples to Q when H and S are kept fixed, which is how the core
uses it. It is Hermitian, does not depend on the zero of energy, and between eigenstates of H
:math:`M_{ii} = c_i^\dagger(\partial_QH - \epsilon_i\,\partial_QS)c_i = d\epsilon_i/dQ` and
:math:`M_{ij} = (\epsilon_j - \epsilon_i)\langle i|\partial_Q j\rangle`, the nonadiabatic coupling. Inelastica's `He_ph` is the same
matrix. What T leads out of the space of all orbitals is lost, as it is in H.

H is the converged Fock matrix, its derivative is that of the converged Fock matrix: electrons follow the atoms (screening).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ._common import BOHR, HARTREE, index_list, positive, refuse
from ._molecule import analytic_hessian, masses_of, require_mean_field, warn_of_forces
from ._vibrations import Vibrations, free_motions, require_stable, vibrations

_SLOPE = HARTREE / BOHR  # hartree/bohr in eV/angstrom


@dataclass(frozen=True)
class Molecule:
    """A molecule as a junction needs it, energies in eV from the Fermi energy.

    Attributes
    ----------
    hamiltonian, overlap : (n, n) ndarray
        Fock matrix less fermi_energy times S, and S, over the atomic orbitals of PySCF in its order.
    vibrations : Vibrations or None
        All modes of the atoms that vibrate.
    modes : (m,) ndarray of int
        Which of them are coupled.
    couplings : (m, n, n) ndarray
        m^k = M^k/sqrt(2 W_k) in eV, convention `dimensionless`.
    orbitals : dict of ndarray
        Orbitals of each electrode.
    broadenings : dict of ndarray
        Gamma of each electrode over these orbitals, eV.
    fermi_energy : float
        Zero of energy in eV, as PySCF counts (vacuum of a molecule at 0).
    runs : int
        Displaced SCF runs made by this call.
    """

    hamiltonian: np.ndarray = field(repr=False)
    overlap: np.ndarray = field(repr=False)
    vibrations: Vibrations | None
    modes: np.ndarray
    couplings: np.ndarray = field(repr=False)
    orbitals: dict
    broadenings: dict = field(repr=False)
    fermi_energy: float
    runs: int

    def junction(self, **options):
        """The Junction; options are those of `pairbath.Junction` besides H, S, electrodes, bosons, coupling, convention, units."""
        from pairbath import Junction, wide_band

        taken = {"H", "S", "electrodes", "bosons", "coupling", "convention", "units"} & set(options)
        if taken:
            raise refuse(sorted(taken)[0], "a value", "the one from PySCF", "build pairbath.Junction from the parts of this Molecule")
        options.setdefault("spin_degeneracy", 2)
        electrodes = {}
        for name, orbitals in self.orbitals.items():
            width = np.zeros_like(self.overlap)
            width[np.ix_(orbitals, orbitals)] = self.broadenings[name]
            electrodes[name] = wide_band(width)
        if len(self.modes):
            options["bosons"] = self.vibrations.bosons(self.modes)
            options["coupling"], options["convention"] = self.couplings, "dimensionless"
            # H and M move with the atoms: the quasi-static shift of second order alone has no meaning.
            options["compute"] = {"elastic_correction": "dynamic", **(options.get("compute") or {})}
        return Junction(self.hamiltonian, S=self.overlap, electrodes=electrodes, units="eV", **options)


def from_pyscf(
    mean_field,
    electrodes,
    *,
    broadening=1.0,
    vibrating=None,
    modes="all",
    hessian="auto",
    step=0.01,
    fermi_energy=None,
    masses=None,
    restart=None,
    progress=None,
    **options,
):
    r"""Junction of a converged mean field of PySCF: Fock matrix, overlap, vibrations and couplings.

    Electrodes are clusters: all orbitals of the named atoms, with :math:`\Gamma = b\,S` on this block, a wide band of the broadening b.
    Couplings are :math:`M = \partial_QH - T^\dagger S^{-1}H - HS^{-1}T` (see the module's page); :math:`\Gamma` does not move.

    Parameters
    ----------
    mean_field : pyscf.scf.hf.RHF or pyscf.dft.rks.RKS
        Converged, restricted, without point-group symmetry. Unrestricted ones are refused: the couplings of two spins are not made here.
    electrodes : dict
        Names and atoms: ``{"L": [0, 1], "R": [4, 5]}``, atoms from 0 in the order of ``mean_field.mol``.
    broadening : float or dict
        b in eV, above 0, for all electrodes or by name.
    vibrating : list of int, optional
        Atoms that vibrate, the others are held fast; default all atoms of no electrode. When all atoms of the molecule vibrate,
        translations and rotations are taken out.
    modes : "all", list of int, or None
        Modes that are coupled, from 0 in ascending order of W^2 (`vibrations` shows them); None: electrons alone.
    hessian : {"auto", "analytic", "differences"} or ndarray
        Second derivatives: PySCF's analytic ones, differences of its gradients, or (auto) the analytic ones where the method has
        them. An array is (v, v, 3, 3) in hartree/bohr^2, as PySCF gives it, for the atoms that vibrate.
    step : float
        Displacement in angstrom of the atom that moves most; derivatives err by its square.
    fermi_energy : float, optional
        Energy in eV, as PySCF counts, that becomes 0 in the junction; default the middle of HOMO and LUMO.
    masses : array_like, optional
        Of all atoms in amu; default PySCF's, averages over isotopes.
    restart : path, optional
        A folder for finished displacements. It is checked against atoms, basis, functional and energy.
    progress : bool, callable or None
        As in `Junction.run`: None is a bar where somebody looks on; `progress(stage, done, total)` gets the cost before the first run
        (done = 0), then the time left, estimated from the runs done.
    **options
        Options of `pairbath.Junction`: baths, title, state, parameters, compute, potentials, spin_degeneracy (default 2).

    Returns
    -------
    pairbath.Junction
        Units eV, bosons the chosen modes, coupling `dimensionless`, chemical potential 0 at the Fermi energy.

    Raises
    ------
    pairbath.ModelError
        An argument makes no sense; a chosen mode has no positive energy.
    pairbath.ConvergenceError
        The mean field or a displaced one has not converged.

    Notes
    -----
    Cost: with an analytic Hessian that Hessian and 2 SCF runs for each chosen mode; with differences 6 SCF runs and gradients for
    each atom that vibrates, for all modes together. Memory: 8 n^2 bytes for each run.

    See Also
    --------
    molecule : the same as arrays.
    """
    return molecule(
        mean_field,
        electrodes,
        broadening=broadening,
        vibrating=vibrating,
        modes=modes,
        hessian=hessian,
        step=step,
        fermi_energy=fermi_energy,
        masses=masses,
        restart=restart,
        progress=progress,
    ).junction(**options)


def molecule(
    mean_field,
    electrodes,
    *,
    broadening=1.0,
    vibrating=None,
    modes="all",
    hessian="auto",
    step=0.01,
    fermi_energy=None,
    masses=None,
    restart=None,
    progress=None,
):
    """The arrays of `from_pyscf`, with the same arguments, as a `Molecule`."""
    require_mean_field(mean_field)
    atoms = _electrode_atoms(electrodes, mean_field.mol.natm)
    slices = mean_field.mol.aoslice_by_atom()[:, 2:]
    orbitals = {name: np.concatenate([np.arange(*slices[a]) for a in np.sort(list_)]) for name, list_ in atoms.items()}
    overlap = mean_field.get_ovlp()
    fermi = _fermi_energy(mean_field, fermi_energy)
    fock = mean_field.get_fock(dm=mean_field.make_rdm1())
    shaking, chosen, couplings, runs = None, np.zeros(0, dtype=int), np.zeros((0,) + fock.shape), 0
    widths = {name: _broadening(broadening, name, atoms) for name in atoms}
    if modes is not None:
        moving = _vibrating(vibrating, atoms, mean_field.mol.natm)
        shaking, chosen, couplings, runs = _vibronic(
            mean_field, fock, overlap, moving, modes, hessian, positive("step", step, "a displacement in angstrom"), masses, restart, progress
        )
    return Molecule(
        hamiltonian=HARTREE * (fock + fock.T) / 2 - fermi * overlap,
        overlap=overlap,
        vibrations=shaking,
        modes=chosen,
        couplings=couplings,
        orbitals=orbitals,
        broadenings={name: widths[name] * overlap[np.ix_(o, o)] for name, o in orbitals.items()},
        fermi_energy=fermi,
        runs=runs,
    )


def _vibronic(mean_field, fock, overlap, atoms, modes, hessian, step, masses, restart, progress):
    """Vibrations, chosen modes, their couplings m^k in eV, SCF runs made."""
    from ._displaced import differences, moving

    count = mean_field.mol.natm
    mass = masses_of(mean_field.mol, masses)[atoms]
    places = mean_field.mol.atom_coords() * BOHR
    free = free_motions(mass, places[atoms]) if len(atoms) == count else None
    gradient = warn_of_forces(mean_field, atoms)
    second = analytic_hessian(mean_field, atoms, hessian)

    def run(directions, gradients):
        return differences(mean_field, directions, step / BOHR, gradients, gradient, restart, progress)

    if second is None:
        directions = np.zeros((3 * len(atoms), count, 3))
        for k, a in enumerate(atoms):
            directions[3 * k : 3 * k + 3, a] = np.eye(3)
        slopes = run(directions, True)
        second = slopes.gradients[:, atoms].reshape(len(directions), -1)
        shaking = vibrations(second * _SLOPE / BOHR, mass, atoms, free)
        chosen = _chosen(modes, shaking)
        steps = shaking.displacements[chosen].reshape(len(chosen), -1)
        runs, derivative = slopes.runs, np.tensordot(steps, slopes.fock, axes=1)
    else:
        shaking = vibrations(second * _SLOPE / BOHR, mass, atoms, free)
        chosen = _chosen(modes, shaking)
        length = np.linalg.norm(shaking.displacements[chosen], axis=2).max(axis=1)
        directions = np.zeros((len(chosen), count, 3))
        directions[:, atoms] = shaking.displacements[chosen] / length[:, None, None]
        slopes = run(directions, False)
        runs, derivative = slopes.runs, slopes.fock * length[:, None, None]
    couplings = np.empty_like(derivative)
    full = np.zeros((count, 3))
    for k, mode in enumerate(chosen):
        full[atoms] = shaking.displacements[mode]
        matrix = corrected(derivative[k], moving(mean_field, full), fock, overlap)
        couplings[k] = _SLOPE * matrix / np.sqrt(2 * shaking.energies[mode])
    return shaking, chosen, couplings, runs


def corrected(derivative, motion, hamiltonian, overlap):
    r"""M (n, n) :math:`= \partial H - T^\dagger S^{-1}H - HS^{-1}T`, in the unit of the derivative; see the module's page.

    Parameters
    ----------
    derivative, motion, hamiltonian, overlap : (n, n) array_like
        dH, T = <l|d j> along the same coordinate, H, S.
    """
    part = hamiltonian @ np.linalg.solve(overlap, motion)
    matrix = derivative - part - part.conj().T
    return (matrix + matrix.conj().T) / 2


def _chosen(modes, shaking):
    count = len(shaking.energies)
    chosen = np.arange(count) if isinstance(modes, str) and modes == "all" else index_list("modes", modes, count, "modes")
    require_stable(shaking, chosen)
    return chosen


def _electrode_atoms(electrodes, count):
    if not isinstance(electrodes, dict) or not electrodes:
        raise refuse("electrodes", repr(electrodes)[:60], 'names and atoms, {"L": [0, 1], "R": [4, 5]}')
    atoms = {name: index_list(f"electrodes[{name!r}]", list_, count) for name, list_ in electrodes.items()}
    owner = {}
    for name, list_ in atoms.items():
        for a in list_.tolist():
            if owner.setdefault(a, name) != name:
                raise refuse(f"electrodes[{name!r}]", f"atom {a}, which {owner[a]!r} has too", "every atom in one electrode")
    return atoms


def _vibrating(vibrating, electrodes, count):
    if vibrating is not None:
        return np.sort(index_list("vibrating", vibrating, count))
    held = np.concatenate(list(electrodes.values()))
    atoms = np.setdiff1d(np.arange(count), held)
    if not len(atoms):
        raise refuse("vibrating", "no atom outside the electrodes", "at least one atom", "vibrating=[...], or modes=None for electrons alone")
    return atoms


def _broadening(broadening, name, electrodes):
    if not isinstance(broadening, dict):
        return positive("broadening", broadening, "eV")
    unknown = [n for n in broadening if n not in electrodes]
    if unknown or name not in broadening:
        raise refuse("broadening", f"the names {sorted(map(str, broadening))}", f"those of the electrodes, {sorted(electrodes)}")
    return positive(f"broadening[{name!r}]", broadening[name], "eV")


def _fermi_energy(mean_field, given):
    if given is None:
        filled = mean_field.mo_occ > 0
        if filled.all():
            raise refuse("fermi_energy", "no empty orbital in this basis", "an energy in eV", "name it, or take a larger basis")
        return float(HARTREE * (mean_field.mo_energy[filled].max() + mean_field.mo_energy[~filled].min()) / 2)
    try:
        value = float(given)
    except (TypeError, ValueError):
        value = np.nan
    if not np.isfinite(value):
        raise refuse("fermi_energy", repr(given)[:60], "an energy in eV, as PySCF counts")
    return value
