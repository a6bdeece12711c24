"""The notices' wording that ships: a Word file with fields, to start from and to go back to."""

from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import override

from organization.papers import Paper, Signatures, Table, Text, as_word
from rewards.documents.notice_fields import called
from rewards.models import NoticeKind


def default_template(kind: str, language: str) -> bytes:
    """The template as .docx in a language ("zh-hans" or "en")."""
    with override(language):
        field = partial(field_of, language)
        made = person_paper if kind == NoticeKind.PERSON else project_paper
        return as_word(made(field, language))


def field_of(language: str, name: str, row: str = "") -> str:
    place = f"{row}." if row else ""
    return "{{ " + place + called(name, language) + " }}"


def person_paper(field, language: str) -> Paper:
    words = {name: field(name) for name in ("campaign", "approved_by", "approved_on")}
    said = _("%(campaign)s的奖惩结算已由%(approved_by)s于%(approved_on)s批准，您的结果如下。")
    return Paper(
        title=_("奖惩通知书"),
        subtitle=_("编号 %(number)s") % {"number": field("number")},
        foot=field("campaign"),
        blocks=[
            Text(_("%(name)s：") % {"name": field("name")}),
            Text(said % words),
            Table(
                [_("项目"), _("岗位"), _("综合得分"), _("等级"), _("金额"), _("说明")],
                rows(language, "lines", ("project", "post", "composite", "band", "amount", "note")),
                widths=(18, 18, 16, 13, 15, 20),
                right=frozenset({2, 4}),
            ),
            Text(_("合计：%(total)s") % {"total": field("total")}),
            Text(_("每一处扣分的来历和照片，可以在系统的成绩页里查看。")),
            *signed(field, [_("管理中心"), _("本人签收"), _("日期")]),
        ],
    )


def project_paper(field, language: str) -> Paper:
    names = ("campaign", "approved_by", "approved_on", "project", "composite", "band", "rank")
    words = {name: field(name) for name in (*names, "projects")}
    said = _(
        "%(campaign)s的奖惩结算已由%(approved_by)s于%(approved_on)s批准。%(project)s综合得分 "
        "%(composite)s，等级为%(band)s，在 %(projects)s 个项目中名列第 %(rank)s。"
    )
    return Paper(
        title=_("项目考核通知书"),
        subtitle=_("编号 %(number)s") % {"number": field("number")},
        foot=field("campaign"),
        blocks=[
            Text(_("%(name)s：") % {"name": field("project")}),
            Text(said % words),
            Table(
                [_("评分表"), _("权重"), _("得分率")],
                rows(language, "scores", ("rubric", "weight", "percent")),
                widths=(50, 25, 25),
                right=frozenset({1, 2}),
            ),
            Table(
                [_("姓名"), _("岗位"), _("金额"), _("说明")],
                rows(language, "lines", ("name", "post", "amount", "note")),
                widths=(25, 25, 20, 30),
                right=frozenset({2}),
            ),
            Text(_("合计：%(total)s") % {"total": field("total")}),
            *signed(field, [_("管理中心"), _("项目经理签收"), _("日期")]),
        ],
    )


def rows(language: str, many: str, names) -> list[list[str]]:
    """A row for each of a list, between the two that say so and vanish."""
    empty = [""] * (len(names) - 1)
    each = "line" if language == "en" else "行"
    return [
        ["{%tr for " + each + " in " + called(many, language) + " %}", *empty],
        [field_of(language, name, each) for name in names],
        ["{%tr endfor %}", *empty],
    ]


def signed(field, words: list[str]) -> list:
    return [
        Signatures(words),
        Text(field("code")),
        Text(_("扫码核对指纹 %(print)s") % {"print": field("fingerprint")}, quiet=True),
        Text(_("记录链 %(head)s") % {"head": field("chain")}, quiet=True),
    ]
