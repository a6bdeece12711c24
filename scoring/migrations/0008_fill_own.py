"""What final standings are compared with, of the self-checks that were handed in before."""

from collections import defaultdict

from django.db import migrations

from scoring import engine

BATCH = 500


def fill(apps, schema_editor):
    Standing = apps.get_model("scoring", "Standing")
    for (campaign,) in Standing.objects.order_by("campaign").values_list("campaign").distinct():
        own = composites_of(apps, campaign)
        final = Standing.objects.filter(
            campaign=campaign, provisional=False, composite__isnull=False
        )
        changed = []
        for standing in final.iterator(BATCH):
            standing.own = own.get(standing.project_id)
            if standing.own is not None:
                changed.append(standing)
        Standing.objects.bulk_update(changed, ["own"], batch_size=BATCH)


def composites_of(apps, campaign):
    """By project, where every specialty that it has was handed in."""
    weights = apps.get_model("scoring", "Weight").objects.filter(campaign=campaign, percent__gt=0)
    percents = dict(weights.values_list("specialty", "percent"))
    lacks = apps.get_model("campaign", "Participation").lacks.through.objects.filter(
        participation__campaign=campaign
    )
    absent = set(lacks.values_list("participation__project", "specialty"))
    handed_in = apps.get_model("scoring", "Score").objects.filter(
        campaign=campaign, kind="self", finished_at__isnull=False
    )
    scores = defaultdict(dict)
    for project, specialty, *points in handed_in.values_list(
        "project", "specialty", "kept", "possible"
    ):
        scores[project][specialty] = points
    made = {
        project: engine.composite(
            engine.Part(
                str(specialty), percent, *found.get(specialty, ()),
                finished=specialty in found, absent=(project, specialty) in absent,
            )
            for specialty, percent in percents.items()
        )
        for project, found in scores.items()
    }
    return {project: each.value for project, each in made.items() if not each.provisional}


class Migration(migrations.Migration):

    dependencies = [("scoring", "0007_standing_own")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
