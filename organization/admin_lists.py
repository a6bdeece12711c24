"""Long lists in the admin site, which grow with every day of work."""

from urllib.parse import quote_plus

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList


class DatedList(ChangeList):
    """A year, month or day that no calendar has leads to all of the list, as any other filter
    does that makes no sense.
    """

    def get_filters(self, request):
        try:
            return super().get_filters(request)
        except (OverflowError, ValueError) as error:
            raise IncorrectLookupParameters(error) from error


class LongList:
    """The newest rows first, as they were written: any other order is had by sorting all of them.

    `date_hierarchy` names a time that goes with the rows: the drill-down offers all days between
    the first and the last row, without looking for those on which nothing happened.
    """

    ordering = ["-pk"]
    list_per_page = 25
    show_full_result_count = False
    change_list_template = "organization/long_change_list.html"

    def get_changelist(self, request, **given):
        return DatedList


PLACE = "~place~"


class WordsFilter(admin.SimpleListFilter):
    """A column by words that are known, instead of by what stands in all of its rows."""

    words: list[tuple[str, object]] = []

    def lookups(self, request, model_admin):
        return self.words

    def choices(self, changelist):
        """As the library gives them, with the addresses of a hundred words made from one."""
        of_library = super().choices(changelist)
        if changelist.add_facets:
            yield from of_library
            return
        yield next(of_library)  # that of all
        pattern = changelist.get_query_string({self.parameter_name: PLACE})
        for value, word in self.lookup_choices:
            yield {
                "selected": self.value() == str(value),
                "query_string": pattern.replace(quote_plus(PLACE), quote_plus(str(value))),
                "display": word,
            }

    def queryset(self, request, queryset):
        known = dict(self.lookups(request, None))
        return self.narrowed(queryset, self.value()) if self.value() in known else queryset

    def narrowed(self, queryset, value):
        return queryset.filter(**{self.parameter_name: value})
