"""A seminar's documents: the list of solutions, and the minutes."""

from django.utils.translation import gettext as _

from inspections.models import Seminar
from organization.papers import Facts, Heading, Paper, Signatures, Table, Text
from organization.templatetags.ui import day


def solutions_paper(seminar: Seminar) -> Paper:
    """Problem by problem what the seminar agreed on, who sees to it and by when."""
    problems = seminar.problems.select_related("responsible").prefetch_related("findings__project")
    rows = [
        [n, each.problem, behind(each), each.solution, each.responsible, day(each.due)]
        for n, each in enumerate(problems, 1)
    ]
    head = [_("序号"), _("重点难点问题"), _("涉及项目"), _("解决方案"), _("责任人"), _("期限")]
    return Paper(
        title=_("%(specialty)s研讨会解决方案") % {"specialty": seminar.specialty},
        subtitle=str(seminar.campaign),
        foot=str(seminar.specialty),
        landscape=True,
        blocks=[
            Facts(facts(seminar)),
            Table(head, rows, widths=(1, 5, 3, 8, 2, 3)),
            Signatures([_("主持人"), _("专业负责人"), _("日期")]),
        ],
    )


def minutes_paper(seminar: Seminar) -> Paper:
    topics = "\n".join(f"{n}. {each}" for n, each in enumerate(seminar.problems.all(), 1))
    return Paper(
        title=_("%(specialty)s研讨会纪要") % {"specialty": seminar.specialty},
        subtitle=str(seminar.campaign),
        foot=str(seminar.specialty),
        blocks=[
            Facts(facts(seminar)),
            Heading(_("议题")),
            Text(topics),
            Heading(_("纪要")),
            Text(seminar.minutes),
            Signatures([_("主持人"), _("记录人"), _("日期")]),
        ],
    )


def facts(seminar: Seminar) -> list[tuple[str, object]]:
    known = [
        (_("专业口"), seminar.specialty),
        (_("日期"), day(seminar.day)),
        (_("地点"), seminar.place),
        (_("主持人"), seminar.chair),
        (_("参加人"), seminar.attendees),
    ]
    return [(word, value) for word, value in known if value]


def behind(problem) -> str:
    """The projects whose findings a problem stands for, each once."""
    names = dict.fromkeys(str(finding.project) for finding in problem.findings.all())
    return _("、").join(names) or "—"
