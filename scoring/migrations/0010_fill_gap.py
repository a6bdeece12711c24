"""How far what projects said is from what was found, of what was handed in before."""

from collections import defaultdict

from django.db import migrations

from scoring import engine

BATCH = 500


def fill(apps, schema_editor):
    Standing = apps.get_model("scoring", "Standing")
    for (campaign,) in Standing.objects.order_by("campaign").values_list("campaign").distinct():
        gaps = gaps_of(apps, campaign)
        changed = []
        for standing in Standing.objects.filter(campaign=campaign).iterator(BATCH):
            standing.gap = gaps.get(standing.project_id)
            if standing.gap is not None:
                changed.append(standing)
        Standing.objects.bulk_update(changed, ["gap"], batch_size=BATCH)


def gaps_of(apps, campaign):
    """By project, over the specialties that have both figures."""
    weights = apps.get_model("scoring", "Weight").objects.filter(campaign=campaign, percent__gt=0)
    percents = dict(weights.values_list("specialty", "percent"))
    scores = apps.get_model("scoring", "Score").objects.filter(
        campaign=campaign, finished_at__isnull=False, possible__gt=0
    )
    found = defaultdict(lambda: defaultdict(dict))
    for project, specialty, kind, *points in scores.order_by().values_list(
        "project", "specialty", "kind", "kept", "possible"
    ):
        if specialty in percents:
            found[project][specialty][kind] = points
    gaps = {}
    for project, by_specialty in found.items():
        both = {key: sides for key, sides in by_specialty.items() if len(sides) == 2}
        own, audit = (
            engine.composite(
                engine.Part(str(key), percents[key], *sides[kind]) for key, sides in both.items()
            ).value
            for kind in ("self", "audit")
        )
        if own is not None:
            gaps[project] = own - audit
    return gaps


class Migration(migrations.Migration):

    dependencies = [("scoring", "0009_standing_gap")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
