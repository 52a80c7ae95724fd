# Everything a user or developer of Pairbath types. `make` alone prints this list.

SHELL := /bin/bash
PREFIX ?= /usr/local
BUILD := .build/release
PAIRBATH := $(BUILD)/pairbath
DEMO := Examples/double-dot-rectification
COMPLETIONS := $(BUILD)/completions
# Tests need other compiler flags than the command: a folder of their own, so that neither rebuilds the other. Where everything is
# built anyway, once by `swift test` is less work: see .ci/run.
TRAITS ?=
BUILD_COMMAND ?= swift build -c release $(TRAITS)
TEST_FOLDER ?= .build/tests
TEST := swift test -c release -Xswiftc -enable-testing $(TRAITS) --scratch-path $(TEST_FOLDER)
EXPLORER_FOLDER ?= .build/explorer
EXPLORER_COMMAND ?= swift build -c release --traits Explorer --scratch-path $(EXPLORER_FOLDER) --product pairbath
FORMATTED := Sources Tests Explorer/Sources Explorer/Tests Package.swift Benchmarks/Sources Fuzz/Sources Fuzz/Package.swift
# Several threads call OpenBLAS at once, each with one thread of its own. The serial build has no locks: it would mix up their matrices.
PACKAGES := libopenblas-pthread-dev libnetcdf-dev libnlopt-dev pkg-config gnuplot-nox fonts-liberation
# After a crash the backtrace helper of Swift 6.3 can hang on Linux and hold the output open.
export SWIFT_BACKTRACE := enable=no

# Kills of `make torture`.
KILLS ?= 1000

.PHONY: help setup build mpi explorer test-explorer test-mpi library wheel demo test test-swift test-python validate torture fuzz sanitize docs pages linkcheck bench bench-guard bench-guard-update interop format lint install completions clean

help: ## Print this list.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install the system packages that are missing (Debian, Ubuntu).
	@missing=""; \
	have() { \
	  case $$1 in \
	    libopenblas-pthread-dev) pkg-config --exists openblas && \
	      case "$$(readlink -f "$$(pkg-config --variable=libdir openblas)/libopenblas.so")" in *serial*) false ;; esac ;; \
	    libnetcdf-dev) pkg-config --exists netcdf ;; \
	    libnlopt-dev) pkg-config --exists nlopt ;; \
	    pkg-config) command -v pkg-config ;; \
	    gnuplot-nox) command -v gnuplot ;; \
	    *) dpkg -s $$1 ;; \
	  esac >/dev/null 2>&1; \
	}; \
	for package in $(PACKAGES); do have $$package || missing="$$missing $$package"; done; \
	if ! command -v swift >/dev/null; then \
	  echo "setup: swift is missing: install Swift 6.1 or later, https://www.swift.org/install" >&2; exit 1; fi; \
	if [ -z "$$missing" ]; then echo "setup: nothing is missing"; exit 0; fi; \
	if ! command -v apt-get >/dev/null; then \
	  echo "setup: missing:$$missing" >&2; \
	  echo "setup: there is no apt-get here: install what these Debian packages hold with your system's package manager" \
	    "(OpenBLAS, NetCDF and NLopt with headers and pkg-config files, pkg-config, gnuplot with cairo, Liberation fonts)" >&2; \
	  exit 1; fi; \
	sudo=""; if [ "$$(id -u)" -ne 0 ]; then \
	  command -v sudo >/dev/null || { echo "setup: run as root: apt-get install$$missing" >&2; exit 1; }; sudo=sudo; fi; \
	echo "setup: installing$$missing"; \
	$$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y --no-install-recommends $$missing

build: ## Build the command, optimised: .build/release/pairbath
	$(BUILD_COMMAND)

# MPI=mpich or MPI=openmpi: that one, of Debian, in a folder of its own. Otherwise whatever mpicc is in the PATH, or MPICC.
MPI_BUILD := .build/$(if $(filter mpich,$(MPI)),mpich,mpi)
# Says which compiler wrapper to ask, and installs Debian's where there is none.
FIND_MPICC = \
	mpicc="$(MPICC)"; package="$(or $(MPI),openmpi)"; \
	if [ -z "$$mpicc" ]; then for name in $(if $(MPI),mpicc.$(MPI),mpicc); do mpicc=$$(command -v $$name || true); done; fi; \
	if [ -z "$$mpicc" ]; then \
	  if ! command -v apt-get >/dev/null; then \
	    echo "mpi: no mpicc here: load your system's module of an MPI, or say MPICC=/path/to/mpicc" >&2; exit 1; fi; \
	  sudo=""; [ "$$(id -u)" -eq 0 ] || sudo=sudo; \
	  case $$package in mpich) packages="libmpich-dev mpich" ;; *) packages="libopenmpi-dev openmpi-bin" ;; esac; \
	  echo "mpi: installing $$packages"; \
	  $$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y --no-install-recommends $$packages || exit; \
	  mpicc=mpicc.$$package; \
	fi

