"""A version of a plan as the document that is filed and pinned up: 品质提升实施方案."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from inspections.models import PlanVersion
from inspections.plan.lines import rectification_phase
from inspections.plan.plan_versions import VersionRow, Versions, due_of
from organization.papers import Facts, Heading, Paper, Signatures, Table, Text

WIDTHS = (2, 11, 5, 5, 12, 6, 7)


def paper_of(kept: Versions, version: PlanVersion) -> Paper:
    """In the reader's language; what people typed stays as they typed it."""
    rows = kept.rows(version)
    named = {"project": kept.project, "number": version.number}
    return Paper(
        title=_("品质提升实施方案"),
        subtitle=_("%(project)s · 第 %(number)d 版") % named,
        foot=_("%(project)s品质提升实施方案 · 第 %(number)d 版") % named,
        blocks=[
            Facts(list(facts(kept, version, rows))),
            Heading(_("问题清单")),
            table(rows),
            *remarks(rows),
            Signatures([_("项目经理"), _("管理中心"), _("日期")]),
        ],
        landscape=True,
    )


def facts(kept: Versions, version: PlanVersion, rows: list[VersionRow]) -> Iterator:
    yield (
        _("项目"),
        _("%(project)s（%(code)s）")
        % {
            "project": kept.project,
            "code": kept.project.code,
        },
    )
    yield _("专项工作"), str(kept.campaign)
    if version.amendment:
        yield _("修订原因"), version.amendment.reason
    yield _("提交人"), done(version.submitted_by, version.submitted_at)
    if version.is_filed:
        yield _("备案人"), done(version.decided_by, version.decided_at)
    elif version.decided_at:
        yield _("退回人"), done(version.decided_by, version.decided_at)
        yield _("退回意见"), version.return_reason
    else:
        yield _("备案"), _("等管理中心审核")
    if phase := rectification_phase(kept.campaign):
        yield (
            _("整改阶段"),
            _("%(start)s至%(end)s")
            % {
                "start": date_format(phase.start),
                "end": date_format(phase.end),
            },
        )
    yield _("问题数"), in_numbers(rows)


def in_numbers(rows: list[VersionRow]) -> str:
    outside = sum(row.outside for row in rows)
    words = _("%(count)d 条") % {"count": len(rows)}
    if not outside:
        return words
    return _("%(words)s，其中 %(outside)d 条的期限不在整改阶段内，标 * 号") % {
        "words": words,
        "outside": outside,
    }


def done(who, when) -> str:
    day = date_format(timezone.localtime(when), "DATE_FORMAT")
    return _("%(who)s，%(day)s") % {"who": who or _("系统"), "day": day}


def table(rows: list[VersionRow]) -> Table:
    head = [
        pgettext("column", "序号"),
        _("问题"),
        _("来源"),
        _("专业"),
        _("整改措施"),
        _("责任人"),
        _("期限"),
    ]
    return Table(head, [cells(row) for row in rows], widths=WIDTHS)


def cells(row: VersionRow) -> list[str]:
    words, due = row.words, due_of(row.found.line)
    who = "\n".join(filter(None, [words["responsible"], words["post"]]))
    day = date_format(due) if due else ""
    return [
        str(row.number),
        words["problem"],
        words["source"],
        words["specialty"],
        words["measure"],
        who,
        f"{day} *" if row.outside else day,
    ]


def remarks(rows: list[VersionRow]) -> Iterator:
    """What the center said to single lines when it decided."""
    said = [row for row in rows if row.remark]
    if not said:
        return
    yield Heading(_("审核意见"))
    for row in said:
        yield Text(_("第 %(number)d 条：%(remark)s") % {"number": row.number, "remark": row.remark})
