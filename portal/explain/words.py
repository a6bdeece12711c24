"""What the page and the terminal call what became of an observation, and how a rubric stands."""

from django.utils.translation import gettext_lazy as _

from organization import states
from portal.explain.steps import Verdict
from portal.explain.weighing import Place

VERDICTS = {
    Verdict.COUNTS: _("计入"),
    Verdict.SMALLER: _("同一项不重复扣，不计"),
    Verdict.WITHDRAWN: _("已撤回，不计"),
    Verdict.REPLACED: _("由申诉决定取代，不计"),
    Verdict.WAIVED: _("申诉决定撤销扣分"),
    Verdict.NOT_APPLICABLE: _("本项不适用，不计"),
    Verdict.UNCOUNTED: _("本次专项工作不计项外扣分"),
}
PLACES = {
    Place.UNFINISHED: states.NOT_STARTED.saying(_("未评完")),
    Place.ABSENT: states.NOT_APPLICABLE.saying(_("本项目没有该专业")),
    Place.NOT_APPLICABLE: states.NOT_APPLICABLE,
}
