"""Before and after: the chapter whose facts are the pairs that somebody chose."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.models import Campaign
from inspections.closing.chapters import Builder, Names, Shown


def gather(campaign: Campaign, at: datetime) -> dict:
    """Chosen pairs are kept as such, not as figures."""
    return {}


def show(facts: dict, names: Names) -> list[Shown]:
    return []


def draft(facts: dict) -> str:
    return _("整改前后对比，照片由管理中心挑选。")


PICTURES = Builder("pictures", gettext_lazy("整改前后"), gather, show, draft)
