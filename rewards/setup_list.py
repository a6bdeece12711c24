"""This app's lines of a campaign's set-up list (campaign.registry.SETUP_PARTS)."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from campaign.models import Campaign
from campaign.registry import SetupPart
from organization.prepared import prepared
from organization.templatetags.ui import yuan
from rewards.models import TeamReward
from rewards.template_rules import missing


def parts(campaign: Campaign) -> Iterator[SetupPart]:
    problems, count = missing(campaign), len(campaign.reward_rules.all())
    words = ngettext("%(count)d 条标准", "%(count)d 条标准", count) % {"count": count}
    url = reverse("setup_rewards", args=[campaign.code])
    yield SetupPart(
        pgettext("setup", "奖惩标准"), " ".join(problems) or words, url, not problems, order=6
    )
    team = next(iter(team_of(campaign=campaign.pk)), None)
    yield SetupPart(_("团队奖"), team_words(team), url, team is not None, order=7)


def team_reward(*, campaign) -> QuerySet[TeamReward]:
    return TeamReward.objects.filter(campaign__pk=campaign)


team_of = prepared(team_reward, {"campaign": Campaign._meta.pk})


def answer(campaign: Campaign) -> str:
    """The first line of the page where the rules are set."""
    rules, team = parts(campaign)
    return _("%(rules)s，团队奖%(team)s") % {"rules": rules.summary, "team": team.summary}


def team_words(team: TeamReward | None) -> str:
    if team is None:
        return _("还没有设定")
    if not team.amount:
        return _("不设团队奖")
    return _("%(lowest)d 分起 %(amount)s") % {"lowest": team.lowest, "amount": yuan(team.amount)}
