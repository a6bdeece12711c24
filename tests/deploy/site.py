"""All processes of deploy/compose.yaml on loopback, with its commands and environment.

Only places differ: folders, ports and the certificate are a test's own.
"""

import os
import pwd
import signal
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from portal.serving import die_with_parent
from tests.deploy.recipe import DEPLOY, NGINX, as_envsubst, compose, filled
from tests.faults.house import free_port, wait_for
from tests.server import PRODUCTION_ONLY, ROOT

sys.path.insert(0, str(ROOT / "bin"))
from with_services import postgresql_program, server_user

BIN = Path(sys.executable).parent
HERE = "127.0.0.1"
MAIN = """\
daemon off;
user {user};
pid {folder}/nginx.pid;
error_log {folder}/nginx-error.log;
events {{ worker_connections 512; }}
http {{
    include /etc/nginx/mime.types;
    client_body_temp_path {folder}/nginx/body;
    proxy_temp_path {folder}/nginx/proxy;
    fastcgi_temp_path {folder}/nginx/fastcgi;
    uwsgi_temp_path {folder}/nginx/uwsgi;
    scgi_temp_path {folder}/nginx/scgi;
    include {folder}/pinzhi.conf;
}}
"""


class Process:
    """One of the site's; a group of its own, so that a kill takes all of it."""

    def __init__(self, name, command, *, folder, farewell=signal.SIGTERM, **more):
        self.name, self.command, self.more = name, [str(part) for part in command], more
        self.log, self.farewell = folder / f"{name}.log", farewell
        self.running: subprocess.Popen | None = None

    def start(self):
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                self.command,
                stdout=log,
                stderr=log,
                process_group=0,
                preexec_fn=lambda: die_with_parent(signal.SIGKILL),
                **{"cwd": ROOT} | self.more,
            )

    def kill(self):
        """As when the machine loses its power."""
        os.killpg(self.running.pid, signal.SIGKILL)
        self.running.wait()

    def stop(self) -> float:
        """As systemd and the container engine do; returns the seconds that it took."""
        began = time.monotonic()
        self.running.send_signal(self.farewell)
        self.running.wait(timeout=90)
        return time.monotonic() - began

    def close(self):
        if self.running and self.running.poll() is None:
            self.kill()

    @property
    def pids(self) -> list[int]:
        """It and its children."""
        said = Path(f"/proc/{self.running.pid}/task/{self.running.pid}/children").read_text()
        return [self.running.pid, *map(int, said.split())]


