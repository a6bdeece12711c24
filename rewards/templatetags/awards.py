"""Lines of a settlement's list by plain formatting, twenty-five on its page."""

from django import template
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from organization.formatting import formatted
from organization.templatetags.ui import icon, listed, score, yuan
from rewards.models import Award

register = template.Library()
ROW = (
    '<tr><th class="card-main" scope="row">{who}</th><td>{role}</td>'
    '<td><a class="link" href="{result}">{project}</a></td>'
    '<td><span class="band band-{code}">{sign}{band}</span></td><td class="num">{composite}</td>'
    '<td class="small">{why}<a class="link no-print" href="{explain}">{how}</a>{adjust}</td>'
    '<td class="num card-figure"><b>{amount}</b></td></tr>'
)
ADJUST = ' <a class="link no-print" href="{}?{}">{}</a>'
SIGNS = {"excellent": "trophy", "fail": "alert-triangle"}


@register.simple_tag(takes_context=True)
def award_rows(context, may_adjust) -> SafeString:
    """A page's lines: who, for what, how it was made, and how much."""
    adjusts = may_adjust and context["settlement"].is_open
    words = dict(Award._meta.get_field("role").flatchoices)
    rows = (award_row(context, award, words[award.role], adjusts) for award in context["page"])
    return mark_safe("\n".join(rows))  # noqa: S308 each is formatted


def award_row(context, award, role, adjusts) -> SafeString:
    campaign, project = context["campaign"].code, award.project
    band = context["bands"].get(award.band)
    return formatted(
        ROW,
        who=award.person or _("%(project)s团队") % {"project": project},
        role=role,
        result=reverse("project_result", args=[campaign, project.code]),
        project=project,
        code=award.band,
        sign=icon(SIGNS.get(award.band, "thumb-up")),
        band=band.name if band else "",
        composite=score(award.composite),
        why=why(award),
        explain=reverse("explain", args=[campaign, project.code]),
        how=_("怎么来的"),
        adjust=adjusting(campaign, award) if adjusts else "",
        amount=yuan(award.amount),
    )


def why(award) -> str:
    said = ""
    if award.case:
        about = {"kind": award.case.get_kind_display(), "reason": award.case.reason}
        said += _("%(kind)s，按决定计：%(reason)s") % about + " "
    if award.other_roles:
        said += _("另任%(roles)s，取最高") % {"roles": listed(award.other_role_words)} + " "
    return said


def adjusting(campaign: str, award) -> SafeString:
    asked = {"project": award.project.code}
    if award.person:
        asked["person"] = award.person.username
    address = reverse("settlement_adjust", args=[campaign])
    return formatted(ADJUST, address, urlencode(asked), _("调整"))
