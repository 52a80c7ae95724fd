"""Settings of the documentation site; `make docs` calls Sphinx with them on the folder that stage.py gathers."""

import hashlib
import importlib.metadata
import inspect
import os
import shutil
from pathlib import Path

from sphinx.util import logging

logger = logging.getLogger(__name__)
ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / ".build"



def notebook_cache():
    """A folder of outputs for exactly this package, library and examples; those of others go."""
    files = [Path(os.environ["PAIRBATH_LIBRARY"])] if "PAIRBATH_LIBRARY" in os.environ else []
    for folder in (os.environ.get("PYTHONPATH") or "").split(os.pathsep):
        files += sorted(Path(folder).glob("pairbath/**/*.py")) if folder else []
    files += sorted(path for kind in ("yaml", "nc") for path in (ROOT / "Examples").glob(f"*/*.{kind}"))
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.read_bytes() if path.is_file() else b"")
    cache = BUILD / "docs-notebooks" / digest.hexdigest()[:16]
    for old in cache.parent.glob("*"):
        if old != cache:
            shutil.rmtree(old, ignore_errors=True)
    return str(cache)


project = "Pairbath"
author = "the authors of Pairbath"
project_copyright = "the authors of Pairbath, MIT licence"
language = "en"

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.mathjax",
    "sphinx_design",
    "sphinx_copybutton",
]

# Pages.
source_suffix = {".md": "myst-nb"}
exclude_patterns = ["**/.ipynb_checkpoints"]
myst_enable_extensions = ["amsmath", "attrs_inline", "colon_fence", "deflist", "dollarmath", "html_image"]
myst_heading_anchors = 4
myst_dmath_double_inline = True
myst_dmath_allow_digits = False
highlight_language = "none"
nitpicky = True

# Equations: the numbers are those of the pages, written with \tag; MathJax comes from this site.
mathjax_path = "mathjax/tex-chtml-full.js"
mathjax3_config = {"tex": {"tags": "none"}, "chtml": {"displayAlign": "center"}}

# Notebooks run when they, the package, the library or the examples changed; a cell that fails ends the build, and so does a warning in one.
nb_execution_mode = "cache"
nb_execution_cache_path = notebook_cache()
nb_execution_timeout = 240
nb_execution_raise_on_error = True
nb_execution_show_tb = True
nb_merge_streams = True
nb_output_stderr = "warn"

# Python.
autodoc_member_order = "bysource"
autodoc_typehints = "none"
napoleon_google_docstring = False
napoleon_use_rtype = False
# Words such as "array_like" and names of other packages are no targets; everything of Pairbath must be one.
nitpick_ignore_regex = [("py:.*", r"(?!pairbath).*")]

# Looks.
html_theme = "furo"
html_title = "Pairbath"
html_static_path = [str(Path(__file__).parent / "static")]
html_css_files = ["site.css"]
html_extra_path = [str(BUILD / "docs-swift")] if (BUILD / "docs-swift").is_dir() else []
html_copy_source = False
html_theme_options = {"navigation_with_keys": True}
copybutton_prompt_text = r"\$ |>>> |\.\.\. "
copybutton_prompt_is_regexp = True


def mathjax_files():
    """The folder of MathJax inside its package."""
    for file in importlib.metadata.files("sphinx-mathjax-offline"):
        if file.name == "tex-chtml-full.js":
            return Path(file.locate()).parent
    raise RuntimeError("sphinx-mathjax-offline has no tex-chtml-full.js")


def copy_mathjax(app, exception):
    """Puts MathJax and its fonts beside the pages."""
    if exception is not None or app.builder.format != "html":
        return
    source, target = mathjax_files(), Path(app.outdir) / "_static/mathjax"
    target.mkdir(parents=True, exist_ok=True)
    shutil.copy(source / "tex-chtml-full.js", target)
    fonts = Path("output/chtml/fonts/woff-v2")
    shutil.copytree(source / fonts, target / fonts, dirs_exist_ok=True)


def check_python(app, env):
    """Every public name of the package is on the page of the reference."""
    import pairbath

    adapters = Path(pairbath.__file__).parent / "adapters"
    public = {name for name in pairbath.__all__ if name not in pairbath._ADAPTERS or (adapters / f"{pairbath._ADAPTERS[name]}.py").is_file()}
    missing = sorted(public - {name.removeprefix("pairbath.") for name in env.domaindata["py"]["objects"]})
    if missing:
        logger.warning("python/reference.md lacks %s", ", ".join(missing))
    return []


def plain_properties(app, what, name, found, options, lines):
    """The words of a property as they are: napoleon takes what stands before a colon for a type."""
    if what == "property":
        lines[:] = [*(inspect.getdoc(found) or "").splitlines(), ""]


def setup(app):
    app.connect("autodoc-process-docstring", plain_properties, priority=900)
    app.connect("env-check-consistency", check_python)
    app.connect("build-finished", copy_mathjax)
