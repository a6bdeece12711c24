"""What deploy/ says hangs together, as far as it can be seen without a container engine."""

import pwd
import re
import runpy
import shutil
import subprocess
import sys

import pytest

from tests.deploy.recipe import (
    DEPLOY,
    NGINX,
    as_envsubst,
    compose,
    env_file,
    filled,
    unit,
)
from tests.server import ROOT

GIVEN = {"SITE_URL": "https://pinzhi.example", "ALLOWED_HOSTS": "pinzhi.example"}
OURS = "migrate", "web-1", "web-2", "worker", "beat"
BUILT_IN = {"host", "hostname"}
# Of the Compose specification what is used here; a key with a slip of the pen is none of them.
KEYS = {
    "build", "cap_drop", "command", "depends_on", "deploy", "environment", "healthcheck", "image",
    "init", "ports", "read_only", "restart", "secrets", "security_opt", "shm_size",
    "stop_grace_period", "stop_signal", "tmpfs", "volumes",
}  # fmt: skip
CONDITIONS = {"service_started", "service_healthy", "service_completed_successfully"}


@pytest.fixture(scope="module")
def services():
    return filled(compose(), GIVEN)["services"]


def read_by_config() -> set[str]:
    """Names that config/ reads from the environment; a secret also as NAME_FILE."""
    found = set()
    for path in (ROOT / "config").glob("*.py"):
        for kind, name in re.findall(r"\benv\.(\w+)\(\s*\"(\w+)\"", path.read_text()):
            found |= {name, f"{name}_FILE"} if kind in ("secret", "keys", "dsn") else {name}
    return found


def test_every_service_is_written_as_compose_reads_it(services):
    for name, service in services.items():
        assert service.keys() <= KEYS, name
        waits = service.get("depends_on", {})
        assert set(waits) <= set(services), name
        conditions = waits.values() if isinstance(waits, dict) else ()
        assert {each["condition"] for each in conditions} <= CONDITIONS, name
        assert all(isinstance(said, str) for said in service.get("environment", {}).values()), name


def test_every_volume_and_secret_that_is_used_is_there(services):
    whole = compose()
    for service in services.values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in whole["volumes"] or (DEPLOY / source).exists() or source == "./tls"
        assert set(service.get("secrets", [])) <= set(whole["secrets"])


