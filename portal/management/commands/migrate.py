from django.core.management.commands import migrate

from portal.migrating import few_drawn_anew


class Command(migrate.Command):
    """Django's, in less time (portal/migrating.py)."""

    def handle(self, *args, **options):
        with few_drawn_anew():
            return super().handle(*args, **options)
