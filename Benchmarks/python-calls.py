"""What a call from Python costs beyond the computation, and beside a NumPy loop, in one run; ratios, not times, are what to look at.

Run with the interpreter that has the package: Python/… `PYTHONPATH=Python/src .build/python/bin/python Benchmarks/python-calls.py`.
"""

import ctypes
import time

import numpy as np

import pairbath
from pairbath import _library, _results


def best(call, count):
    """Least time of a call, microseconds: of ten rounds."""
    call()
    found = np.inf
    for _ in range(10):
        start = time.perf_counter()
        for _ in range(count):
            call()
        found = min(found, (time.perf_counter() - start) / count)
    return found * 1e6


def numpy_state(V, T, mu=10.0, levels=(10.5, 9.5), gamma=0.5, m=0.5, w=1.0, points=4001):
    """The energy current of the double dot, level sharp, by a sum over a grid: what one writes without Pairbath."""
    e = np.linspace(mu - 40 * T, mu + 40 * T, points)
    lorentz = [gamma / ((e - x) ** 2 + gamma**2 / 4) for x in levels]
    shifted = [gamma / ((e - w - x) ** 2 + gamma**2 / 4) for x in levels]
    fermi = [1 / (np.exp((e - mu - s * V / 2) / T) + 1) for s in (1, -1)]
    below = [1 / (np.exp((e - w - mu - s * V / 2) / T) + 1) for s in (1, -1)]
    step = e[1] - e[0]
    rates = [0.0, 0.0]
    for a, b in ((0, 1), (1, 0)):
        rates[0] += m**2 * np.sum(lorentz[a] * fermi[a] * shifted[b] * (1 - below[b])) * step / (2 * np.pi)
        rates[1] += m**2 * np.sum(shifted[a] * below[a] * lorentz[b] * (1 - fermi[b])) * step / (2 * np.pi)
    occupation = 1 / np.expm1(w / T)
    return w * (rates[0] * (1 + occupation) - rates[1] * occupation)


def main():
    dots = pairbath.Junction(
        [10.5, 9.5], units="natural",
        electrodes={"L": pairbath.wide_band(0.5, [0]), "R": pairbath.wide_band(0.5, [1])},
        bosons=[1.0], baths={"ph": pairbath.ohmic(0.02)}, coupling=[[0, 0.5], [0.5, 0]])
    f = dots.function(["V", "T"], ["energy_current"], names=["energy_current"], mu=10)
    row = np.array([[0.3, 1.0]])
    library, monitor = _library.library(), _library.Monitor()
    error = ctypes.POINTER(_library.Error)()

    def core():
        pointer = library.pairbath_run_at(f._model._pointer, row.ctypes.data, 1, 1, monitor, None, ctypes.byref(error))
        library.pairbath_result_free(pointer)

    states = 200
    volts = np.linspace(-0.5, 0.5, 1001)
    temperatures = np.linspace(0.5, 1.5, 1000)
    computation, call = best(core, states), best(lambda: f(0.3, 1.0), states)
    run = best(lambda: dots.run(V=0.3, T=1, mu=10, observables=["energy_current"], workers=1, progress=False), 20)
    loop = best(lambda: numpy_state(0.3, 1.0), states)
    start = time.perf_counter()
    data = dots.run(V=volts, T=temperatures, mu=10, observables=["energy_current"], progress=False)
    million = time.perf_counter() - start
    error_of_loop = abs(numpy_state(0.3, 1.0) / float(f(0.3, 1.0)["energy_current"]) - 1)
    print(f"{'one state, core through C':44s} {computation:9.1f} us")
    print(f"{'junction.function: beyond the core':44s} {call - computation:9.1f} us")
    print(f"{'junction.run: beyond the core':44s} {run - computation:9.1f} us  (most of it xarray)")
    print(f"{'NumPy sum over 4001 energies, one state':44s} {loop:9.1f} us  (relative error {error_of_loop:.1e})")
    print(f"{'call / NumPy sum':44s} {call / loop:9.2f}")
    print(f"{'10^6 states, per state':44s} {million:9.3f} us, copied: {data['energy_current'].values.flags.owndata}")


if __name__ == "__main__":
    main()
