"""How many findings there are of each state, in a campaign that has a hundred thousand."""

from datetime import date

from django.db.models import Func, IntegerField, Q, QuerySet, Subquery

from campaign.models import Campaign
from inspections.finding.finding_filters import OPEN, SOON, conditions
from inspections.models import Finding

COUNTED = ("today", "soon", "overdue", "reopened", "waiting", "verified")


def counts_of_all(found: QuerySet[Finding], campaign: Campaign, today: date) -> dict[str, int]:
    """Tab -> number of `found`, all in force of a campaign on a day; one query.

    Several counts, each along an index that holds nothing else: most findings are over, and
    one that looks at all of them for each state takes four times as long.
    """
    known = conditions(today)
    parts = {code: known[code] for code in COUNTED}
    parts |= {"dated": OPEN & Q(due__gt=today + SOON), "undated": OPEN & Q(due=None)}
    asked = {f"count_{code}": number_of(found.filter(part)) for code, part in parts.items()}
    row = Campaign.objects.filter(pk=campaign.pk).order_by().values(**asked).get()
    counts = {code: row[f"count_{code}"] for code in parts}
    counts["later"] = counts.pop("dated") + counts.pop("undated")
    counts["open"] = counts["overdue"] + counts["soon"] + counts["later"]
    counts["all"] = counts["open"] + counts["waiting"] + counts["verified"]
    return counts


def number_of(found: QuerySet[Finding]) -> Subquery:
    # no Count: Django groups by something then, which takes as long again
    number = Func("campaign", function="COUNT", output_field=IntegerField())
    return Subquery(found.order_by().annotate(number=number).values("number"))