mpi: setup ## Build the command for mpirun: .build/mpi/release/pairbath; MPI=mpich for Debian's MPICH, MPICC=... for another
	@set -e; $(FIND_MPICC); \
	arguments=$$(Sources/CMPI/pkg-config.sh "$$mpicc" $(MPI_BUILD)/pkg-config); \
	export PKG_CONFIG_PATH="$(CURDIR)/$(MPI_BUILD)/pkg-config:$$PKG_CONFIG_PATH"; \
	for product in $(MPI_PRODUCTS); do \
	  eval "swift build -c release --traits MPI --scratch-path $(MPI_BUILD) --product $$product $$arguments"; done; \
	echo "mpi: $(MPI_PRODUCTS:%=$(MPI_BUILD)/release/%), by $$mpicc"
MPI_PRODUCTS := pairbath

# The page needs a plotting library: plotly.js out of its Python package, which is not kept here.
explorer: setup ## Build the command with the live page: .build/explorer/release/pairbath, to which `pairbath explore` hands over
	$(EXPLORER_COMMAND)
	Explorer/assemble.sh $(EXPLORER_FOLDER)/release/explorer

test-explorer: explorer .build/browser/ready ## Test the live page in a real browser (Chromium).
	PAIRBATH=$(abspath $(EXPLORER_FOLDER))/release/pairbath .build/browser/bin/python -m pytest -q Explorer/Tests

.build/browser/ready: Explorer/Tests/requirements.txt
	@if ! command -v chromium >/dev/null; then \
	  sudo=""; [ "$$(id -u)" -eq 0 ] || sudo=sudo; \
	  $$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y --no-install-recommends chromium; fi
	python3 -m venv .build/browser
	.build/browser/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	touch $@

test-mpi: MPI_PRODUCTS := pairbath-mpi-check
test-mpi: mpi ## Check message passing under mpirun; MPI=mpich as above
	Tests/MPI/run.sh $(MPI_BUILD)/release/pairbath-mpi-check $(if $(MPI),mpirun.$(MPI),mpirun)

library: setup build ## Link the C library: .build/release/libpairbath.so, header Sources/CPairbath/include/pairbath.h
	Python/build-library.sh

wheel: library ## Build the Python wheel with everything it needs inside: .build/wheel/
	Python/build-wheel.sh

demo: setup build ## Compute and draw the double dot of the paper into demo/.
	@mkdir -p demo
	@run() { echo; echo "\$$ pairbath $$*"; $(PAIRBATH) "$$@"; }; set -e; \
	run check $(DEMO)/model.yaml; \
	run run $(DEMO)/model.yaml --output demo/result.nc || [ $$? -eq 1 ]; \
	run show demo/result.nc energy_current energy_current_channel --at dT=1; \
	run show demo/result.nc --baths --at mu=10 --at dT=1; \
	for format in svg png pdf; do run plot demo/result.nc energy_current --output demo/energy_current.$$format; done
	@echo; echo "The numbers are in demo/result.nc, the figures in demo/energy_current.svg, .png and .pdf."

test: test-swift test-python ## Run all tests, optimised: the textbook quadrature they compare with is slow without.

torture: setup build ## End runs in every way there is (KILLS kills, small disks, damaged checkpoints) and compare with undisturbed ones.
	python3 Tests/Torture/torture.py $(PAIRBATH) --kills $(KILLS)

test-swift: setup ## Run the tests of the Swift package only.
	$(TEST)

test-python: library .build/python/ready ## Run the tests of the Python package only.
	cd Python && PYTHONPATH=src ../.build/python/bin/python -m pytest -q

.build/python/ready: Python/pyproject.toml
	python3 -m venv .build/python
	.build/python/bin/python -m pip install --quiet --disable-pip-version-check numpy xarray scipy netCDF4 matplotlib tqdm pytest ase phonopy pyscf qutip sisl
	touch $@

