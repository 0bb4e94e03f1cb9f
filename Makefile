# Everything that developers and the continuous integration run. `make` alone lists it.

VENV := .venv
BIN := $(CURDIR)/$(VENV)/bin
export PATH := $(BIN):$(PATH)

# Named after what is to be installed: another pyproject.toml, another stamp.
STAMP := $(VENV)/installed-$(shell cksum < pyproject.toml | cut -d ' ' -f 1)

# Of three things that are done at once, one waits: for a process, a lock, or the clock.
AT_ONCE = $(shell expr $$(nproc) \* 3 / 2)
BESIDE_EACH_OTHER = $(MAKE) --no-print-directory --output-sync -j $(AT_ONCE)

PROGRAMS := 100000
SANITIZED := 20
SECONDS := 1800

# Debian's packages for what is in C++: the target itself, its examples, and its tests.
PACKAGES := clang clang-format doctest-dev fish g++ gdb libcurl4-openssl-dev libjpeg-dev libpq-dev \
	libsqlite3-dev libssl-dev libtomlplusplus-dev openssl php-cgi postgresql redis-server zsh

# Those of the testbeds of the engine take 400 megabytes, and other targets do without them.
TESTBED_PACKAGES := g++-aarch64-linux-gnu qemu-user valgrind

# CPython's own tests, for Debian's Python, and the interpreters that run them, as far as they are
# there.
CPYTHON_PACKAGES := libpython3.11-testsuite
CPYTHONS := python3.11 python3.12 python3.13 /usr/bin/python3

# Those that open profiles take 600 megabytes, and nothing but their own target needs them.
VIEWER_PACKAGES := chromium golang-go graphviz npm

# The web server's: what embeds PHP takes 150 megabytes, a browser 400.
PHP_PACKAGES := libphp-embed php-cgi php-dev
ATTACK_PACKAGES := slowhttptest
BROWSER_PACKAGES := chromium php-cgi

help: ## list the targets
	@sed -n 's/^\([a-z%-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 12

setup: $(STAMP) packages ## make .venv with all that development needs

check: setup ## lint, formatting, types, and the order of the layers
	ruff check .
	ruff format --check .
	mypy
	MYPYPATH=benchmarks mypy benchmarks --exclude /peers/
	lint-imports
	clang-format --dry-run -Werror $$(git ls-files '*.c' '*.cpp' '*.h' '*.hpp' ':!tests/golden' ':!tests/errors')

test: setup ## check, native-check, then run all tests
	$(BESIDE_EACH_OTHER) check $(NATIVE_CHECKS)
	pytest -n $(AT_ONCE)

native-check: setup ## engine and generated programs under the sanitizers of addresses and threads
	$(BESIDE_EACH_OTHER) $(NATIVE_CHECKS)

testbeds: setup ## the engine's tests on AArch64, on contexts of libc, and under valgrind
	@$(MAKE) --no-print-directory packages PACKAGES='$(TESTBED_PACKAGES)'
	for testbed in aarch64 portable valgrind; do \
		$(MAKE) -C engine -j "$$(nproc)" test-$$testbed || exit 1; \
	done

viewers: setup ## go tool pprof and speedscope, in a browser, open our profiles
	@$(MAKE) --no-print-directory packages PACKAGES='$(VIEWER_PACKAGES)'
	npm install --silent --no-save --prefix build/viewers speedscope@1
	pytest tests/profile/viewers.py

php: setup ## the web server with PHP inside of it, against PHP beside it
	@$(MAKE) --no-print-directory packages PACKAGES='$(PHP_PACKAGES)'
	pytest tests/examples/web_php.py

attacks: setup ## the web server under a thousand slow clients, of each kind that slowhttptest knows
	@$(MAKE) --no-print-directory packages PACKAGES='$(ATTACK_PACKAGES)'
	pytest tests/examples/attacks.py

browser: setup ## a browser, headless Chromium, loads a page of the web server
	@$(MAKE) --no-print-directory packages PACKAGES='$(BROWSER_PACKAGES)'
	pytest tests/examples/browser.py

sanitized-fibers: setup ## threads that are fibers under the sanitizers, in Python and by themselves
	for each in $(SANITIZERS); do \
		$(MAKE) -C engine -j "$$(nproc)" test-fibers SANITIZE=$$each || exit 1; \
	done
	pytest tests/fibers/sanitized.py

