"""Several rows that a form offers by their keys."""

from django import forms
from django.core.exceptions import ValidationError

from organization.numbers import LONGEST


class SeveralField(forms.ModelMultipleChoiceField):
    """Refuses a number that is too long for any key as what it is: none of those on offer.

    Django's own asks the database for it, and SQLite takes no such number.
    """

    def clean(self, value):
        for each in value if isinstance(value, (list, tuple)) else ():
            if str(each).removeprefix("-").isdecimal() and len(str(each)) > LONGEST:
                words = self.error_messages["invalid_choice"]
                raise ValidationError(words, code="invalid_choice", params={"value": each})
        return super().clean(value)
