"""The header's own example, compiled and run."""

import os
import pathlib
import re
import shutil
import subprocess

import pytest
from conftest import ROOT

import pairbath
from pairbath import _library

HEADER = ROOT / "Sources" / "CPairbath" / "include" / "pairbath.h"


def test_the_example_of_the_header_compiles_without_warnings_and_runs(tmp_path, dots):
    compiler = shutil.which("cc") or shutil.which("clang") or shutil.which("gcc")
    library = next((path for path in _library._candidates() if path.exists()), None)
    if compiler is None or library is None or not HEADER.exists():
        pytest.skip("needs a C compiler, the header and the library")
    lines = re.search(r"//   pairbath_source source.*?pairbath_error_free\(error\);", HEADER.read_text(), re.DOTALL).group(0)
    body = "\n".join(line.removeprefix("//") if hasattr(line, "removeprefix") else line[2:] for line in lines.splitlines())
    program = tmp_path / "example.c"
    program.write_text(f'#include <stdio.h>\n#include "pairbath.h"\nint main(void) {{\n{body}\n  return result ? 0 : 1;\n}}\n')
    binary = tmp_path / "example"
    flags = ["-std=c99", "-Wall", "-Wextra", "-Werror", f"-I{HEADER.parent}"]
    subprocess.run([compiler, *flags, str(program), str(library), f"-Wl,-rpath,{library.parent}", "-o", str(binary)], check=True)
    dots.with_(mu=10, V=0.5, set={"compute.observables": ["energy_current"]}).save(tmp_path)
    subprocess.run([str(binary)], cwd=tmp_path, check=True, env={**os.environ})
    found = pairbath.open_result(tmp_path / "result.nc")["energy_current"]
    assert float(found) == float(dots.run(mu=10, V=0.5, observables=["energy_current"])["energy_current"])
    (tmp_path / "model.yaml").write_text("nonsense: 1\n")
    failed = subprocess.run([str(binary)], cwd=tmp_path, check=False, capture_output=True, text=True)
    assert failed.returncode == 1 and "model.yaml:1" in failed.stderr


def test_null_pointers_are_errors_and_no_crashes():
    with pytest.raises(pairbath.ModelError, match="NULL"):
        _library.call("pairbath_model_read", None)
    for name, arguments in [("pairbath_run", (None, 0, _library.Monitor(), None)), ("pairbath_model_description", (None,)), ("pairbath_result_write", (None, b"x")), ("pairbath_result_read", (None,)), ("pairbath_model_save", (None, b"x"))]:
        with pytest.raises(pairbath.ModelError, match="NULL"):
            _library.call(name, *arguments)
    for free in ("pairbath_model_free", "pairbath_result_free", "pairbath_error_free", "pairbath_optimum_free", "pairbath_text_free"):
        getattr(_library.library(), free)(None)
