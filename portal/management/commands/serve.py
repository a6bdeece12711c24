import os
import signal
import sys

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from organization.roles import Role
from portal import serving
from portal.demo import accounts

THREADS = 8
# Celery's warning about root is for servers; this one listens on the machine itself.
QUIET = ["-W", "ignore:You're running the worker with superuser"]
CELERY = [sys.executable, *QUIET, "-m", "celery", "-A", "config", "--quiet"]
MANY = 5


class Command(BaseCommand):
    help = "Runs web server, task worker and scheduler together until Ctrl-C."
    requires_system_checks = []  # the processes it starts check themselves

    def add_arguments(self, parser):
        parser.add_argument(
            "--with-parent",
            action="store_true",
            help="end when the process that started this one ends (make run)",
        )

    def handle(self, *args, with_parent, **options):
        if with_parent:
            serving.die_with_parent(signal.SIGTERM)
        try:
            lock = serving.hold(settings.DATA_DIR)
            listener = serving.listen(os.environ.get("HOST") or "127.0.0.1", settings.PORT)
            prepare()
        except serving.CannotServe as reason:
            raise CommandError(str(reason)) from None
        except KeyboardInterrupt:
            return
        with lock, listener:
            self.serve(listener)

    def serve(self, listener):
        host, port = listener.getsockname()[:2]
        address = f"http://{host}:{port}/"
        supervisor = serving.Supervisor()
        try:
            # the web server alone first: on a small machine the page is there sooner
            supervisor.add(web_server(listener, port))
            if supervisor.run_until(lambda: serving.answers(address + "healthz")):
                self.announce(address)
                supervisor.add(*task_processes(port))
                supervisor.run_until(lambda: False)
        finally:
            supervisor.stop()

    def announce(self, address):
        self.stdout.write("\n" + _("品质已启动：%(address)s") % {"address": address})
        accounts = list(demo_accounts())
        if accounts:
            password = {"password": settings.DEMO_PASSWORD}
            self.stdout.write(_("演示账号，密码 %(password)s：") % password)
            for role, names in accounts:
                self.stdout.write(f"  {role}  {names}")
        self.stdout.write(_("按 Ctrl-C 停止。") + "\n")
        self.stdout.flush()


def prepare():
    """Bring tables up to date and make folders; an empty embedded database gets the demo."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)
    if settings.EMBEDDED and not get_user_model().objects.exists():
        print(_("正在建立演示数据，约十几秒……"), flush=True)
        call_command("demo", verbosity=0)
    connection.close()
    settings.STATIC_ROOT.mkdir(exist_ok=True)  # WhiteNoise warns of what is not there


def demo_accounts():
    """(role, its demo accounts with their people's names); of many only the first and the last."""
    held = accounts()
    for role in Role:
        names = [f"{account.username} {account.name}" for account in held if account.role == role]
        if names:
            short = [names[0], "…", names[-1]] if len(names) > MANY else names
            yield role.label, "  ".join(short)


def web_server(listener, port):
    command = [sys.executable, "-m", "gunicorn", "config.wsgi"]
    command += ["--bind", f"fd://{listener.fileno()}"]
    command += ["--worker-class", "gthread", "--workers", "1", "--threads", str(THREADS)]
    command += ["--graceful-timeout", "5", "--log-level", "warning", "--no-control-socket"]
    return serving.Child(
        "web server",
        command,
        farewell=signal.SIGQUIT,
        environment={"PORT": str(port)},
        inherited=(listener.fileno(),),
    )


def task_processes(port):
    environment = {"PORT": str(port)}
    worker = [*CELERY, "worker", "-P", "threads", "--concurrency", "2", "-l", "WARNING"]
    worker += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    # killed, not asked: it would finish what it does first, and the broker hands that out again
    yield serving.Child("worker", worker, signal.SIGKILL, environment)
    beat = [*CELERY, "beat", "--pidfile=", "-l", "WARNING"]
    yield serving.Child("scheduler", beat, signal.SIGTERM, environment)
