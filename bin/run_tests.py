"""Runs all checks and tests, one part after the other, and adds them up.

With root it first installs the Debian packages that the tests need and this machine lacks;
without, it says what it leaves out. In CI anything left out is a failure.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from with_services import postgresql_program

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
PYTHON = BIN / "python"
IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
# What the environment of the person who runs this must not decide.
OURS = "DATABASE_URL BROKER_URL SECRET_KEY ALLOWED_HOSTS SITE_URL EMAIL_HOST EMAIL_PORT DEBUG"
OURS += " DEMO_PASSWORD PORT HOST DATA_DIR EVIDENCE_KEYS BACKUP_KEYS LOG_FORMAT"
OURS += " MAINTENANCE_FILE FILES_REDIRECT WEB_WORKERS WEB_THREADS SECRET_KEY_FILE"
OURS += " FILES_BUCKET FILES_ENDPOINT FILES_REGION FILES_ADDRESSING FILES_KEY_ID FILES_SECRET"
OURS += " FILES_KEY_ID_FILE FILES_SECRET_FILE"
OURS += " REPLICA_URL REPLICA_URL_FILE REPLICA_MAX_LAG"
OURS += " DATABASE_URL_FILE BROKER_URL_FILE EVIDENCE_KEYS_FILE CHANNEL_KEYS_FILE BACKUP_KEYS_FILE"
# Hundreds of processes start here; without bytecode each compiles all that it imports.
OURS += " PYTHONDONTWRITEBYTECODE"
PRODUCTION = {
    "SECRET_KEY": "a-key-of-the-checks-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEF",
    "ALLOWED_HOSTS": "pinzhi.example",
    "SITE_URL": "https://pinzhi.example",
    "EVIDENCE_KEYS": "a-key-of-the-checks-only-0123456789-abcdefg=",
    "DEBUG": "0",
}
WITHOUT_SERVICES = "not e2e and not redis and not libreoffice and not deployed"
EVERY_KIND_OF_PAGE = "tests/portal/test_demo.py::test_every_kind_of_page_answers_with_every_filter"
# Several processes have to see parameters from sets in the same order.
SAME_ORDER = {"PYTHONHASHSEED": "0"}


@dataclass
class Need:
    """Something of the machine that a part needs: how to see it, and Debian's packages for it."""

    packages: list[str]
    present: object

    def is_there(self):
        return bool(self.present())


def has_library(name):
    return lambda: name in subprocess.run(["ldconfig", "-p"], capture_output=True, text=True).stdout


def has_chinese_font():
    return (
        shutil.which("fc-list")
        and subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, text=True).stdout
    )


def has_chromium():
    return shutil.which("chromium-headless-shell") or shutil.which("chromium")


NEEDS = {
    "chromium": Need(["chromium-headless-shell"], has_chromium),
    "postgresql": Need(["postgresql"], lambda: postgresql_program("initdb")),
    "redis": Need(["redis-server"], lambda: shutil.which("redis-server")),
    "nginx": Need(["nginx-light"], lambda: shutil.which("nginx")),
    "systemd": Need(["systemd"], lambda: shutil.which("systemd-analyze")),
    "fonts": Need(["fontconfig", "fonts-noto-cjk"], has_chinese_font),
    "libreoffice": Need(["libreoffice-calc-nogui"], lambda: shutil.which("soffice")),
    "gettext": Need(["gettext"], lambda: shutil.which("xgettext")),
    "pango": Need(["libpango-1.0-0", "libpangoft2-1.0-0"], has_library("libpangoft2-1.0.so.0")),
}


@dataclass
class Part:
    """One line of the summary: a check, or a run of pytest with as many tests as it has."""

    name: str
    command: list
    environment: dict = field(default_factory=dict)
    needs: tuple = ()
    waits: bool = False  # most of the time, so that it may run beside those that work
    passed: int = 0
    failed: int = 0
    seconds: float = 0
    left_out: str = ""
    process: subprocess.Popen | None = None

    def start(self, folder, unmet, live=False):
        """Start it with its own data folder; unless live, what it prints waits in a file."""
        self.folder = folder / self.name.replace(" ", "-")
        self.folder.mkdir()
        self.began = time.monotonic()
        environment = {key: value for key, value in os.environ.items() if key not in OURS.split()}
        environment |= {"DATA_DIR": str(self.folder / "data"), "LEFT_OUT": " ".join(unmet)}
        with (self.folder / "log").open("w") as log:
            self.process = subprocess.Popen(
                [str(part) for part in self.command],
                cwd=ROOT,
                env=environment | self.environment,
                stdout=None if live else log,
                stderr=subprocess.STDOUT,
            )

    def finish(self):
        code = self.process.wait()
        self.seconds = time.monotonic() - self.began
        self.passed, self.failed = (0, 1) if code else (1, 0)

    def report(self, verbose):
        said = (self.folder / "log").read_text(errors="replace").rstrip()
        if said and (self.failed or verbose):
            print(said)
        mark = "FAILED" if self.failed else "ok"
        print(f"--- {self.name}: {mark} ({self.seconds:.0f} s)", flush=True)


