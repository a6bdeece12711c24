"""The closed lists of call-backs, and what an Excel list may call them."""

from functools import cache

from django.db import models
from django.utils.translation import gettext_lazy as _

from organization.lists import fold, vocabulary


class CustomerKind(models.TextChoices):
    OWNER = "owner", _("业主")
    TENANT = "tenant", _("租户")
    COMMERCIAL = "commercial", _("商户")
    OTHER = "other", _("其他客户")


class CallOutcome(models.TextChoices):
    """What came of one try."""

    ANSWERED = "answered", _("已回答")
    NOT_REACHED = "not_reached", _("没打通")
    REFUSED = "refused", _("不愿回答")


class Grade(models.IntegerChoices):
    """The scale of every question."""

    VERY_BAD = 1, _("很不满意")
    BAD = 2, _("不满意")
    FAIR = 3, _("一般")
    GOOD = 4, _("满意")
    VERY_GOOD = 5, _("很满意")


LOW = frozenset({Grade.VERY_BAD, Grade.BAD})
KIND_WORDS = {
    "住户": CustomerKind.OWNER,
    "租客": CustomerKind.TENANT,
    "商铺": CustomerKind.COMMERCIAL,
}
VERBS = {
    "import_customers": _("导入客户名单"),
    "erase_customers": _("按期删除客户名单"),
    "forget_customer": _("删除一位客户的资料"),
    "readmit_customer": _("允许名单再导入一位客户"),
    "set_callback_terms": _("设置客户回访"),
    "write_questionnaire": _("修改回访问卷"),
    "draw_customers": _("抽取回访客户"),
    "reveal_number": _("查看客户号码"),
    "record_call": _("记录回访"),
    "correct_call": _("更正回访"),
    "replace_customer": _("补抽客户"),
    "put_on_sheet": _("回访记入评分表"),
}


@cache
def kind_words() -> dict[str, str]:
    return vocabulary(CustomerKind, KIND_WORDS)


def kind_named(word: str) -> str | None:
    """The kind that a cell names, empty where it is empty; None for a word that is none."""
    return kind_words().get(fold(word)) if word else ""
