"""The company on the site's database, and a sheet for everybody who enters something.

    python -m tests.deploy.world PEOPLE     (prints who has which sheet, as JSON)

Unless tables are there (`make faults` runs all migrations) they come from the models.
"""

import json
import os
import sys

import django
from django.apps import apps
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

ELSEWHERE = ["admin", "import_export", "modeltranslation"]
PASSWORD = "quiet-harbour-4711"


def main(people: int):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    if not connection.introspection.table_names():
        make_quickly()
    print(json.dumps([*built(people)]))


def make_quickly():
    """What deploy/migrate.sh makes, without the tables' history and the admin site."""
    known = settings.MIGRATION_MODULES
    settings.MIGRATION_MODULES = {each.label: None for each in apps.get_app_configs()}
    call_command("migrate", run_syncdb=True, verbosity=0)
    settings.MIGRATION_MODULES = known
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    for app, name in MigrationLoader(None).disk_migrations:
        recorder.record_applied(app, name)
    call_command("collectstatic", ignore_patterns=ELSEWHERE, interactive=False, verbosity=0)


def built(people):
    from inspections.sheet.sheets import open_sheet
    from organization.models import Project, User
    from organization.roles import Role
    from tests import cast

    company = cast.company()
    at = timezone.now()
    password = make_password(PASSWORD)  # the demo's own opens nothing here
    for specialty in company.lines.values():
        cast.rubric(company.campaign, specialty, items=12)
    pairs = [(p, line) for p in Project.objects.all() for line in company.lines.values()]
    for number, (project, specialty) in zip(range(people), pairs, strict=False):
        username = f"auditor-{number}"
        by = cast.person(username, f"督导{number}", Role.MANAGEMENT_CENTER)
        User.objects.filter(pk=by.pk).update(password=password)
        sheet = open_sheet(
            campaign=company.campaign, project=project, specialty=specialty, by=by, at=at
        )
        items = list(sheet.rubric.items.order_by("order").values_list("pk", flat=True))
        page = sheet.get_absolute_url()
        yield {"username": username, "sheet": sheet.pk, "items": items, "page": page}


if __name__ == "__main__":
    main(int(sys.argv[1]))
