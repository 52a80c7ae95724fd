"""Threads, cancels, copies: no leak, no crash, nothing of the process changed."""

import copy
import gc
import locale
import os
import pickle
import signal
import threading
import time

import numpy as np
import pytest

import pairbath


def resident():
    """Resident memory, bytes."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")


@pytest.fixture
def slow():
    """A junction that computes for many seconds: a chain with poles near the axis beside leads with band edges."""
    n = 12
    H = np.diag(np.linspace(-1, 1, n)) - 0.5 * (np.eye(n, k=1) + np.eye(n, k=-1))
    M = np.stack([0.05 * (np.eye(n, k=k) + np.eye(n, k=-k)) for k in range(1, 7)])
    return pairbath.Junction(
        H,
        electrodes={"L": pairbath.chain(0, 0.0, -1.0, 0.3), "R": pairbath.chain(n - 1, 0.1, -1.1, 0.2)},
        bosons=np.linspace(0.02, 0.2, 6),
        baths={"ph": pairbath.ohmic(1e-4)},
        coupling=M,
        compute={"level": "dressed", "observables": ["energy_current", "mode_population"], "tolerance": 1e-9},
    )


def test_junctions_survive_pickle_and_copy(dots):
    first = dots.with_(T=0.7)
    for twin in (pickle.loads(pickle.dumps(first)), copy.copy(first), copy.deepcopy(first)):
        a = twin.run(V=0.5, mu=10, observables=["energy_current"])["energy_current"]
        assert float(a) == float(first.run(V=0.5, mu=10, observables=["energy_current"])["energy_current"])
    error = pickle.loads(pickle.dumps(pairbath.ModelError("words", found="x", line=3)))
    assert (str(error), error.found, error.line) == ("words", "x", 3)


def test_a_hundred_threads_get_the_bits_of_one(dots):
    reference = dots.run(V=np.linspace(-1, 1, 7), mu=10, observables=["energy_current"])["energy_current"].values
    results, failures = [None] * 100, []

    def work(i):
        try:
            results[i] = dots.run(V=np.linspace(-1, 1, 7), mu=10, observables=["energy_current"], progress=False)["energy_current"].values
        except BaseException as failure:  # noqa: BLE001
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(i,)) for i in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    for found in results:
        np.testing.assert_array_equal(found, reference)


@pytest.fixture
def listening():
    """Control-C as on a terminal: a shell starts what runs in its background with the signal ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_control_c_ends_a_run_within_half_a_second(slow, listening):
    before = signal.getsignal(signal.SIGINT)
    timer = threading.Timer(0.7, lambda: os.kill(os.getpid(), signal.SIGINT))
    timer.start()
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt) as caught:
        slow.run(V=np.linspace(0, 1, 200))
    elapsed = time.monotonic() - start
    assert isinstance(caught.value, pairbath.Interrupted)
    # Half a second, and as much again where the machine is busy.
    assert elapsed < 0.7 + 1.0
    assert signal.getsignal(signal.SIGINT) is before


def test_control_c_is_not_lost_in_loops_of_short_runs(dots, listening):
    f = dots.function(["V"], ["energy_current"], mu=10)
    lost = 0
    for work in (lambda: dots.run(V=0.3, mu=10, observables=["energy_current"]), lambda: f(0.3)):
        for delay in np.linspace(0.02, 0.06, 15):
            timer = threading.Timer(delay, lambda: os.kill(os.getpid(), signal.SIGINT))
            start = time.monotonic()
            try:
                timer.start()
                while time.monotonic() - start < 2:
                    work()
                lost += 1
            except KeyboardInterrupt:
                pass
    # Finalizers of other packages (pandas, xarray) may swallow one of thirty; with a finalizer of our own it was three of four.
    assert lost <= 2


