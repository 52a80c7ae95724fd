"""Numbers of a small junction out of its model text and its arrays in memory."""

from __future__ import annotations

import numpy as np

from ._common import need, refuse


def sections(junction):
    """The model as nested dictionaries and lists."""
    yaml = need("yaml", "qutip", "to_qutip")
    text = getattr(junction, "text", None)
    if not isinstance(text, str):
        raise refuse("junction", type(junction).__name__, "a pairbath.Junction")
    return yaml.safe_load(text)


def number(value, place):
    """A plain real number; arithmetic and units are refused."""
    try:
        return float(value)
    except (TypeError, ValueError):
        raise refuse(place, repr(value)[:60], "a plain number", "numbers instead of parameters and units") from None


def matrix(section, key, junction, stored, place):
    """A matrix or a list (complex where it is), from the section or from the arrays in memory; None where there is none."""
    if key in section:
        return np.array(_entries(section[key], f"{place}.{key}"))
    if "file" not in section:
        return None
    array = getattr(junction, "_arrays", {}).get(stored)
    if array is None and stored == "hamiltonian":
        raise refuse(f"{place}.file", repr(section["file"])[:60], "a matrix that the junction was made with", "pairbath.Junction(H, ...)")
    return None if array is None else np.array(array.values)


def _entries(value, place):
    if isinstance(value, list):
        return [_entries(v, place) for v in value]
    if isinstance(value, str) and value.strip().endswith(("i", "I")):
        try:
            return complex(value.replace(" ", "").replace("i", "j").replace("I", "j"))
        except ValueError:
            pass
    if isinstance(value, str) and value.startswith("("):
        real, imaginary = value.strip("() ").split(",")
        return complex(float(real), float(imaginary))
    return number(value, place)
