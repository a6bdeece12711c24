"""The form in which a person writes an item: in a draft, and while an import is reviewed.

It takes and gives an item as plain data (scoring.item_data). Rows that are left empty are no
rows; so it works without scripts, with two spare rows that are always there.
"""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from scoring.content import LONGEST_NAME, LONGEST_RULE
from scoring.forms.amounts import DASHES, parse_points, plain
from scoring.forms.ruling_words import SIGNS
from scoring.forms.wording import folded, tidy
from scoring.models import Critical, Requirement, RuleKind, Section

LONGEST_SECTION = Section._meta.get_field("name").max_length
LONGEST_REQUIREMENT = Requirement._meta.get_field("text").max_length
MOST_POINTS = Decimal("9999.99")
MOST_ROWS = 200
SPARE_ROWS = 2
EACH = "each:"
PRICES = (
    (RuleKind.RANGE, gettext_lazy("每缺一条，按幅度扣")),
    (RuleKind.FIXED, gettext_lazy("每缺一条，扣固定分")),
    (RuleKind.PER_OCCURRENCE, gettext_lazy("每发现一处扣")),
)
OCCASIONS = (
    RuleKind.FIXED, RuleKind.PER_OCCURRENCE, RuleKind.LOSE_ITEM, RuleKind.RANGE, RuleKind.LEVELS,
    RuleKind.EXTRA,
)  # fmt: skip
KINDS = [
    ("", gettext_lazy("还没有定")),
    (gettext_lazy("每缺一条检查内容"), [(f"{EACH}{kind}", label) for kind, label in PRICES]),
    (gettext_lazy("遇到写明的情形"), [(str(kind), kind.label) for kind in OCCASIONS]),
]
USUAL = f"{EACH}{RuleKind.RANGE}"  # the plan's kind
BETWEEN = re.compile(r"[/,，、;；\s]+")


class TidyField(forms.CharField):
    """One line of text as the reader of forms would keep it: no number of closing marks, no
    characters that a workbook cannot hold.
    """

    def clean(self, value):
        return super().clean(tidy(printable(value or "")))


class LinesField(TidyField):
    """Text that may have several lines, each tidy."""

    def clean(self, value):
        lines = printable(value or "").splitlines()
        return forms.CharField.clean(self, "\n".join(filter(None, map(tidy, lines))))


def printable(text: str) -> str:
    return "".join(char for char in text if char in "\n\t" or char >= " ").replace("\ufffe", "")


class PointsField(forms.CharField):
    """Points as people write them: 5, 5分, ５; empty where they are not settled yet."""

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        points = figure(text)
        if points is None or not 0 < points <= MOST_POINTS:
            raise ValidationError(_("请填大于 0 的分值，最多两位小数，如 4。"))
        return points


def figure(text: str) -> Decimal | None:
    try:
        return parse_points(text)
    except ValueError:
        return None


def dress(form: forms.Form) -> None:
    """Give each field the look of its kind."""
    looks = {forms.Select: "form-select", forms.CheckboxInput: "form-check-input"}
    for field in form.fields.values():
        field.widget.attrs["class"] = looks.get(type(field.widget), "form-control")


