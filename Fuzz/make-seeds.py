#!/usr/bin/env python3
"""Writes the first inputs of the fuzz targets into Corpus/: small, made here, each understood by its target.

Run it again after a change; what the fuzzer found by itself is kept elsewhere (.build/fuzz-corpus).
"""
import os
import shutil
import struct

HERE = os.path.dirname(os.path.abspath(__file__))
EXAMPLES = os.path.join(HERE, "..", "Examples")
RY, BOHR = 13.605693122994, 0.529177210903


def seed(target, name, content):
    folder = os.path.join(HERE, "Corpus", target)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "wb") as f:
        f.write(content if isinstance(content, bytes) else content.encode())


def archive(command, files):
    parts = [command.encode() + b"\n"]
    for name, content in files.items():
        content = content if isinstance(content, bytes) else content.encode()
        # Two files stand apart by a line's end; behind a binary file it is a byte too many, which no reader of records minds.
        parts.append(b"@@ " + name.encode() + b"\n" + content + (b"" if content.endswith(b"\n") else b"\n"))
    return b"".join(parts)


# Fortran's records.
def record(*items):
    body = b""
    for kind, values in items:
        body += values if kind == "s" else struct.pack("<%d%s" % (len(values), kind), *values)
    mark = struct.pack("<i", len(body))
    return mark + body + mark