validate: setup ## Compare random junctions with the textbook quadrature, leads with their bands, stated errors with deviations.
	PAIRBATH_VALIDATE=1000 $(TEST) --filter 'TwinComparison|PerfectWire|PhononLead|RandomSweep'
	PAIRBATH_VALIDATE=4000 PAIRBATH_VALIDATE_BUDGET=7200 $(TEST) --filter 'ErrorCoverage'

# The Swift compiler takes the last of several sanitizers, the others take each.
fuzz: setup ## Feed every reader with damaged input, FUZZ_SECONDS=60 each, two at a time: see Fuzz/README.md.
	swift build --package-path Fuzz --scratch-path .build/fuzz -c release --product pairbath-fuzz \
	  --sanitize=fuzzer --sanitize=address -Xswiftc -sanitize=fuzzer,address -Xswiftc -enable-testing
	Fuzz/run.sh

sanitize: setup ## Run the tests under AddressSanitizer and under ThreadSanitizer, without the slowest; about an hour.
	Tests/Sanitizers/run.sh

pages: setup ## Write the page of observables out of the definitions in the sources.
	PAIRBATH_WRITE_PAGES=1 $(TEST) --filter ObservablesPage

docs: library .build/docs/ready ## Build the documentation site: .build/site
	Documentation/site/build.sh html

linkcheck: library .build/docs/ready ## Ask other servers whether the site's links to them work.
	Documentation/site/build.sh linkcheck

.build/docs/ready: Documentation/site/requirements.txt
	python3 -m venv .build/docs
	.build/docs/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	touch $@

bench: setup Benchmarks/.venv/ready ## Run the benchmarks, ours and NumPy's.
	cd Benchmarks && swift run -c release pairbath-bench

bench-guard: build ## Compare the instruction counts of seven fixed runs with the record.
	Benchmarks/instruction-guard.sh

bench-guard-update: build ## Record the instruction counts of seven fixed runs.
	Benchmarks/instruction-guard.sh --update

Benchmarks/.venv/ready:
	python3 -m venv Benchmarks/.venv
	Benchmarks/.venv/bin/python -m pip install --quiet --disable-pip-version-check numpy netCDF4 sisl
	touch $@

interop: build .build/interop/ready ## Compare imports with what sisl and phonopy compute themselves.
	@set -e; for script in $(filter-out Tests/Interop/support.py,$(wildcard Tests/Interop/*.py)); do echo $$script; PAIRBATH=$(abspath $(PAIRBATH)) .build/interop/bin/python $$script $(PAIRBATH); done

.build/interop/ready:
	python3 -m venv .build/interop
	.build/interop/bin/python -m pip install --quiet --disable-pip-version-check numpy scipy netCDF4 h5py sisl phonopy
	touch $@

format: ## Format the sources in place.
	swift format --in-place --parallel --recursive $(FORMATTED)

lint: ## Complain about sources that are not formatted.
	swift format lint --strict --parallel --recursive $(FORMATTED)

completions: build ## Write completion scripts for bash, zsh and fish.
	@mkdir -p $(COMPLETIONS)
	@for shell in bash zsh fish; do \
	  $(PAIRBATH) --generate-completion-script $$shell >$(COMPLETIONS)/pairbath.$$shell || exit; done
	@echo "completions: $(COMPLETIONS)/pairbath.{bash,zsh,fish}"

install: completions ## Install the command, its completions, and the live page if it was built, below PREFIX (default /usr/local).
	install -D -m 755 $(PAIRBATH) $(DESTDIR)$(PREFIX)/bin/pairbath
	install -D -m 644 $(COMPLETIONS)/pairbath.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/pairbath
	install -D -m 644 $(COMPLETIONS)/pairbath.zsh $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_pairbath
	install -D -m 644 $(COMPLETIONS)/pairbath.fish $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/pairbath.fish
	@if [ -x $(EXPLORER_FOLDER)/release/pairbath ]; then \
	  echo "install: the live page, too"; \
	  install -D -m 755 $(EXPLORER_FOLDER)/release/pairbath $(DESTDIR)$(PREFIX)/libexec/pairbath/pairbath-explorer; \
	  install -d $(DESTDIR)$(PREFIX)/share/pairbath/explorer; \
	  install -m 644 $(EXPLORER_FOLDER)/release/explorer/* $(DESTDIR)$(PREFIX)/share/pairbath/explorer/; fi

clean: ## Remove what was built.
	rm -rf .build demo Benchmarks/.build Benchmarks/.venv
