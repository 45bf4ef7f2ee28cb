PYTHON ?= python3
PORT ?= 8000
# On one's own machine: errors are explained, and whoever comes may read what is public.
LOCAL = DEBUG=on PUBLIC_ACCESS=on DJANGO_RUNSERVER_HIDE_WARNING=true
MANAGE = $(LOCAL) .venv/bin/python manage.py

.PHONY: setup run test fuzz security faults bench lint catalogues requirements

CATALOGUES = $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/django.po))

setup: .venv/ready $(CATALOGUES)

%.mo: %.po .venv/ready
	@.venv/bin/pybabel --quiet compile --input-file $< --output-file $@ --locale $(word 2,$(subst /, ,$@))

.venv/ready: requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed. Name it: make PYTHON=python3.11")'
	$(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet --require-hashes -r requirements-dev.txt
	@touch .venv/ready

run: setup
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) first_run
	@echo "Serving on http://127.0.0.1:$(PORT)/ (stop with Ctrl-C)"
	@$(MANAGE) runserver --noreload --verbosity 0 127.0.0.1:$(PORT)

# File by file, because many files read the whole record in once for all their tests.
# On SQLite; on PostgreSQL with make test DATABASE_URL=postgres://user:password@host:5432/postgres
test: setup
	.venv/bin/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

# Draws new examples for every test that says what holds for any input, and asks the API whatever its schema allows and
# does not allow, from a seed that it tells: more than 10,000 requests as four actors.
# The requests alone take ten minutes. Their tally is printed with PYTEST_ADDOPTS=-rA.
fuzz: setup
	.venv/bin/python -m pytest -n auto -m hypothesis --hypothesis-profile=fuzz

# Asks 10,000 random questions as each actor, who must not be able to tell whether anything is hidden. Takes hours.
security: setup
	.venv/bin/python -m pytest -n auto tests/security --hypothesis-profile=security

# Kills imports on both databases at moments drawn by SEED, and looks at what they leave. Takes minutes.
faults: setup
	REQUIRE_POSTGRESQL=1 .venv/bin/python -m pytest tests/faults/kill_an_import.py

# Imports 100,000 assignments on both databases (rows a second, memory, the ratio to inserts that check nothing), sends
# them as CSV (rows a second, memory of the server, the ratio to psql), and reads an election of 10,000 head counts.
bench: setup
	.venv/bin/python -m tests.bench.import_assignments
	.venv/bin/python -m tests.bench.stream_assignments
	.venv/bin/python -m tests.bench.reconcile_many_rows

lint: setup
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	git ls-files '*.html' | xargs .venv/bin/djade --check
	DEBUG=on .venv/bin/mypy
	.venv/bin/lint-imports
	$(MANAGE) makemigrations --check --dry-run
	$(MANAGE) spectacular --validate --fail-on-warn --file /dev/null
	SECRET_KEY=$$(head -c 50 /dev/urandom | base64 -w0) ALLOWED_HOSTS=tracker.example \
		.venv/bin/python manage.py check --deploy --fail-level WARNING

# Brings the catalogues of the languages (locale/) up to the strings of the source, after a change of them.
catalogues: setup
	@$(MANAGE) update_catalogues

# Pins every dependency with its hashes, after a change in pyproject.toml.
requirements: setup
	.venv/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header \
		--quiet pyproject.toml --output-file requirements.txt
	.venv/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header \
		--quiet --extra dev pyproject.toml --output-file requirements-dev.txt
