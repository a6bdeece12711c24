"""Forms about a robot. Address and secret go in and never come out again."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from campaign.models import Robot
from campaign.models.channels import RobotKind, RobotScope
from organization.models import Project

SHOWN_SERVICES = {RobotKind.DINGTALK, RobotKind.FEISHU}  # the ones with a signing secret


class Unkept(forms.PasswordInput):
    """A field to paste into that is never filled in: not by us, not by the browser's memory."""

    input_type = "text"

    def __init__(self):
        super().__init__(
            {
                "class": "form-control",
                "autocomplete": "off",
                "autocapitalize": "off",
                "spellcheck": "false",
                "data-unkept": "",
            }
        )


class RobotForm(forms.Form):
    """Without a robot for a new one of a kind; with one its address may stay as it is."""

    name = forms.CharField(label=_("名称"), max_length=60)
    scope = forms.ChoiceField(
        label=_("替谁说话"), choices=RobotScope.choices, widget=forms.RadioSelect
    )
    region = forms.ChoiceField(label=_("区域"), required=False)
    project = forms.CharField(label=_("项目"), max_length=120, required=False)
    language = forms.ChoiceField(label=_("消息语言"), choices=settings.LANGUAGES)
    per_minute = forms.IntegerField(label=_("每分钟最多几条"))
    address = forms.CharField(label=_("机器人地址"), max_length=1000, required=False, widget=Unkept)
    secret = forms.CharField(label=_("签名密钥"), max_length=200, required=False, widget=Unkept)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, *, kind: RobotKind, robot: Robot | None = None):
        super().__init__(data, initial=initial(kind, robot))
        self.kind, self.robot = kind, robot
        regions = Project.objects.exclude(region="").order_by("region")
        names = regions.values_list("region", flat=True).distinct()
        self.fields["region"].choices = [("", _("请选择")), *((name, name) for name in names)]
        for name in ("name", "project", "per_minute"):
            self.fields[name].widget.attrs["class"] = "form-control"
        for name in ("region", "language"):
            self.fields[name].widget.attrs["class"] = "form-select"
        if kind not in SHOWN_SERVICES:
            del self.fields["secret"]

    def clean_project(self):
        """By its code, or by its name where only one has it."""
        typed = self.cleaned_data["project"].strip()
        if self.data.get("scope") != RobotScope.PROJECT:
            return None
        if not typed:
            raise forms.ValidationError(_("请填写项目编码或名称。"))
        named = Project.objects.filter(name=typed)[:2]
        found = Project.objects.filter(code=typed).first() or (
            named[0] if len(named) == 1 else None
        )
        if found is None:
            raise forms.ValidationError(_("没有找到这个项目，请填写项目编码。"))
        return found

    def clean_region(self):
        region = self.cleaned_data["region"]
        if self.data.get("scope") != RobotScope.REGION:
            return ""
        if not region:
            raise forms.ValidationError(_("请选择区域。"))
        return region

    @property
    def facts(self) -> dict:
        names = ("name", "project", "region", "language", "per_minute")
        return {name: self.cleaned_data[name] for name in names}

    @property
    def secrets(self) -> dict:
        return {
            "address": self.cleaned_data["address"],
            "secret": self.cleaned_data.get("secret", ""),
        }


def initial(kind: RobotKind, robot: Robot | None) -> dict:
    if robot is None:
        return {
            "scope": RobotScope.COMPANY,
            "language": settings.LANGUAGE_CODE,
            "per_minute": kind.usual_per_minute,
        }
    return {
        "name": robot.name,
        "scope": robot.scope,
        "region": robot.region,
        "project": robot.project.code if robot.project else "",
        "language": robot.language or settings.LANGUAGE_CODE,
        "per_minute": robot.per_minute,
        "revision": robot.revision,
    }


class OffForm(forms.Form):
    """The reason is asked for by the domain."""

    reason = forms.CharField(label=_("停用的原因"), max_length=300, required=False)

    def __init__(self, data=None):
        super().__init__(data)
        self.fields["reason"].widget.attrs["class"] = "form-control"
