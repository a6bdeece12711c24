"""The plan's closed lists for plans, findings and inspections."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Source(models.TextChoices):
    """Where a finding comes from (plan.yaml, improvement_plan_item.sources).

    A case that was spread is the center's own way of opening one: no plan's author chooses it.
    """

    DEPARTMENT_STATUS = "department_status", _("部门服务现状")
    PAST_INSPECTION = "past_inspection", _("历次检查发现问题")
    LEFTOVER = "leftover", _("遗留问题")
    SELF_CRITICISM = "self_criticism", _("批评与自我批评")
    SELF_CHECK = "self_check", _("自查评分")
    AUDIT = "audit", _("检查验收")
    SPREAD = "spread", _("举一反三")


class RootCause(models.TextChoices):
    """Why something was wrong: what a measure, and later a preventive policy, has to change."""

    SKILL = "skill", _("技能不足")
    DUTY = "duty", _("责任心不强、执行不到位")
    STAFFING = "staffing", _("人手不足")
    EQUIPMENT = "equipment", _("设备老化或损坏")
    MATERIAL = "material", _("物料不足")
    PROCEDURE = "procedure", _("制度、规程缺失")
    SUPERVISION = "supervision", _("检查督导不到位")
    OUTSIDE = "outside", _("业主、外包等外部原因")


class Method(models.TextChoices):
    """How an auditor came to see something (plan.yaml, inspection.methods)."""

    OPEN = "open", _("明查")
    COVERT = "covert", _("暗访")
    POST_QUESTION = "post_question", _("岗位询问")
    CUSTOMER_CALLBACK = "customer_callback", _("客户回访")
    WRITTEN_TEST = "written_test", _("笔试")


class ObservationKind(models.TextChoices):
    """What an observation says of its item; a withdrawal takes back one's own earlier one, and
    what an appeal decided stands in place of all that was seen of the same deduction.
    """

    MISSING = "missing", _("缺失")
    CONFORMS = "conforms", _("符合")
    NOT_APPLICABLE = "not_applicable", _("不适用")
    WITHDRAWAL = "withdrawal", _("撤回")
    DECIDED = "decided", _("申诉决定")


class Outcome(models.TextChoices):
    """What comes of an appeal (ruling 14)."""

    KEPT = "kept", _("维持原扣分")
    REDUCED = "reduced", _("减少扣分")
    WITHDRAWN = "withdrawn", _("撤销扣分")


class Reply(models.TextChoices):
    """What a project answers to a case that was spread: whether it has the same problem."""

    NOT_HERE = "not_here", _("本项目没有")
    FOUND = "found", _("本项目也有")


class Moment(models.TextChoices):
    BEFORE = "before", _("整改前")
    AFTER = "after", _("整改后")


class PolicyKind(models.TextChoices):
    """What the company calls its papers (plan.yaml, milestone preventive_policies)."""

    POLICY = "policy", pgettext_lazy("kind", "制度")
    PROCEDURE = "procedure", _("规程")
    STANDARD = "standard", _("标准")


# What people are reminded of and told about, by the first word of a thing's name.
THINGS = {
    "finding": _("问题"),
    "extension": _("延期申请"),
    "plan": _("实施方案"),
    "plan_revision": _("方案修订"),
    "self_check": _("自查"),
    "case": _("举一反三"),
    "sheet": _("评分表"),
    "sheets": _("未开始的评分表"),
    "appeal": _("申诉"),
    "late": _("迟到的记录"),
    "training": _("培训"),
    "needs": _("培训需求"),
    "exam": _("考试"),
    "exam_results": _("考试成绩"),
    "policy": _("制度"),
    "audit_visit": _("检查"),
    "audit_schedule": _("检查安排"),
}
