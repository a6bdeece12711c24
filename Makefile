PYTHON ?= python3
VENV := .venv/bin

.PHONY: help setup run test check postgresql faults bench scale format lock sbom messages

help:
	@echo "make run     start Pinzhi on http://127.0.0.1:8000/ (PORT, DATA_DIR)"
	@echo "make test    everything, as in CI; with root it installs what is missing"
	@echo "make check   linters, import contracts, unit tests: a quarter of an hour on two cores"
	@echo "make postgresql  every test on PostgreSQL; make test takes those that it may change"
	@echo "make faults  breaks reminders, the offline client and all processes, attacks every form; half an hour and more"
	@echo "make bench   speed, as ratios to a bare Django view"
	@echo "make scale   ten thousand projects: every page, then 200 people at once; hours, KEPT=FOLDER keeps what is filled"
	@echo "make setup   .venv and browser assets (run and test do it themselves)"
	@echo "make format  write the code as the linter wants it"
	@echo "make lock    new locks from pyproject.toml and package.json"
	@echo "make sbom    print a bill of materials (CycloneDX) from the locks"
	@echo "make messages  collect the texts to translate into locale/"

setup:
	@$(PYTHON) bin/setup.py

run:
	@$(PYTHON) bin/setup.py --runtime
	@exec $(VENV)/python manage.py serve --with-parent

test: setup
	@exec $(VENV)/python bin/run_tests.py

check: setup
	@exec $(VENV)/python bin/run_tests.py --quick

postgresql: setup
	@exec $(VENV)/python bin/run_tests.py --postgresql

faults: setup
	@exec $(VENV)/python bin/faults.py

bench: setup
	@$(VENV)/python -m bench
	@$(VENV)/python -m bench.work
	@$(VENV)/python -m bench.field
	@$(VENV)/python -m bench.league
	@$(VENV)/python -m bench.sections
	@$(VENV)/python -m bench.dashboard
	@$(VENV)/python -m bench.settlement
	@$(VENV)/python -m bench.spreadsheet
	@$(VENV)/python -m bench.imports
	@$(VENV)/python -m bench.evidence
	@$(VENV)/python -m bench.history
	@$(VENV)/python -m bench.reminders
	@$(VENV)/python -m bench.mails
	@$(VENV)/python -m bench.watching
	@$(VENV)/python -m bench.phone
	@$(VENV)/python bin/with_services.py --postgresql $(VENV)/python -m bench.reminders

KEPT ?= var/scale

scale: setup
	@$(VENV)/python -m bench.scale --kept $(KEPT)
	@$(VENV)/python -m bench.scale --kept $(KEPT) --load
	@$(VENV)/python -m bench.scale --kept $(KEPT) --postgresql
	@$(VENV)/python -m bench.scale --kept $(KEPT) --postgresql --load

format: setup
	@$(VENV)/ruff check --fix --quiet . || true
	@$(VENV)/ruff format .

lock: setup
	@$(VENV)/python bin/lock.py

sbom:
	@$(PYTHON) bin/sbom.py

messages: setup
	@$(VENV)/python manage.py makemessages -l en --no-location --no-wrap --no-obsolete \
		$(foreach folder,.venv node_modules var tests bench bin,--ignore=$(folder))