class Chain:
    """A chain of atoms along a1 at 2 angstrom, with hopping and overlap between neighbours."""

    def __init__(self, cells, spins=1, overlap=0.1, hopping=-1.0):
        self.n, self.spins = cells, spins
        self.cell = [[2.0 * cells, 0, 0], [0, 10.0, 0], [0, 0, 20.0]]
        self.positions = [[2.0 * i, 0, 0] for i in range(cells)]
        self.offsets = [[0, 0, 0], [-1, 0, 0], [1, 0, 0]]
        self.rows = []
        for i in range(cells):
            row = [(i, 0, 0.2, 1.0)]
            for d in (-1, 1):
                j, r = (i + d) % cells, (i + d) // cells
                row.append((j, {0: 0, -1: 1, 1: 2}[r], hopping, overlap))
            self.rows.append(row)

    def column(self, entry):
        return entry[1] * self.n + entry[0] + 1

    def bohr(self, vectors):
        return [x / BOHR for v in vectors for x in v]

    def tables(self, code):
        out = [record(("i", [len(r) for r in self.rows]))]
        out += [record(("i", [self.column(e) for e in r])) for r in self.rows]
        h = [record((code, [e[2] / RY for e in r])) for _ in range(self.spins) for r in self.rows]
        s = [record((code, [e[3] for e in r])) for r in self.rows]
        return out, h, s

    def sizes(self):
        return [self.n, self.n, self.n * len(self.offsets), self.spins, sum(map(len, self.rows))]

    def tshs(self):
        columns, h, s = self.tables("d")
        return b"".join([
            record(("i", [1])), record(("i", self.sizes())), record(("i", [3, 1, 1])),
            record(("d", self.bohr(self.cell) + self.bohr(self.positions))), record(("i", [0, 0, 0])),
            record(("i", [1, 0, 0, 0, 1, 0, 0, 0, 1]), ("d", [0, 0, 0])), record(("d", [0, 0, 0.002])), record(("i", [0, 0])),
            record(("i", list(range(self.n + 1))))] + columns + s + h
            + [record(("i", [x for o in self.offsets for x in o]))])

    def distances(self, i):
        return [[(self.positions[j][x] - self.positions[i][x] + self.offsets[c][0] * self.cell[0][x]) / BOHR for x in range(3)]
                for j, c, _, _ in self.rows[i]]

    def old_tshs(self):
        columns, h, s = self.tables("d")
        parts = [
            record(("i", self.sizes())), record(("d", self.bohr(self.positions))), record(("i", [6] * self.n)),
            record(("d", self.bohr(self.cell))), record(("i", [0])), record(("i", [0])), record(("i", [0])),
            record(("i", [1, 0, 0, 0, 1, 0, 0, 0, 1])), record(("d", [0, 0, 0])), record(("i", [0, 0])),
            record(("i", list(range(self.n + 1)))), record(("i", [k % self.n + 1 for k in range(3 * self.n)])), columns[0],
            record(("d", [0, 0.002])), record(("d", [0.0]))] + columns[1:] + s + h
        for i in range(self.n):
            d = self.distances(i)
            parts.append(record(("d", [v[x] for x in range(3) for v in d])))
        return b"".join(parts)

    def hsx(self, version):
        columns, h, s = self.tables("d")
        parts = [
            record(("i", [version])), record(("i", [1])), record(("i", [self.n, self.n, self.spins, 1, 3, 1, 1])),
            record(("d", self.bohr(self.cell) + [0, 0, 0.002])),
            record(("i", [x for o in self.offsets for x in o]), ("d", self.bohr(self.positions)), ("i", [1] * self.n),
                   ("i", list(range(1, self.n + 1)))),
            record(("s", b"C".ljust(20)), ("d", [4.0]), ("i", [1])), record(("i", [2, 0, 1]))]
        if version == 2:
            parts.append(record(("i", [1, 0, 0, 0, 1, 0, 0, 0, 1]), ("d", [0, 0, 0])))
        return b"".join(parts + columns + h + s)

    def old_hsx(self):
        columns, h, s = self.tables("f")
        parts = [
            record(("i", [self.n, 3 * self.n, self.spins, sum(map(len, self.rows))])), record(("i", [0])),
            record(("i", [k % self.n + 1 for k in range(3 * self.n)]))] + columns + h + s + [record(("d", [0, 0.002]))]
        parts += [record(("f", [x for v in self.distances(i) for x in v])) for i in range(self.n)]
        parts += [record(("i", [1])), record(("s", b"C".ljust(20)), ("d", [4.0]), ("i", [1])), record(("i", [2, 0, 1])),
                  record(("i", [self.n])), record(("i", [1] * self.n)),
                  record(("i", [x for k in range(self.n) for x in (k + 1, 1)]))]
        return b"".join(parts)

    def xv(self):
        lines = [" ".join(str(x / BOHR) for x in v) + " 0 0 0" for v in self.cell] + [str(self.n)]
        lines += ["1 6 " + " ".join(str(x / BOHR) for x in p) + " 0 0 0" for p in self.positions]
        return "\n".join(lines) + "\n"

    def cdl(self):
        flat = [e for r in self.rows for e in r]
        words = lambda values: " ".join(str(v) for v in values)
        return "\n".join([
            "cell 3 3 = " + words(x for v in self.cell for x in v), "cell:unit = Ang",
            "xa %d 3 = " % self.n + words(x for p in self.positions for x in p), "lasto int %d = " % self.n + words(range(1, self.n + 1)),
            "Ef = 0", "SPARSE/isc_off int 3 3 = " + words(x for o in self.offsets for x in o),
            "SPARSE/n_col int %d = " % self.n + words(map(len, self.rows)),
            "SPARSE/list_col int %d = " % len(flat) + words(self.column(e) for e in flat),
            "SPARSE/S %d = " % len(flat) + words(e[3] for e in flat),
            "SPARSE/H 1 %d = " % len(flat) + words(e[2] for e in flat), "SPARSE/H:unit = eV"]) + "\n"


FDF = """TBT.HS DEVICE.TSHS
%block TBT.Elecs
  Left
  Right
%endblock
%block TBT.Elec.Left
  HS ELEC.TSHS
  semi-inf-direction -a1
  electrode-position 1
  chem-pot Left
%endblock
%block TBT.Elec.Right
  HS ELEC.TSHS
  semi-inf-direction + a1
  electrode-position end -1
%endblock
%block TBT.ChemPot.Left
  mu V/2 + 0.1 eV
%endblock
TBT.Voltage 0.2 eV
TBT.Elecs.Eta 1e-5 eV
TBT.Contours.Eta 0.5 meV
%block TBT.Contours
  line
%endblock
%block TBT.Contour.line
  from -|V|/2 - 5 kT to 1.5 eV
  points 3
  method mid-rule
%endblock
"""


