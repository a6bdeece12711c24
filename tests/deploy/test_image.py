"""deploy/Dockerfile, as far as it goes without an engine: read strictly, its commands really run.

The build is done in an empty folder from what an engine would be sent, by the file's own command;
then its programs run there, as the image's user where that one reaches this machine's Python,
and change nothing of it.
"""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest

from tests.deploy.dockerfile import commands, context, left_out, listed, stages
from tests.deploy.recipe import DEPLOY, compose
from tests.deploy.site import wait_for
from tests.server import PRODUCTION_ONLY, ROOT

KNOWN = {"WORKDIR", "COPY", "RUN", "ENV", "USER", "VOLUME", "CMD"}
# A Debian release's own PostgreSQL: pg_dump reads no server that is newer.
POSTGRESQL = {"trixie": "17"}


@pytest.fixture(scope="module")
def build():
    return stages()[0]


@pytest.fixture(scope="module")
def image():
    return stages()[-1]


def test_only_what_is_known_here_is_written():
    for stage in stages():
        assert {word for word, _rest in stage.steps} <= KNOWN, stage
        assert re.fullmatch(r"[a-z]+:[\w.-]+", stage.image), "a release of an image, never latest"
        assert not stage.image.endswith(":latest")


def test_both_stages_stand_on_the_same_release(build, image):
    """A virtual environment is bound to its Python, its libraries and its folder."""
    assert build.image == image.image
    assert build.last("WORKDIR") == image.last("WORKDIR") == "/app"
    assert image.all("COPY") == [f"--from={build.name} /app /app"]
    path = dict(pair.split("=", 1) for pair in image.last("ENV").split())["PATH"]
    assert path.split(":")[0] == "/app/.venv/bin"


def test_its_python_is_one_that_the_locks_are_for(image):
    version = re.match(r"python:(3\.\d+)-", image.image)[1]
    assert f"--python-version {version} " in (ROOT / "requirements.txt").read_text()[:300]


def test_packages_of_the_system_are_few_and_leave_no_lists(image):
    (run,) = image.all("RUN")
    update, install, *others = commands(run)
    assert update == ["apt-get", "update"]
    assert install[:4] == ["apt-get", "install", "-y", "--no-install-recommends"]
    assert ["rm", "-rf", "/var/lib/apt/lists/*"] in others
    assert "postgresql-client" in install
    release = image.image.rpartition("-")[2]
    assert compose()["services"]["postgresql"]["image"] == f"postgres:{POSTGRESQL[release]}"


def test_it_runs_as_nobody_in_particular(image):
    words = [word for word, _rest in image.steps]
    assert words.index("USER") > words.index("RUN")
    user, (run,) = image.last("USER"), image.all("RUN")
    made = next(each for each in commands(run) if each[0] == "useradd")
    assert made[-1] == user != "root"
    assert made[made.index("--uid") + 1] in (DEPLOY / "make_secrets.py").read_text()
    folders = next(each for each in commands(run) if each[0] == "install")
    assert set(listed(image.last("VOLUME"))) == set(folders[6:])
    assert folders[:6] == ["install", "-d", "-o", user, "-g", user]


def test_it_holds_no_secret(build, image):
    for stage in (build, image):
        for said in (*stage.all("ENV"), *stage.all("RUN")):
            assert not re.search(r"SECRET|PASSWORD|TOKEN|_KEYS?\b|DSN", said)
    assert all(left_out(f"deploy/{folder}/one") for folder in ("secrets", "tls"))


def test_what_its_services_run_is_in_it(image):
    started = [service.get("command", []) for service in compose()["services"].values()]
    assert listed(image.last("CMD")) in started
    sent = set(context())
    needed = {"manage.py", "config/web.py", "config/celery.py", "deploy/ready.py", "bin/setup.py"}
    needed |= {"deploy/migrate.sh", "requirements.txt", "package-lock.json", "pyproject.toml"}
    assert needed <= sent
    health = compose()["services"]["web-1"]["healthcheck"]["test"]
    assert health == ["CMD", "python", "deploy/ready.py"]
    assert {"fixtures/plan.yaml", "locale/en/LC_MESSAGES/django.po"} <= sent
    assert not any(path.startswith(("tests/", "docs/", "bench/", "var/")) for path in sent)