class Row(forms.Form):
    """One of several; `order` is its place as a person numbered it."""

    order = forms.IntegerField(
        label=gettext_lazy("次序"), required=False, min_value=0, max_value=9999
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        dress(self)

    @property
    def is_blank(self) -> bool:
        return not self.cleaned_data.get("text")


class RequirementRow(Row):
    text = TidyField(
        label=gettext_lazy("检查内容"), required=False, max_length=LONGEST_REQUIREMENT,
        widget=forms.Textarea(attrs={"rows": 1}),
    )  # fmt: skip
    critical = forms.ChoiceField(
        label=gettext_lazy("关键项"), required=False,
        choices=[("", gettext_lazy("不是关键项")), *Critical.choices],
    )  # fmt: skip

    def as_data(self) -> dict:
        cleaned = self.cleaned_data
        return {"text": cleaned["text"], "critical": cleaned["critical"]}


class RuleRow(Row):
    """A rule: on what occasion, how it takes points, how many."""

    kind = forms.ChoiceField(label=gettext_lazy("扣法"), required=False, choices=KINDS)
    text = TidyField(
        label=gettext_lazy("什么情形"), required=False, max_length=LONGEST_RULE,
        widget=forms.Textarea(attrs={"rows": 1, "placeholder": gettext_lazy("什么情形")}),
    )  # fmt: skip
    amount = forms.CharField(
        label=gettext_lazy("扣多少分"), required=False, max_length=60,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("如 0.2-1")}),
    )  # fmt: skip

    def clean_text(self):
        """In words that stand in one cell with others: a semicolon there ends a rule."""
        return self.cleaned_data["text"].translate(SIGNS).strip("，, ")

    @property
    def is_blank(self) -> bool:
        """Nothing typed; the kind that an item without rules begins with says nothing either."""
        cleaned = self.cleaned_data
        chosen = cleaned.get("kind") not in ("", None, USUAL)
        return not (chosen or cleaned.get("text") or cleaned.get("amount"))

    @property
    def kind_of(self) -> str:
        return self.cleaned_data.get("kind", "").removeprefix(EACH)

    @property
    def is_price(self) -> bool:
        return self.cleaned_data.get("kind", "").startswith(EACH)

    def clean(self):
        cleaned = super().clean()
        if self.is_blank:
            return cleaned
        if not cleaned.get("text") and not self.is_price and "text" in cleaned:
            self.add_error("text", _("请写明遇到什么情形这样扣，如“未以文件形式发布的”。"))
        self.levels, self.range = (), (None, None)
        if "kind" in cleaned and "amount" in cleaned:
            self._read_amount(cleaned["amount"])
        return cleaned

    def _read_amount(self, text: str) -> None:
        if self.kind_of == RuleKind.LOSE_ITEM:
            return
        if not self.kind_of:
            if text:
                self.add_error("kind", _("请选扣法；只留原文、以后再定的，把分值清空。"))
        elif self.kind_of == RuleKind.LEVELS:
            self._read_levels(text)
        else:
            self._read_range(text)

    def _read_levels(self, text: str) -> None:
        figures = [figure(part) for part in BETWEEN.split(text.strip()) if part]
        if len(set(figures)) < 2 or any(level is None or level < 0 for level in figures):
            self.add_error("amount", _("请填每一档扣的分，用斜线隔开，如 0/1/2。"))
            return
        self.levels = tuple(dict.fromkeys(figures))
        self.range = min(self.levels), max(self.levels)

    def _read_range(self, text: str) -> None:
        figures = [figure(part) for part in DASHES.sub("-", folded(text)).removeprefix("扣")
                   .split("-")]  # fmt: skip
        ranged = self.kind_of in {RuleKind.RANGE, RuleKind.PER_OCCURRENCE}
        if any(each is None for each in figures) or len(figures) > 1 + ranged or figures[-1] == 0:
            hint = _("请填幅度，如 0.5-2。") if ranged else _("请填一个分值，如 1。")
            self.add_error("amount", hint)
        elif figures[0] > figures[-1]:
            self.add_error("amount", _("幅度要从小到大，如 0.5-2。"))
        else:
            self.range = figures[0], figures[-1]

    def check_against(self, points: Decimal | None) -> None:
        """An item can't lose more than it has, but by what is taken beyond it."""
        highest = getattr(self, "range", (None, None))[1]
        if points is None or highest is None or self.kind_of == RuleKind.EXTRA:
            return
        if highest > points:
            figures = {"maximum": f"{highest:f}", "points": f"{points:f}"}
            message = _("最多扣 %(maximum)s 分，超过了该项的 %(points)s 分。") % figures
            self.add_error("amount", message)

    def as_data(self) -> dict:
        low, high = self.range
        kind = self.kind_of
        if kind == RuleKind.RANGE and low == high:
            kind = str(RuleKind.FIXED)
        return {
            "kind": kind or None, "text": self.cleaned_data["text"], "min": text_of(low),
            "max": text_of(high), "levels": [text_of(level) for level in self.levels],
            "each": self.is_price,
        }  # fmt: skip


class Rows(forms.BaseFormSet):
    def filled(self) -> list[Row]:
        """The rows with something in them, in the order that the person gave them."""
        rows = [row for row in self.forms if hasattr(row, "cleaned_data") and not row.is_blank]
        return sorted(rows, key=lambda row: row.cleaned_data.get("order") or MOST_ROWS * 50)


