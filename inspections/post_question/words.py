"""What answers to post questions are called, and the posts that are asked."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organization.roles import PROJECT_ROLES, Role
from organization.states import State

ROLES = tuple(role for role in Role if role in PROJECT_ROLES)


class Result(models.TextChoices):
    """How an answer was; the right one comes first."""

    RIGHT = "right", pgettext_lazy("answer", "答对")
    PARTLY = "partly", pgettext_lazy("answer", "答对一部分")
    WRONG = "wrong", pgettext_lazy("answer", "答错")

    @property
    def state(self) -> State:
        icon, tone = LOOKS[self]
        return State(self.value, self.label, icon, tone)

    @property
    def icon(self) -> str:
        return LOOKS[self][0]


LOOKS = {
    Result.RIGHT: ("circle-check", "ok"),
    Result.PARTLY: ("circle-minus", "warn"),
    Result.WRONG: ("alert-triangle", "warn"),
}


def post_word(specialty, role: str) -> str:
    return f"{specialty} · {Role(role).label}"


VERBS = {
    "add_post_question": _("新增询问题"),
    "edit_post_question": _("修改询问题"),
    "replace_post_question": _("换成新的询问题"),
    "retire_post_question": _("停用询问题"),
    "restore_post_question": _("恢复询问题"),
    "import_post_questions": _("导入询问题"),
    "draw_post_questions": _("抽题"),
    "note_post_answer": _("记录回答"),
    "correct_post_answer": _("更正回答"),
    "observe_post_answer": _("回答记扣分"),
    "withdraw_post_answer": _("更正回答，撤回扣分"),
}
