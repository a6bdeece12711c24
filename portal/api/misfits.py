"""What does not fit the description, in the reader's language; pydantic speaks English alone."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

KIND = _("格式或类型不对。")
SENTENCES = {
    "missing": _("缺少这一项。"),
    "string_too_long": _("太长，最多 %(max_length)s 个字。"),
    "string_too_short": _("太短，至少 %(min_length)s 个字。"),
    "too_long": _("太多，最多 %(max_length)s 项。"),
    "too_short": _("太少，至少 %(min_length)s 项。"),
    "greater_than": _("应大于 %(gt)s。"),
    "greater_than_equal": _("应不小于 %(ge)s。"),
    "less_than": _("应小于 %(lt)s。"),
    "less_than_equal": _("应不大于 %(le)s。"),
    "literal_error": _("只能是其中之一：%(expected)s。"),
    "enum": _("只能是其中之一：%(expected)s。"),
    "string_pattern_mismatch": KIND,
    "value_error": KIND,
    "timezone_aware": _("时间要带时区。"),
}


def sentence_of(error: Mapping) -> str:
    """One error of pydantic's as a sentence; of a rare kind as pydantic says it."""
    kind, figures = str(error["type"]), error.get("ctx") or {}
    if kind.endswith(("_type", "_parsing")):
        return str(KIND)
    said = SENTENCES.get(kind)
    return str(error["msg"]) if said is None else str(said) % figures
