"""The plan's closed lists: who owes a milestone, kinds of written material, inspection methods."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """Who owes a milestone: the company once, every project, every specialty."""

    COMPANY = "company", _("公司")
    PROJECT = "project", _("各项目")
    SPECIALTY = "specialty", _("各专业口")


class EvidenceKind(models.TextChoices):
    """plan.yaml, evidence_kinds."""

    DOCUMENT = "document", _("文件")
    MINUTES = "minutes", _("会议纪要")
    SIGN_IN = "sign_in", _("签到表")
    NOTES = "notes", _("学习笔记")
    PHOTO = "photo", _("照片")
    EXAM_REPORT = "exam_report", _("考试报告")
    SOLUTIONS = "solutions", _("解决方案")
    VISIT_LOG = "visit_log", _("现场督导记录")
    SUMMARY_REPORT = "summary_report", _("总结报告")
    IMPROVEMENT_PLAN = "improvement_plan", _("实施方案")


class Rounding(models.TextChoices):
    """How a composite becomes the whole point that decides the band (ruling 1)."""

    HALF_UP = "half_up", _("四舍五入到整数")
    FLOOR = "floor", _("舍去小数")
