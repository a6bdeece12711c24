from django.db import migrations


def decide(apps, schema_editor):
    """Versions kept before now learn from plan and history what the center decided about them."""
    Plan = apps.get_model("inspections", "ImprovementPlan")
    Entry = apps.get_model("organization", "HistoryEntry")
    returns = Entry.objects.filter(
        content_type__app_label="inspections",
        content_type__model="improvementplan",
        verb="send_back_plan",
    )
    for plan in Plan.objects.prefetch_related("versions"):
        versions = sorted(plan.versions.all(), key=lambda version: version.number)
        for version, entry in zip(
            versions, returns.filter(object_id=str(plan.pk)).order_by("at", "pk")
        ):
            version.decided_at, version.decided_by_id = entry.at, entry.by_id
            version.return_reason = entry.reason
            version.save()
        if plan.filed_at and versions:
            last = versions[-1]
            last.decided_at, last.decided_by_id = plan.filed_at, plan.filed_by_id
            last.is_filed, last.return_reason = True, ""
            last.save()


class Migration(migrations.Migration):

    dependencies = [
        ("inspections", "0004_plan_revisions"),
        ("organization", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(decide, migrations.RunPython.noop)]
