"""From SQLite to PostgreSQL: tables, rows, a comparison of all, and `verify` over there."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from portal import serving
from portal.management.commands.restore import manage
from portal.moving import CannotMove, beside, transfer


class Command(BaseCommand):
    help = "Copy this installation's SQLite database into an empty PostgreSQL one and compare all."

    def add_arguments(self, parser):
        parser.add_argument("--to", required=True, metavar="URL", help="postgres://user@host/name")

    def handle(self, *, to, **options):
        try:
            # whoever entered something meanwhile would look for it in vain
            with serving.hold(settings.DATA_DIR), beside(to) as target:
                self.refuse_what_can_not_be_moved(target)
                manage("migrate", "--no-input", "--verbosity", "0", DATABASE_URL=to)
                moved = transfer(connection, target)
        except (CannotMove, serving.CannotServe, DatabaseError) as reason:
            raise CommandError(str(reason)) from None
        for each in moved:
            self.stdout.write(f"{each.table}\t{each.rows}\t{each.sha256}")
        rows = sum(each.rows for each in moved)
        self.stdout.write(f"{len(moved)} 张表 / tables, {rows} 行一致 / rows are the same")
        self.stdout.flush()
        manage("verify", DATABASE_URL=to)
        self.stdout.write("今后请设置 DATABASE_URL / from now on set DATABASE_URL")

    def refuse_what_can_not_be_moved(self, target):
        if (connection.vendor, target.vendor) != ("sqlite", "postgresql"):
            raise CannotMove("只能从 SQLite 搬到 PostgreSQL / only from SQLite to PostgreSQL")
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise CannotMove("请先运行 migrate / run migrate first")
