"""Model text (YAML) out of dictionaries, lists and numbers."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from .errors import argument_error

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_ -]*[A-Za-z0-9_]|[A-Za-z_]")
_WORDS = {"null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan", "inf"}
#: Lines of a list stay below this length where they can.
_WIDTH = 110


def scalar(value: Any, argument: str) -> str:
    """A number, a truth value or a text; every digit of a number is kept."""
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, (int, np.integer)):
        return str(int(value))
    if isinstance(value, (float, np.floating)):
        if not np.isfinite(value):
            raise argument_error(argument, f"{value}", "a finite number")
        return repr(float(value))
    if isinstance(value, (complex, np.complexfloating)):
        if not np.isfinite(value):
            raise argument_error(argument, f"{value}", "a finite number")
        value = complex(value)
        return f"{value.real!r}{'-' if np.signbit(value.imag) else '+'}{abs(value.imag)!r}i"
    if isinstance(value, np.ndarray) and value.ndim == 0:
        return scalar(value.item(), argument)
    if isinstance(value, str):
        return text(value)
    if value is None:
        raise argument_error(argument, "None", "a value", "leave it out")
    raise argument_error(argument, f"{type(value).__name__}", "a number, a text, a list or a dictionary")


def text(value: str) -> str:
    """A text as YAML takes it: plain where that is safe, quoted otherwise."""
    if _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
    return f'"{escaped}"'


def flow(value: Any, argument: str) -> str:
    """A value in one line."""
    if isinstance(value, np.ndarray) and value.ndim > 0:
        value = value.tolist()
    if isinstance(value, dict):
        return "{" + ", ".join(f"{text(str(k))}: {flow(v, f'{argument}.{k}')}" for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(flow(v, argument) for v in value) + "]"
    return scalar(value, argument)


def block(value: dict, argument: str = "", indent: int = 0) -> str:
    """A mapping in lines: short values behind their keys, long ones below."""
    lines = []
    pad = " " * indent
    for key, item in value.items():
        name = f"{argument}.{key}" if argument else str(key)
        line = f"{pad}{text(str(key))}: "
        if isinstance(item, dict) and item and (indent == 0 or len(flow(item, name)) + len(line) > _WIDTH):
            lines += [line.rstrip(), block(item, name, indent + 2)]
        else:
            lines.append(line + flow(item, name))
    return "\n".join(lines)
