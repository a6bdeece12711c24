"""Lines of a settlement's list, and projects it waits for, by plain formatting: up to
twenty-five on its page of either.
"""

from functools import cache
from urllib.parse import quote

from django import template
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from organization.formatting import formatted, joined
from organization.templatetags.ui import day, icon, listed, score, yuan
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
OBJECTION = '<li>{}<div><b>{}</b><p class="small muted">{}</p></div>{}</li>'
APPEALS = '<a class="btn" href="{}?show=open&amp;q={}">{}</a>'
RESULT = '<a class="btn" href="{}">{}</a>'
OBJECTIONS_SHOWN = 20
SIGNS = {"excellent": "trophy", "fail": "alert-triangle"}


@register.simple_tag(takes_context=True)
def award_rows(context, may_adjust) -> SafeString:
    """A page's lines: who, for what, how it was made, and how much."""
    drawing = Lines(context, adjusts=may_adjust and context["settlement"].is_open)
    return joined((drawing.line(award) for award in context["page"]), "\n")


class Lines:
    """What is the same for all lines of a page is looked up once."""

    def __init__(self, context, *, adjusts: bool):
        self.campaign, self.adjusts = context["campaign"].code, adjusts
        self.roles = dict(Award._meta.get_field("role").flatchoices)
        self.names = {code: band.name for code, band in context["bands"].items()}
        self.sign = cache(lambda band: icon(SIGNS.get(band, "thumb-up")))
        self.amount, self.how = cache(yuan), _("怎么来的")

    def line(self, award) -> SafeString:
        project = award.project
        result = reverse("project_result", args=[self.campaign, project.code])
        return formatted(
            ROW,
            who=award.person or _("%(project)s团队") % {"project": project},
            role=self.roles[award.role],
            result=result,
            project=project,
            code=award.band,
            sign=self.sign(award.band),
            band=self.names.get(award.band, ""),
            composite=score(award.composite),
            why=why(award) if award.case or award.other_roles else "",
            explain=reverse("explain", args=[self.campaign, project.code]),
            how=self.how,
            adjust=adjusting(self.campaign, award) if self.adjusts else "",
            amount=self.amount(award.amount),
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


@register.simple_tag(takes_context=True)
def objection_rows(context) -> SafeString:
    """The first projects whose window is open, or of which an objection is undecided."""
    campaign, shown = context["campaign"].code, cache(open_until)
    return joined(
        objection_row(campaign, each, shown(each.last_day) if each.until else "")
        for each in context["objections"][:OBJECTIONS_SHOWN]
    )


def open_until(last_day) -> str:
    return _("申诉期到 %(until)s") % {"until": day(last_day)}


def objection_row(campaign: str, objection, window: str) -> SafeString:
    appeals, undecided = "", ""
    if count := objection.open_objections:
        undecided = " " + _("%(count)s 件申诉未决") % {"count": count}
        address = reverse("appeals", args=[campaign])
        appeals = formatted(APPEALS, address, quote(objection.code), _("看申诉"))
    else:
        address = reverse("project_result", args=[campaign, objection.code])
        appeals = formatted(RESULT, address, _("看成绩"))
    said = window + undecided
    return formatted(OBJECTION, icon("gavel"), objection.name, said, appeals)
