"""Who was told of a thing, on its page; what runs of planning and delivery did, in words."""

from django import template
from django.core.paginator import Paginator
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.models import Round
from campaign.told import Told, newest, told_of, without_addresses
from organization.formatting import formatted
from organization.templatetags.ui import moment, state

register = template.Library()
PAGE_SIZE = 10
PARAMETER = "told"
LINE = (
    '\n    <li><p><b>{person}</b> {rule}{again}</p>\n<p class="told-how">{state} '
    '<span>{channel}</span> <time datetime="{iso}">{at}</time></p>\n{reason}</li>'
)
AGAIN = ' <span class="sample">{}</span>'
REASON = '<p class="small muted">{}</p>'
FIGURES = [
    ("planned", gettext_lazy("新排 %(count)d 条")),
    ("sent", gettext_lazy("送出 %(count)d 条")),
    ("mails", gettext_lazy("邮件 %(count)d 封")),
    ("failed", gettext_lazy("失败 %(count)d 条")),
    ("again", gettext_lazy("稍后再试 %(count)d 条")),
    ("unknown", gettext_lazy("不明 %(count)d 条")),
    ("cancelled", gettext_lazy("取消 %(count)d 条")),
]


@register.inclusion_tag("campaign/_told.html", takes_context=True)
def told(context, *things: str):
    """A page of who was told of these things (`?told=`), the newest first; empty names are none."""
    request = context["request"]
    named = [thing for thing in things if thing]
    # mostly all that there is: nothing to count then
    first = newest(things=named, most=PAGE_SIZE + 1)
    rows = first if len(first) <= PAGE_SIZE else told_of(*named)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get(PARAMETER))
    if page.number == 1:
        page.object_list = first[:PAGE_SIZE]
    return {
        "request": request,
        "page": page,
        "lines": [Told(row) for row in page],
        "parameter": PARAMETER,
    }


@register.simple_tag
def told_lines(lines):
    return mark_safe("".join(map(told_line, lines)))  # noqa: S308 each is formatted


def told_line(line: Told) -> str:
    at, again = line.at, ""
    if line.is_repeat:
        again = formatted(AGAIN, _("重发"))
    return formatted(
        LINE,
        person=line.row.person,
        rule=line.rule,
        again=again,
        state=state(line.state),
        channel=line.channel,
        iso=timezone.localtime(at).isoformat(),
        at=moment(at),
        reason=formatted(REASON, line.reason) if line.reason else "",
    )


@register.filter
def took(run: Round) -> str:
    """How long a run lasted; that it has not ended where it has not."""
    if run.ended_at is None:
        return _("还没有结束")
    seconds = (run.ended_at - run.began_at).total_seconds()
    return _("用时 %(seconds).1f 秒") % {"seconds": seconds}


@register.filter
def did(run: Round) -> str:
    """What a run did, in figures; what is nothing is not said."""
    figures = run.figures
    counted = [word % {"count": figures[name]} for name, word in FIGURES if figures.get(name)]
    return _("，").join(counted) or _("没有新的")


@register.filter
def hidden(text: str) -> str:
    """A message of the other side without addresses."""
    return without_addresses(text)
