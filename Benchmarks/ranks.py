#!/usr/bin/env python3
"""How well processes share a run: one process against several of one thread each, on one machine, interleaved.

    ranks.py PAIRBATH [--mpirun mpirun] [--ranks 2] [--repeats 3]

Efficiency is the time of one process over that of n, divided by n; times are the best of the repeats and contain everything, the start of the
launcher, reading the model and writing the result included. PAIRBATH is a build with MPI.
"""

import argparse
import os
import pathlib
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "Examples"

CASES = {
    "250,000-state map, level landauer": (
        EXAMPLES / "double-dot-rectification/model.yaml",
        ["--set", "compute.level=landauer", "--set", "sweep={mu: {from: 9, to: 13, points: 500}, dT: {from: -1.8, to: 1.8, points: 500}}"]),
    "10^6-state map, level sharp": (
        EXAMPLES / "double-dot-rectification/model.yaml",
        ["--set", "sweep={mu: {from: 9, to: 13, points: 1000}, dT: {from: -1.8, to: 1.8, points: 1000}}"]),
    "1,000 small junctions": (
        ROOT / "Tests/Torture/models/systems.yaml",
        ["--set", "sweep.e.points=50", "--set", "sweep.w.points=20", "--allow-unstable"]),
    "kernel of a molecule (204 orbitals, 34 modes)": (
        EXAMPLES / "local-heating/model.yaml", ["--set", "compute.elastic_correction=none"]),
    "the same molecule with currents to second order": (EXAMPLES / "local-heating/model.yaml", []),
    "transmissions of 300 wave vectors": (EXAMPLES / "graphene-k/model.yaml", []),
    "transmissions of 6,000 wave vectors": (EXAMPLES / "graphene-k/model.yaml", ["--set", "k_points.grid=[6000]"]),
}


def seconds(words, environment):
    begin = time.monotonic()
    done = subprocess.run(words, env=environment, capture_output=True, text=True)
    if done.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(words)}: exit code {done.returncode}\n{done.stderr[-2000:]}")
    return time.monotonic() - begin, done.stderr


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pairbath", type=pathlib.Path)
    parser.add_argument("--mpirun", default="mpirun")
    parser.add_argument("--ranks", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    environment = dict(
        os.environ, PAIRBATH_CACHE="off", OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
    with tempfile.TemporaryDirectory() as folder:
        for name, (model, more) in CASES.items():
            best, words = {}, ""
            for _ in range(options.repeats):
                for ranks in (1, options.ranks):
                    taken, said = seconds(
                        [options.mpirun, "-n", str(ranks), str(options.pairbath.resolve()), "run", str(model), *more,
                         "--workers", "1", "--verbose", "--no-checkpoint", "--output", f"{folder}/{ranks}.nc"], environment)
                    best[ranks] = min(taken, best.get(ranks, taken))
                    words = next((line for line in said.splitlines() if "claims" in line), words)
            with open(f"{folder}/1.nc", "rb") as one, open(f"{folder}/{options.ranks}.nc", "rb") as several:
                same = one.read() == several.read()
            efficiency = best[1] / best[options.ranks] / options.ranks
            print(
                f"{name}: 1 process {best[1]:.2f} s, {options.ranks} processes {best[options.ranks]:.2f} s, efficiency {efficiency:.2f}, "
                f"{'the same bytes' if same else 'OTHER BYTES'}\n    {words}", flush=True)


if __name__ == "__main__":
    main()