# --- built and run -----------------------------------------------------------------------------

UID = 10001
AS_USER = {"user": UID, "group": UID, "extra_groups": []}


def may_run(program) -> bool:
    """Whether the image's user may run this machine's Python, which may be in somebody's home."""
    if os.geteuid() != 0:
        return False
    try:
        return (
            subprocess.run([program, "-c", ""], stderr=subprocess.DEVNULL, **AS_USER).returncode
            == 0
        )
    except OSError:
        return False


@pytest.fixture(scope="module")
def built(tmp_path_factory, build):
    """The last stage's /app: the context, and what the build's command makes of it."""
    app = tmp_path_factory.mktemp("image") / "app"
    for path in context():
        (app / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, app / path)
    (run,) = build.all("RUN")
    kept = {name: said for name, said in os.environ.items() if name not in PRODUCTION_ONLY}
    command = run.replace("python ", f"{sys.base_prefix}/bin/python3 ", 1)
    subprocess.run(["/bin/sh", "-c", command], cwd=app, env=kept, check=True, timeout=800)
    for folder in (app, *app.parents):
        if "pytest" in str(folder):
            folder.chmod(0o755)
    return app


@pytest.fixture(scope="module")
def run(built, tmp_path_factory):
    """Run something there as the image's user, with an environment like Compose's."""
    data = tmp_path_factory.mktemp("volume")
    secrets = data / "secrets"
    subprocess.run([sys.executable, DEPLOY / "make_secrets.py", secrets], check=True)
    secrets.chmod(0o755)
    environment = {
        name: said.replace("/run/secrets", str(secrets))
        for name, said in compose()["x-app"]["environment"].items()
        if name.endswith("_FILE") and not name.startswith(("DATABASE", "METRICS"))
    }
    environment |= {
        "PATH": f"{built}/.venv/bin:/usr/bin:/bin",
        "HOME": "/tmp",  # noqa: S108 as in the image
        "DATA_DIR": str(data / "srv"),
        "SITE_URL": "https://pinzhi.example",
        "ALLOWED_HOSTS": "pinzhi.example",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    (data / "srv").mkdir()
    as_user = {}
    if may_run(built / ".venv/bin/python"):
        os.chown(data / "srv", UID, UID)
        as_user = AS_USER

    def start(*command, wait=True, **more):
        settings = {"cwd": built, "env": environment | more, **as_user}
        if not wait:
            return subprocess.Popen(command, **settings)
        return subprocess.run(command, check=True, capture_output=True, text=True, **settings)

    start.data = data / "srv"
    return start


@pytest.mark.slow
@pytest.mark.deployed
@pytest.mark.timeout(1800)
def test_it_is_built_and_its_programs_run(built, run, image):
    """Tables and files first, then the image's own command until its health check is content."""
    assert not (built / "node_modules").exists()
    assert (built / "static" / "vendor" / "pinzhi.css").stat().st_size > 10_000
    assert (built / "locale" / "en" / "LC_MESSAGES" / "django.mo").exists()
    before = {path for path in built.rglob("*") if ".venv" not in path.parts}
    run("sh", "deploy/migrate.sh")
    assert (run.data / "static" / "staticfiles.json").exists()
    run("python", "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    address = f"unix:{run.data}/web.sock"
    command = listed(image.last("CMD"))
    web = run(*command[:-1], address, wait=False)
    try:
        wait_for(lambda: (run.data / "web.sock").exists(), "it listens", seconds=60)
        ready = run("python", "deploy/ready.py", str(run.data / "web.sock"))
        assert json.loads(ready.stdout)["parts"]["migrations"] == "ok"
    finally:
        web.terminate()
        assert web.wait(75) == 0
    for service in ("worker", "beat"):
        program, *_rest = compose()["services"][service]["command"]
        assert run(program, "--version").stdout
    # the containers' root is read-only
    assert {path for path in built.rglob("*") if ".venv" not in path.parts} == before
