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


# What the history calls each of this app's moves.
VERBS = {
    "create_campaign": _("建立专项工作"),
    "clone_campaign": _("沿用以往的专项工作"),
    "set_dates": _("调整日期"),
    "move_due": _("期限调整"),
    "set_gates": _("设定阶段关卡"),
    "pass_gate": _("放行关卡"),
    "enter_projects": _("加入项目"),
    "leave_projects": _("退出项目"),
    "set_lacks": _("设定不涉及的专业"),
    "seal_older": _("封存已有数据"),
    "submit_campaign": _("提交审批"),
    "return_campaign": _("退回方案"),
    "approve_campaign": _("批准方案"),
    "start_campaign": _("专项工作开始"),
    "close_campaign": _("结束专项工作"),
    "attach_evidence": _("上传资料"),
    "withdraw_evidence": _("撤下资料"),
    "reuse_evidence": _("选用已有资料"),
    "revise_evidence": _("换新版资料"),
    "mark_notes": _("登记谁有笔记"),
    "set_headcount": _("填写员工总数"),
    "set_notes_percent": _("设定笔记覆盖率要求"),
    "set_reminders": _("设定提醒"),
    "log_visit": _("登记现场督导"),
    "edit_visit": _("修改现场督导"),
    "add_visit_file": _("添加督导资料"),
    "remove_visit_file": _("撤下督导资料"),
    "withdraw_visit": _("撤回现场督导"),
    "confirm_visit": _("项目确认"),
    "dispute_visit": _("项目提出异议"),
    "write_note": _("修改说明"),
    "submit": _("提交审核"),
    "accept": _("审核通过"),
    "send_back": _("退回"),
    "remind": _("提醒"),
    "choose_channels": _("选择提醒渠道"),
    "meet_by_plan": _("实施方案备案，任务完成"),
    "make_feed": _("生成日历地址"),
    "revoke_feed": _("停用日历地址"),
    "resend": _("重新发送"),
    "set_up_robot": _("新增机器人"),
    "change_robot": _("修改机器人"),
    "switch_off_robot": _("停用机器人"),
    "switch_on_robot": _("重新启用机器人"),
    "test_robot": _("测试机器人"),
}
# What people are reminded of and told about, by the first word of a thing's name.
THINGS = {
    "obligation": _("任务"),
    "phase": _("阶段"),
    "visit": _("现场督导"),
    "milestone": _("节点"),
    "campaign": _("专项工作"),
    "robot": _("机器人"),
}
