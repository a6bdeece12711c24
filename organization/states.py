"""The states as people see them: the same word, icon and tint on every page."""

from dataclasses import dataclass, replace

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext


@dataclass(frozen=True)
class State:
    """`tone` is one of "", ok, warn, late, wait (mock.css .state-*); late is the only red."""

    code: str
    word: object
    icon: str
    tone: str = ""

    def __str__(self):
        return str(self.word)

    def __eq__(self, other):
        return isinstance(other, State) and self.code == other.code

    def __hash__(self):
        return hash(self.code)

    def saying(self, word) -> "State":
        return replace(self, word=word)


NOT_STARTED = State("not_started", _("未开始"), "circle-dashed")
DRAFT = State("draft", _("草稿"), "pencil")
IN_PROGRESS = State("in_progress", _("进行中"), "progress")
DUE_TODAY = State("due_today", _("今天到期"), "clock", "warn")
WAITING_REVIEW = State("waiting_review", _("待审核"), "send", "wait")
WAITING_APPROVAL = State("waiting_approval", _("待批准"), "send", "wait")
WAITING_VERIFY = State("waiting_verify", _("待验证"), "send", "wait")
WAITING_CONFIRM = State("waiting_confirm", _("待确认"), "send", "wait")
RETURNED = State("returned", _("已退回"), "arrow-back-up", "warn")
REOPENED = State("reopened", _("已重开"), "arrow-back-up", "warn")
DISPUTED = State("disputed", _("有异议"), "arrow-back-up", "warn")
CONFIRMED = State("confirmed", _("已确认"), "circle-check", "ok")
ACCEPTED = State("accepted", _("已通过"), "circle-check", "ok")
APPROVED = State("approved", _("已批准"), "circle-check", "ok")
FILED = State("filed", _("已备案"), "circle-check", "ok")
VERIFIED = State("verified", _("已验证"), "circle-check", "ok")
SUBMITTED = State("submitted", _("已提交"), "circle-check", "ok")
PUBLISHED = State("published", _("已发布"), "circle-check", "ok")
WORKING = State("working", _("正常"), "circle-check", "ok")
FAILING = State("failing", _("没发出去"), "alert-triangle", "warn")
UNTESTED = State("untested", _("未测试"), "circle-dashed")
SWITCHED_OFF = State("switched_off", _("已停用"), "ban")
CLOSED = State("closed", _("已结束"), "circle-check")
WITHDRAWN = State("withdrawn", _("已撤销"), "ban")
DISCARDED = State("discarded", _("已放弃"), "ban")
CANCELLED = State("cancelled", _("已取消"), "ban")
NOT_APPLICABLE = State("not_applicable", _("不适用"), "ban")
PROVISIONAL = State("provisional", _("暂列"), "hourglass")
CAPPED = State("capped", _("关键项缺失，等级封顶"), "alert-triangle", "warn")
ZEROED = State("zeroed", _("关键项缺失，本表计零分"), "alert-triangle", "warn")


def overdue(days: int) -> State:
    """Open and past its day."""
    word = ngettext("逾期 %(days)d 天", "逾期 %(days)d 天", days) % {"days": days}
    return State("overdue", word, "alert-circle", "late")


def late(days: int) -> State:
    """Done, but after its day: the record keeps saying so (ruling 11)."""
    word = ngettext("迟 %(days)d 天", "迟 %(days)d 天", days) % {"days": days}
    return State("late", word, "circle-check", "warn")
