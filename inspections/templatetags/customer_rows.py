"""The rows of the list of customers, by plain formatting."""

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from organization.formatting import formatted, joined
from organization.templatetags.ui import icon

register = template.Library()
ROW = (
    '\n      <tr><th scope="row" class="card-main">{name} '
    '<small class="muted fw-normal">{number}</small></th><td>{project}</td><td>{unit}</td>'
    '<td class="card-figure nowrap">{phone}</td><td>{kind}</td>\n'
    '        <td><form method="post" action="{url}" data-confirm="{sure}">'
    '<input type="hidden" name="csrfmiddlewaretoken" value="{token}">'
    '<button class="btn btn-quiet" aria-label="{forget}">{icon}{word}</button></form></td></tr>'
)
NONE = "—"


@register.simple_tag(takes_context=True)
def customer_rows(context, customers):
    """Each with what may be shown of it, and a button that has it erased."""
    words = {
        "sure": _("删除后不能恢复，确定吗？"),
        "token": context["csrf_token"],
        "icon": icon("trash"),
        "word": _("删除资料"),
    }
    # one way for all: to find it takes longer than the row
    way = reverse("customer_forget", args=[context["campaign"].code, 0])
    start, end = way.rsplit("/0/", 1)
    forget = _("删除 %(code)s 第 %(number)s 号客户的资料")
    return joined(row_of(each, f"{start}/{each.pk}/{end}", forget, words) for each in customers)


def row_of(customer, url: str, forget: str, words: dict) -> SafeString:
    shown, project = customer.masked, customer.project
    return formatted(
        ROW,
        name=shown["name"] or NONE,
        number=customer.number,
        project=project,
        unit=shown["unit"] or NONE,
        phone=shown["phone"] or NONE,
        kind=customer.get_kind_display() or NONE,
        url=url,
        forget=forget % {"code": project.code, "number": customer.number},
        **words,
    )
