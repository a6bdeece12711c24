"""What people type into this app's pages (`scoring.forms` reads Excel forms)."""

from collections.abc import Iterable
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organization.models import Specialty
from scoring import engine
from scoring.content import LONGEST_NAME
from scoring.forms import Item, Rule
from scoring.forms.amounts import parse_points, plain
from scoring.forms.rulings import parse_price
from scoring.importing import MOST_POINTS


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


class AnswersForm(forms.Form):
    """What a person puts in where the form is silent: points, deduction, a short name."""

    def __init__(self, items: Iterable[Item], *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.items = list(items)
        for item in self.items:
            for role in asked(item):
                initial = item.name if role == "name" else None
                self.fields[_key(item, role)] = FIELDS[role](required=False, initial=initial)

    def questions(self, item: Item) -> dict[str, forms.BoundField]:
        return {role: self[_key(item, role)] for role in asked(item)}

    def answers(self) -> dict[int, dict]:
        """By the item's first row, for `scoring.importing.with_answers`."""
        found = {item.rows[0]: self._answer(item) for item in self.items}
        return {row: answer for row, answer in found.items() if answer}

    def clean(self):
        for item in self.items:
            points = self._typed(item, "points") or item.points
            _low, high = self._typed(item, "deduct") or (item.deduct_min, item.deduct_max)
            if None not in (points, high) and high > points:
                role = "deduct" if "deduct" in asked(item) else "points"
                figures = {"maximum": f"{high:f}", "points": f"{points:f}"}
                message = _("最多扣 %(maximum)s 分，超过了该项的 %(points)s 分。") % figures
                self.add_error(_key(item, role), message)

    def _typed(self, item: Item, role: str):
        return self.cleaned_data.get(_key(item, role))

    def _answer(self, item: Item) -> dict:
        answer = {}
        if name := self._typed(item, "name"):
            answer["name"] = name
        if points := self._typed(item, "points"):
            answer["points"] = points
        if deduct := self._typed(item, "deduct"):
            answer["rules"] = (price_of(*deduct), *(rule for rule in item.rules if rule.understood))
        return answer


def price_of(low: Decimal, high: Decimal) -> Rule:
    """The price of a missing requirement, as a rule."""
    kind = engine.Kind.FIXED if low == high else engine.Kind.RANGE
    return Rule("", kind, low, high, each=True)


def _key(item: Item, role: str) -> str:
    # by row and not by code: codes may change while the form is being looked at
    return f"{role}-{item.rows[0]}"


def asked(item: Item) -> list[str]:
    """What the page asks of an item: what its form does not say."""
    roles = []
    if is_nameless(item):
        roles.append("name")
    if not item.points:
        roles.append("points")
    if item.deduct_max is None:
        roles.append("deduct")
    return roles


def is_nameless(item: Item) -> bool:
    """Named by its standard, because the form has no column for names."""
    return bool(item.standard) and item.cells.get("name") == item.cells.get("standard")


class NameField(forms.CharField):
    def __init__(self, **kwargs):
        super().__init__(max_length=LONGEST_NAME, **kwargs)


class PointsField(forms.CharField):
    """Points as people write them: 5, 5分, ５."""

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        try:
            points = parse_points(text)
        except ValueError:
            points = None
        if points is None or not 0 < points <= MOST_POINTS:
            raise ValidationError(_("请填大于 0 的分值，最多两位小数，如 4。"))
        return points


class DeductField(forms.CharField):
    """What one missing requirement costs: 0.2-1, or a fixed 0.5."""

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        rule = parse_price(text if "扣" in text else f"扣{text}")
        if rule is None or rule.minimum is None or rule.maximum is None:
            raise ValidationError(_("请填幅度或固定分值，如 0.2-1 或 0.5。"))
        low, high = rule.minimum, rule.maximum
        too_fine = any(figure != round(figure, 2) for figure in (low, high))
        if too_fine or not 0 <= low <= high <= MOST_POINTS:
            raise ValidationError(_("幅度要从小到大，最多两位小数，如 0.2-1。"))
        return plain(low), plain(high)


FIELDS = {"name": NameField, "points": PointsField, "deduct": DeductField}
