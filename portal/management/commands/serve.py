import os
import signal
import sys
from itertools import groupby

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
            self.prepare()
        except serving.CannotServe as reason:
            raise CommandError(str(reason)) from None
        except KeyboardInterrupt:
            return
        with lock, listener:
            self.serve(listener)

    def prepare(self):
        """Bring tables up to date and make folders; an empty embedded database gets the demo."""
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", interactive=False, verbosity=0)
            call_command("seal", existing=True)  # what an earlier release left without seals
            call_command("count_results", existing=True)  # what it left without counts
        if settings.EMBEDDED and not get_user_model().objects.exists():
            self.say(_("正在载入演示数据，约需一分钟……"))
            call_command("demo", verbosity=0)
        connection.close()
        settings.STATIC_ROOT.mkdir(exist_ok=True)  # WhiteNoise warns of what is not there

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
        lines = ["", _("品质已启动：%(address)s") % {"address": address}]
        known = [f"  {role}  {names}" for role, names in demo_accounts()]
        if known:
            password = {"password": settings.DEMO_PASSWORD}
            lines += [_("演示账号，密码 %(password)s：") % password, *known]
        self.say(*lines, _("按 Ctrl-C 停止。"), "")

    def say(self, *lines):
        self.stdout.write("\n".join(lines))
        self.stdout.flush()


def demo_accounts():
    """(role, names of the demo accounts in it), highest first; of many the first and last."""
    for role, people in groupby(accounts(), key=lambda account: account.role):
        names = [account.username for account in people]
        yield Role(role).label, " ".join([names[0], "…", names[-1]] if len(names) > MANY else names)


def web_server(listener, port):
    command = [sys.executable, "-m", "gunicorn", "config.wsgi"]
    command += ["--bind", f"fd://{listener.fileno()}"]
    command += ["--worker-class", "gthread", "--workers", "1", "--threads", str(THREADS)]
    # a hundred ticked findings stand in one address, and once more in that of the sign-in
    command += ["--limit-request-line", "8190"]
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
