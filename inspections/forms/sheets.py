"""What is entered on a sheet, one form per move; the phone page and the admin site share them."""

import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from campaign.forms import SeveralFilesField
from inspections.models import Observation, ScoreSheet
from inspections.self_check.take_up import take_up
from inspections.sheet import observations
from inspections.sheet.entries import NOTE_LIMIT, Entry, cost_of
from inspections.sheet.layers import read_layer
from inspections.sheet.ledger import ledger_of
from inspections.sheet.outline import outline
from inspections.sheet.sheet_photos import pictures_of
from inspections.sync.photos import bearers
from inspections.words import Method, ObservationKind
from organization.errors import Refused

LONGEST_NOTE = {"max_length": _("最多 %(limit_value)d 个字，请写短一些。")}


class EntryForm(forms.Form):
    """A move on one sheet; `id` is made by the client, so that sending twice does no harm."""

    id = forms.UUIDField(required=False)
    changes_rows = False  # whether the item's rows come or go with this move
    changes_shots = False  # whether pictures come to a row, or leave it
    has_place = False  # whether the page shows what is wrong beside what was typed

    def __init__(self, sheet: ScoreSheet, *args, **kwargs):
        self.sheet = sheet
        super().__init__(*args, **kwargs)

    @property
    def outline(self):
        return outline(self.sheet.rubric_id)

    def clean_id(self):
        return self.cleaned_data["id"] or uuid.uuid4()

    def clean_item(self):
        line = self.outline.lines.get(self.cleaned_data["item"])
        if line is None:
            raise ValidationError(_("这一项不在这张评分表上。"), code="not_on_sheet")
        return line.item

    def put(self, *, by, at) -> bool:
        """Do it; False when it was refused, with the sentence beside its field."""
        if not self.is_valid():
            return False
        try:
            self.apply(by=by, at=at)
        except Refused as refusal:
            field = refusal.field if refusal.field in self.fields else None
            self.add_error(field, ValidationError(str(refusal), code=refusal.code))
        except ValidationError as error:
            self.add_error("photos" if "photos" in self.fields else None, error)
        return not self.errors

    def apply(self, *, by, at) -> None:
        raise NotImplementedError

    def items(self) -> set[int]:
        """The items whose cards look different now."""
        item = self.cleaned_data.get("item")
        return {item.pk} if item else set()

    @property
    def touched(self) -> str:
        """The key of the row that looks different now (`inspections.cards`)."""
        return ""

    def is_about(self, key: str) -> bool:
        """Whether it is of the row with this key."""
        return False

    def gives_reason_for(self, item) -> bool:
        return False


class OfOneForm(EntryForm):
    """A move on one observation that is on record."""

    observation = forms.UUIDField()

    def clean_observation(self) -> Observation:
        return on_record(self.sheet, self.cleaned_data["observation"])

    def items(self):
        seen = self.cleaned_data.get("observation")
        return {seen.item_id} if seen else set()

    @property
    def touched(self):
        seen = self.cleaned_data["observation"]
        return row_key(seen.requirement_id, seen.rule_id)


def row_key(requirement: object, rule: object) -> str:
    """What the row of a requirement or a rule is called on the page, by the key of either."""
    return f"r{rule}" if rule else str(requirement or "")


def on_record(sheet: ScoreSheet, id: uuid.UUID) -> Observation:
    rows = Observation.objects.filter(sheet=sheet, pk=id)
    row = rows.select_related("item", "requirement", "rule", "by").first()
    if row is None:
        raise ValidationError(_("这张评分表上没有这条记录。"), code="not_on_sheet")
    row.sheet = sheet
    return row


class ObserveForm(EntryForm):
    """The switch of a requirement or a rule; switched off, what one noted is withdrawn.

    `points` are what one occurrence costs, empty where the rule leaves no choice.
    `replaces` is one's own observation that is being changed; `again` keeps it and adds another.
    """

    has_place = True
    item = forms.IntegerField()
    requirement = forms.IntegerField(required=False)
    rule = forms.IntegerField(required=False)
    missing = forms.BooleanField(required=False)
    points = forms.DecimalField(
        label=_("扣分"),
        required=False,
        max_digits=9,
        error_messages={"invalid": _("请填数字，例如 0.5。")},
    )
    count = forms.IntegerField(
        label=_("次数"), required=False, error_messages={"invalid": _("请填整数，例如 3。")}
    )
    method = forms.ChoiceField(label=_("检查方式"), choices=Method.choices, required=False)
    note = forms.CharField(
        label=_("说明"), max_length=NOTE_LIMIT, required=False, error_messages=LONGEST_NOTE
    )
    photos = SeveralFilesField(label=_("照片"), required=False)
    replaces = forms.UUIDField(required=False)
    again = forms.BooleanField(required=False)

    def clean_requirement(self):
        if not self.cleaned_data["requirement"] and self.data.get("rule"):
            return None
        requirement = self.outline.requirements.get(self.cleaned_data["requirement"])
        if requirement is None:
            raise ValidationError(_("这条检查内容不属于这一项。"), code="not_on_sheet")
        return requirement

    def clean_rule(self):
        if not self.cleaned_data["rule"]:
            return None
        rule = self.outline.rules.get(self.cleaned_data["rule"])
        if rule is None:
            raise ValidationError(_("这条评分细则不属于这一项。"), code="not_on_sheet")
        return rule

    def clean_count(self):
        count = self.cleaned_data["count"]
        return 1 if count is None else count

    def clean_method(self):
        """A self-check has none, whatever an old page sends."""
        return "" if self.sheet.is_self_check else self.cleaned_data["method"]

    def clean_replaces(self) -> Observation | None:
        id = self.cleaned_data["replaces"]
        return on_record(self.sheet, id) if id else None

    def is_about(self, key):
        return row_key(self.data.get("requirement"), self.data.get("rule")) == key

    @property
    def touched(self):
        data = self.cleaned_data
        requirement, rule = data["requirement"], data["rule"]
        return row_key(requirement and requirement.pk, rule and rule.pk)

    def apply(self, *, by, at):
        data = self.cleaned_data
        former = None if data["again"] else data["replaces"]
        if not data["missing"]:
            if former:
                observations.withdraw(observation=former, by=by, at=at, id=data["id"])
        elif former and self.says_the_same(former):
            observations.add_photos(observation=former, uploads=data["photos"], by=by, at=at)
        else:
            self.observe(former, by=by, at=at)

    def says_the_same(self, former: Observation) -> bool:
        data = self.cleaned_data
        names = ("item", "requirement", "rule", "points", "count", "method")
        entry = Entry(ObservationKind.MISSING, **{name: data[name] for name in names})
        cost = cost_of(self.outline.lines[data["item"].pk], entry)
        typed = (cost, data["count"], data["method"], data["note"].strip())
        return typed == (former.points, former.count, former.method, former.note)

    def observe(self, former, *, by, at):
        data = self.cleaned_data
        names = (
            "id", "item", "requirement", "rule", "points", "count", "method", "note", "photos",
        )  # fmt: skip
        observations.observe(
            sheet=self.sheet, replaces=former, by=by, at=at, **{name: data[name] for name in names}
        )