def siesta():
    device, lead = Chain(4), Chain(1)
    for name, content in {
        "tshs1": archive("a.TSHS", {"a.TSHS": Chain(2).tshs()}), "tshs0": archive("a.TSHS", {"a.TSHS": Chain(2).old_tshs()}),
        "hsx1": archive("a.HSX", {"a.HSX": Chain(2, spins=2).hsx(1)}), "hsx2": archive("a.HSX", {"a.HSX": Chain(1).hsx(2)}),
        "hsx-old": archive("a.HSX", {"a.HSX": Chain(2).old_hsx(), "a.XV": Chain(2).xv(), "a.EIG": "  -2.5\n"}),
    }.items():
        seed("hamiltonian", name, content)
    seed("hamiltonian-netcdf", "chain", archive("a.nc", {"a.nc.cdl": Chain(2).cdl()}))
    job = {"RUN.fdf": FDF, "DEVICE.TSHS": device.tshs(), "ELEC.TSHS": lead.tshs()}
    seed("import-tbtrans", "chain", archive("RUN.fdf", job))
    extra = {
        "region": "TBT.Atoms.Device [2 -- 3]\n", "grid": "TBT.k [1 1 1]\nTBT.Atoms.Buffer [from 1 to 0 step 2]\n",
        "points": "%block TBT.k\n 2 0 0 0.5\n 0 1 0\n 0 0 1 0.\n%endblock\n", "bulk": "TBT.Elecs.Bulk false\n",
        "list": "%block TBT.k\n list 2\n 0 0 0 1\n 0 0.5 0 1\n%endblock\n", "more": "%include MORE.fdf\nTBT.DOS.Gf < MORE.fdf\n",
    }
    for name, line in extra.items():
        files = dict(job, **{"RUN.fdf": FDF + line})
        if name == "more":
            files["MORE.fdf"] = "TBT.DOS.Gf T\nTBT.Spin 1\n%block TBT.Atoms.Device\n atom [2]\n%endblock\n"
        seed("import-tbtrans", name, archive("RUN.fdf", files))
    bloch = dict(job, **{"RUN.fdf": FDF.replace("electrode-position 1", "electrode-position 1\n  used-atoms 1\n  Bloch 1 1 1")})
    seed("import-tbtrans", "bloch", archive("RUN.fdf", bloch))
    zeros = " ".join(["0"] * 4)
    table = "\n".join(["E 4 = -2 -1 1 2", "eta = 0.001", "pivot int 2 = 2 3", "kpt 1 3 = 0 0 0"] + [
        "%s/pivot int 1 = %d\n%s/ReSelfEnergy 1 4 1 1 = %s\n%s/ImSelfEnergy 1 4 1 1 = -1 -1 -1 -1" % (n, p, n, zeros, n)
        for n, p in (("Left", 2), ("Right", 3))]) + "\n"
    seed("import-tbtrans-netcdf", "table", archive("RUN.fdf --electrodes=SE.nc", dict(job, **{"SE.nc.cdl": table})))
    modes = "\n".join([
        "hw 2 = 0.1 0.001", "DeviceAtoms int 2 = 2 3", "DynamicAtoms int 1 = 2",
        "GeometryXYZ 4 3 = 0 0 0 2 0 0 4 0 0 6 0 0", "kpoint 3 = 0 0 0", "H0 1 2 2 = 0.2 -1 -1 0.2", "S0 1 2 2 = 1 0.1 0.1 1",
        "He_ph 2 1 2 2 = 0 0.02 0.02 0"]) + "\n"
    seed("import-inelastica", "device", archive("Output.nc", {"Output.nc.cdl": modes}))
    seed("import-inelastica", "electrodes", archive("Output.nc --electrodes=RUN.fdf", dict(job, **{"Output.nc.cdl": modes})))