class Tests(Part):
    """A run of pytest; its own record says how many tests passed."""

    def start(self, folder, unmet, live=False):
        self.record = folder / f"{self.name.replace(' ', '-')}.xml"
        self.command = [*self.command, f"--junitxml={self.record}"]
        super().start(folder, unmet, live)

    def finish(self):
        super().finish()
        if not self.record.exists():
            return
        suite = ElementTree.parse(self.record).getroot().find("testsuite")  # noqa: S314 - our own
        keys = "tests", "failures", "errors", "skipped"
        total, failures, errors, skipped = (int(suite.get(key)) for key in keys)
        # a run that failed without a failed test (say, at its start) still counts as one
        self.failed = max(failures + errors, self.failed)
        self.passed = max(total - failures - errors - skipped, 0)


def checks():
    manage = [PYTHON, "manage.py"]
    yield Part("ruff check", [BIN / "ruff", "check", "."])
    yield Part("ruff format", [BIN / "ruff", "format", "--check", "."])
    yield Part("djlint", [BIN / "djlint", "templates", "--lint", "--quiet"])
    yield Part("import contracts", [BIN / "lint-imports", "--no-cache", "--no-logo"])
    yield Part("migrations", [*manage, "makemigrations", "--check", "--dry-run"])
    deploy = [*manage, "check", "--deploy", "--fail-level", "WARNING"]
    yield Part("deployment check", deploy, PRODUCTION)


def pytest(*arguments):
    options = "-q -p no:cacheprovider --continue-on-collection-errors"
    return [PYTHON, "-m", "pytest", *options.split(), *arguments]


def marked(marker):
    """The arguments for a marker's tests: only files that name it, as importing all takes long."""
    named = re.compile(rf"\bmark\.{marker}\b")
    found = [path for path in (ROOT / "tests").rglob("*.py") if named.search(path.read_text())]
    # what a conftest marks is all of its folder
    paths = {path.parent for path in found if path.name == "conftest.py"}
    paths |= {path for path in found if path.name.startswith("test_")}
    return ["-m", marker, *sorted(path.relative_to(ROOT) for path in paths)]


def beside(*services):
    return [PYTHON, "bin/with_services.py", *(f"--{service}" for service in services)]


# PostgreSQL's tests run on the tables that migrations make, and a first start (tests/tooling)
# makes SQLite's; all other tests take the models' tables, which are there a second sooner.
ON_SQLITE = "--vendor=sqlite", "--no-migrations"


def unit_tests():
    # a whole campaign, evening by evening, is lived on PostgreSQL, where the demo's pages are all
    # opened too; here the demo is told in its phases, and browsers open its pages
    there = ["--ignore=tests/portal/test_whole_campaign.py"]
    there += [f"--deselect={EVERY_KIND_OF_PAGE}"]
    return Tests("tests on SQLite", pytest(*ON_SQLITE, *there, "-m", WITHOUT_SERVICES))


def quick_tests():
    options = [*ON_SQLITE, "-n", "auto", "--hypothesis-profile=quick"]
    command = pytest(*options, "-m", f"{WITHOUT_SERVICES} and not slow")
    return Tests("quick tests", command, SAME_ORDER)


def postgresql_tests():
    """Those whose answer a database can change; `make postgresql` runs all on it.

    Left out is what knows no database (the engine, the reading of forms, what tests/tooling
    starts), the demo's other phases and seeds, which are the same moves, all that people may
    tamper with (test_demo verifies what is whole), and the pages one by one, also by who may
    see them: test_demo opens every page that a role's links lead to, with every filter.
    """
    elsewhere = ["tests/tooling", "tests/scoring/test_engine*", "tests/scoring/test_forms_*"]
    elsewhere += ["tests/portal/test_demo_builds*", "tests/portal/test_verify*", "tests/*page*"]
    elsewhere += ["tests/access/test_access*", "tests/access/attack/*"]
    return on_postgresql(*(f"--ignore-glob={pattern}" for pattern in elsewhere))


def on_postgresql(*options):
    command = pytest("--vendor=postgresql", "--only-database", *options, "-m", WITHOUT_SERVICES)
    return Tests("tests on PostgreSQL", [*beside("postgresql"), *command], needs=("postgresql",))


def redis_tests():
    command = [*beside("redis"), *pytest(*ON_SQLITE, *marked("redis"))]
    return Tests("tests on Redis", command, needs=("redis",), waits=True)


