"""Rows of exams by plain formatting: how projects, people and questions did, results to enter."""

from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from inspections.exam.rates import Rate
from organization.formatting import formatted, joined
from organization.templatetags.ui import points
from organization.templatetags.ui import state as state_mark

register = template.Library()
RATE = '<tr><th scope="row" class="card-main">{}</th>%s</tr>'
CELL = '<td class="num"><span class="only-card">%s </span>{}</td>'
SHARE = '<td class="num card-figure"><b>{}</b></td>'
PERSON = (
    '<tr><th scope="row" class="card-main">{name}{account}</th>\n<td>{project}</td>\n'
    '<td>{post}</td>\n<td class="num card-figure">{points}</td>\n'
    "<td>{state}{remark}{again}</td></tr>"
)
SMALL = ' <small class="muted">{}</small>'
HARD = (
    '<li><p>{text}{topic}</p>\n<p class="num"><b>{percent}%</b> '
    '<small class="muted">{right}</small></p></li>'
)
RESULT = (
    '<tr data-seat="{pk}"{refused}>\n'
    '  <th scope="row">{name} <small class="muted">{project}{post}</small>'
    '<input type="hidden" name="revision-{pk}" value="{revision}"></th>\n'
    '  <td><input class="form-control mark-field" name="points-{pk}" value="{points}" '
    'inputmode="decimal" autocomplete="off" aria-label="{points_of}"></td>\n'
    '  <td><label class="check"><input class="form-check-input" type="checkbox" '
    'name="absent-{pk}" value="1"{checked}> <span class="only-card">{absent}</span>'
    '<span class="visually-hidden"> {name}</span></label></td>\n'
    '  <td><input class="form-control" name="remark-{pk}" value="{remark}" maxlength="200" '
    'placeholder="{why}" aria-label="{why_of}"></td>\n'
    '  <td class="row-mark"><span data-mark></span>'
    '<p class="form-error" data-error{hidden}>{error}</p></td>\n</tr>'
)
REFUSED = mark_safe(' class="is-refused"')


@register.simple_tag
def rate_rows(rates):
    """A page of projects, each with its rate; without a project where people have none."""
    pattern, without = RATE % cells_in_words(), _("未分项目")
    return joined(formatted(pattern, project or without, *figures(rate)) for project, rate in rates)


@register.simple_tag
def rate_cells(rate):
    return formatted(cells_in_words(), *figures(rate))


def cells_in_words() -> str:
    """A row's cells with the words beside them that stand in heads where there is room."""
    words = (_("应考"), _("实考"), _("缺考"), _("及格"), _("平均分"), _("最高分"))
    return "".join(CELL % escape(word) for word in words) + SHARE


def figures(rate: Rate) -> tuple:
    share = "—" if rate.percent is None else f"{rate.percent}%"
    amounts = points(rate.average), points(rate.best)
    return rate.invited, rate.sat, rate.absent, rate.passed, *amounts, share


@register.simple_tag(takes_context=True)
def person_rows(context, people):
    """A page of people, each with how they did, where the reader may know."""
    screen, without = context["screen"], formatted(SMALL, _("无账号"))
    sees_results, may_allow = screen.sees_results, screen.may_allow_again
    again = may_allow and context.template.engine.get_template("inspections/_exam_again.html")
    rows = []
    for seat, state in people:
        part = ""
        if may_allow and state.code == "failed":
            with context.push(seat=seat):
                part = again.render(context)
        rows.append(
            formatted(
                PERSON,
                name=seat.name,
                account="" if seat.person_id else without,
                project=seat.project or "—",
                post=seat.post or "—",
                points=points(seat.result) if sees_results else "—",
                state=state_mark(state),
                remark=formatted(SMALL, seat.remark) if seat.remark and sees_results else "",
                again=part,
            )
        )
    return joined(rows)


@register.simple_tag
def hard_rows(found):
    """The questions that most got wrong."""
    right = _("%(right)s / %(asked)s 人答对")
    return joined(
        formatted(
            HARD,
            text=each.question.text,
            topic=formatted(SMALL, each.question.topic) if each.question.topic else "",
            percent=each.percent,
            right=right % {"right": each.right, "asked": each.asked},
        )
        for each in found
    )


@register.simple_tag
def result_rows(rows):
    """A person each, to fill in."""
    words = {
        "absent": _("缺考"),
        "why": _("缺考原因"),
        "without": _("无账号"),
        "points_of": _("%(name)s的得分"),
        "why_of": _("%(name)s的缺考原因"),
    }
    return joined(result_row(row, words) for row in rows)


def result_row(row, words: dict[str, str]) -> SafeString:
    seat, named = row.seat, {"name": row.seat.name}
    return formatted(
        RESULT,
        pk=seat.pk,
        refused=REFUSED if row.error else "",
        name=seat.name,
        project=seat.project or "",
        post=post_of(seat, words["without"]),
        revision=row.typed.get("revision") or seat.revision,
        points=row.points,
        points_of=words["points_of"] % named,
        checked=" checked" if row.absent else "",
        absent=words["absent"],
        remark=row.remark,
        why=words["why"],
        why_of=words["why_of"] % named,
        hidden="" if row.error else " hidden",
        error=row.error,
    )


def post_of(seat, without: str) -> str:
    post = seat.post
    if post:
        return f" · {post}"
    return "" if seat.person_id else f" · {without}"
