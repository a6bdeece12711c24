"""Long lists in the admin site, which grow with every day of work."""

from functools import cache, cached_property
from urllib.parse import quote_plus

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import connection
from django.db.models import QuerySet, prefetch_related_objects
from django.utils.translation import get_language

from organization.prepared import Compiled, compiled_from

STEP = 10_000  # rows that are counted ahead; whoever looks for one further on narrows the list
OPENINGS = 64  # first pages kept of a list: what some readers may not see changes with every day
DIGITS = 8  # of a page number that no list has


class DatedList(ChangeList):
    """A year, month or day that no calendar has leads to all of the list, as any other filter
    does that makes no sense.
    """

    def get_filters(self, request):
        try:
            return super().get_filters(request)
        except (OverflowError, ValueError) as error:
            raise IncorrectLookupParameters(error) from error

    def get_results(self, request):
        super().get_results(request)
        if self.model_admin.opens_alike and not request.GET:
            alike = self.model_admin.seen_alike(request)
            self.result_list = self.model_admin.opening(
                self.result_list, cut=self.multi_page, alike=alike
            )


class AtLeast(int):
    """A number that was counted so far and goes on: 10000+."""

    def __str__(self):
        return f"{int(self):d}+"


class CountedSoFar(Paginator):
    """Counts to the next ten thousand rows beyond the page that is looked at, and no further: the
    pages go on when one comes near their end.
    """

    def __init__(self, queryset, per_page, *, number: int, **given):
        super().__init__(queryset, per_page, **given)
        self.limit = (1 + (number * per_page + STEP // 2) // STEP) * STEP

    @cached_property
    def count(self):
        found = self.object_list.order_by()[: self.limit + 1].count()
        return AtLeast(self.limit) if found > self.limit else found


class Opening:
    """`opens_alike` is for a list whose first page has the same rows for all who may see it, with
    nothing asked for: most look no further, and they are put into SQL once.
    """

    opens_alike = False

    def get_changelist(self, request, **given):
        return DatedList

    def seen_alike(self, request) -> tuple:
        """What readers have in common who have the same first page; all of them, by itself."""
        return ()

    @cached_property
    def openings(self) -> dict[tuple, Compiled]:
        """By database, language, whether there are further pages, and readers."""
        return {}

    def opening(self, rows: QuerySet, *, cut: bool, alike: tuple = ()) -> list:
        """These rows of the first page; `cut` where there are more."""
        key = connection.vendor, get_language(), cut, alike
        statement = self.openings.get(key)
        if statement is None:
            if len(self.openings) >= OPENINGS:
                self.openings.clear()
            statement = self.openings[key] = compiled_from(rows)
        found = statement.rows({})
        prefetch_related_objects(found, *rows._prefetch_related_lookups)
        return found


class LongList(Opening):
    """The newest rows first, as they were written: any other order is had by sorting all of them.

    They are counted so far; `counts_all` is for a list of which somebody can choose all rows at
    once, and has to know how many.

    `date_hierarchy` names a time that goes with the rows: the drill-down offers all days between
    the first and the last row, without looking for those on which nothing happened.
    """

    ordering = ["-pk"]
    list_per_page = 25
    show_full_result_count = False
    change_list_template = "organization/long_change_list.html"
    counts_all = False

    def get_paginator(self, request, queryset, per_page, *more, **given):
        if self.counts_all:
            return super().get_paginator(request, queryset, per_page, *more, **given)
        asked = request.GET.get(PAGE_VAR, "")
        known = asked.isdecimal() and len(asked) < DIGITS
        return CountedSoFar(queryset, per_page, number=int(asked) if known else 1)

    def history_view(self, request, object_id, extra_context=None):
        """Whoever may see nothing of the list is not told whether there is such a thing, either."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)


PLACE = "~place~"  # of a word's value in an address


class WordsFilter(admin.SimpleListFilter):
    """A column by words that are known, instead of by what stands in all of its rows."""

    template = "organization/words_filter.html"
    words: list[tuple[str, object]] = []

    def lookups(self, request, model_admin):
        return words_in(type(self), get_language())

    @classmethod
    def ordered(cls) -> list[tuple[str, object]]:
        """As the filter offers them."""
        return cls.words

    def choices(self, changelist):
        """As the library gives them; of hundreds of words only the pattern of their addresses."""
        of_library = super().choices(changelist)
        if changelist.add_facets:
            yield from of_library
            return
        yield next(of_library)  # that of all
        pattern = changelist.get_query_string({self.parameter_name: PLACE})
        yield {"filter": self, "parts": pattern.split(quote_plus(PLACE))}

    def queryset(self, request, queryset):
        known = {value for value, _word in self.lookup_choices}
        return self.narrowed(queryset, self.value()) if self.value() in known else queryset

    def narrowed(self, queryset, value):
        return queryset.filter(**{self.parameter_name: value})


@cache
def words_in(kind: type[WordsFilter], _language: str) -> list[tuple[str, str]]:
    """A filter's values and words in the language that is spoken now."""
    return [(value, str(word)) for value, word in kind.ordered()]
