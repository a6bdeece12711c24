"""What people answer to the cases of a settlement."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organization.errors import Refused
from organization.models import User
from organization.roles import PROJECT_ROLES
from organization.several import SeveralField
from rewards.models import Answer, Settlement

ROLES = [(str(role), role.label) for role in sorted(PROJECT_ROLES, key=lambda role: role.rank)]


class DecisionForm(forms.Form):
    """One answer to the cases that were ticked; people and projects by their codes."""

    case = SeveralField(None, error_messages={"required": gettext_lazy("请先选择要决定的情况。")})
    answer = forms.ChoiceField(
        label=gettext_lazy("怎么处理"),
        choices=Answer,
        error_messages={"required": gettext_lazy("请选择怎么处理。")},
    )
    paid_to = forms.CharField(
        label=gettext_lazy("计给谁（用户名）"), max_length=150, required=False
    )
    to_project = forms.CharField(label=gettext_lazy("项目编码"), max_length=40, required=False)
    to_role = forms.ChoiceField(
        label=gettext_lazy("岗位"), choices=[("", ""), *ROLES], required=False
    )
    reason = forms.CharField(
        label=gettext_lazy("理由"),
        max_length=1000,
        widget=forms.Textarea,
        error_messages={"required": gettext_lazy("请写明理由。")},
    )

    def __init__(self, settlement: Settlement, *args, **kwargs):
        self.campaign = settlement.campaign
        super().__init__(*args, **kwargs)
        self.fields["case"].queryset = settlement.cases.live()

    @property
    def chosen(self) -> set[str]:
        """The ids that were ticked, as text, whatever is wrong with them."""
        return set(self.data.getlist("case")) if self.is_bound else set()

    def clean_paid_to(self):
        return self.named("paid_to", User.objects.all(), "username", _("没有用户名“%(word)s”。"))

    def clean_to_project(self):
        wrong = _("没有编码为“%(word)s”的参加项目。")
        return self.named("to_project", self.campaign.projects.all(), "code", wrong)

    def named(self, name: str, rows, column: str, wrong: str):
        word = self.cleaned_data[name].strip()
        if not word:
            return None
        found = rows.filter(**{f"{column}__iexact": word}).first()
        if found is None:
            raise ValidationError(wrong % {"word": word})
        return found

    def field_of(self, refusal: Refused) -> str | None:
        names = {"cases": "case"} | {name: name for name in self.fields}
        return names.get(refusal.code)
