"""What is done to a written test, in words."""

from django.utils.translation import gettext_lazy as _

VERBS = {"link_exam": _("选定考试"), "observe_exam": _("成绩记扣分")}