def test_an_event_ends_a_run_and_keeps_what_is_finished(dots):
    event = threading.Event()
    seen = []

    def progress(stage, done, total):
        seen.append(stage)
        if stage.startswith("state") or len(seen) > 3:
            event.set()

    with pytest.raises(pairbath.Interrupted) as caught:
        dots.run(V=np.linspace(-1, 1, 1500), T=np.linspace(0.5, 1.5, 1500), mu=10, observables=["energy_current"], cancel=event, progress=progress)
    data = caught.value.dataset
    if data is not None:  # some states were finished
        finished = data["status"] == 0
        assert np.isfinite(data["energy_current"].where(finished, drop=True)).any()
        assert bool((data["status"] == 3).any())


def test_what_a_progress_function_raises_comes_out(dots):
    def progress(stage, done, total):
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        dots.run(mu=10, progress=progress)


def test_a_thousand_cancels_and_ten_thousand_constructions_leak_nothing(dots):
    event = threading.Event()
    event.set()

    def cancel():
        with pytest.raises(pairbath.Interrupted):
            dots.run(V=np.linspace(-1, 1, 50), mu=10, cancel=event, progress=False)

    def construct():
        pairbath.Junction([0.1, 0.2], electrodes={"L": pairbath.wide_band(0.5, [0]), "R": pairbath.wide_band(0.5, [1])})

    def rest():
        gc.collect()
        return resident()

    for _ in range(200):
        cancel()
        construct()
    start = rest()
    for _ in range(1000):
        cancel()
    for _ in range(10_000):
        construct()
    # A model is some 50 kB: leaking one in ten would be 50 MB. Arenas of the allocator move by a few MB.
    assert rest() - start < 16e6


def test_results_are_freed_with_their_last_array(dots):
    def states():
        return dots.run(V=np.linspace(-1, 1, 1000), T=np.linspace(0.5, 1, 100), mu=10, observables=["energy_current"], progress=False)

    states()
    gc.collect()
    start = resident()
    for _ in range(30):
        states()
    gc.collect()
    # One result has some 15 MB.
    assert resident() - start < 60e6


def test_nothing_of_the_process_is_changed(dots):
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGPIPE, signal.SIGCHLD)}
    words, threads = locale.setlocale(locale.LC_ALL), threading.active_count()
    dots.run(mu=10)
    assert {number: signal.getsignal(number) for number in handlers} == handlers
    assert locale.setlocale(locale.LC_ALL) == words and threading.active_count() == threads


def test_a_forked_process_says_what_to_do_in_place_of_hanging(dots):
    import multiprocessing

    dots.run(mu=10)
    context = multiprocessing.get_context("fork")
    queue = context.Queue()

    def child():
        try:
            dots.run(mu=10)
        except pairbath.PairbathError as error:
            queue.put(str(error))

    process = context.Process(target=child)
    process.start()
    text = queue.get(timeout=30)
    process.join(30)
    assert "forkserver" in text


def test_the_interpreter_ends_while_another_thread_computes(tmp_path):
    import subprocess
    import sys

    program = """
import threading, time, numpy as np, pairbath
n = 12
H = np.diag(np.linspace(-1, 1, n)) - 0.5 * (np.eye(n, k=1) + np.eye(n, k=-1))
M = np.stack([0.05 * (np.eye(n, k=k) + np.eye(n, k=-k)) for k in range(1, 7)])
slow = pairbath.Junction(H, electrodes={"L": pairbath.chain(0, 0.0, -1.0, 0.3), "R": pairbath.chain(n - 1, 0.1, -1.1, 0.2)},
    bosons=np.linspace(0.02, 0.2, 6), baths={"ph": pairbath.ohmic(1e-4)}, coupling=M)
threading.Thread(target=lambda: slow.run(V=1.0, level="dressed", observables=["energy_current"]), daemon=True).start()
time.sleep(1)
"""
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert found.returncode == 0, found.stderr


def test_control_c_ends_a_search_and_keeps_the_best(dots, listening):
    timer = threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(pairbath.Interrupted) as caught:
        dots.optimize("energy_current", {"V": (-0.5, 0.5), "T": (0.5, 1.5)}, mu=10, evaluations=1_000_000, tolerance=1e-12)
    assert caught.value.optimum is None or -0.5 <= caught.value.optimum.values["V"] <= 0.5
