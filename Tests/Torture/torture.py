#!/usr/bin/env python3
"""Ends runs of `pairbath` in every way there is, and compares what becomes of them with runs that nobody disturbed.

    torture.py PAIRBATH [--kills 1000] [--seed 1] [--only NAME ...] [--mpirun MPIRUN --rank-kills 100]

With --mpirun the program is one that was built with MPI, and its processes are killed, too.
Each test says what it did; the exit code is the number of tests that failed, at most 1. Tests that need the superuser (small disks) are
left out, and said to be, without it.
"""

import argparse
import filecmp
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
MODELS = sorted((HERE / "models").glob("*.yaml"))
ENDED_WELL = (0, 1)


class Failure(Exception):
    pass


class Tests:
    def __init__(self, pairbath, kills, seed, folder, mpirun=None, rank_kills=100):
        self.mpirun, self.rank_kills = mpirun, rank_kills
        self.pairbath, self.kills, self.folder = pairbath, kills, pathlib.Path(folder)
        self.random = random.Random(seed)
        self.times = {}
        # Kernels of former runs must not make these shorter.
        self.environment = dict(
            os.environ, PAIRBATH_CACHE="off", SWIFT_BACKTRACE="enable=no", OMPI_ALLOW_RUN_AS_ROOT="1",
            OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1", OMPI_MCA_rmaps_base_oversubscribe="1")

    def command(self, *words):
        return [str(self.pairbath), *map(str, words)]

    def run(self, *words, expect=ENDED_WELL, timeout=600, **options):
        done = subprocess.run(
            self.command(*words), env=self.environment, capture_output=True, text=True, timeout=timeout, **options)
        if expect is not None and done.returncode not in expect:
            raise Failure(f"{' '.join(map(str, words))}: exit code {done.returncode}, expected {expect}\n{done.stderr[-2000:]}")
        return done

    def reference(self, model):
        """The result of an undisturbed run, computed once."""
        path = self.folder / f"{model.stem}-reference.nc"
        if not path.exists():
            begin = time.monotonic()
            self.run("run", model, "--output", path, "--no-checkpoint", "--quiet")
            self.times[model.stem] = time.monotonic() - begin
        return path

    def require_same(self, model, path, what):
        if not filecmp.cmp(self.reference(model), path, shallow=False):
            raise Failure(f"{what}: {path} is not, byte by byte, the result of an undisturbed run of {model.name}")
        left = [p.name for p in path.parent.iterdir() if p.name.startswith(path.name) and p != path]
        left += [p.name for p in path.parent.iterdir() if p.name.startswith("." + path.name) and p.name.endswith(".tmp")]
        if left:
            raise Failure(f"{what}: left behind: {left}")

    def start(self, model, path, *more, workers=None):
        words = ["run", model, "--output", path, "--quiet", "--checkpoint-every", "0", *more]
        if workers:
            words += ["--workers", workers]
        return subprocess.Popen(
            self.command(*words), env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            start_new_session=True)

    def end(self, process, number):
        os.killpg(process.pid, number)
        code = process.wait(timeout=60)
        process.stderr.close()
        return code

    # Tests

    def kill(self):
        """kill -9 at random times, again and again, until a run comes to its end."""
        done = {model: 0 for model in MODELS}
        rounds = 0
        while sum(done.values()) < self.kills:
            model = min(MODELS, key=lambda m: done[m])
            self.reference(model)
            path = self.folder / "killed.nc"
            rounds += 1
            for _ in range(self.random.randint(1, 6)):
                process = self.start(model, path, "--resume", workers=self.random.choice([1, 2, 3]))
                try:
                    process.wait(timeout=self.random.uniform(0, 0.7 * self.times[model.stem]))
                    process.stderr.close()
                    if process.returncode not in ENDED_WELL:
                        raise Failure(f"{model.name}: exit code {process.returncode} without being ended")
                    break
                except subprocess.TimeoutExpired:
                    self.end(process, signal.SIGKILL)
                    done[model] += 1
            self.run("run", model, "--output", path, "--resume", "--quiet")
            self.require_same(model, path, f"round {rounds}")
            path.unlink()
        return f"{sum(done.values())} kills in {rounds} runs: " + ", ".join(f"{m.stem} {n}" for m, n in done.items())

    def signals(self):
        """SIGTERM and SIGINT: two seconds, exit code 130, and the rest computed later."""
        count, slowest = 0, 0.0
        for model in MODELS:
            self.reference(model)
            for number in (signal.SIGTERM, signal.SIGINT):
                path = self.folder / "ended.nc"
                process = self.start(model, path)
                time.sleep(self.random.uniform(0.2, 0.8) * self.times[model.stem])
                begin = time.monotonic()
                os.kill(process.pid, number)
                code = process.wait(timeout=30)
                process.stderr.close()
                slowest = max(slowest, time.monotonic() - begin)
                if code not in (130, *ENDED_WELL):
                    raise Failure(f"{model.name}: exit code {code} after {signal.Signals(number).name}")
                count += code == 130
                self.run("run", model, "--output", path, "--resume", "--quiet")
                self.require_same(model, path, signal.Signals(number).name)
                path.unlink()
        if slowest > 2.5:
            raise Failure(f"a run took {slowest:.1f} s to end")
        return f"{count} ended runs, the slowest after {slowest:.2f} s"

    def damage(self):
        """Checkpoints with bytes changed, cut off and added: what is undamaged is used, nothing wrong is."""
        model, count = MODELS[0], 0
        self.reference(model)
        path = self.folder / "damaged.nc"
        checkpoint = pathlib.Path(str(path) + ".checkpoint")
        process = self.start(model, path)
        time.sleep(0.6 * self.times[model.stem])
        self.end(process, signal.SIGKILL)
        whole = checkpoint.read_bytes()
        for _ in range(20):
            data = bytearray(whole)
            kind = self.random.choice(["cut", "change", "add", "zero"])
            place = self.random.randrange(len(data))
            if kind == "cut":
                data = data[:place]
            elif kind == "change":
                data[place] ^= 1 << self.random.randrange(8)
            elif kind == "add":
                data += bytes(self.random.randrange(256) for _ in range(100))
            else:
                data[place:place + 4096] = bytes(len(data[place:place + 4096]))
            checkpoint.write_bytes(data)
            self.run("run", model, "--output", path, "--quiet")
            old = pathlib.Path(str(checkpoint) + ".old")
            if old.exists():
                old.unlink()
            self.require_same(model, path, f"{kind} at {place}")
            path.unlink()
            count += 1
        return f"{count} damaged checkpoints"

    def disk(self):
        """A full disk at every size: the old result stays, the checkpoint is usable."""
        if os.geteuid() != 0:
            return "left out: needs the superuser"
        place = self.folder / "disk"
        place.mkdir()
        outcomes = {}
        for model in MODELS:
            reference = self.reference(model)
            size = reference.stat().st_size
            for share in (0.1, 0.4, 0.7, 0.95, 1.05, 1.3, 1.6, 2.0, 2.5, 4.0):
                kib = max(8, int(share * size / 1024)) // 4 * 4
                subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kib}k", "tmpfs", place], check=True)
                try:
                    path = place / "result.nc"
                    path.write_bytes(b"")
                    done = self.run("run", model, "--output", path, "--quiet", "--checkpoint-every", "0", expect=(0, 1, 74))
                    outcomes[done.returncode] = outcomes.get(done.returncode, 0) + 1
                    if done.returncode == 74:
                        if path.stat().st_size != 0:
                            raise Failure(f"{model.name} on {kib} KiB: the old file was changed")
                        subprocess.run(["mount", "-o", f"remount,size={64 * kib + 65536}k", place], check=True)
                        self.run("run", model, "--output", path, "--quiet", "--resume")
                    self.require_same(model, path, f"{kib} KiB")
                finally:
                    subprocess.run(["umount", "-l", place], check=True)
        return ", ".join(f"exit code {code}: {n}" for code, n in sorted(outcomes.items()))

    def folder_without_writing(self):
        """A folder that cannot be written to: said before anything is computed."""
        if os.geteuid() != 0:
            return "left out: needs the superuser"
        place = self.folder / "readonly"
        place.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", place], check=True)
        try:
            begin = time.monotonic()
            done = self.run("run", MODELS[0], "--output", place / "result.nc", expect=(74,))
            if time.monotonic() - begin > 5:
                raise Failure("the complaint came late")
            if str(place) not in done.stderr:
                raise Failure("the complaint does not name the folder")
        finally:
            subprocess.run(["umount", "-l", place], check=True)
        return "exit code 74 at once"

    def two_runs(self):
        """Two runs with one output, one of them killed or not: both results are right."""
        for model in MODELS:
            self.reference(model)
            path = self.folder / "shared.nc"
            first, second = self.start(model, path), self.start(model, path)
            codes = first.wait(timeout=600), second.wait(timeout=600)
            first.stderr.close(), second.stderr.close()
            if any(code not in ENDED_WELL for code in codes):
                raise Failure(f"{model.name}: exit codes {codes}")
            self.require_same(model, path, "two runs")
            path.unlink()
        return f"{len(MODELS)} pairs"

    def parts(self):
        """Parts in any order, some of them killed and continued."""
        for model in MODELS:
            self.reference(model)
            count = self.random.randint(2, 5)
            files = []
            for number in self.random.sample(range(1, count + 1), count):
                path = self.folder / f"part-{number}.nc"
                files.append(path)
                process = self.start(model, path, "--part", f"{number}/{count}", workers=self.random.choice([1, 2]))
                time.sleep(self.random.uniform(0, 0.5) * self.times[model.stem])
                self.end(process, signal.SIGKILL)
                self.run("run", model, "--output", path, "--quiet", "--part", f"{number}/{count}")
            self.random.shuffle(files)
            path = self.folder / "merged.nc"
            done = self.run("merge", path, *files[1:], expect=(65,) if count > 1 else ENDED_WELL)
            if "missing" not in done.stderr:
                raise Failure("a missing part is not named")
            self.run("merge", path, *files)
            self.require_same(model, path, f"{count} parts")
            for file in (path, *files):
                file.unlink()
        return f"{len(MODELS)} models"

    def clock(self):
        """The clock of the machine jumps a year ahead and back while a run goes on (needs faketime)."""
        library = next(iter(pathlib.Path("/usr/lib").glob("*/faketime/libfaketime.so.1")), None)
        if library is None:
            return "left out: there is no libfaketime"
        model = MODELS[0]
        self.reference(model)
        stamp, path = self.folder / "time", self.folder / "clock.nc"
        stamp.write_text("+0")
        environment = dict(
            self.environment, LD_PRELOAD=str(library), FAKETIME_TIMESTAMP_FILE=str(stamp), FAKETIME_NO_CACHE="1",
            FAKETIME_DONT_FAKE_MONOTONIC="1")
        process = subprocess.Popen(
            self.command("run", model, "--output", path, "--quiet", "--checkpoint-every", "0.1"), env=environment,
            stderr=subprocess.PIPE, text=True)
        for offset in ("+365d", "-365d", "+0"):
            time.sleep(0.2 * self.times[model.stem])
            stamp.write_text(offset)
        if process.wait(timeout=600) not in ENDED_WELL:
            raise Failure(f"exit code {process.returncode}: {process.stderr.read()}")
        process.stderr.close()
        self.require_same(model, path, "jumps of the clock")
        path.unlink()
        return "three jumps"


    def ranks(self):
        """1, 2, 3 and 7 processes: the same bytes."""
        if self.mpirun is None:
            return "left out: needs --mpirun and a build with MPI"
        for model in MODELS:
            self.reference(model)
            for count in (1, 2, 3, 7):
                path = self.folder / "ranks.nc"
                done = subprocess.run(
                    [self.mpirun, "-n", str(count), *self.command("run", model, "--output", path, "--quiet")],
                    env=self.environment, capture_output=True, text=True, timeout=600)
                if done.returncode not in ENDED_WELL:
                    raise Failure(f"{model.name}, {count} processes: exit code {done.returncode}\n{done.stderr[-2000:]}")
                self.require_same(model, path, f"{count} processes")
                path.unlink()
        return f"{len(MODELS)} models with 1, 2, 3 and 7 processes"

    def processes_of(self, group):
        """The processes of pairbath below a process, by rank order of their numbers."""
        found = subprocess.run(["pgrep", "-f", f"^{self.pairbath} run .*{group}"], capture_output=True, text=True)
        return [int(word) for word in found.stdout.split()]

    def kill_rank(self):
        """One of several processes is killed: the job ends within seconds, and goes on with any number of them."""
        if self.mpirun is None:
            return "left out: needs --mpirun and a build with MPI"
        kills, slowest, rounds = 0, 0.0, 0
        while kills < self.rank_kills:
            model = MODELS[rounds % len(MODELS)]
            self.reference(model)
            rounds += 1
            path = self.folder / f"rank-killed-{rounds}.nc"
            for _ in range(self.random.randint(1, 4)):
                count = self.random.choice([2, 3, 4])
                process = subprocess.Popen(
                    [self.mpirun, "-n", str(count),
                     *self.command("run", model, "--output", path, "--quiet", "--resume", "--checkpoint-every", "0")],
                    env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                try:
                    process.wait(timeout=0.3 + self.random.uniform(0, self.times[model.stem]))
                    if process.returncode not in ENDED_WELL:
                        raise Failure(f"{model.name}: exit code {process.returncode} without being killed")
                    break
                except subprocess.TimeoutExpired:
                    victims = self.processes_of(path.name)
                    if not victims:
                        process.wait(timeout=60)
                        continue
                    os.kill(self.random.choice(victims), signal.SIGKILL)
                    begin = time.monotonic()
                    process.wait(timeout=60)
                    slowest = max(slowest, time.monotonic() - begin)
                    kills += 1
            self.run("run", model, "--output", path, "--resume", "--quiet")
            self.require_same(model, path, f"round {rounds}")
            path.unlink()
        if slowest > 10:
            raise Failure(f"a job took {slowest:.1f} s to end")
        return f"{kills} killed processes in {rounds} runs, the slowest end after {slowest:.1f} s"


NAMES = ["kill", "signals", "damage", "disk", "folder_without_writing", "two_runs", "parts", "clock", "ranks", "kill_rank"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pairbath", type=pathlib.Path)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="+", choices=NAMES, default=NAMES)
    parser.add_argument("--mpirun")
    parser.add_argument("--rank-kills", type=int, default=100)
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="pairbath-torture-")
    tests = Tests(options.pairbath.resolve(), options.kills, options.seed, folder, options.mpirun, options.rank_kills)
    print(f"seed {options.seed}, {options.kills} kills, in {folder}", flush=True)
    failed = 0
    for name in options.only:
        begin = time.monotonic()
        try:
            words = getattr(tests, name)()
            print(f"passed  {name}: {words} ({time.monotonic() - begin:.0f} s)", flush=True)
        except (Failure, subprocess.TimeoutExpired) as failure:
            failed += 1
            print(f"FAILED  {name}: {failure}", flush=True)
    if failed == 0:
        shutil.rmtree(folder)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