def rows_of(form: type[Row]) -> type[Rows]:
    return forms.formset_factory(
        form, formset=Rows, extra=SPARE_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS + 50
    )


RequirementRows, RuleRows = rows_of(RequirementRow), rows_of(RuleRow)


class ItemForm(forms.Form):
    """One item. `initial` is its data, `typed` what came back (request.POST), `sections` the
    names to choose from, `prefix` tells it from others on the page.

    `form.requirements` and `form.rules` are its rows; `data_dict()` is what was typed once it is
    valid.
    """

    section = TidyField(
        label=pgettext_lazy("column", "类别"), required=False, max_length=LONGEST_SECTION,
        help_text=gettext_lazy("选已有的，或写一个新的"),
    )  # fmt: skip
    name = TidyField(
        label=pgettext_lazy("column", "项目"), max_length=LONGEST_NAME,
        error_messages={"required": gettext_lazy("请写项目名称。")},
    )  # fmt: skip
    standard = LinesField(
        label=pgettext_lazy("column", "标准内容"), required=False, max_length=5000,
        help_text=gettext_lazy("没有单独的标准可以不填"), widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    points = PointsField(label=gettext_lazy("规定分值"), required=False, max_length=20)
    photo_required = forms.BooleanField(label=gettext_lazy("扣分须拍照"), required=False)

    def __init__(self, initial: dict | None = None, typed=None, *, sections: Iterable[str] = (),
                 prefix: str = ""):  # fmt: skip
        initial = initial or {}
        super().__init__(typed, initial=initial, prefix=prefix or None)
        lines = [{"order": n, **line} for n, line in enumerate(initial.get("requirements", ()), 1)]
        rules = [shown(rule, n) for n, rule in enumerate(initial.get("rules", ()), 1)]
        rules = rules or [{"order": 1, "kind": USUAL}]
        self.requirements = RequirementRows(typed, initial=lines, prefix=self._of("requirements"))
        self.rules = RuleRows(typed, initial=rules, prefix=self._of("rules"))
        self.sections = [name for name in dict.fromkeys(sections) if name]
        dress(self)
        self.fields["section"].widget.attrs["list"] = self.list_id
        self.fields["points"].widget.attrs["inputmode"] = "decimal"

    def _of(self, rows: str) -> str:
        return self.add_prefix(rows)

    @property
    def list_id(self) -> str:
        """Of the list of sections to choose from."""
        return self._of("sections")

    def clean(self):
        cleaned = super().clean()
        if self.rules.is_valid() & self.requirements.is_valid():
            self._check_rules(self.rules.filled(), cleaned.get("points"))
        return cleaned

    def _check_rules(self, rows: Sequence[RuleRow], points: Decimal | None) -> None:
        for row in rows:
            row.check_against(points)
        for row in [row for row in rows if row.is_price][1:]:
            row.add_error("kind", _("一项只能有一条“每缺一条检查内容”的扣法。"))

    def is_valid(self) -> bool:
        return super().is_valid() and self.rules.is_valid() and self.requirements.is_valid()

    def data_dict(self) -> dict:
        """What was typed, as an item's data."""
        cleaned = self.cleaned_data
        return {
            "section": cleaned["section"],
            "name": cleaned["name"],
            "standard": cleaned["standard"],
            "points": text_of(cleaned["points"]),
            "requirements": [row.as_data() for row in self.requirements.filled()],
            "rules": [row.as_data() for row in self.rules.filled()],
            "photo_required": cleaned["photo_required"],
        }


def shown(rule: dict, order: int) -> dict:
    """A rule as its row begins."""
    kind = rule["kind"] or ""
    return {
        "order": order,
        "kind": f"{EACH}{kind}" if kind and rule["each"] else kind,
        "text": rule["text"],
        "amount": amount_of(rule),
    }


def amount_of(rule: dict) -> str:
    """A rule's figures as a person would type them."""
    if rule["levels"]:
        return "/".join(rule["levels"])
    return "-".join(dict.fromkeys(filter(None, (rule["min"], rule["max"]))))


def text_of(value: Decimal | None) -> str | None:
    return None if value is None else f"{plain(value):f}"
