"""Somebody or something picked by typing a few letters, in the admin site."""

from django.contrib.admin.widgets import AutocompleteSelect

LONGEST = 18  # digits that every key fits in


class Picked(AutocompleteSelect):
    """Django's own looks up whatever was sent as a key; what can be none is shown as nothing."""

    def optgroups(self, name, value, attr=None):
        keys = [each for each in value if each.isdecimal() and len(each) <= LONGEST]
        return super().optgroups(name, keys, attr)


class PicksByTyping:
    """For an admin page with `autocomplete_fields` that are foreign keys."""

    def formfield_for_foreignkey(self, db_field, request, **given):
        if db_field.name in self.get_autocomplete_fields(request):
            given["widget"] = Picked(db_field, self.admin_site, using=given.get("using"))
        return super().formfield_for_foreignkey(db_field, request, **given)
