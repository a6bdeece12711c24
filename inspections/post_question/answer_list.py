"""Every answer to post questions of a campaign as an Excel list; what was corrected says so."""

from django.utils.translation import gettext as _

from campaign.models import Campaign
from inspections.models import PostAnswer
from organization.list_file import workbook_of
from organization.templatetags.ui import moment


def answers_workbook(campaign: Campaign) -> bytes:
    """Row by row in the order of the visits, those that were corrected included."""
    heads = [
        _("日期"), _("项目编码"), _("项目"), _("专业口"), _("岗位"), _("题目"), _("姓名"),
        _("被问人岗位"), _("结果"), _("说明"), _("检查人"), _("记录时间"), _("已更正"), _("扣分"),
    ]  # fmt: skip
    found = PostAnswer.objects.filter(drawn__draw__visit__campaign=campaign)
    related = (
        "drawn__draw__visit__project", "drawn__draw__specialty", "drawn__question__specialty",
        "by", "replacement",
    )  # fmt: skip
    found = found.select_related(*related).prefetch_related("sources__observation__withdrawal")
    found = found.order_by("drawn__draw__visit__day", "drawn__draw__visit", "recorded_at", "pk")
    return workbook_of(heads, map(cells_of, found), title=_("岗位询问"))


def cells_of(each: PostAnswer) -> list:
    draw, question = each.drawn.draw, each.drawn.question
    project = draw.visit.project
    return [
        draw.visit.day, project.code, project.name, str(draw.specialty),
        str(draw.get_role_display()), question.text, each.name, each.position,
        str(each.get_result_display()), each.note, each.by.name, moment(each.recorded_at),
        _("是") if hasattr(each, "replacement") else "", points_of(each),
    ]  # fmt: skip


def points_of(each: PostAnswer):
    """What it cost, as long as that stands."""
    rows = (source.observation for source in each.sources.all())
    return next((row.points for row in rows if not hasattr(row, "withdrawal")), None)