class Ring:
    """A ring of atoms of two elements with diagonal springs, as a supercell."""

    def __init__(self, cells, elements=(("C", 12.0), ("O", 16.0))):
        self.atoms = [elements[i % len(elements)] for i in range(cells * len(elements))]
        self.n, self.cells, self.kinds = len(self.atoms), cells, len(elements)

    def spring(self, i, j, a):
        d = min((i - j) % self.n, (j - i) % self.n)
        return {0: 2, 1: -1}.get(d, 0) * (20, 8, 5)[a]

    def block(self, i, j):
        return [[self.spring(i, j, a) if a == b else 0.0 for b in range(3)] for a in range(3)]

    def text(self, rows):
        lines = ["%d %d" % (len(rows), self.n)]
        for i in rows:
            for j in range(self.n):
                lines += ["%d %d" % (i + 1, j + 1)] + [" ".join(map(str, r)) for r in self.block(i, j)]
        return "\n".join(lines) + "\n"

    def yaml(self, rows):
        lines = ["physical_unit:", "  length: angstrom", "  force_constants: eV/angstrom^2", "supercell:", "  lattice:",
                 "  - [ %s, 0, 0 ]" % (2.0 * self.n), "  - [ 0, 20, 0 ]", "  - [ 0, 0, 20 ]", "  points:"]
        for i, (symbol, mass) in enumerate(self.atoms):
            lines += ["  - symbol: %s # %d" % (symbol, i + 1), "    coordinates: [ %s, 0.5, 0.5 ]" % (i / self.n),
                      "    mass: %s" % mass, "    reduced_to: %d" % (i % self.kinds + 1)]
        if rows is None:
            return "\n".join(lines) + "\n"
        lines += ["force_constants:", "  shape: [ %d, %d ]" % (len(rows), self.n), "  elements:"]
        for i in rows:
            for j in range(self.n):
                lines += ["  - # (%d, %d)" % (i + 1, j + 1)] + ["    - [ %s, %s, %s ]" % tuple(r) for r in self.block(i, j)]
        return "\n".join(lines) + "\n"

    def fc(self):
        lines = ["Force constants matrix"]
        for i in range(self.n):
            for a in range(3):
                for _ in range(2):
                    lines += [" ".join(map(str, self.block(i, j)[a])) for j in range(self.n)]
        return "\n".join(lines) + "\n"

    def xv(self):
        lines = ["%s 0 0 0 0 0" % (2 * self.n / BOHR), "0 20 0 0 0 0", "0 0 20 0 0 0", str(self.n)]
        lines += ["1 6 %s 0 0 0 0 0" % (2 * i / BOHR) for i in range(self.n)]
        return "\n".join(lines) + "\n"


def forces():
    pair, chain = Ring(3), Ring(7, (("C", 12.0),))
    seed("import-phonopy", "compact", pair.yaml([0, 1]))
    seed("import-phonopy", "text", archive("phonopy.yaml", {"phonopy.yaml": pair.yaml(None), "FORCE_CONSTANTS": pair.text(range(6))}))
    junction = "phonopy.yaml --device=4 --left=1,2 --right=6,7"
    seed("import-phonopy", "junction", archive("phonopy.yaml --device=3-5 --left=1,2 --right=6,7 --masses=C=13",
                                               {"phonopy.yaml": chain.yaml([0])}))
    numbers = " ".join(str(x) for i in (0, 1) for j in range(6) for r in pair.block(i, j) for x in r)
    seed("import-phonopy-netcdf", "hdf5", archive("phonopy.yaml fc.hdf5", {
        "phonopy.yaml": pair.yaml(None), "fc.hdf5.cdl": "force_constants 2 6 3 3 = %s\np2s_map int 2 = 0 1\n" % numbers}))
    small = Ring(4, (("C", 12.0),))
    fdf = ("SystemLabel ring\n%block ChemicalSpeciesLabel\n 1 6 C.pbe\n%endblock\n%block AtomicMass\n 1 13.0\n%endblock\n"
           "MD.FCfirst 1\n")
    seed("import-siesta-forces", "ring", archive("RUN.fdf", {"RUN.fdf": fdf, "ring.FC": small.fc(), "ring.XV": small.xv()}))
    seed("import-siesta-forces", "file", archive("ring.FC --masses=C=14", {"ring.FC": small.fc(), "ring.XV": small.xv()}))
    seed("import-siesta-forces", "vectors", archive("a.vectors", {
        "a.vectors": "k = 0.0 0.0 0.0\nEigenvector = 1\nFrequency = -0.1\nEigenvector = 2\nFrequency = 500.5\nk = 0.1 0 0\n"}))
    control = """&allocations
  nelements=2, natoms=2, ngrid(:)=3 1 1
&end
&crystal
  lfactor=0.1,   ! nm
  lattvec(:,1)=4.0 0.0 0.0, lattvec(:,2) = 0.0 20.0 0.0,
  lattvec(:,3)=0.0 0.0 20.0
  elements="C" "O"
  types=1 2,
  positions(:,1)=3*0.0,
  positions(:,2)=0.5 0.0 0.0
  scell(:)=3 1 1
&end
"""
    order = [0, 2, 4, 1, 3, 5]
    lines = ["6"]
    for i in range(6):
        for j in range(6):
            lines += ["%d %d" % (i + 1, j + 1)] + [" ".join(map(str, r)) for r in pair.block(order[i], order[j])]
    seed("import-shengbte", "pair", archive("F2", {"F2": "\n".join(lines) + "\n", "CONTROL": control}))


