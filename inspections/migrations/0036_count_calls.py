"""What calls came to before each visit's were counted."""

from collections import defaultdict

from django.db import migrations
from django.db.models import Count, Sum

BATCH = 500
FIGURES = ("answered", "refused", "missed", "complaints", "answers", "grades")
FIRST = {"answered": "answered", "refused": "refused", "not_reached": "missed"}  # by weight


def fill(apps, schema_editor):
    Sample = apps.get_model("inspections", "CallbackSample")
    keys = list(Sample.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        samples = list(Sample.objects.filter(pk__in=keys[start : start + BATCH]).defer("order"))
        count(apps, samples)
        Sample.objects.bulk_update(samples, FIGURES)


def count(apps, samples):
    calls = apps.get_model("inspections", "Call").objects.filter(
        callee__sample__in=samples, correction=None
    )
    outcomes, complained = defaultdict(lambda: defaultdict(set)), defaultdict(set)
    rows = calls.order_by().values_list("callee__sample", "callee", "outcome", "complaint")
    for sample, callee, outcome, complaint in rows:
        outcomes[sample][callee].add(outcome)
        if complaint:
            complained[sample].add(callee)
    answers = apps.get_model("inspections", "CallAnswer").objects.filter(
        call__callee__sample__in=samples, call__correction=None
    )
    rows = answers.order_by().values_list("call__callee__sample")
    said = {sample: row for sample, *row in rows.annotate(n=Count("pk"), all=Sum("grade"))}
    for sample in samples:
        for found in outcomes[sample.pk].values():
            name = next((name for outcome, name in FIRST.items() if outcome in found), None)
            if name:
                setattr(sample, name, getattr(sample, name) + 1)
        sample.complaints = len(complained[sample.pk])
        sample.answers, sample.grades = said.get(sample.pk, (0, 0))


class Migration(migrations.Migration):

    dependencies = [("inspections", "0035_calls_counted")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
