"""What is signed, chosen and typed when a sheet is signed; the domain function says what lacks."""

from django import forms
from django.utils.translation import gettext_lazy as _

from inspections.forms.findings import text_area
from inspections.models import ScoreSheet
from inspections.signing.drawing import drawing_of
from inspections.signing.sign_off import (
    NAME_LIMIT,
    REASON_LIMIT,
    Refusal,
    Signature,
    Who,
    acting_on,
)
from organization.clock import local_day
from organization.long_select import LongSelect
from organization.roles import Role

OTHER = "other"


class SignForm(forms.Form):
    """Both signatures, or the auditor's and a refusal; `seen` is what the page showed."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    auditor_drawn = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)
    auditor_typed = forms.CharField(label=_("姓名"), required=False)
    auditor_agreed = forms.BooleanField(required=False)
    who = forms.ChoiceField(label=_("项目方签字人"), required=False, widget=LongSelect)
    name = forms.CharField(label=_("姓名"), required=False)
    position = forms.CharField(label=_("职务"), required=False)
    answer = forms.ChoiceField(
        choices=[("sign", _("同意签字")), ("refuse", _("拒绝签字"))], required=False, initial="sign"
    )
    manager_drawn = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)
    manager_typed = forms.CharField(label=_("姓名"), required=False)
    manager_agreed = forms.BooleanField(required=False)
    reason = forms.CharField(label=_("拒签理由"), required=False, widget=text_area(3))

    def __init__(self, sheet: ScoreSheet, at, data=None, **options):
        super().__init__(data, **options)
        posts = sorted(
            acting_on(project=sheet.project_id, day=local_day(at)),
            key=lambda post: Role(post.role).rank,
        )
        self.people = {}
        self.posts = [
            (str(post.user_id), f"{post.user} · {Role(post.role).label}")
            for post in posts
            if self.people.setdefault(str(post.user_id), post.user) is post.user
        ]
        self.fields["who"].choices = [*self.posts, (OTHER, _("其他人（没有账号）"))]
        self.fields["who"].initial = self.posts[0][0] if self.posts else OTHER
        for name in ("auditor_typed", "name", "position", "manager_typed"):
            self.fields[name].widget.attrs |= {"class": "form-control", "autocomplete": "off"}
            self.fields[name].widget.attrs["maxlength"] = NAME_LIMIT
        self.fields["who"].widget.attrs["class"] = "form-select"
        self.fields["reason"].widget.attrs["maxlength"] = REASON_LIMIT

    # Read after is_valid(), which never fails but for a choice that nobody was offered.

    @property
    def auditor(self) -> Signature:
        return self.signature("auditor", Who())

    @property
    def manager(self) -> Signature | Refusal:
        if self.cleaned_data["answer"] == "refuse":
            return Refusal(self.cleaned_data["reason"], self.signer)
        return self.signature("manager", self.signer)

    @property
    def signer(self) -> Who:
        said = self.cleaned_data
        if person := self.people.get(said["who"]):
            return Who(person=person)
        return Who(name=said["name"], position=said["position"])

    def signature(self, side: str, who: Who) -> Signature:
        said = self.cleaned_data
        drawing = drawing_of(said[f"{side}_drawn"], field=side)
        return Signature(drawing, said[f"{side}_typed"], said[f"{side}_agreed"], who)