def others():
    hr = [" made for a test", "2", "3", "1 1 1"]
    tb = [" made for a test", "3 0 0", "0 20 0", "0 0 20", "2", "3", "1 1 1"]
    for r in (-1, 0, 1):
        tb += ["", "%d 0 0" % r]
        for n in (1, 2):
            for m in (1, 2):
                v = -1.0 if r == 0 and m != n else -0.6 if (r, m, n) in ((1, 2, 1), (-1, 1, 2)) else 0.0
                hr.append("%d 0 0 %d %d %s 0.0" % (r, m, n, v))
                tb.append("%d %d %s 0.0" % (m, n, v))
    seed("import-wannier90", "hr", "\n".join(hr) + "\n")
    seed("import-wannier90", "tb", archive("X_tb.dat --fermi=0.1 --direction=a1", {"X_tb.dat": "\n".join(tb) + "\n"}))
    places = [0, 1, -1, -2, 2, 3]

    def matrix(diagonal, neighbour):
        rows = ["# REAL NALLORB NKPOINT", " T 6 1", "# IKPOINT", " 1", "# MATRIX"]
        rows += [" ".join(str(diagonal if a == b else neighbour if abs(a - b) == 1 else 0) for b in places) for a in places]
        return "\n".join(rows) + "\n"

    hsd = ("Geometry = GenFormat {\n 6 C # a cluster\n H\n" + "\n".join("%d 1 %s 0 0" % (i + 1, p) for i, p in enumerate(places))
           + '\n}\nTransport {\n Device { AtomRange = 1 2 }\n Contact { Id = "source"; AtomRange = 3 4\n FermiLevel [eV] = -0.2 }\n'
           ' Contact {\n Id = "drain"\n AtomRange = 5 6\n }\n}\nHamiltonian = DFTB { MaxAngularMomentum = { H = "s" } }\n')
    plain = hsd.replace("GenFormat {\n 6 C # a cluster\n H\n", '{\nTypeNames = { "H" }\nTypesAndCoordinates [Angstrom] = {\n')
    plain = "\n".join(line.split(" ", 1)[1] if line[:1].isdigit() else line for line in plain.split("\n")).replace(
        " 0 0\n}\nTransport", " 0 0\n}\n}\nTransport")
    both = {"hamsqr1.dat": matrix(0, -0.04), "oversqr.dat": matrix(1, 0.1)}
    seed("import-dftb", "gen", archive(".", dict({"dftb_pin.hsd": hsd}, **both)))
    seed("import-dftb", "types", archive(". --fermi=0.1", dict({"dftb_in.hsd": plain}, **both)))
    sclmd = "\n".join(["hw 2 = 0.15 0.06", "eta 2 2 = 3e-4 1e-5 1e-5 2e-4", "xip 2 2 = 1e-4 2e-6 2e-6 5e-5",
                       "xim 2 2 = 0 3e-6 -3e-6 0", "zeta1 2 2 = 1e-6 0 0 2e-6", "zeta2 2 2 = 0 4e-6 -4e-6 0",
                       "blist 2 = 0 0.1", "invQs 2 2 = 0 0 0 1", "nhws 2 2 = 0 0 0 1"]) + "\n"
    seed("import-sclmd", "wide-band", archive("Lambda.nc", {"Lambda.nc.cdl": sclmd}))
    tables = {
        "nk": "DATA:\n  - type: tabulated nk\n    data: |\n        0.2 2.0 0.1\n        15.0 2.1 0.2\n        90.0 2.2 0.2\n",
        "formula": "REFERENCES: x\nDATA:\n  - type: formula 2\n    wavelength_range: 0.3 2.5\n    coefficients: 0 1.04 0.006 0.23 0.02 1.01 103.5\n"
                   "  - type: tabulated k\n    data: |\n        0.3 1e-6\n        2.5 1e-7\n",
    }
    for number, c in enumerate(("1 0.5 0.1", "1 0.5 0.1", "1 0.5 -2", "1 0.5 2 0.1 2 0.5 2 0.1 2 1 -2", "1 0.5 -2", "0 0.5 20",
                                "1 0.5 0.1 0.1 0.1 0.1", "0.1 0.2 0.01 0.001", "1 0.5 0.01 0.1 0.1 0.1"), 1):
        tables["formula%d" % number] = "DATA:\n  - type: formula %d\n    range: 0.5 2\n    coefficients: %s\n" % (number, c)
    for name, text in tables.items():
        seed("optical", name, text)
        seed("import-optical", name, text)