def test_secrets_are_those_that_the_program_makes(tmp_path):
    command = [sys.executable, DEPLOY / "make_secrets.py", tmp_path, "--owner", "0"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    made = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert made.keys() == compose()["secrets"].keys()
    assert made["database_password"].strip() in made["database_url"]
    assert all(path.stat().st_mode & 0o007 == 0 for path in tmp_path.iterdir())
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == made


def test_secrets_go_to_the_users_own_group():
    """A group that happens to have the user's number is somebody else's, and could read them."""
    group_of = runpy.run_path(str(DEPLOY / "make_secrets.py"))["group_of"]
    users = {each.pw_uid: each.pw_gid for each in reversed(pwd.getpwall())}
    assert {uid: group_of(uid) for uid in users} == users
    assert any(uid != group for uid, group in users.items())
    unknown = max(users) + 1
    assert group_of(unknown) == unknown


@pytest.mark.parametrize("missing", GIVEN)
def test_without_an_address_it_does_not_begin(missing):
    with pytest.raises(KeyError, match=missing):
        filled(compose(), {name: said for name, said in GIVEN.items() if name != missing})


@pytest.mark.parametrize("service", OURS)
def test_config_reads_every_name_that_compose_sets(services, service):
    assert set(services[service]["environment"]) <= read_by_config()


def test_both_recipes_set_the_same_names(services):
    assert env_file(DEPLOY / "pinzhi.env").keys() == services["web-1"]["environment"].keys()


@pytest.mark.parametrize("service", ["worker", "beat", "web-1"])
def test_both_recipes_start_the_same(services, service):
    name = {"worker": "worker@", "web-1": "web@"}.get(service, service)
    start = unit(f"pinzhi-{name}.service")["ExecStart"].replace("web-%i", "web-1")
    words = start.replace(" --hostname %i@%%h", "").split()
    assert [words[0].rpartition("/")[2], *words[1:]] == services[service]["command"]


def test_a_stop_is_waited_for_longer_than_a_request_may_take(services):
    from config import web

    for service in ("web-1", "worker"):
        assert int(services[service]["stop_grace_period"].removesuffix("s")) > web.graceful_timeout
    assert int(unit("pinzhi-web@.service")["TimeoutStopSec"]) > web.graceful_timeout


def test_nginx_knows_every_web_process(services):
    told = services["nginx"]["environment"]["WEB_SERVERS"]
    webs = [said["command"][-1] for name, said in services.items() if name.startswith("web-")]
    assert re.findall(r"server (\S+)", told) == webs
    assert env_file(NGINX / "nginx.env")["WEB_SERVERS"] == told


def test_no_name_of_the_template_is_left_open(services):
    template = (NGINX / "pinzhi.conf.template").read_text()
    for given in (services["nginx"]["environment"], env_file(NGINX / "nginx.env")):
        assert "${" not in as_envsubst(template, given)
        assert not BUILT_IN & set(given)


def test_every_page_that_nginx_shows_itself_is_there_and_mounted(services):
    template = (NGINX / "pinzhi.conf.template").read_text()
    pages = re.findall(r"location = /(\S+) {\s+internal;\s+root \$\{PAGES_FOLDER\}", template)
    mounted = {volume.split(":")[0] for volume in services["nginx"]["volumes"]}
    assert set(pages) == {"unreachable.html", "too-large.html", "too-large.json"}
    assert all((NGINX / page).exists() and f"./nginx/{page}" in mounted for page in pages)


def test_no_stranger_says_in_which_trace_a_request_is():
    template = (NGINX / "pinzhi.conf.template").read_text()
    passed = template.count("proxy_set_header X-Request-ID $request_id;")
    assert template.count('proxy_set_header traceparent "";') == passed == 1


def test_nginx_lets_files_go_where_the_application_keeps_them(services):
    web = services["web-1"]["environment"]
    template = (NGINX / "pinzhi.conf.template").read_text()
    block = re.search(rf"location {web['FILES_REDIRECT']} {{(.*?)}}\n", template, re.DOTALL)[1]
    assert "internal;" in block
    assert services["nginx"]["environment"]["DATA_DIR"] == web["DATA_DIR"]


def test_the_image_copies_what_is_there():
    lines = (DEPLOY / "Dockerfile").read_text().splitlines()
    left_out = (DEPLOY / "Dockerfile.dockerignore").read_text().split()
    assert "COPY . ." in lines
    assert {"deploy/secrets", "deploy/tls", "var", ".git"} <= set(left_out)
    assert not {"bin", "config", "fixtures", "static", "templates", "locale"} & set(left_out)
    assert any(line.startswith("USER ") for line in lines)


def test_the_recipe_makes_every_folder_that_a_unit_writes_to():
    """Without one of them systemd does not start the unit at all."""
    recipe = (ROOT / "docs" / "running.md").read_text().split("## With systemd and nginx")[1]
    made = re.findall(r"sudo install -d (.+?)(?:  +#|\n)", recipe.split("\n## ")[0])
    folders = {word for line in made for word in line.split() if word.startswith("/")}
    units = [unit(path.name) for path in (DEPLOY / "systemd").glob("*.service")]
    written = {path for each in units for path in each["ReadWritePaths"].split()}
    assert written == {"/srv/pinzhi", "/mnt/backups"}
    assert written <= folders
    assert env_file(NGINX / "nginx.env")["TLS_FOLDER"] in folders


@pytest.mark.system("systemd")
def test_systemd_understands_the_units(tmp_path):
    """Of programs that are not on this machine it knows nothing: ours stand in."""
    names = []
    for path in (DEPLOY / "systemd").iterdir():
        text = path.read_text().replace("/opt/pinzhi/.venv/bin/", f"{sys.prefix}/bin/")
        name = path.name.replace("@.", "@1.")
        (tmp_path / name).write_text(text.replace("=/opt/pinzhi\n", f"={ROOT}\n"))
        names.append(tmp_path / name)
    said = subprocess.run(
        [shutil.which("systemd-analyze"), "verify", "--man=no", *names],
        capture_output=True,
        text=True,
        env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:", "SYSTEMD_LOG_LEVEL": "warning", "PATH": "/bin"},
    )
    assert (said.returncode, said.stderr) == (0, "")
