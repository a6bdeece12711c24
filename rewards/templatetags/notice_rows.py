"""Projects with their notices by plain formatting, twenty on a page with all their people."""

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from organization.formatting import formatted, joined
from organization.templatetags.ui import icon

register = template.Library()
PROJECT = (
    '<section class="panel" aria-labelledby="project-{code}"><div class="panel-head">'
    '<h2 id="project-{code}">{project} <span class="muted small">{code}</span></h2></div>\n'
    '  <div class="panel-body"><p class="acts">{own}</p>\n  {people}</div>\n</section>'
)
OWN = (
    '<a class="btn" href="{}">{}{}</a> <a class="btn" href="{}">{}{}</a> '
    '<a class="btn" href="{}">{}{}</a>'
)
PEOPLE = '<ul class="dots small mt-2">{}</ul>'
PERSON = (
    '<li>{who} <a class="link text-decoration-underline" href="{pdf}" aria-label="{pdf_of}">PDF</a>'
    ' <a class="link text-decoration-underline" href="{word}" aria-label="{word_of}">Word</a></li>'
)


@register.simple_tag(takes_context=True)
def notice_projects(context, projects, people) -> SafeString:
    """Each project of a page with its own notices and those of its people."""
    rows = (notices_of(context, each, people.get(each.pk, ())) for each in projects)
    return mark_safe("\n".join(rows))  # noqa: S308 each is formatted


def notices_of(context, project, staff) -> SafeString:
    campaign = context["campaign"].code
    people = joined(person(campaign, each) for each in staff)
    return formatted(
        PROJECT,
        code=project.code,
        project=project,
        own=project_notice(context, project),
        people=formatted(PEOPLE, people) if staff else "",
    )


@register.simple_tag(takes_context=True)
def project_notice(context, project) -> SafeString:
    """The ways to one project's notice and to how its score was made."""
    campaign, code = context["campaign"].code, project.code
    return formatted(
        OWN,
        reverse("notice_project", args=[campaign, code, "pdf"]),
        icon("file-type-pdf"),
        _("项目通知书（PDF）"),
        reverse("notice_project", args=[campaign, code, "word"]),
        icon("file-text"),
        _("项目通知书（Word）"),
        reverse("explain", args=[campaign, code]),
        icon("calculator"),
        _("怎么来的"),
    )


def person(campaign: str, who) -> SafeString:
    named = {"person": who}
    return formatted(
        PERSON,
        who=who,
        pdf=reverse("notice_person", args=[campaign, who.username, "pdf"]),
        pdf_of=_("%(person)s的通知书，PDF") % named,
        word=reverse("notice_person", args=[campaign, who.username, "word"]),
        word_of=_("%(person)s的通知书，Word") % named,
    )