def models():
    for example in sorted(os.listdir(EXAMPLES)):
        path = os.path.join(EXAMPLES, example, "model.yaml")
        if os.path.exists(path) and os.path.getsize(path) < 6000:
            with open(path) as f:
                text = f.read()
            if "file:" not in text and "files:" not in text:
                seed("model", example, text)
    for n, text in enumerate([
        "1 + 2*3", "-2^2 - (3 - V)/4", "sqrt(abs(V)) + min(3, V, 2) + max(1, x)", "50 meV + 300 K*kB", "2 cm-1 - 1e-3 eV/2",
        "sin(pi*V) + cos(V)^2 + tan(V) + exp(-V) + log(1 + V)", "state.temperature.L=300 K + V*(10 K)", "a*(b + kB*300 K)",
        "sweep.V=[0.1, 0.2]", "{from: 0, to: 1, points: 3}", "V^0.5/(V - 0.5)",
    ]):
        seed("expression", str(n), text)
    state = "state:\n  chemical_potential: {L: V/2, R: -V/2}\n  temperature: 300 K\nparameters: {V: 0.1}\ncompute:\n  observables: %s\n  tolerance: 1e-6\n"
    dense = ("conductor: {file: memory}\nelectrodes:\n  L: {kind: wide-band, file: memory}\n  R: {kind: wide-band, file: memory}\n"
             + state % "[charge_current]" + "@@ memory\nhamiltonian 2 2 = 0 -0.1 -0.1 0\nhamiltonian:units = eV\noverlap 2 2 = 1 0 0 1\n"
             "electrode_L_broadening 2 2 = 0.1 0 0 0\nelectrode_L_broadening:units = eV\n"
             "electrode_R_broadening 2 2 = 0 0 0 0.1\nelectrode_R_broadening:units = eV\n")
    sparse = ("conductor: {file: memory}\nelectrodes:\n  L: {kind: wide-band, orbitals: [0], broadening: 0.1}\n"
              "  R: {kind: wide-band, orbitals: [3], broadening: 0.1}\n" + state % "[charge_current]"
              + "@@ memory\norbitals = 4\nhamiltonian_row 3 = 0 1 2\nhamiltonian_column 3 = 1 2 3\nhamiltonian_value 3 = -0.1 -0.1 -0.1\n"
              "hamiltonian_value:units = eV\n")
    periodic = ("conductor: {file: memory}\nelectrodes:\n  L: {kind: periodic, file: memory}\n  R: {kind: periodic, file: memory}\n"
                + state % "[charge_current]" + "@@ memory\nhamiltonian 1 1 = 0\nhamiltonian:units = eV\n" + "".join(
                    "electrode_%s_%s 1 1 = %s\nelectrode_%s_%s:units = eV\n" % (e, p, v, e, p) for e in "LR"
                    for p, v in (("H00", 0), ("H01", -1), ("coupling_hamiltonian", -1)))
                + "electrode_L_orbitals 1 = 0\nelectrode_R_orbitals 1 = 0\nfermi_energy_eV = 0\n")
    bosons = ("conductor: {energies: [0.1]}\nelectrodes:\n  L: {kind: wide-band, orbitals: [0], broadening: 0.1}\n  R: {kind: wide-band, orbitals: [0], broadening: 0.1}\n"
              "bosons: {file: memory}\nbaths: {ph: {kind: ohmic, friction: 1 meV}}\ncoupling: {file: memory}\n"
              + state % "[charge_current, mode_population]" + "@@ memory\nmode_energy 1 = 0.05\nmode_energy:units = eV\ncoupling 1 1 1 = 0.02\n"
              "coupling:units = eV\ncoupling:convention = dimensionless\n")
    vibrations = ("bosons: {file: memory, sum_rule: acoustic}\nbaths: {ph: {kind: ohmic, friction: 1 meV}}\nstate: {temperature: 300 K}\n"
                  "compute: {level: landauer, observables: [renormalized_energy]}\n@@ memory\n"
                  "dynamical_matrix 6 6 = " + " ".join(str((1e-3 if i % 3 == j % 3 and (i == j) else -1e-3 if i % 3 == j % 3 else 0))
                                                       for i in range(6) for j in range(6))
                  + "\ndynamical_matrix:units = eV2\nmasses 2 = 12 12\nmasses:units = amu\n")
    for name, text in {"dense": dense, "sparse": sparse, "periodic": periodic, "bosons": bosons, "vibrations": vibrations}.items():
        seed("arrays", name, text)


