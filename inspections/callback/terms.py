"""What a campaign sets for its call-backs: how many, how often, how long numbers are kept."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from campaign.models import Campaign
from inspections.models import CallbackTerms
from organization.errors import Conflict, Refused
from organization.history import record
from organization.prepared import prepared

FIGURES = ("size", "tries", "least", "days")


of_campaign = prepared(
    lambda *, campaign: CallbackTerms.objects.filter(campaign=campaign),
    {"campaign": Campaign._meta.pk},
)


def terms_of(campaign: Campaign) -> CallbackTerms:
    """The campaign's own, or the defaults (not saved)."""
    found = next(iter(of_campaign(campaign=campaign.pk)), None) or CallbackTerms()
    found.campaign = campaign
    return found


@transaction.atomic
def set_terms(
    *, campaign: Campaign, figures: dict[str, int], by, at: datetime, revision: int | None = None
) -> CallbackTerms:
    """Set `FIGURES`; a visit that has drawn keeps its own. Refused for one outside its bounds,
    Conflict for a stale page.
    """
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    terms = terms_of(campaign)
    if revision not in (None, terms.revision):
        raise Conflict(_("您打开这一页之后，设置有了变化。"), theirs=terms)
    before = {name: getattr(terms, name) for name in FIGURES}
    if before == figures and terms.pk:
        return terms
    for name, value in figures.items():
        setattr(terms, name, value)
    try:
        terms.clean_fields()
    except ValidationError as error:
        name = next(iter(error.message_dict))
        raise Refused(error.message_dict[name][0], code="figure", field=name) from error
    terms.revision += 1
    terms.save()
    record(on=campaign, verb="set_callback_terms", by=by, at=at, old=before, new=figures)
    return terms
