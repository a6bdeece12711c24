"""What the measurement has to know of a filled database, and how large it is."""

from django.db import connection

from campaign.models import Obligation
from inspections.models import Observation, ScoreSheet
from organization.models import HistoryEntry, Project
from tests.access.world import World


def facts(world: World) -> dict:
    return {"campaign": world.campaign.code, "size": size()}


def size() -> dict[str, int]:
    sheets = ScoreSheet.objects.audits()
    return {
        "projects": Project.objects.count(),
        "sheets": sheets.count(),
        "items": sum(sheets.values_list("item_count", flat=True)),
        "observed": Observation.objects.filter(sheet__kind="audit")
        .values("sheet", "item")
        .distinct()
        .count(),
        "obligations": Obligation.objects.exclude(project=None).count(),
        "history": HistoryEntry.objects.count(),
        "bytes": occupied(),
    }


def occupied() -> int:
    """What the database takes on the disk, its indexes included."""
    asked = {
        "sqlite": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
        "postgresql": "SELECT pg_database_size(current_database())",
    }
    with connection.cursor() as cursor:
        cursor.execute(asked[connection.vendor])
        return cursor.fetchone()[0]
