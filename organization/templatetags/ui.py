"""The few marks that every page is made of; built into all templates (config.settings)."""

from decimal import Decimal
from functools import lru_cache
from urllib.parse import urlencode

from django import template
from django.templatetags.static import static
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from organization.clock import local, local_day
from organization.formatting import formatted
from organization.history import ACTORS, VERBS
from organization.papers.pdf import as_address
from organization.saved_views import tidy, views_of

register = template.Library()
SELECTED = mark_safe(" selected")
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


# Django's own puts every address together anew, thirty times on every page.
register.simple_tag(lru_cache(maxsize=512)(static), name="static")


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name, extra=""):
    """A Tabler outline icon from the sprite; always beside a word, so hidden from readers."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true"><use href="{}#{}"/></svg>',
        extra,
        static("vendor/icons.svg"),
        name,
    )


@register.simple_tag
def state(value):
    """A state as icon, word and tint; the only way a state is drawn."""
    tone = f"state-{value.tone}" if value.tone else ""
    return formatted('<span class="state {}">{}{}</span>', tone, icon(value.icon), value.word)


@register.filter
def day(value):
    """10月18日 周二 / Tue 18 Oct; the year only where it is not this one."""
    if value is None:
        return ""
    if hasattr(value, "hour"):
        value = local_day(value)
    other_year = value.year != local_day(timezone.now()).year
    return day_in(translation.get_language(), value, other_year)


@lru_cache(maxsize=1024)
def day_in(language, value, other_year):
    """A page names the same few days again and again."""
    if language == "en":
        return date_format(value, "D j M Y" if other_year else "D j M", use_l10n=False)
    text = f"{value.month}月{value.day}日 {WEEKDAYS[value.weekday()]}"
    return f"{value.year}年{text}" if other_year else text


@register.filter
def short_day(value):
    """10月18日 / 18 Oct, where there is no room for more."""
    if hasattr(value, "hour"):
        value = local_day(value)
    if translation.get_language() == "en":
        return date_format(value, "j M", use_l10n=False)
    return f"{value.month}月{value.day}日"


@register.filter
def moment(value):
    """Day and time of a moment, in the local zone."""
    if value is None:
        return ""
    here = local(value)
    return f"{day(here.date())} {here.hour:02}:{here.minute:02}"


@register.filter
def points(value):
    """Points with one decimal, more only where the figure has them: 5.0, 0.55."""
    return "—" if value is None else figure(value)


@lru_cache(maxsize=4096)
def figure(value) -> str:
    """A page shows hundreds of points, of a few dozen amounts."""
    value = (Decimal(value) + 0).normalize()  # never "-0", which equals zero
    places = max(1, -value.as_tuple().exponent)
    return f"{value:.{places}f}"


@register.filter
def score(value):
    """A percent or composite with two decimals, a dash where there is none yet."""
    return "—" if value is None else f"{Decimal(value):.2f}"


@register.filter
def yuan(value):
    """+¥1,000 or −¥500 with the real minus sign."""
    value = Decimal(value or 0)
    sign = "+" if value > 0 else "−" if value < 0 else ""
    places = 0 if value == value.to_integral_value() else 2
    return f"{sign}¥{abs(value):,.{places}f}"


@register.simple_tag(takes_context=True)
def query(context, **changes):
    """The page's address with some parameters changed; None drops one."""
    asked = context["request"].GET
    if not asked:  # mostly; fifty of these on a page would each copy what is empty
        return "?" + urlencode({n: v for n, v in changes.items() if v is not None and v != ""})
    params = asked.copy()
    for key, value in changes.items():
        if value is None or value == "":
            params.pop(key, None)
        else:
            params[key] = value
    return "?" + params.urlencode()


@register.simple_tag(takes_context=True)
def page_address(context, number, name):
    """The page's address with one of its lists turned over; `page` is the parameter mostly."""
    return query(context, **{name or "page": number})


@register.simple_tag(takes_context=True)
def may(context, perm, obj=None):
    """Whether the reader may do this to that: {% may "campaign.accept" obligation as ok %}."""
    return context["request"].user.has_perm(perm, obj)


@register.filter
def verb(entry):
    """What a history entry's move is called, in the reader's language."""
    return VERBS.get(entry.verb, entry.verb)


@register.filter
def actor(entry):
    """Who did it: a person, or what acted without one."""
    return entry.by or ACTORS.get(entry.by_label, entry.by_label)


@register.filter
def listed(things):
    """Several words in a row, parted as the reader's language does it."""
    return _("、").join(map(str, things))


@register.filter
def get(mapping, key):
    return mapping.get(key)


@register.simple_tag
def sample():
    """What the plan does not give says so on the page (ruling 17)."""
    return format_html('<span class="sample">{}</span>', _("样例"))


@register.inclusion_tag("components/_saved_views.html", takes_context=True)
def saved_views(context, page):
    """One's own views of the list called `page`, and a way to keep what is chosen now."""
    request = context["request"]
    now = tidy(request.GET.urlencode())
    views = views_of(request.user, page)
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "page_name": page,
        "views": [(view, view.query == now) for view in views],
        "may_keep": bool(now) and all(view.query != now for view in views),
    }


@register.simple_tag
def project_options(projects, chosen=None):
    """A select's options by code. Not a loop in a template: of a thousand projects that takes
    longer than the list that they narrow.
    """
    code = chosen.code if chosen else None
    return format_html_join(
        "\n",
        '<option value="{}"{}>{} {}</option>',
        ((each.code, SELECTED if each.code == code else "", each.code, each) for each in projects),
    )


@register.simple_tag
def picture_address(picture):
    """A document's picture as an address that holds the picture itself."""
    return as_address(picture)
