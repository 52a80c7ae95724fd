"""A phonon junction cut out of the force constants of a supercell: a device between two half-infinite leads of principal layers.

    outer left | inner left | device | inner right | outer right
        K01 <------- K00 ----- K ------- K00 -------> K01

The same cut as `pairbath import phonopy --left --device --right` makes; atoms count from 0 here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ._common import SPRING, index_list, refuse

_LEFT_OUT = 0.05  # springs that reach too far may be this share of the largest one
_SUM_RULE = 0.1  # so may what the acoustic sum rule misses
_IMAGE = 0.3  # angstrom: relaxed layers are images of each other to that


@dataclass(frozen=True)
class ForceConstants:
    """Force constants of a supercell.

    matrix : (N, N, 3, 3) in eV/angstrom^2, rows of NaN for atoms that were not displaced. masses : (N,) amu. positions : (N, 3)
    angstrom. cell : (3, 3), rows. symbols : N texts.
    """

    matrix: np.ndarray
    masses: np.ndarray
    positions: np.ndarray
    cell: np.ndarray
    symbols: list

    def block(self, rows, columns):
        """(rows, columns, 3, 3): the mean of both orders where both are known."""
        one = self.matrix[np.ix_(rows, columns)]
        two = self.matrix[np.ix_(columns, rows)].transpose(1, 0, 3, 2)
        one, two = np.where(np.isnan(one), two, one), np.where(np.isnan(two), one, two)
        return (one + two) / 2

    def shortest(self, vectors):
        """Vectors less the lattice vectors that make them longer; directions without a lattice vector stay."""
        periodic = np.linalg.norm(self.cell, axis=1) > 0
        inverse = np.linalg.pinv(self.cell)
        whole = np.rint(np.asarray(vectors) @ inverse) * periodic
        return vectors - whole @ self.cell


def junction(forces, device, left, right, **options):
    """Junction of bosons alone with the baths L and R; see the module's page.

    Raises
    ------
    pairbath.ModelError
        Layers that are no images of each other, springs that reach too far, a violated sum rule, an unstable device.
    """
    from pairbath import Junction, periodic_bath

    count = len(forces.masses)
    lists = {n: index_list(n, a, count) for n, a in (("device", device), ("left", left), ("right", right))}
    for a, b in (("device", "left"), ("device", "right"), ("left", "right")):
        common = np.intersect1d(lists[a], lists[b])
        if len(common):
            raise refuse(b, f"atom {common[0]}, which {a} has too", "every atom in one of device, left, right")
    device = lists["device"]
    layers = {name: _layers(forces, lists[argument], device, argument) for name, argument in (("L", "left"), ("R", "right"))}
    known = np.concatenate([device, layers["L"][0], layers["R"][0]])
    missing = known[np.isnan(forces.matrix[known]).all(axis=(1, 2, 3))]
    if len(missing):
        raise refuse("force constants", f"none of atoms {missing[:5].tolist()}", "those of the device and of the layers beside it")
    _require_short_springs(forces, device, layers)
    _require_sum_rule(forces, known)
    inner = np.concatenate([layers["L"][0], layers["R"][0]])
    block = forces.block(device, device)
    _balance(block, forces.block(device, inner).sum(axis=1))
    matrix = _weighted(forces, block, device, device)
    square, vector = np.linalg.eigh(matrix)
    if square[0] < 0:
        weight = (vector[:, 0] ** 2).reshape(-1, 3).sum(axis=1)
        raise refuse(
            "device",
            f"a motion of W^2 = {square[0]:.3g} eV^2 (moves most: atom {device[weight.argmax()]})",
            "a device that is stable between fixed leads",
            "relax the structure, or better force constants",
        )
    baths = {}
    for name, (near, far) in layers.items():
        own, hop = forces.block(near, near), forces.block(near, far)
        _balance(own, hop.sum(axis=1) + forces.block(far, near).sum(axis=1))
        coupling = forces.block(device, near)
        touching = np.flatnonzero(np.abs(coupling).max(axis=(1, 2, 3)) > 0)
        if not len(touching):
            raise refuse({"L": "left", "R": "right"}[name], "a lead that no spring joins to the device", "the layers beside the device")
        baths[name] = periodic_bath(
            K00=_weighted(forces, own, near, near),
            K01=_weighted(forces, hop, near, far),
            coupling=_weighted(forces, coupling[touching], device[touching], near),
            coordinates=(3 * touching[:, None] + np.arange(3)).ravel().tolist(),
        )
    options["compute"] = {"level": "landauer", **(options.get("compute") or {})}
    return Junction(None, bosons=matrix, baths=baths, units="eV", **options)


def _balance(block, outwards):
    """Diagonal 3x3 blocks by the acoustic sum rule over the springs that are kept: block (n, n, 3, 3), outwards (n, 3, 3)."""
    for i in range(len(block)):
        block[i, i] = 0
        rest = -(block[i].sum(axis=0) + outwards[i])
        block[i, i] = (rest + rest.T) / 2


def _weighted(forces, block, rows, columns):
    scale = SPRING / np.sqrt(np.outer(forces.masses[rows], forces.masses[columns]))
    return (block * scale[:, :, None, None]).transpose(0, 2, 1, 3).reshape(3 * len(rows), 3 * len(columns))


def _layers(forces, atoms, device, argument):
    """(inner, outer): two principal layers, atoms in the same order; the inner one has the stronger springs to the device."""
    half = len(atoms) // 2
    allowed = "two equal principal layers, images of each other"
    if len(atoms) % 2 or not half:
        raise refuse(argument, f"{len(atoms)} atoms", allowed)
    candidates = [pair for pair in _pairs(forces, atoms) if pair is not None]
    if not candidates:
        raise refuse(
            argument,
            "atoms of which no half is the other one moved along",
            allowed,
            "name them one behind the other, the outer layer first, both in the same order of atoms",
        )

    def strength(layer):
        return np.nanmax(np.abs(forces.block(device, layer)), initial=0.0)

    best = None
    for one, two in candidates:
        a, b = strength(one), strength(two)
        ratio = min(a, b) / max(a, b, 1e-300)
        if best is None or ratio < best[0] * (1 - 1e-6):
            best = (ratio, (one, two) if a >= b else (two, one))
    return best[1]


def _pairs(forces, atoms):
    """Ways to split: as named, then by every translation that carries one half onto the other."""
    half = len(atoms) // 2
    one, two = atoms[:half], atoms[half:]
    shift = forces.shortest(forces.positions[two] - forces.positions[one])
    same = all(forces.symbols[i] == forces.symbols[j] for i, j in zip(one, two))
    if same and np.linalg.norm(forces.shortest(shift - shift[0]), axis=1).max() <= _IMAGE:
        yield one, two
    for target in atoms[1:]:
        shift = forces.shortest(forces.positions[target] - forces.positions[atoms[0]])
        away = forces.shortest((forces.positions[atoms] + shift)[:, None] - forces.positions[atoms][None])
        near = np.linalg.norm(away, axis=2) <= _IMAGE
        near &= np.array([[forces.symbols[i] == forces.symbols[j] for j in atoms] for i in atoms])
        source = np.flatnonzero(near.any(axis=1))
        image = near[source].argmax(axis=1)
        if len(source) == half and len(set(image)) == half and not set(source) & set(image):
            yield atoms[source], atoms[image]


def _require_short_springs(forces, device, layers):
    largest = np.nanmax(np.abs(forces.matrix))
    rest = np.setdiff1d(np.arange(len(forces.masses)), np.concatenate([device, *layers["L"], *layers["R"]]))
    near = np.concatenate([layers["L"][0], layers["R"][0]])
    for what, a, b, hint in (
        ("the device with the outer left layer", device, layers["L"][1], "principal layers of more atoms in left"),
        ("the device with the outer right layer", device, layers["R"][1], "principal layers of more atoms in right"),
        ("the leads past the device", layers["L"][0], layers["R"][0], "a longer device"),
        ("atoms in none of device, left, right", np.concatenate([device, near]), rest, "these atoms in one of the three"),
    ):
        if not len(b):
            continue
        size = np.nan_to_num(np.abs(forces.block(a, b)).max(axis=(2, 3)))
        i, j = np.unravel_index(size.argmax(), size.shape)
        if size[i, j] > _LEFT_OUT * largest:
            raise refuse(
                "device, left, right",
                f"a spring of {size[i, j]:.3g} eV/angstrom^2 that joins {what} (atoms {a[i]} and {b[j]}; the largest has {largest:.3g})",
                f"at most {100 * _LEFT_OUT:.0f} % left out",
                hint,
            )


def _require_sum_rule(forces, rows):
    violation = np.abs(forces.matrix[rows].sum(axis=1)).max()
    largest = np.nanmax(np.abs(forces.matrix))
    if not violation <= _SUM_RULE * largest:
        raise refuse(
            "force constants",
            f"a violation of the acoustic sum rule by {violation:.3g} eV/angstrom^2, largest spring {largest:.3g}",
            f"at most {100 * _SUM_RULE:.0f} %",
            "force constants of all atoms of the supercell, with a smaller displacement",
        )
