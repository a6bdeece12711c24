"""A milestone's obligations in rows, by plain formatting: a page has twenty-five."""

from django import template
from django.template.defaultfilters import truncatechars
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from organization.formatting import formatted, joined
from organization.templatetags.ui import day, moment, state

register = template.Library()
ROW = (
    '<li class="row-link">\n  <div class="work-main">\n    {pick}'
    '<a class="work-title" href="{url}">{subject}</a>\n'
    '    <p class="work-meta">{stands}{coverage}</p>\n  </div>\n'
    '  <span class="work-due">{due}</span>\n  {state}\n  {act}\n</li>\n    '
)
PICK = (
    '<label class="bulk-pick"><input class="form-check-input" type="checkbox" name="chosen" '
    'value="{}:{}"{}><span class="visually-hidden">{}</span></label>'
)
COVERAGE = ' · {} <progress class="bar bar-short{}" value="{}" max="{}">{}%</progress>'
REVIEW, OPEN = '<a class="btn" href="{}">{}</a>', '<a class="btn not-phone" href="{}">{}</a>'
CHECKED = mark_safe(" checked")


@register.simple_tag(takes_context=True)
def obligation_rows(context, page):
    """Who owes it, how it stands (`now`), and the way to it; what may be accepted can be ticked."""
    user, bulk = context["request"].user, context.get("bulk")
    ticked = bulk.ticked if bulk else ()
    return joined(row(each, user, ticked) for each in page)


def row(obligation, user, ticked) -> SafeString:
    waits = obligation.is_waiting and not obligation.is_met_by_plan
    may = waits and user.has_perm("campaign.accept", obligation)
    url, subject = obligation.get_absolute_url(), obligation.subject
    act = formatted(REVIEW, url, _("审核")) if may else formatted(OPEN, url, _("打开"))
    return formatted(
        ROW,
        pick=pick(obligation, subject, ticked) if may else "",
        url=url,
        subject=subject,
        stands=stands(obligation),
        coverage=covered(obligation.coverage) if obligation.coverage else "",
        due=day(obligation.due),
        state=state(obligation.now),
        act=act,
    )


def pick(obligation, subject, ticked) -> SafeString:
    words = _("选择 %(subject)s") % {"subject": subject}
    checked = CHECKED if obligation.pk in ticked else ""
    return formatted(PICK, obligation.pk, obligation.revision, checked, words)


def stands(obligation) -> str:
    if obligation.submitted_at:
        return _("%(when)s 提交") % {"when": moment(obligation.submitted_at)}
    if obligation.returned_at:
        words = _("%(when)s 退回") % {"when": moment(obligation.returned_at)}
        return f"{words} · {truncatechars(obligation.return_reason, 40)}"
    return _("还没有提交")


def covered(coverage) -> SafeString:
    """How many of its people have notes on file."""
    known = {"covered": coverage.covered, "all": coverage.headcount}
    return formatted(
        COVERAGE,
        _("%(covered)s / %(all)s 人有笔记") % known,
        " bar-ok" if coverage.is_complete else "",
        coverage.covered,
        coverage.headcount or 1,
        coverage.percent,
    )