cpython-tests: setup ## CPython's own tests on threads and on fibers; rewrites docs/cpython.md
	@$(MAKE) --no-print-directory packages PACKAGES='$(CPYTHON_PACKAGES)'
	python tests/cpython/command.py $$(for each in $(CPYTHONS); do \
		command -v $$each >/dev/null && echo --python $$each; done)

grpc: setup ## calls of gRPC in a program with fibers
	pip install --disable-pip-version-check --quiet 'grpcio>=1.70,<2'
	pytest tests/fibers/with_grpc.py

golden: setup ## rewrite the golden files; review them as a diff
	pytest --update-golden

fuzz: setup ## look for bytes that any parser can't stand, for half an hour each
	pip install --disable-pip-version-check --quiet 'atheris>=2.3,<4'
	$(MAKE) -C engine fuzz SECONDS=$(SECONDS)
	python tests/fuzz/command.py --seconds $(SECONDS)

torture: setup ## the properties on 100,000 random programs, 10,000 of them in C++, and on new examples
	FLUX_EXAMPLES=new FLUX_PROGRAMS=$(PROGRAMS) FLUX_MODELS=200 pytest --timeout 0 -o faulthandler_timeout=0 -n auto \
		tests/properties tests/syntax tests/simulation

demo: setup ## start the image server in Python and in C++, ask both for pictures, stop them
	python examples/image/samples.py
	python examples/image/demo.py
	python examples/image/demo.py --target cpp

bench-%: setup ## run benchmarks/%.py, which rewrites its table in benchmarks/results
	python benchmarks/$*.py --write

clean: ## remove what was built, but for .venv
	rm -rf build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find src tests examples benchmarks -name __pycache__ -prune -exec rm -rf {} +

.PHONY: help setup check test native-check testbeds viewers php attacks browser sanitized-fibers cpython-tests grpc fuzz golden torture demo clean
.DEFAULT_GOAL := help

# The parts of native-check: last those that keep one processor busy each, for two of them end at the
# same time. Several run at a time, for some of them have one thread or wait; whichever comes first
# compiles the engine that they share.
SANITIZERS := address thread
NATIVE_CHECKS := $(foreach part,engine programs conformance,$(SANITIZERS:%=$(part)-%))

$(SANITIZERS:%=engine-%): engine-%:
	library=$$(python tools/engine_library.py $*) && \
		$(MAKE) -C engine test SANITIZE=$* LIBRARY=$$library

$(SANITIZERS:%=conformance-%): conformance-%:
	python -m flux.conformance --target cpp --sanitize $*

$(SANITIZERS:%=programs-%): programs-%:
	FLUX_SANITIZE=$* FLUX_PROGRAMS=$(SANITIZED) pytest --timeout 0 tests/properties/test_runs_cpp.py

.PHONY: $(NATIVE_CHECKS)

# Where a Python is looked for; Debian's can't make environments until python3-venv is installed.
PYTHONS := python3.13 python3.12 python3.11 python3
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
COMPLETE := import ensurepip, venv; $(NEW_ENOUGH)
FIRST_COMPLETE = $(shell for python in $(PYTHONS); do \
	$$python -c '$(COMPLETE)' 2>/dev/null && echo $$python && break; done)

$(STAMP):
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(MAKE) --no-print-directory environment
	$(BIN)/pip install --disable-pip-version-check --editable '.[develop]'
	@rm -f $(VENV)/installed-*
	@touch $@

environment:
	@[ -n '$(FIRST_COMPLETE)' ] || $(MAKE) --no-print-directory python3-venv
	$(or $(FIRST_COMPLETE),python3) -m venv --clear $(VENV)

python3-venv:
	@python3 -c '$(NEW_ENOUGH)' 2>/dev/null || \
		{ echo 'Flux needs Python 3.11 or later on the PATH.' >&2; exit 1; }
	@[ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null || \
		{ echo 'This Python lacks its venv module: sudo apt-get install python3-venv' >&2; exit 1; }
	apt-get update -qq
	apt-get install -y -qq python3-venv

# A machine without dpkg has packages of other names: `flux doctor` says what it lacks.
packages:
	@missing=$$(command -v dpkg-query >/dev/null || exit 0; for package in $(PACKAGES); do \
		dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q ' installed' \
			|| echo $$package; done); \
	[ -z "$$missing" ] && exit 0; \
	[ "$$(id -u)" = 0 ] || \
		{ echo "To be installed: sudo apt-get install $$(echo $$missing)" >&2; exit 1; }; \
	apt-get update -qq && apt-get install -y -qq $$missing

.PHONY: environment packages python3-venv
