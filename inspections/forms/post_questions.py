"""Forms of post questions: one of the bank, what is drawn for a post, what somebody answered."""

from django import forms
from django.utils.translation import gettext_lazy as _

from inspections.forms.findings import text_area
from inspections.models import AuditVisit, PostDraw, PostQuestion
from inspections.post_question.asking import MOST, NOTE_LIMIT, Asked
from inspections.post_question.bank import Content
from inspections.post_question.words import ROLES, Result
from organization.models import Post, Specialty, User

ROLE_CHOICES = [(role.value, role.label) for role in ROLES]
SELECT = {"class": "form-select"}


def line(label, most: int, **more) -> forms.CharField:
    widget = forms.TextInput({"class": "form-control"})
    return forms.CharField(label=label, max_length=most, widget=widget, **more)


class PostQuestionForm(forms.Form):
    """One question; the bank judges what it says."""

    specialty = forms.ModelChoiceField(
        Specialty.objects.none(),
        label=_("专业口"),
        to_field_name="code",
        widget=forms.Select(SELECT),
    )
    role = forms.ChoiceField(label=_("岗位"), choices=ROLE_CHOICES, widget=forms.Select(SELECT))
    text_zh = forms.CharField(label=_("题目"), max_length=300, widget=text_area(2))
    answer_zh = forms.CharField(label=_("标准回答"), max_length=1000, widget=text_area(3))
    text_en = forms.CharField(
        label=_("题目（英文）"), max_length=300, required=False, widget=text_area(2)
    )
    answer_en = forms.CharField(
        label=_("标准回答（英文）"), max_length=1000, required=False, widget=text_area(3)
    )
    item = line(_("评分项编码"), 20, required=False)
    requirement = forms.IntegerField(
        label=_("检查内容序号"),
        required=False,
        min_value=1,
        max_value=999,
        widget=forms.NumberInput({"class": "form-control", "inputmode": "numeric"}),
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["specialty"].queryset = Specialty.objects.all()

    def content(self) -> Content:
        return Content(**{name: self.cleaned_data[name] for name in Content.__dataclass_fields__})


def initial_question(question: PostQuestion) -> dict:
    values = {name: getattr(question, name) for name in Content.__dataclass_fields__}
    return values | {"specialty": question.specialty.code, "revision": question.revision}


class DrawForm(forms.Form):
    """How many questions are drawn for which post: `specialty:role`."""

    post = forms.CharField(max_length=80)
    number = forms.IntegerField(min_value=1, max_value=MOST)

    def clean_post(self) -> tuple[Specialty, str]:
        code, _colon, role = self.cleaned_data["post"].partition(":")
        found = Specialty.objects.filter(code=code).first()
        if found is None or role not in ROLES:
            raise forms.ValidationError(_("选一个岗位。"))
        return found, role


class AnswerForm(forms.Form):
    """Who was asked and how they answered; `id` is made by the page."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    replaces = forms.UUIDField(required=False, widget=forms.HiddenInput)
    person = forms.ModelChoiceField(
        User.objects.none(), label=_("问了谁"), required=False, widget=forms.Select(SELECT)
    )
    name = line(_("姓名"), 60, required=False)
    position = line(_("岗位"), 60, required=False)
    result = forms.ChoiceField(label=_("结果"), choices=Result, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("说明（可不写）"), max_length=NOTE_LIMIT, required=False, widget=text_area(2)
    )

    def __init__(self, *args, visit: AuditVisit, draw: PostDraw, **kwargs):
        super().__init__(*args, **kwargs)
        posts = Post.objects.current().filter(project=visit.project, user__is_active=True)
        rows = list(posts.select_related("user").order_by("user__name", "pk"))
        here = [each for each in rows if each.role == draw.role]
        here = [each for each in here if each.specialty_id in (None, draw.specialty_id)]
        others = {each.user_id: each for each in rows if each not in here}
        self.fields["person"].queryset = User.objects.filter(pk__in=[r.user_id for r in rows])
        self.fields["person"].choices = [
            ("", _("没有账号的人，写在下面")),
            (_("这个岗位"), [named(each) for each in {e.user_id: e for e in here}.values()]),
            (_("其他岗位"), [named(each) for each in others.values()]),
        ]

    def asked(self) -> Asked:
        return Asked(**{name: self.cleaned_data[name] for name in ("person", "name", "position")})


def named(post: Post) -> tuple[int, str]:
    return post.user_id, f"{post.user.name} · {post.get_role_display()}"
