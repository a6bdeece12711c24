"""A plan's page in one line: what its reader has to do, else how it stands."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organization import states

if TYPE_CHECKING:
    from inspections.plan.plan_screen import PlanScreen


def answer_of(screen: "PlanScreen") -> str:
    return revision_answer(screen) if screen.is_revision else plan_answer(screen)


def revision_answer(screen: "PlanScreen") -> str:
    if screen.state in (states.FILED, states.DISCARDED):
        return str(screen.plan)
    if screen.may_review:
        return _("修订等您审核：%(summary)s") % {"summary": screen.summary}
    if screen.state == states.WAITING_REVIEW:
        return _("修订已提交，等管理中心审核")
    if not screen.may_write:
        return _("方案正在修订")
    return writing_answer(screen) if screen.has_changes else _("改要改的，其余不动")


def plan_answer(screen: "PlanScreen") -> str:
    count = len(screen.lines)
    if screen.state == states.FILED:
        return filed_answer(screen)
    if screen.may_review:
        return ngettext("%(count)d 条问题等您审核", "%(count)d 条问题等您审核", count) % {
            "count": count
        }
    if screen.state == states.WAITING_REVIEW:
        return _("已提交，等管理中心审核")
    if not screen.may_write:
        return _("方案还在编写") if count else _("方案还没有开始编写")
    return writing_answer(screen)


def writing_answer(screen: "PlanScreen") -> str:
    if not screen.lines:
        return _("写下第一个问题")
    again = screen.state == states.RETURNED
    if screen.ready:
        words = _("都写全了，可以重新提交") if again else _("都写全了，可以提交")
        return words
    words = (
        ngettext(
            "还差 %(count)d 处，补齐就能重新提交",
            "还差 %(count)d 处，补齐就能重新提交",
            screen.missing,
        )
        if again
        else ngettext(
            "还差 %(count)d 处，补齐就能提交", "还差 %(count)d 处，补齐就能提交", screen.missing
        )
    )
    return words % {"count": screen.missing}


def filed_answer(screen: "PlanScreen") -> str:
    done = sum(1 for line in screen.lines if line.verified_at)
    return _("%(count)d 条问题，%(done)d 条已整改") % {"count": len(screen.lines), "done": done}
