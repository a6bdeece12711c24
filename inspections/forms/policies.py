"""What people write of a policy, and the kinds of finding that it is to prevent."""

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from campaign.models import Campaign
from inspections.forms.writing import LONG_TEXT, day_input, text_area
from inspections.learning.policies import Kind
from inspections.models import PolicyVersion, Prevented
from inspections.words import PolicyKind, RootCause
from organization.long_select import LongSelect, Shared, SharedChoiceField
from organization.models import Specialty
from organization.prepared import prepared
from organization.specialties import every_specialty
from scoring.models import Item, Requirement

MOST = 50  # kinds of one version
ROWS = 4  # kinds that a form offers room for beyond those named already


class PolicyForm(forms.Form):
    """A version's words; of a policy's first version also what it is."""

    kind = forms.ChoiceField(label=_("类别"), choices=PolicyKind)
    specialty = forms.ModelChoiceField(
        Specialty.objects.all(), label=_("专业口"), required=False, empty_label=_("全公司")
    )
    is_preventive = forms.BooleanField(label=_("事前干预性制度"), required=False)
    title = forms.CharField(label=_("名称"), max_length=120, required=False)
    text = forms.CharField(
        label=_("正文"), max_length=LONG_TEXT, required=False, widget=text_area(16)
    )
    file = forms.FileField(label=_("附件"), required=False)
    in_force_from = forms.DateField(label=_("生效日期"), required=False, widget=day_input())

    def __init__(self, *args, version: PolicyVersion | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        if version:
            for name in ("kind", "specialty", "is_preventive"):
                del self.fields[name]
        for name, field in self.fields.items():
            field.widget.attrs["class"] = look_of(name, field)

    @property
    def words(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("title", "text", "in_force_from")}


def look_of(name: str, field: forms.Field) -> str:
    if name == "is_preventive":
        return "form-check-input"
    return "form-select" if isinstance(field.widget, forms.Select) else "form-control"


class KindForm(forms.Form):
    """One kind: a specialty or one of its items, perhaps one numbered line, perhaps one cause."""

    what = SharedChoiceField(label=_("哪类问题"), required=False)
    number = forms.IntegerField(
        label=_("第几条检查内容"),
        required=False,
        validators=[MinValueValidator(1), MaxValueValidator(999)],
        widget=forms.NumberInput({"min": 1, "class": "form-control"}),
    )
    root_cause = forms.ChoiceField(
        label=_("根本原因"),
        required=False,
        choices=[("", _("不限原因")), *RootCause.choices],
        widget=LongSelect,
    )

    def __init__(self, *args, choices: Shared, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["what"].share(choices)
        for field in self.fields.values():
            if isinstance(field.widget, forms.Select):
                field.widget.attrs["class"] = "form-select"

    def clean(self):
        """The codes become the newest item and requirement that have them."""
        data = self.cleaned_data
        specialty, _dot, item = data.get("what", "").partition(".")
        self.kind = None
        if not specialty:
            if data.get("number") or data.get("root_cause"):
                self.add_error("what", _("选一类问题。"))
            return data
        found = newest_item(specialty, item) if item else None
        requirement = line_of(found, data.get("number"))
        if data.get("number") and requirement is None:
            self.add_error("number", _("这个评分项没有这一条。"))
        self.kind = Kind(
            specialty=Specialty.objects.get(code=specialty),
            item=found,
            requirement=requirement,
            root_cause=data.get("root_cause", ""),
        )
        return data


def newest_item(specialty: str, code: str) -> Item | None:
    found = Item.objects.filter(
        code=code, rubric__specialty__code=specialty, rubric__published_at__isnull=False
    )
    return found.order_by("-rubric__published_at").first()


def line_of(item: Item | None, number: int | None) -> Requirement | None:
    if item is None or not number:
        return None
    return item.requirements.select_related("item").filter(number=number).first()


def kind_choices(campaign, named: list[Prevented] = ()) -> list:
    """Every specialty and the items of its published rubric; what was named before stays."""
    groups: dict[str, list] = {}
    in_english = get_language() == "en"
    for line, code, chinese, english in items_in_force(campaign=campaign.pk):
        name = english or chinese if in_english else chinese or english
        groups.setdefault(line, []).append((f"{line}.{code}", f"{code} {name}"))
    choices: list = [("", _("选一类"))]
    for specialty in every_specialty():
        every = (specialty.code, gettext("%(specialty)s的所有问题") % {"specialty": specialty})
        choices.append((str(specialty), [every, *groups.get(specialty.code, [])]))
    known = {key for _group, options in choices[1:] for key, _word in options}
    older = [(key_of(kind), str(kind)) for kind in named if key_of(kind) not in known]
    return choices + ([(_("以前的细则"), older)] if older else [])


def in_force(*, campaign):
    items = Item.objects.rewrite(False).filter(
        rubric__campaign__pk=campaign,
        rubric__published_at__isnull=False,
        rubric__superseded_at=None,
    )
    words = "rubric__specialty__code", "code", "name_zh_hans", "name_en"
    return items.order_by("rubric", "order").values_list(*words)


items_in_force = prepared(in_force, {"campaign": Campaign._meta.pk})


def key_of(kind: Prevented) -> str:
    return f"{kind.specialty.code}.{kind.item}" if kind.item else kind.specialty.code


def kind_forms(campaign, data=None, version: PolicyVersion | None = None):
    """A form for each kind named already, and some empty ones."""
    named = list(version.prevents.select_related("specialty")) if version else []
    rows = forms.formset_factory(
        KindForm, extra=0, min_num=len(named) + ROWS, max_num=MOST, absolute_max=MOST
    )
    initial = [
        {"what": key_of(kind), "number": kind.number, "root_cause": kind.root_cause}
        for kind in named
    ]
    made = rows(
        data,
        prefix="kinds",
        initial=initial,
        form_kwargs={"choices": Shared(kind_choices(campaign, named))},
    )
    made.shown = len(named) + 1  # the others unfold
    return made


def kinds_in(rows) -> list[Kind]:
    return [form.kind for form in rows if getattr(form, "kind", None)]
