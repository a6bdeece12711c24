"""To which campaign what happened belongs: each campaign's history is sealed in its own chain."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache

from django.contrib.contenttypes.models import ContentType
from django.db.models import F, Model

from campaign import comparing
from campaign.models import Campaign
from campaign.registry import Difference
from organization import history_check, seals
from organization.history_seals import SPINE
from organization.models import SealChain
from organization.seals import Fault

FURTHEST = 4


def chain_name(campaign_id: int) -> str:
    return f"{SPINE}:campaign:{campaign_id}"


def head_of(campaign: Campaign) -> str:
    """The head of its history's chain, for documents; empty before any of it was sealed."""
    chain = SealChain.objects.filter(name=chain_name(campaign.pk)).first()
    return seals.printed(chain) if chain else ""


def history_differences(campaign: Campaign | None = None, *, at: datetime) -> Iterator[Difference]:
    """What of the history is not as it was sealed: of one campaign, or of all and between."""
    if campaign is None:
        found = history_check.faults(at=at)
    else:
        chain = SealChain.objects.filter(name=chain_name(campaign.pk)).first()
        found = history_check.chain_faults(chain) if chain else iter(())
    yield from map(comparing.of_history, found)


def head_differences(campaign: Campaign | None, text: str) -> Iterator[Difference]:
    """Whether the history's chain still goes through a head that was printed."""
    name = chain_name(campaign.pk) if campaign else SPINE
    chain = SealChain.objects.filter(name=name).first() or SealChain(name=name)
    yield from map(comparing.of_history, seals.head_faults(chain, text) if chain.pk else [NO_CHAIN])


NO_CHAIN = Fault("head_cut")


def chains_of(kind: ContentType, ids: Sequence[str]) -> dict[str, str]:
    """The chain of each of these things that belongs to a campaign and is still there."""
    model = kind.model_class()
    path = path_of(model) if model else None
    if path is None:
        return {}
    found = model._base_manager.filter(pk__in=set(ids)).order_by()
    rows = found.annotate(chain_campaign=F(path)).values_list("pk", "chain_campaign")
    return {str(pk): chain_name(campaign) for pk, campaign in rows if campaign}


@cache
def path_of(model: type[Model]) -> str | None:
    """The shortest way from a thing to its campaign; None where there is none."""
    if model is Campaign:
        return "pk"
    ways = [("", model)]
    for _step in range(FURTHEST):
        further = [
            (f"{way}{field.name}__", field.related_model)
            for way, each in ways
            for field in each._meta.concrete_fields
            if field.many_to_one or field.one_to_one
        ]
        for way, each in further:
            if each is Campaign:
                return way.removesuffix("__")
        ways = further
    return None
