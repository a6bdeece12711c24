"""Pages of long lists whose rows are wide."""

from collections.abc import Callable
from functools import cached_property

from django.core.paginator import Paginator
from django.db import connections
from django.db.models import Count


class NarrowPaginator(Paginator):
    """The same pages of a queryset, put in order by its keys alone; not one query more.

    A database that sorts ten thousand rows to show fifty carries all their columns along, and
    those of everything that is read with them; so it sorts keys, and reads the fifty. `count`
    where it is known: then the keys are asked for by themselves instead, so that no database
    can join what is shown of all rows before it looks which fifty they are. `first` names the
    relation, empty in a few rows, whose order comes first: a database that puts those rows last
    can walk along the relation where it knows that they are not on the page. `read` gives the rows
    of a page by their keys, in order, where that is put into SQL once; it needs `count`. `opening`
    gives those of the first page, which most look at and no further, without asking for keys.
    """

    def __init__(
        self,
        object_list,
        per_page,
        *,
        count: int | None = None,
        first: str = "",
        read: Callable[[list], list] | None = None,
        opening: Callable[[], list] | None = None,
    ):
        super().__init__(object_list, per_page)
        self.is_counted, self.first = count is not None, first
        self.read, self.opening = read, opening
        if self.is_counted:
            self.count = count

    @cached_property
    def count(self):
        return self.numbers["rows"] if self.first else super().count

    @cached_property
    def numbers(self) -> dict[str, int]:
        return self.object_list.order_by().aggregate(rows=Count("*"), full=Count(self.first))

    def ordered(self, end: int):
        """The rows, of which those up to `end` are asked for."""
        found = self.object_list
        features = connections[found.db].features
        if not self.first or features.order_by_nulls_first or end > self.numbers["full"]:
            return found
        return found.filter(**{f"{self.first}__isnull": False})

    def page(self, number):
        number = self.validate_number(number)
        if number == 1 and self.opening:
            return self._get_page(self.opening(), number, self)
        start = (number - 1) * self.per_page
        end = min(start + self.per_page, self.count)
        keys = self.ordered(end).values("pk")[start:end]
        if self.is_counted:
            keys = [key["pk"] for key in keys]
        if self.read and self.is_counted:
            return self._get_page(self.read(keys), number, self)
        return self._get_page(self.object_list.filter(pk__in=keys), number, self)
