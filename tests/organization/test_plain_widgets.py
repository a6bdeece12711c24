"""Fields by plain formatting say what the library's templates say, letter by letter."""

from datetime import date

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from organization.plain_widgets import DRAWN, PlainRenderer

BAD = "<b>\"'&"
GROUPS = [("", BAD), (BAD, [(1, mark_safe("<i>1</i>")), (1000, _("中文"))]), (None, 5)]
TYPED = [
    forms.TextInput, forms.NumberInput, forms.EmailInput, forms.URLInput, forms.PasswordInput,
    forms.HiddenInput, forms.DateInput, forms.DateTimeInput, forms.TimeInput, forms.CheckboxInput,
    forms.FileInput, forms.Textarea, forms.SearchInput, forms.TelInput, forms.ColorInput,
]  # fmt: skip
CHOSEN = [
    forms.Select, forms.NullBooleanSelect, forms.SelectMultiple, forms.RadioSelect,
    forms.CheckboxSelectMultiple,
]  # fmt: skip
VALUES = [None, "", BAD, mark_safe("<i>1</i>"), 0, 1000, 1.5, True, date(2026, 3, 4), _("中文")]
ATTRS = [{}, {"id": "x", "class": BAD, "required": True, "off": False, "max": 1000, BAD: "y"}]


def both(drawn) -> tuple[str, str]:
    return drawn(PlainRenderer()), drawn(DjangoTemplates())


@pytest.mark.parametrize("attrs", ATTRS)
@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("kind", TYPED)
def test_what_is_typed(kind, value, attrs):
    plain, of_library = both(lambda by: kind().render(BAD, value, attrs, by))
    assert plain == of_library


@pytest.mark.parametrize("attrs", ATTRS)
@pytest.mark.parametrize("value", [None, "", 1, "1000", BAD, ["1", ""]])
@pytest.mark.parametrize("kind", CHOSEN)
def test_what_is_chosen(kind, value, attrs):
    def drawn(by):
        given = {} if kind is forms.NullBooleanSelect else {"choices": GROUPS}
        one = value[0] if isinstance(value, list) and kind is forms.NullBooleanSelect else value
        return kind(attrs={"class": "y"}, **given).render(BAD, one, attrs, by)

    plain, of_library = both(drawn)
    assert plain == of_library


class Placed(forms.Form):
    one = forms.ChoiceField(choices=GROUPS, widget=forms.RadioSelect(attrs={"class": BAD}))
    some = forms.MultipleChoiceField(choices=GROUPS, widget=forms.CheckboxSelectMultiple)


@pytest.mark.parametrize("in_label", [True, False])
@pytest.mark.parametrize("name", ["one", "some"])
def test_choices_that_a_page_places(name, in_label):
    def drawn(by):
        form = Placed({"one": "1000", "some": ["5", "1"]}, renderer=by)
        return [each.tag(in_label) for each in form[name]]

    plain, of_library = both(drawn)
    assert plain == of_library and "checked" in "".join(plain)


class Asked(forms.Form):
    name = forms.CharField(label=_("中文"), help_text="<b>", max_length=5)
    kind = forms.ChoiceField(choices=GROUPS, widget=forms.RadioSelect)
    own = forms.IntegerField(widget=forms.HiddenInput, required=False)


@pytest.mark.parametrize("data", [None, {"own": "x"}])
@pytest.mark.parametrize("auto_id", ["id_%s", False])
def test_whole_forms(data, auto_id):
    plain, of_library = both(lambda by: str(Asked(data, renderer=by, auto_id=auto_id)))
    assert plain == of_library


@pytest.mark.parametrize("data", [None, {"own": "x"}])
def test_hidden_forms(data):
    class Hidden(forms.Form):
        own = forms.IntegerField(widget=forms.HiddenInput)
        other = forms.CharField(widget=forms.HiddenInput, initial=BAD)

    plain, of_library = both(lambda by: str(Hidden(data, renderer=by)))
    assert plain == of_library


def test_an_option_with_its_own_template_is_drawn_by_it():
    class Other(forms.Select):
        option_template_name = "django/forms/widgets/radio_option.html"

    plain, of_library = both(lambda by: Other(choices=GROUPS).render("x", 1, {}, by))
    assert plain == of_library


def test_an_error_is_drawn_by_its_template():
    plain, of_library = both(lambda by: str(forms.utils.ErrorList([BAD], renderer=by)))
    assert plain == of_library and plain.startswith("<ul")


@pytest.mark.parametrize("name", DRAWN)
def test_what_is_drawn_is_a_template_of_the_library(name):
    assert DjangoTemplates().get_template(name).origin.name.endswith(f"forms/templates/{name}")