class Site:
    def __init__(self, folder: Path):
        self.folder = folder
        self.ports = {
            name: free_port() for name in ("http", "https", "metrics", "postgresql", "redis")
        }
        self.address = f"https://{HERE}:{self.ports['https']}"
        for name in ("data", "run", "nginx", "logs"):
            (folder / name).mkdir()
        self.certificate = make_certificate(folder / "tls")
        make_secrets(folder / "secrets", self.ports["postgresql"])
        given = {"SITE_URL": self.address, "ALLOWED_HOSTS": HERE, "EMAIL_FROM": "p@example.test"}
        self.services = filled(compose(), given)["services"]
        self.environment = self.kept() | self.placed(self.services["web-1"]["environment"])
        self.webs = [self.ours(name) for name in ("web-1", "web-2")]
        self.worker, self.beat = self.ours("worker"), self.ours("beat")
        self.postgresql, self.redis, self.nginx = postgresql(self), redis(self), nginx(self)

    @property
    def parts(self):
        return [self.postgresql, self.redis, *self.webs, self.worker, self.beat, self.nginx]

    def kept(self):
        """Of this process's environment nothing that an installation decides."""
        decided = (*PRODUCTION_ONLY, "LOG_FORMAT", "PORT", "HOST", "DEBUG", "MAINTENANCE_FILE")
        kept = {name: value for name, value in os.environ.items() if name not in decided}
        return kept | {"PATH": f"{BIN}:{os.environ['PATH']}"}

    def placed(self, value):
        """The container's folders and hosts, as they are here."""
        if isinstance(value, dict):
            return {key: self.placed(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self.placed(each) for each in value]
        places = {"/run/secrets": "secrets", "/srv/pinzhi": "data", "/run/pinzhi": "run"}
        for there, here in places.items():
            value = value.replace(there, str(self.folder / here))
        return value.replace("redis:6379", f"{HERE}:{self.ports['redis']}")

    def ours(self, name):
        command = self.placed(self.services[name]["command"])
        return Process(name, command, folder=self.folder, env=self.environment)

    def run(self, *command, **more):
        environment = self.environment | more
        subprocess.run([str(part) for part in command], cwd=ROOT, env=environment, check=True)

    def manage(self, *arguments, **more):
        self.run("python", "manage.py", *arguments, **more)

    def start(self, prepare):
        """Database and broker, what `prepare` puts there, then the rest."""
        self.postgresql.start()
        self.redis.start()
        wait_for(self.database_answers, "PostgreSQL answers")
        self.people = prepare(self)
        for part in (*self.webs, self.worker, self.beat):
            part.start()
        for web in self.webs:
            self.wait_for_web(web)
        self.nginx.start()
        wait_for(lambda: listens(self.ports["https"]), "nginx answers")

    def database_answers(self):
        return (
            listens(self.ports["postgresql"])
            and "ready to accept" in (self.postgresql.log.read_text()[-400:])
        )

    def wait_for_web(self, web):
        """As the container's health check finds out."""
        file = web.command[-1].removeprefix("unix:")
        check = ["python", DEPLOY / "ready.py", file]
        said = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        wait_for(lambda: Path(file).exists(), f"{web.name} listens", seconds=90)
        wait_for(
            lambda: subprocess.run(check, env=self.environment, cwd=ROOT, **said).returncode == 0,
            f"{web.name} is ready: {web.log.read_text()[-2000:]}",
            seconds=90,
        )

    def close(self):
        for part in reversed(self.parts):
            part.close()


def listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex((HERE, port)) == 0


def nginx(site: Site) -> Process:
    """The template as the nginx image fills it, below a main configuration of the test's own."""
    folder = site.folder
    names = site.placed(site.services["nginx"]["environment"])
    names |= {"HTTP_PORT": f"{HERE}:{site.ports['http']}"}
    names |= {"HTTPS_PORT": f"{HERE}:{site.ports['https']}", "TLS_FOLDER": str(folder / "tls")}
    names |= {"METRICS_LISTEN": f"{HERE}:{site.ports['metrics']}"}
    names |= {"PAGES_FOLDER": str(NGINX), "LOG_FOLDER": str(folder / "logs")}
    template = (NGINX / "pinzhi.conf.template").read_text()
    (folder / "pinzhi.conf").write_text(as_envsubst(template, names))
    user = pwd.getpwuid(os.geteuid()).pw_name
    main = folder / "nginx.conf"
    main.write_text(MAIN.format(folder=folder, user=user))
    command = ["nginx", "-c", main, "-p", folder, "-e", folder / "nginx-error.log"]
    return Process("nginx", command, folder=folder, farewell=signal.SIGQUIT)


def redis(site: Site) -> Process:
    where = ["--port", site.ports["redis"], "--bind", HERE, "--dir", site.folder / "data"]
    command = [*site.services["redis"]["command"], *where]
    return Process("redis", command, folder=site.folder)


def postgresql(site: Site) -> Process:
    """A cluster with the image's user, database and password; it may lose what a crash loses."""
    folder = site.folder / "postgresql"
    folder.mkdir()
    site.folder.chmod(0o755)
    user = server_user(folder)
    password = folder / "password"
    password.write_text((site.folder / "secrets" / "database_password").read_text())
    password.chmod(0o644)
    make = [postgresql_program("initdb"), "-D", folder / "data", "-U", "pinzhi", "--no-sync"]
    make += ["-A", "scram-sha-256", f"--pwfile={password}", "-E", "UTF8", "--locale=C.UTF-8"]
    subprocess.run(make, check=True, stdout=subprocess.DEVNULL, cwd=folder, **user)
    single = [postgresql_program("postgres"), "--single", "-D", folder / "data", "postgres"]
    subprocess.run(
        single, input=b"CREATE DATABASE pinzhi", check=True, cwd=folder, capture_output=True, **user
    )
    options = {"listen_addresses": HERE, "port": site.ports["postgresql"], "fsync": "off"}
    options |= {"unix_socket_directories": "", "jit": "off"}
    server = [postgresql_program("postgres"), "-D", folder / "data"]
    server += [f"--{key}={value}" for key, value in options.items()]
    stop = getattr(signal, site.services["postgresql"]["stop_signal"])
    return Process(
        "postgresql", server, folder=site.folder, farewell=stop, **user | {"cwd": folder}
    )


def make_secrets(folder: Path, port: int):
    """With the program that an installation makes them with."""
    command = [sys.executable, DEPLOY / "make_secrets.py", folder, "--owner", str(os.geteuid())]
    command += ["--database-host", f"{HERE}:{port}"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def make_certificate(folder: Path) -> Path:
    folder.mkdir()
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HERE)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HERE))]), False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    secret = key.private_bytes(*plain, serialization.NoEncryption())
    (folder / "privkey.pem").write_bytes(secret)
    (folder / "fullchain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return folder / "fullchain.pem"