def bytes_of_results():
    def text(word):
        return struct.pack("<I", len(word)) + word.encode()

    def attribute(name, kind, value):
        return text(name) + struct.pack("<iiIQ", 2, 0, kind, len(value)) + value

    attributes = struct.pack("<I", 2) + attribute("title", 1, b"a title") + attribute("tolerance", 2, struct.pack("<d", 1e-6))
    variable = text("V") + struct.pack("<i", 6) + struct.pack("<I", 1) + text("V") + struct.pack("<Q", 3) + struct.pack("<Q", 0)
    seed("description", "one", attributes + struct.pack("<I", 1) + variable + struct.pack("<I", 0))
    # Choices as ResultTarget makes them out of bytes: verified, title, units, one axis V of two values, its unit, labels, ...
    plain = [0, 0, 0, 1, 2, 20, 30, 1, 0, 0] + [2, 0, 1, 1, 3, 1, 2] + [1, 40, 0, 2, 50, 60] + [0, 1, 0] + [1] + [1, 0, 0, 0]
    for n in range(6):
        seed("result", str(n), bytes(plain + [(n * 37 + 13 * k * (n + 1)) % 23 for k in range(60)]))


def classic():
    """A file of the first NetCDF format, by its specification: one dimension, two variables, attributes."""
    def name(word):
        raw = word.encode()
        return struct.pack(">i", len(raw)) + raw + b"\0" * (-len(raw) % 4)

    def attributes(pairs):
        if not pairs:
            return struct.pack(">ii", 0, 0)
        return struct.pack(">ii", 12, len(pairs)) + b"".join(name(k) + struct.pack(">i", 2) + name(v) for k, v in pairs)

    def build(offsets):
        variables = [("V", [("sweep_name", "V"), ("units", "eV")]), ("energy_current", [("units", "W")])]
        head = b"CDF\1" + struct.pack(">i", 0) + struct.pack(">ii", 10, 1) + name("V") + struct.pack(">i", 3)
        head += attributes([("pairbath_version", "0"), ("units", "eV"), ("title", "t")]) + struct.pack(">ii", 11, 2)
        for (word, pairs), offset in zip(variables, offsets):
            head += name(word) + struct.pack(">ii", 1, 0) + attributes(pairs) + struct.pack(">iii", 6, 24, offset)
        return head

    length = len(build((0, 0)))
    seed("netcdf", "classic", build((length, length + 24)) + struct.pack(">6d", 0, 1, 2, 0.1, 0.2, 0.3))


# Kept over a run of this script: a result that the command wrote.
KEPT = os.path.join(HERE, "Corpus", "netcdf", "result")
kept = open(KEPT, "rb").read() if os.path.exists(KEPT) else None
shutil.rmtree(os.path.join(HERE, "Corpus"), ignore_errors=True)
siesta()
forces()
others()
models()
bytes_of_results()
classic()
if kept:
    seed("netcdf", "result", kept)
