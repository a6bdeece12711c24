"""Parts of pages by plain formatting: the same as Django's own, and as safe."""

from decimal import Decimal

from django.forms import Select
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from organization.formatting import formatted, joined
from organization.long_select import LongSelect
from organization.templatetags.ui import points

PARTS = ("<b>\"'&", 3, None, mark_safe("<i>"), gettext_lazy("人员"))
CHOICES = [("", "选"), ("甲<", [("a&b", "<script>"), ("2", "二")]), (None, "无")]


def test_plain_formatting_escapes_as_djangos_own():
    pattern = "{}|{}|{}|{}|{}|{more}"
    assert formatted(pattern, *PARTS, more="<") == format_html(pattern, *PARTS, more="<")
    assert formatted("{}", formatted("<b>{}</b>", "<")) == "<b>&lt;</b>"


def test_what_is_joined_stays_as_it_is_where_it_is_safe_and_is_escaped_where_not():
    parts = [mark_safe("<b>一</b>"), "<i>二</i>", formatted("<p>{}</p>", "三 & 四")]
    assert joined(parts, " ") == "<b>一</b> &lt;i&gt;二&lt;/i&gt; <p>三 &amp; 四</p>"


def test_a_long_choice_reads_as_djangos_own():
    for value in ("a&b", "2", "", None, "unknown"):
        mine, theirs = (
            kind(choices=CHOICES).render("what", value, {"id": "w", "required": True, "x": False})
            for kind in (LongSelect, Select)
        )
        assert squeezed(mine) == squeezed(theirs)


def test_no_points_have_no_sign_whoever_asked_before():
    assert [points(Decimal(each)) for each in ("-0.00", "0", "0.55", "10")] == [
        "0.0", "0.0", "0.55", "10.0",
    ]  # fmt: skip


def squeezed(tags: str) -> str:
    return "".join(line.strip() for line in tags.splitlines())
