"""Arguments of a junction as the sections of a model: small matrices in its text, large ones as arrays in memory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from . import _arrays
from ._model import ModelArray
from .errors import argument_error

#: Matrices with more elements are arrays in memory, not text.
SMALL = 64


class Lowering:
    """Collects sections and arrays; `units` is "eV" or "natural"."""

    def __init__(self, units: str) -> None:
        self.arrays: dict[str, ModelArray] = {}
        self._size = 0  # orbitals, where they are known
        self._energy = {"units": "eV"} if units == "eV" else {}
        self._spring = {"units": "eV2"} if units == "eV" else {}

    def _store(self, name: str, values: Any, **attributes: str) -> None:
        self.arrays[name] = ModelArray(values, **attributes)

    # Electrons

    def conductor(self, H: Any, S: Any, spin_degeneracy: Any, potentials: Any) -> dict:
        """The section `conductor`."""
        is_section = isinstance(H, Mapping) and not _arrays.is_sparse(H)
        section = dict(H) if is_section else self._hamiltonian(H, S)
        if is_section and S is not None:
            raise argument_error("S", "an overlap beside a dictionary", "the overlap inside the dictionary")
        if spin_degeneracy is not None:
            section["spin_degeneracy"] = spin_degeneracy
        if potentials is not None:
            section["potentials"] = [self._potential(p, i) for i, p in enumerate(potentials)]
        return section

    def _hamiltonian(self, H: Any, S: Any) -> dict:
        shape = getattr(H, "shape", None)
        self._size = int(shape[0]) if shape else len(H) if isinstance(H, (list, tuple)) else 0
        if _arrays.is_sparse(H):
            self._sparse("hamiltonian", H, self._energy)
            if S is not None:
                self._sparse("overlap", S if _arrays.is_sparse(S) else _dense_to_sparse(S), {})
            return {"file": "memory"}
        if _arrays.has_text(H):
            rows = np.asarray(H, dtype=object)
            section = {"energies" if rows.ndim == 1 else "hamiltonian": rows.tolist()}
            if S is not None:
                section["overlap"] = _arrays.square(S, "S")
            return section
        matrix = _arrays.numbers(H, "H", rank=(1, 2))
        if matrix.ndim == 1 and S is None:
            return self._levels(matrix)
        matrix = np.diag(matrix) if matrix.ndim == 1 else _arrays.square(matrix, "H")
        overlap = None if S is None else _arrays.square(S, "S")
        if overlap is not None and overlap.shape != matrix.shape:
            raise argument_error("S", f"shape {overlap.shape}", f"shape {matrix.shape}, as H")
        if matrix.size <= SMALL:
            return {"hamiltonian": matrix} if overlap is None else {"hamiltonian": matrix, "overlap": overlap}
        self._store("hamiltonian", matrix, **self._energy)
        if overlap is not None:
            self._store("overlap", overlap)
        return {"file": "memory"}

    def _levels(self, energies: np.ndarray) -> dict:
        if energies.dtype.kind == "c":
            raise argument_error("H", f"complex levels, shape {energies.shape}", "real energies")
        if energies.size <= SMALL:
            return {"energies": energies}
        places = np.arange(energies.size)
        self._entries("hamiltonian", places, places, energies, energies.size, self._energy)
        return {"file": "memory"}

    def _sparse(self, name: str, matrix: Any, attributes: dict) -> None:
        matrix = matrix.tocsr()
        found = matrix.tocoo()
        if found.shape[0] != found.shape[1]:
            raise argument_error(name, f"shape {found.shape}", "a square matrix")
        found.sum_duplicates()
        values = _arrays.numbers(found.data, name, rank=1)
        lower = found.row <= found.col  # the upper triangle is enough
        defect = abs(matrix - matrix.conj().T)
        if defect.nnz and defect.max() > 1e-9 * max(abs(values).max(initial=0.0), 1e-300):
            raise argument_error(name, f"|A - A^H| up to {defect.max():.3g}", "a Hermitian matrix", "(A + A.conj().T)/2")
        self._entries(name, found.row[lower], found.col[lower], values[lower], found.shape[0], attributes)

    def _entries(self, name: str, rows: Any, columns: Any, values: Any, size: int, attributes: dict) -> None:
        self._store(f"{name}_row", rows)
        self._store(f"{name}_column", columns)
        self._store(f"{name}_value", values, **attributes)
        self._store("orbitals", float(size))

    def _potential(self, potential: Any, number: int) -> dict:
        if not isinstance(potential, Mapping):
            raise argument_error("potentials", type(potential).__name__, "a list of dictionaries with value and diagonal or matrix")
        section = dict(potential)
        matrix = section.get("matrix")
        if matrix is not None and not _arrays.has_text(matrix):
            matrix = _arrays.square(matrix, f"potentials[{number}].matrix")
            section["matrix"] = matrix
            if matrix.size > SMALL:
                del section["matrix"]
                section.update(file="memory", variable=f"potential_{number}")
                self._store(f"potential_{number}", matrix)
        return section

    def electrode(self, name: str, given: Any) -> dict:
        """The section of one electrode."""
        section = _mapping(given, f"electrodes[{name!r}]")
        prefix = f"electrode_{name}_"
        self._index(section, "orbitals", f"electrodes[{name!r}]")
        if "self_energy" in section:
            values = self._table(section, "energies", prefix + "energy", f"electrodes[{name!r}]")
            self._store(prefix + "self_energy", values.astype(complex), **self._energy)
            return section
        names = ["H00", "H01", "S00", "S01", "coupling_hamiltonian", "coupling_overlap"]
        if section.get("kind") == "periodic":
            return self._matrices(section, names, prefix, f"electrodes[{name!r}]", self._energy)
        self._embed(section, f"electrodes[{name!r}]")
        return self._matrices(section, ["broadening"], prefix, f"electrodes[{name!r}]", self._energy)

    def _embed(self, section: dict, place: str) -> None:
        """A large broadening over some orbitals as one over all: in memory it has no list of orbitals."""
        value = section.get("broadening")
        if "orbitals" not in section or value is None or _arrays.has_text(value) or _arrays.rank(value, place) != 2 or np.size(value) <= SMALL:
            return
        matrix, orbitals = _arrays.square(value, f"{place}.broadening"), section["orbitals"]
        if len(orbitals) != len(matrix) or (orbitals and max(orbitals) >= self._size):
            found = f"shape {matrix.shape} for {len(orbitals)} orbitals up to {max(orbitals, default=-1)} of {self._size}"
            raise argument_error(f"{place}.broadening", found, "one row per orbital of the conductor")
        whole = np.zeros((self._size, self._size), matrix.dtype)
        whole[np.ix_(orbitals, orbitals)] = matrix
        section["broadening"] = whole
        del section["orbitals"]

    def _table(self, section: dict, key: str, variable: str, place: str) -> np.ndarray:
        """The matrices of a self-energy, one for each number of its grid, which is stored."""
        grid = _arrays.numbers(section.pop(key, None), f"{place}.{key}", rank=1, real=True)
        values = _arrays.numbers(section.pop("self_energy"), f"{place}.self_energy", rank=3)
        if len(values) != len(grid):
            found = f"{len(values)} matrices, shape {values.shape}"
            raise argument_error(f"{place}.self_energy", found, f"one for each of the {len(grid)} {key}")
        self._store(variable, grid, **self._energy)
        section["file"] = "memory"
        return values

    def _index(self, section: dict, key: str, place: str) -> None:
        if key in section and section[key] != "all":
            section[key] = _arrays.indices(section[key], f"{place}.{key}")

    def _matrices(self, section: dict, names: list, prefix: str, place: str, attributes: dict) -> dict:
        """Matrices of a section: all of them inline, or all in memory when one is large."""
        found = {}
        for name in names:
            value = section.get(name)
            if value is None or _arrays.has_text(value) or _arrays.rank(value, f"{place}.{name}") == 0:
                continue
            found[name] = section[name] = _arrays.numbers(value, f"{place}.{name}", rank=2)
        if not any(matrix.size > SMALL for matrix in found.values()):
            return section
        for name, matrix in found.items():
            del section[name]
            is_plain = name.startswith("S") or name.endswith("overlap")
            self._store(prefix + name, matrix, **({} if is_plain else attributes))
        section["file"] = "memory"
        return section

    # Bosons

    def bosons(self, given: Any) -> dict:
        """The section `bosons`."""
        if isinstance(given, Mapping):
            section = dict(given)
            matrix = section.get("dynamical_matrix")
            if matrix is not None and not _arrays.has_text(matrix):
                del section["dynamical_matrix"]
                section = {**self._dynamical_matrix(matrix, "bosons['dynamical_matrix']", section.get("unit")), **section}
            return section
        if isinstance(given, str):
            raise argument_error("bosons", repr(given), "a list of mode energies, a dynamical matrix or a dictionary", f"[{given!r}]")
        if _arrays.has_text(given):
            nested = any(isinstance(item, (list, tuple)) for item in given)
            return {"dynamical_matrix" if nested else "modes": list(given)}
        array = _arrays.numbers(given, "bosons", rank=(1, 2), real=True)
        if array.ndim == 1:
            return {"modes": array}
        return self._dynamical_matrix(array, "bosons", None)

    def _dynamical_matrix(self, matrix: Any, argument: str, unit: Any) -> dict:
        array = _arrays.square(_arrays.numbers(matrix, argument, rank=2, real=True), argument)
        if array.size <= SMALL or unit is not None:
            return {"dynamical_matrix": array}
        self._store("dynamical_matrix", array, **self._spring)
        return {"file": "memory"}

    def bath(self, name: str, given: Any) -> dict:
        """The section of one boson bath."""
        place = f"baths[{name!r}]"
        section = _mapping(given, place)
        self._index(section, "coordinates", place)
        if "self_energy" in section:
            values = self._table(section, "frequencies", f"bath_{name}_frequency", place)
            part = "" if values.dtype.kind == "c" else "_imag"
            self._store(f"bath_{name}_self_energy{part}", values, **self._spring)
            return section
        if section.get("kind") == "periodic":
            return self._matrices(section, ["K00", "K01", "coupling"], f"bath_{name}_", place, self._spring)
        return section

    def coupling(self, given: Any, convention: str) -> dict:
        """The section `coupling`."""
        if isinstance(given, Mapping) and not _arrays.is_sparse(given):
            return dict(given)
        if _arrays.is_sparse(given):
            given = [given]
        if _arrays.has_text(given):
            matrices = np.asarray(given, dtype=object)
            return {"convention": convention, "matrices": (matrices[None] if matrices.ndim == 2 else matrices).tolist()}
        if isinstance(given, (list, tuple)) and any(isinstance(item, Mapping) for item in given):
            return {"convention": convention, "matrices": list(given)}
        if isinstance(given, (list, tuple)) and any(_arrays.is_sparse(item) for item in given):
            return self._sparse_coupling(given, convention)
        matrices = _arrays.numbers(given, "coupling", rank=(2, 3))
        matrices = matrices[None] if matrices.ndim == 2 else matrices
        if matrices.shape[1] != matrices.shape[2]:
            raise argument_error("coupling", f"shape {np.shape(given)}", "(modes, orbitals, orbitals)")
        if matrices.size <= SMALL:
            return {"convention": convention, "matrices": matrices}
        attributes = {"convention": convention, **({} if convention == "mass-weighted" else self._energy)}
        self._store("coupling", matrices, **attributes)
        return {"file": "memory"}

    def _sparse_coupling(self, matrices: Any, convention: str) -> dict:
        found = [matrix.tocoo() if _arrays.is_sparse(matrix) else _dense_to_sparse(matrix) for matrix in matrices]
        self._store("coupling_mode", np.concatenate([np.full(m.nnz, k) for k, m in enumerate(found)]))
        self._store("coupling_row", np.concatenate([m.row for m in found]))
        self._store("coupling_column", np.concatenate([m.col for m in found]))
        attributes = {"convention": convention, **({} if convention == "mass-weighted" else self._energy)}
        self._store("coupling_value", _arrays.numbers(np.concatenate([m.data for m in found]), "coupling", rank=1), **attributes)
        self._store("modes", float(len(found)))
        return {"file": "memory"}


def _dense_to_sparse(matrix: Any) -> Any:
    from scipy.sparse import coo_matrix  # the caller has scipy: another matrix is sparse

    return coo_matrix(np.asarray(matrix))


def _mapping(given: Any, place: str) -> dict:
    if not isinstance(given, Mapping):
        raise argument_error(place, type(given).__name__, "a dictionary, or what pairbath.wide_band, pairbath.ohmic and the like return")
    return dict(given)
