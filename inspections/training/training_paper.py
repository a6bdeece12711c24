"""A training's attendance on paper and as a list: a sheet to sign, the same filled in, Excel."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from inspections.models import Training
from organization.papers import Facts, Paper, Signatures, Table, Text
from organization.templatetags.ui import moment

BLANK_LINES = 10  # for who comes without being on the list


def facts_of(training: Training) -> Facts:
    return Facts(
        [
            (_("专业口"), training.specialty),
            (_("时间"), moment(training.starts_at)),
            (_("地点"), training.place),
            (_("讲师"), training.trainer),
            (_("培训内容"), _("；").join(training.topic_lines)),
        ]
    )


def sign_in_paper(training: Training) -> Paper:
    """Who came, as it is handed in."""
    came = training.attendances.filter(came=True).select_related("project")
    rows = [(n, each.project or "", each.name, "✓") for n, each in enumerate(came, 1)]
    head = [_("序号"), _("项目"), _("姓名"), _("到场")]
    return paper_of(training, Table(head, rows, widths=(1, 4, 3, 2)), total=len(rows))


def blank_sheet(training: Training, people) -> Paper:
    """Everybody invited with room to sign, and lines for others."""
    rows = [(n, project, name, "") for n, (project, name) in enumerate(people, 1)]
    rows += [(len(rows) + n, "", "", "") for n in range(1, BLANK_LINES + 1)]
    head = [_("序号"), _("项目"), _("姓名"), _("签名")]
    return paper_of(training, Table(head, rows, widths=(1, 4, 3, 4)))


def paper_of(training: Training, table: Table, total: int | None = None) -> Paper:
    blocks = [facts_of(training), table]
    if total is not None:
        blocks.insert(1, Text(_("到场 %(count)d 人") % {"count": total}))
    return Paper(
        title=_("%(title)s签到表") % {"title": training.title},
        subtitle=str(training.campaign),
        blocks=[*blocks, Signatures([_("讲师"), _("专业负责人")])],
        foot=training.title,
    )


def list_rows(people, marks: dict[int, bool], guests) -> Iterator[tuple]:
    """Rows of the Excel list, which can be filled in and brought back."""
    for post in people:
        came = marks.get(post.user_id)
        word = "" if came is None else _("是") if came else _("否")
        yield post.project.name, post.user.username, str(post.user), word
    for guest in guests:
        yield guest.project.name if guest.project else "", "", guest.name, _("是")
