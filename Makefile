PYTHON ?= python3
PORT ?= 8000
# On one's own machine: errors are explained, and whoever comes may read what is public.
LOCAL = DEBUG=on PUBLIC_ACCESS=on DJANGO_RUNSERVER_HIDE_WARNING=true
MANAGE = $(LOCAL) .venv/bin/python manage.py

.PHONY: setup run test lint requirements

setup: .venv/ready

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

test: setup
	.venv/bin/python -m pytest -n auto

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

# Pins every dependency with its hashes, after a change in pyproject.toml.
requirements: setup
	.venv/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header \
		--quiet pyproject.toml --output-file requirements.txt
	.venv/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header \
		--quiet --extra dev pyproject.toml --output-file requirements-dev.txt
