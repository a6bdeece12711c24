"""A lesson as the center writes it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from inspections.forms.findings import PicturesField
from inspections.forms.plans import TEXT_LIMIT
from inspections.forms.policies import KindForm
from inspections.forms.writing import text_area


class LessonForm(KindForm):
    """Problem and method; what it is about is chosen as a policy's kinds are."""

    problem = forms.CharField(
        label=_("遇到什么问题"), max_length=TEXT_LIMIT, required=False, widget=text_area(3)
    )
    method = forms.CharField(
        label=_("用什么办法解决"), max_length=TEXT_LIMIT * 3, required=False, widget=text_area(6)
    )
    photos = PicturesField(label=_("照片"), required=False)
    root_cause = None
    field_order = ("problem", "method", "what", "number", "photos")

    def __init__(self, *args, is_new=True, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["what"].label = _("属于哪一类")
        for name in ("problem", "method"):
            self.fields[name].widget.attrs["class"] = "form-control"
        if not is_new:
            del self.fields["photos"]

    @property
    def words(self) -> dict:
        return {
            "problem": self.cleaned_data["problem"],
            "method": self.cleaned_data["method"],
            "specialty": self.kind.specialty if self.kind else None,
            "requirement": self.kind.requirement if self.kind else None,
        }
