"""What tests share: junctions, the command, one seed."""

import os

# PySCF sums over threads: with one, a run that is repeated gives the same bits.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import pathlib  # noqa: E402
import subprocess  # noqa: E402

import numpy as np  # noqa: E402
import pytest  # noqa: E402

import pairbath  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
SEED = 20261130


def pytest_report_header():
    return f"pairbath core {pairbath.core_version()}, seed {SEED}"


@pytest.fixture
def rng():
    """Random numbers of the one seed."""
    return np.random.default_rng(SEED)


@pytest.fixture
def dots():
    """The double dot of the paper: two levels, one electrode each, one mode."""
    return pairbath.Junction(
        [10.5, 9.5],
        units="natural",
        electrodes={"L": pairbath.wide_band(0.5, [0]), "R": pairbath.wide_band(0.5, [1])},
        bosons=[1.0],
        baths={"ph": pairbath.ohmic(0.02)},
        coupling=[[0, 0.5], [0.5, 0]],
    )


@pytest.fixture(scope="session")
def command():
    """Runs the command; skips where it is not built."""
    path = pathlib.Path(os.environ.get("PAIRBATH_COMMAND", ROOT / ".build" / "release" / "pairbath"))
    if not path.exists():
        pytest.skip(f"no command at {path}: make build")

    def run(*arguments):
        return subprocess.run([str(path), *map(str, arguments)], capture_output=True, text=True, check=False)

    return run


def hermitian(rng, size, scale=1.0):
    """A random complex Hermitian matrix."""
    a = rng.normal(size=(size, size)) + 1j * rng.normal(size=(size, size))
    return scale * (a + a.conj().T) / 2
