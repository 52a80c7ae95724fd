#!/usr/bin/env python3
"""Bad requests for `pairbath explore`: none may end it, hang it, or be let in.

    fuzz_endpoints.py PAIRBATH [--requests 100000] [--seed 1] [--model MODEL.yaml]

Requests are good ones with damage: bytes changed, inserted, cut and repeated, in the line, the headers and the body; numbers far away;
tokens, hosts and origins of others; paths that climb; bodies that are long, short or split. Prints how many of each answer came.
"""

import argparse
import collections
import json
import pathlib
import random
import re
import resource
import signal
import socket
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
NUMBERS = ["0", "-1", "1e308", "-1e-320", "NaN", "Infinity", "1e999", "9" * 400, "null", "true", '"x"', "[]", "{}", "0.1", "2147483648", "18446744073709551616"]
NAMES = ["mu", "dT", "T0", "conductor.file", "sweep.mu", "compute.level", "", "x" * 3000, "\\u0000", "../../etc/passwd"]
PATHS = ["", "index.html", "api/model", "api/compute", "api/export", "api/cancel", "../../../../etc/passwd", "%2e%2e/%2e%2e/etc/passwd", "api/../../x", "a" * 9000, "\x00", "api//compute", "api/compute?x=1"]


def body(chance):
    def grid():
        return {"from": chance.choice(NUMBERS), "to": chance.choice(NUMBERS), "points": chance.choice(NUMBERS + ["3", "40"])}

    fields = {
        "view": chance.choice(["a/map", "b", "", "v" * chance.choice([5, 101, 5000])]), "values": {chance.choice(NAMES): chance.choice(NUMBERS) for _ in range(chance.randrange(4))},
        "axes": [dict(grid(), name=chance.choice(NAMES[:3] + NAMES)) for _ in range(chance.randrange(5))], "observables": [chance.choice(["energy_current", "x", "a, b]", "mode_population"])],
        "level": chance.choice(["sharp", "landauer", "dressed", "x: y"]), "tolerance": chance.choice(NUMBERS), "format": chance.choice(["csv", "netcdf", "model", "exe"]),
        "frequencies": grid()}
    chosen = {key: fields[key] for key in fields if chance.random() < 0.4}
    text = json.dumps(chosen)
    for number in NUMBERS:
        if chance.random() < 0.7:
            text = text.replace(json.dumps(number), number)
    return text.encode("utf-8", "replace")


def damaged(data, chance):
    data = bytearray(data)
    for _ in range(chance.choice([0, 0, 1, 2, 5, 30])):
        at = chance.randrange(len(data) + 1)
        kind = chance.randrange(5)
        if kind == 0 and at < len(data):
            data[at] = chance.randrange(256)
        elif kind == 1:
            data[at:at] = bytes(chance.randrange(256) for _ in range(chance.choice([1, 3, 200])))
        elif kind == 2:
            del data[at:at + chance.choice([1, 5, 100])]
        elif kind == 3:
            data[at:at] = data[at:at + 40] * chance.choice([1, 3, 50])
        else:
            data[at:at] = chance.choice([b"\r\n", b"\r\n\r\n", b"\x00", b"\xff\xfe", b":", b" ", b"%"])
    return bytes(data)


def request(address, port, chance):
    token = address.rstrip("/").rsplit("/", 1)[1]
    path = f"/{token if chance.random() < 0.85 else token[::-1]}/" + chance.choice(PATHS)
    content = body(chance) if chance.random() < 0.7 else b""
    headers = [f"Host: {chance.choice([f'127.0.0.1:{port}'] * 6 + ['evil.example', ''])}"]
    if chance.random() < 0.1:
        headers.append("Origin: " + chance.choice(["null", "http://evil.example", f"http://127.0.0.1:{port}", "\x7f"]))
    length = len(content)
    if chance.random() < 0.1:
        length = chance.choice([-1, 0, length + 7, 10**6, 2**63 - 1, 2**64, 10**30])
    if chance.random() < 0.05:
        headers.append("Transfer-Encoding: " + chance.choice(["chunked", "gzip", "chunked, chunked"]))
    headers.append(f"Content-Length: {length}")
    if chance.random() < 0.05:
        headers += [f"X-{n}: " + "y" * chance.choice([10, 4000]) for n in range(chance.choice([5, 60]))]
    method = chance.choice(["GET", "POST", "POST", "POST", "PUT", "DELETE", "OPTIONS", "get", "X" * 500])
    head = f"{method} {path} {chance.choice(['HTTP/1.1', 'HTTP/1.1', 'HTTP/1.0', 'HTTP/9', ''])}\r\n" + "\r\n".join(headers) + "\r\n\r\n"
    return damaged(head.encode("utf-8", "replace") + content, chance)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pairbath")
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--model", default=str(ROOT / "Examples/double-dot-rectification/model.yaml"))
    options = parser.parse_args()
    chance = random.Random(options.seed)
    server = subprocess.Popen([options.pairbath, "explore", options.model, "--no-browser"], stdout=subprocess.PIPE, text=True)
    try:
        address = next(found for found in (re.search(r"http://\S+", line) for line in server.stdout) if found).group()
        port = int(re.search(r":(\d+)/", address).group(1))
        answers = collections.Counter()
        slowest, begin = 0.0, time.monotonic()
        for number in range(options.requests):
            data = request(address, port, chance)
            start = time.monotonic()
            with socket.create_connection(("127.0.0.1", port), timeout=10) as link:
                link.settimeout(10)
                try:
                    link.sendall(data)
                    link.shutdown(socket.SHUT_WR)
                    answer = link.recv(4096)
                    while answer and link.recv(1 << 20):
                        pass
                except OSError:
                    answer = b""
            slowest = max(slowest, time.monotonic() - start)
            answers[answer[9:12].decode("latin-1") if answer.startswith(b"HTTP/") else "closed"] += 1
            if server.poll() is not None:
                sys.exit(f"request {number} of seed {options.seed} ended the server with {server.returncode}: {data!r}")
        memory = int(re.search(r"VmHWM:\s+(\d+)", pathlib.Path(f"/proc/{server.pid}/status").read_text()).group(1)) / 1024
        print(f"{options.requests} requests in {time.monotonic() - begin:.0f} s, the slowest {slowest:.2f} s, memory at most {memory:.0f} MiB: "
              + ", ".join(f"{key} {value}" for key, value in sorted(answers.items())))
        if slowest > 5 or memory > 1024:
            sys.exit("too slow or too large")
    finally:
        server.send_signal(signal.SIGINT)
        if server.wait(timeout=5) != 0:
            sys.exit(f"the server ended with {server.returncode}")


if __name__ == "__main__":
    main()
