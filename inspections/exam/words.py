"""The closed lists of exams and their questions, and what an Excel list may call them."""

from functools import cache

from django.db import models
from django.utils.translation import gettext_lazy as _

from organization.lists import fold, vocabulary

LETTERS = "ABCDEFGH"
TRUE, FALSE = LETTERS[:2]


class QuestionKind(models.TextChoices):
    SINGLE = "single", _("单选题")
    MULTIPLE = "multiple", _("多选题")
    TRUTH = "truth", _("判断题")


class ExamForm(models.TextChoices):
    """考试形式灵活多样: on paper, spoken, shown at the workplace, or here."""

    PAPER = "paper", _("笔试")
    ORAL = "oral", _("口试")
    PRACTICAL = "practical", _("实操")
    ONLINE = "online", _("在线考试")

    @property
    def icon(self) -> str:
        return ICONS[self]


ICONS = {
    ExamForm.PAPER: "pencil",
    ExamForm.ORAL: "user",
    ExamForm.PRACTICAL: "tool",
    ExamForm.ONLINE: "device-mobile",
}
KIND_WORDS = {
    "单选": QuestionKind.SINGLE,
    "单项选择": QuestionKind.SINGLE,
    "单项选择题": QuestionKind.SINGLE,
    "single choice": QuestionKind.SINGLE,
    "多选": QuestionKind.MULTIPLE,
    "多项选择": QuestionKind.MULTIPLE,
    "多项选择题": QuestionKind.MULTIPLE,
    "不定项选择题": QuestionKind.MULTIPLE,
    "multiple choice": QuestionKind.MULTIPLE,
    "判断": QuestionKind.TRUTH,
    "对错题": QuestionKind.TRUTH,
    "true or false": QuestionKind.TRUTH,
    "true/false": QuestionKind.TRUTH,
}
# The first words are those that an export writes, in Chinese and in English.
TRUTH_WORDS = {
    TRUE: ("对", "True", "正确", "是", "√", "✓", "✔", "T", "Y", "yes", "right"),
    FALSE: ("错", "False", "错误", "否", "×", "✗", "✘", "x", "F", "N", "no", "wrong", "不对"),
}


@cache
def _kind_words() -> dict[str, str]:
    return vocabulary(QuestionKind, KIND_WORDS)


def kind_named(word: str) -> QuestionKind | None:
    code = _kind_words().get(fold(word))
    return QuestionKind(code) if code else None


VERBS = {
    "add_question": _("新增题目"),
    "edit_question": _("修改题目"),
    "replace_question": _("换成新题"),
    "retire_question": _("停用题目"),
    "restore_question": _("恢复题目"),
    "remove_question": _("删除题目"),
    "import_questions": _("导入题库"),
    "set_exam": _("安排考试"),
    "change_exam": _("修改考试安排"),
    "call_off_exam": _("取消考试"),
    "add_seat": _("增加应考人"),
    "start_attempt": _("开始答题"),
    "hand_in": _("交卷"),
    "allow_again": _("允许再考"),
    "enter_result": _("录入成绩"),
    "correct_result": _("更正成绩"),
    "import_results": _("导入成绩"),
    "publish_results": _("公布成绩"),
    "file_report": _("考试报告存档"),
}