def libreoffice_tests():
    command = pytest(*ON_SQLITE, *marked("libreoffice"))
    return Tests("tests with LibreOffice", command, needs=("libreoffice",))


def faults_on_postgresql():
    # those on SQLite are among the tests on Redis; each starts a Redis that it may stop. Here is
    # what locks and transactions decide; `make faults` breaks all of it on both
    matter = [f"tests/faults/test_{name}.py" for name in ("killed", "database", "schedulers")]
    command = pytest("--vendor=postgresql", "--no-migrations", "-m", "faults", *matter)
    needs = ("postgresql", "redis")
    command = [*beside("postgresql"), *command]
    return Tests("faults on PostgreSQL", command, needs=needs, waits=True)


def deployed_tests():
    # all processes of deploy/, of which one fault under load is a sample
    command = pytest(*ON_SQLITE, *marked("deployed"))
    return Tests("tests as deployed", command, needs=("nginx", "postgresql", "redis"), waits=True)


def browser_tests():
    # a browser waits as much as it works; file by file, so that one process builds the demo
    command = pytest(*ON_SQLITE, "-n", "2", "--dist=loadfile", *marked("e2e"))
    return Tests("tests in Chromium", command, SAME_ORDER, needs=("chromium", "fonts"))


def unmet_needs():
    return {name for name, need in NEEDS.items() if not need.is_there()}


def install_what_is_missing():
    """Needs that stay unmet after an attempt, if this is root on Debian."""
    missing = unmet_needs()
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        packages = [package for name in missing for package in NEEDS[name].packages]
        print(f"--- installing {' '.join(packages)}", flush=True)
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
            subprocess.run(["apt-get", "-qq", *command], env=environment, stdout=subprocess.DEVNULL)
    return unmet_needs() if missing else missing


def leave_out(parts, unmet):
    """Mark what can't run here; the rest is returned."""
    for part in parts:
        lacking = sorted(unmet & set(part.needs))
        if lacking:
            part.left_out = ", ".join(lacking)
            part.failed = int(IN_CI)
    return [part for part in parts if not part.left_out]


def run(parts, *, folder, unmet, at_once=1, verbose=False):
    """The parts in their order, so many at once and beside them one that waits."""
    live = verbose and len(parts) == 1
    waiting, running = list(parts), []
    while waiting or running:
        for part in may_start(waiting, running, at_once):
            waiting.remove(part)
            print(f"--- {part.name} …", flush=True)
            part.start(folder, unmet, live=live)
            running.append(part)
        for part in [part for part in running if part.process.poll() is not None]:
            running.remove(part)
            part.finish()
            part.report(verbose)
        time.sleep(0.05)


def may_start(waiting, running, at_once):
    for waits, most in (False, at_once), (True, 1):
        free = most - sum(part.waits is waits for part in running)
        yield from [part for part in waiting if part.waits is waits][:free]


def summary(parts, unmet, seconds):
    print("\n=== summary")
    for part in parts:
        result = f"LEFT OUT: no {part.left_out}" if part.left_out else "ok"
        if part.failed and not part.left_out:
            result = "FAILED"
        count = f"{part.passed} passed, {part.failed} failed"
        print(f"{part.name:<22}{result:<30}{count:<26}{part.seconds:6.0f} s")
    if unmet:
        packages = " ".join(package for name in sorted(unmet) for package in NEEDS[name].packages)
        print(f"!!! missing here: {', '.join(sorted(unmet))} (Debian: apt-get install {packages})")
        print("!!! what needs them was NOT tested" + "; in CI that is a failure" * IN_CI)
    print(f"\nin {seconds:.0f} s")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="linters, contracts, unit tests")
    parser.add_argument("--postgresql", action="store_true", help="all tests on PostgreSQL alone")
    options = parser.parse_args()
    began = time.monotonic()
    lint, later = list(checks()), []
    if options.postgresql:
        lint, unit, unmet = [], on_postgresql(), install_what_is_missing()
    elif options.quick:
        unit, unmet = quick_tests(), unmet_needs() & {"gettext", "pango", "systemd"}
    else:
        unit, unmet = unit_tests(), install_what_is_missing()
        later = [postgresql_tests(), redis_tests(), faults_on_postgresql()]
        later += [deployed_tests(), libreoffice_tests(), browser_tests()]
    able = leave_out(later, unmet)
    with tempfile.TemporaryDirectory(prefix="pinzhi-test-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        run(lint, folder=folder, unmet=unmet)
        # on two cores; the browsers come last, as they fill what the longest before them leaves
        run([unit, *able], folder=folder, unmet=unmet, at_once=2, verbose=True)
    parts = [*lint, unit, *later]
    summary(parts, unmet, time.monotonic() - began)
    passed, failed = sum(p.passed for p in parts), sum(p.failed for p in parts)
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("interrupted")
