"""Forms of exams: setting one, a question of the bank, uploads."""

from django import forms
from django.utils.translation import gettext_lazy as _

from campaign.models import Campaign
from inspections.exam.answers import MOST, Content, answer_of
from inspections.exam.setting import Terms
from inspections.exam.words import LETTERS, ExamForm, QuestionKind
from inspections.models import Exam, Question, Training
from organization.models import Project, Specialty
from organization.roles import PROJECT_ROLES, Role
from organization.several import SeveralField

ROLES = [(role.value, role.label) for role in Role if role in PROJECT_ROLES]
LOCAL = "%Y-%m-%dT%H:%M"
DRAW = "draw-"


class Moment(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self):
        super().__init__(format=LOCAL)


class SetExamForm(forms.Form):
    """Everything that an exam is set with; one field a topic says how many are drawn of it."""

    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    title = forms.CharField(label=_("名称"), max_length=120)
    form = forms.ChoiceField(label=_("形式"), choices=ExamForm, widget=forms.RadioSelect)
    opens_at = forms.DateTimeField(label=_("开始"), widget=Moment)
    closes_at = forms.DateTimeField(label=_("结束"), widget=Moment)
    place = forms.CharField(label=_("地点"), max_length=120, required=False)
    full_marks = forms.DecimalField(label=_("满分"), max_digits=5, decimal_places=1)
    pass_mark = forms.DecimalField(label=_("及格分"), max_digits=5, decimal_places=1)
    minutes = forms.IntegerField(label=_("答题分钟数"), required=False, min_value=1)
    attempts_allowed = forms.IntegerField(
        label=_("可考次数"), required=False, min_value=1, max_value=10
    )
    is_shuffled = forms.BooleanField(label=_("每人的题目和选项顺序不同"), required=False)
    gives_half = forms.BooleanField(label=_("多选题少选、没有错选，得一半分"), required=False)
    is_for_all = forms.BooleanField(label=_("不限专业，项目里的人都考"), required=False)
    training = forms.ModelChoiceField(
        Training.objects.none(),
        label=_("检验哪次培训（可不选）"),
        required=False,
        empty_label=_("不对应培训"),
        widget=forms.Select({"class": "form-select"}),
    )
    roles = forms.MultipleChoiceField(
        label=_("岗位"), choices=ROLES, required=False, widget=forms.CheckboxSelectMultiple
    )
    projects = forms.ModelMultipleChoiceField(
        Project.objects.none(),
        label=_("项目"),
        required=False,
        to_field_name="code",
        error_messages={"invalid_choice": _("有的项目不在这次专项工作里，请重新选。")},
    )
    questions = SeveralField(Question.objects.none(), label=_("指定题目"), required=False)

    def __init__(self, data=None, *, campaign: Campaign, specialty: Specialty, initial=None):
        super().__init__(data, initial=initial)
        self.fields["projects"].queryset = campaign.projects.order_by("code")
        held = campaign.trainings.on_record().filter(specialty=specialty)
        self.fields["training"].queryset = held
        self.bank = specialty.questions.active()
        self.fields["questions"].queryset = self.bank
        self.topics = list(self.bank.by_topic().items())
        for at, (_topic, number) in enumerate(self.topics):
            self.fields[f"{DRAW}{at}"] = forms.IntegerField(
                required=False, min_value=0, max_value=number
            )

    @property
    def draw_fields(self):
        """Each topic, how many questions it has, and the field for how many are drawn."""
        return [
            (topic, number, self[f"{DRAW}{at}"]) for at, (topic, number) in enumerate(self.topics)
        ]

    @property
    def chosen(self) -> set[str]:
        """Ids of the questions that are ticked, as text."""
        ticked = self["questions"].value() or []
        return {str(getattr(each, "pk", each)) for each in ticked}

    def draws(self) -> dict[str, int]:
        numbers = {
            topic: self.cleaned_data.get(f"{DRAW}{at}") or 0
            for at, (topic, _number) in enumerate(self.topics)
        }
        return {topic: number for topic, number in numbers.items() if number}

    def terms(self) -> Terms:
        """What was typed, as the terms of an exam; online's own only where it is held online."""
        data = {
            name: self.cleaned_data[name] for name in Terms.__dataclass_fields__ if name != "draws"
        }
        data["attempts_allowed"] = data["attempts_allowed"] or 1
        if data["form"] == ExamForm.ONLINE:
            return Terms(**data, draws=self.draws())
        return Terms(**data | {"questions": (), "minutes": None})


def initial_of(exam: Exam) -> dict:
    """An exam's terms as the form shows them."""
    names = [name for name in Terms.__dataclass_fields__ if name not in (*Terms.MANY, "draws")]
    there = {name: getattr(exam, name) for name in names}
    there |= {name: list(getattr(exam, name).all()) for name in Terms.MANY}
    topics = exam.specialty.questions.active().by_topic()
    drawn = {f"{DRAW}{at}": exam.draws.get(topic) for at, topic in enumerate(topics)}
    return there | drawn | {"revision": exam.revision}


USUAL = {
    "form": ExamForm.PAPER,
    "full_marks": 100,
    "pass_mark": 60,
    "attempts_allowed": 1,
    "minutes": 30,
    "is_shuffled": True,
    "gives_half": True,
    "roles": [Role.DEPARTMENT_HEAD, Role.TEAM_LEADER, Role.EMPLOYEE],
}


class QuestionForm(forms.Form):
    """One question; options that are left empty at the end are none."""

    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("题型"), choices=QuestionKind, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("题干"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    answer = forms.CharField(label=_("答案"), max_length=40)
    points = forms.DecimalField(label=_("分值"), max_digits=5, decimal_places=2)
    topic = forms.CharField(label=_("知识点"), max_length=60, required=False)
    explanation = forms.CharField(
        label=_("解析"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data=None, *, initial=None):
        super().__init__(data, initial=initial)
        for letter in LETTERS[:MOST]:
            self.fields[f"option_{letter}"] = forms.CharField(
                label=_("选项 %(letter)s") % {"letter": letter}, max_length=300, required=False
            )

    @property
    def options(self):
        return [self[f"option_{letter}"] for letter in LETTERS]

    def content(self) -> Content:
        """What was typed; the bank judges it, an answer that means nothing is empty."""
        data = self.cleaned_data
        options = [data[f"option_{letter}"] for letter in LETTERS]
        while options and not options[-1]:
            options.pop()
        if data["kind"] == QuestionKind.TRUTH:
            options = []
        names = ("kind", "text", "points", "topic", "explanation")
        answer = answer_of(data["kind"], data["answer"], tuple(options)) or ""
        about = {name: data[name] for name in names}
        return Content(**about, options=tuple(options), answer=answer)


def initial_question(question: Question) -> dict:
    options = zip(LETTERS, question.options, strict=False)
    names = ("kind", "text", "topic", "explanation", "revision")
    return {
        **{name: getattr(question, name) for name in names},
        **{f"option_{letter}": option for letter, option in options},
        "points": f"{question.points.normalize():f}",
        "answer": question.right,
    }


NEW_QUESTION = {"kind": QuestionKind.SINGLE, "points": 5}


class ListUploadForm(forms.Form):
    file = forms.FileField(label=_("Excel 或 CSV 文件"))
