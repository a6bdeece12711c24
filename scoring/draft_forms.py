"""What people type about a draft as a whole: which one to begin, its names, a section's name."""

from django import forms
from django.utils.translation import gettext_lazy

from organization.models import Specialty
from scoring.drafts import LONGEST_TITLE
from scoring.item_form import LONGEST_SECTION, TidyField, dress
from scoring.models import Rubric


class OriginalField(forms.ModelChoiceField):
    def label_from_instance(self, rubric: Rubric) -> str:
        version = f"{rubric} · {rubric.state().word}"
        return f"{rubric.specialty} · {version} · {rubric.campaign}"


class NewDraftForm(forms.Form):
    """A specialty, and what its draft begins with."""

    specialty = forms.ModelChoiceField(
        Specialty.objects, label=gettext_lazy("专业口"), to_field_name="code", empty_label=None
    )
    copy_of = OriginalField(
        Rubric.objects.none(), label=gettext_lazy("从哪里开始"), required=False,
        empty_label=gettext_lazy("空白，自己写"),
        help_text=gettext_lazy("可以复制这个专业的现行版、别的专业或别的专项工作的细则"),
    )  # fmt: skip
    name = TidyField(
        label=gettext_lazy("名称"), required=False, max_length=LONGEST_TITLE,
        help_text=gettext_lazy("不填就照原来的或按专业口取名"),
    )  # fmt: skip

    def __init__(self, user, *args, **kwargs):
        super().__init__(*args, **kwargs)
        dress(self)
        visible = Rubric.objects.visible_to(user).select_related("campaign", "specialty")
        self.fields["copy_of"].queryset = visible.order_by(
            "-campaign__created_at", "specialty__order", "-version"
        )


class SectionForm(forms.Form):
    name = TidyField(
        label=gettext_lazy("类别名称"), max_length=LONGEST_SECTION,
        error_messages={"required": gettext_lazy("请写类别名称。")},
    )  # fmt: skip
    seen = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        dress(self)


class FactsForm(forms.Form):
    """A draft's names in both languages and the weight that it proposes."""

    zh = TidyField(
        label=gettext_lazy("中文名称"), max_length=LONGEST_TITLE,
        error_messages={"required": gettext_lazy("请写名称。")},
    )  # fmt: skip
    en = TidyField(label=gettext_lazy("英文名称"), required=False, max_length=LONGEST_TITLE)
    weight = forms.DecimalField(
        label=gettext_lazy("占总分（%）"), required=False, min_value=0, max_value=100,
        max_digits=5, decimal_places=2,
        help_text=gettext_lazy("写进表尾备注；真正的权重在评分细则总页设定"),
    )  # fmt: skip
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        dress(self)
