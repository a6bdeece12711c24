"""What columns and things are called on pages, where their models give them no words of their own.

Django would call them by their names in the source, in every language. The migrations know
nothing of it: a field deconstructs by what its model said.
"""

from django.apps import apps
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

ROOMS = {"organization", "campaign", "scoring", "inspections", "rewards", "portal"}
LANGUAGES = {"_zh_hans": _("中文"), "_en": _("英文")}
WORDS = {
    "campaign": _("专项工作"),
    "project": _("项目"),
    "specialty": _("专业口"),
    "phase": _("阶段"),
    "milestone": _("节点"),
    "person": _("人员"),
    "rubric": _("评分细则"),
    "requirement": _("检查内容"),
    "rule": _("扣分规则"),
    "sheet": _("评分表"),
    "kind": _("类型"),
    "approved_at": _("批准时间"),
    "approved_by": _("批准人"),
    "corrects": _("更正的是"),
    "drawn_up_at": _("制表时间"),
    "drawn_up_by": _("制表人"),
    "fingerprint": _("指纹"),
    "left_out": _("没有计入的"),
    "number": _("序号"),
    "return_reason": _("退回原因"),
    "returned_at": _("退回时间"),
    "returned_by": _("退回人"),
    "submitted_at": _("提交时间"),
    "submitted_by": _("提交人"),
    "first_submitted_at": _("首次提交时间"),
    "started_at": _("开始时间"),
    "closed_at": _("结束时间"),
    "accepted_at": _("通过时间"),
    "accepted_by": _("通过人"),
    "reminded_at": _("最近提醒时间"),
    "revision": _("修改次数"),
    "attempts": _("发送次数"),
    "begun_at": _("开始发送时间"),
    "claim": _("领取标记"),
    "claimed_at": _("领取时间"),
    "due": _("期限"),
    "error": _("出错原因"),
    "letter": _("邮件"),
    "not_before": _("最早发送时间"),
    "repeat_of": _("重发自"),
    "robot": _("群机器人"),
    "sent_at": _("发出时间"),
    "url": _("链接"),
    "wanted_at": _("要求发送时间"),
    "events": _("记录数"),
    "opened_at": _("打开时间"),
    "opened_by": _("打开人"),
    "seal": _("封存值"),
    "tip": _("最新封存值"),
    "decided_by": _("决定人"),
    "entry": _("申诉的评分"),
    "made_by": _("申诉人"),
    "taken_back_at": _("收回时间"),
    "taken_back_by": _("收回人"),
    "published_at": _("发布时间"),
    "open_objections": _("未决申诉"),
    "scores": _("各专业得分"),
    "updated_at": _("更新时间"),
    "erased_at": _("抹去时间"),
    "password_set_at": _("换密码时间"),
    "user": _("人员"),
    "role": _("角色"),
    "department": _("部门"),
    "reason": _("原因"),
    "amount": _("金额（元）"),
    "band": _("等级"),
    "composite": _("综合得分"),
    "file": _("文件"),
    "language": _("语言"),
    "created_at": _("创建时间"),
    "uploaded_at": _("上传时间"),
    "uploaded_by": _("上传人"),
    "added_at": _("添加时间"),
    "added_by": _("添加人"),
    "asked_at": _("申请时间"),
    "asked_by": _("申请人"),
    "decided_at": _("决定时间"),
    "seen_at": _("最近在用"),
    "address": _("网络地址"),
}


# what keeps a specialty or a project from being deleted
THINGS = {
    "inspections.CaseSite": _("举一反三"),
    "inspections.Prevented": _("制度要预防的"),
    "inspections.SetAside": _("不列入方案的"),
}


def in_words(name, language) -> str:
    return gettext("%(name)s（%(kind)s）") % {"name": name, "kind": language}


in_language = lazy(in_words, str)


def name_fields() -> None:
    """Once, when all models are there."""
    for label, word in THINGS.items():
        about = apps.get_model(label)._meta
        about.verbose_name = about.verbose_name_plural = word
    models = [model for model in apps.get_models() if model._meta.app_label in ROOMS]
    for field in (field for model in models for field in model._meta.local_fields):
        if field._verbose_name is None and field.name in WORDS:
            field.verbose_name = WORDS[field.name]
        translated = getattr(field, "translated_field", None)
        for ending, language in LANGUAGES.items():
            if translated and field.name.endswith(ending):
                field.verbose_name = in_language(translated.verbose_name, language)