class WithdrawForm(OfOneForm):
    """Take back one's own: a deduction, a confirmation, a mark as not applicable."""

    changes_shots = True

    @property
    def changes_rows(self):
        return self.cleaned_data["observation"].kind == ObservationKind.NOT_APPLICABLE

    def apply(self, *, by, at):
        data = self.cleaned_data
        observations.withdraw(observation=data["observation"], by=by, at=at, id=data["id"])


class PhotosForm(OfOneForm):
    """More pictures for one's own observation."""

    changes_shots = True
    photos = SeveralFilesField(label=_("照片"))

    def apply(self, *, by, at):
        data = self.cleaned_data
        observations.add_photos(
            observation=data["observation"], uploads=data["photos"], by=by, at=at
        )


class DrawForm(OfOneForm):
    """Arrows and circles on one picture of one's own observation; `photo` is the file's key.

    What was changed meanwhile took its pictures along: they are drawn on where they are now.
    """

    changes_shots = True
    photo = forms.UUIDField()
    shapes = forms.CharField(max_length=20_000, required=False)

    def apply(self, *, by, at):
        data = self.cleaned_data
        ledger_of(self.sheet)
        seen = bearers(data["observation"].pk, self.sheet)[-1]
        pictures = pictures_of([seen.pk]).get(seen.pk, [])
        photo = next((each for each in pictures if each.file_id == data["photo"]), None)
        if photo is None:
            raise Refused(_("这条记录没有这张照片。"), "not_on_sheet")
        photo.observation, seen.sheet = seen, self.sheet
        shapes = read_layer(data["shapes"])
        observations.draw_on(photo=photo, shapes=shapes, id=data["id"], by=by, at=at)


class ConfirmForm(EntryForm):
    """The rest conforms: of one item, or of all items of a section not looked at so far."""

    item = forms.IntegerField(required=False)
    section = forms.IntegerField(required=False)

    def clean_item(self):
        return super().clean_item() if self.cleaned_data["item"] else None

    def in_section(self) -> list:
        section = self.cleaned_data["section"]
        parts = [part for part in self.outline.parts if part.section.pk == section]
        return [line.item for part in parts for line in part.lines]

    def apply(self, *, by, at):
        item, id = self.cleaned_data["item"], self.cleaned_data["id"]
        items = [item] if item else self.not_looked_at()
        observations.confirm(sheet=self.sheet, items=items, by=by, at=at, id=id)

    def not_looked_at(self) -> list:
        seen = ledger_of(self.sheet).folded.looked_at
        return [item for item in self.in_section() if item.code not in seen]

    def items(self):
        return super().items() or {item.pk for item in self.in_section()}


class NotApplicableForm(EntryForm):
    """The project cannot have this item, and why."""

    changes_rows = True
    has_place = True

    item = forms.IntegerField()
    note = forms.CharField(
        label=_("理由"),
        max_length=NOTE_LIMIT,
        error_messages=LONGEST_NOTE | {"required": _("请写明本项为什么不适用。")},
    )

    def gives_reason_for(self, item):
        return self.data.get("item") == str(item.pk)

    def apply(self, *, by, at):
        data = self.cleaned_data
        observations.mark_not_applicable(
            sheet=self.sheet, item=data["item"], reason=data["note"], by=by, at=at, id=data["id"]
        )


class TakeUpForm(OfOneForm):
    """What a self-check found missing becomes a line of the plan; the sheet stays as it is."""

    def apply(self, *, by, at):
        if not by.has_perm("inspections.take_up", self.sheet):
            raise Refused(_("由项目经理或分管的副经理列入方案。"), "not_leader")
        take_up(observation=self.cleaned_data["observation"], by=by, at=at)


MOVES: dict[str, type[EntryForm]] = {
    "observe": ObserveForm,
    "withdraw": WithdrawForm,
    "photos": PhotosForm,
    "draw": DrawForm,
    "confirm": ConfirmForm,
    "not_applicable": NotApplicableForm,
    "take_up": TakeUpForm,
}
