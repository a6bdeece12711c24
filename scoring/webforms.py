"""What people type into this app's pages (`scoring.forms` reads Excel forms)."""

from collections.abc import Iterable
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy

from organization.models import Specialty


class UploadForm(forms.Form):
    """A file with one or more rubrics, and the specialty where it has one."""

    specialty = forms.ModelChoiceField(
        Specialty.objects, label=gettext_lazy("专业口"), to_field_name="code", required=False,
        empty_label=gettext_lazy("按表名判断"),
    )  # fmt: skip
    file = forms.FileField(
        label=gettext_lazy("评分表文件"),
        error_messages={"required": gettext_lazy("请选择一个文件。")},
    )


class WeightsForm(forms.Form):
    """A percent per specialty; together they have to make 100 (ruling 6)."""

    def __init__(self, specialties: Iterable[Specialty], *args, **kwargs):
        super().__init__(*args, **kwargs)
        for specialty in specialties:
            self.fields[specialty.code] = forms.DecimalField(
                label=specialty.name,
                required=False,
                min_value=0,
                max_value=100,
                decimal_places=2,
                max_digits=5,
            )

    def percents(self) -> dict[str, Decimal]:
        return {code: percent for code, percent in self.cleaned_data.items() if percent}
