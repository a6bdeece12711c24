"""What a person does on the review of an import, as it comes from the page."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from organization.errors import Refused
from organization.models import Specialty
from scoring import reviews
from scoring.forms.header import find_header
from scoring.import_page import Typed, prefix_of
from scoring.importing import LONGEST_SECTION, opened, read_import
from scoring.item_form import ItemForm, figure
from scoring.models import Rubric, RubricImport

MOST_TOTAL = 999_999
LONGEST_TITLE = Rubric._meta.get_field("name").max_length


class Unfit(Exception):
    """What was typed for an item can't be kept; its form says why."""

    def __init__(self, typed: Typed):
        super().__init__()
        self.typed = typed


def revision_in(typed: Mapping) -> int:
    """The revision that the person saw; one that never was, where it is no number."""
    text = typed.get("revision", "")
    return int(text) if text.isdecimal() and len(text) < 10 else -1


def typed_item(typed: Mapping, *, theirs: bool = False) -> Typed | None:
    row = typed.get("row", "")
    if typed.get("do") != "item" or not row:
        return None
    form = ItemForm(typed=typed, prefix=prefix_of(row))
    form.is_valid()
    return Typed(row, form, theirs)


def save_item(import_: RubricImport, typed: Mapping, by) -> RubricImport:
    known = typed_item(typed)
    if known is None:
        raise Refused(_("没有说是哪一项。"))
    if not known.form.is_valid():
        raise Unfit(known)
    return reviews.put_right(
        import_=import_, row=known.key, item=known.form.data_dict(), mark=typed.get("mark", "")
    )


def leave_out(import_: RubricImport, typed: Mapping, by) -> RubricImport:
    row, mark = typed.get("row", ""), typed.get("mark", "")
    return reviews.put_right(import_=import_, row=row, item=None, mark=mark)


def undo(import_: RubricImport, typed: Mapping, by) -> RubricImport:
    return reviews.undo(import_=import_, row=typed.get("row", ""), mark=typed.get("mark", ""))


def rename_section(import_: RubricImport, typed: Mapping, by) -> RubricImport:
    new = typed.get("section", "").strip()
    if len(new) > LONGEST_SECTION:
        raise Refused(_("类别名称最多 %(limit)d 字。") % {"limit": LONGEST_SECTION})
    return reviews.rename_section(
        import_=import_, old=typed.get("old", ""), new=new, revision=revision_in(typed)
    )


def rename(import_: RubricImport, typed: Mapping, by) -> RubricImport:
    title = typed.get("title", "").strip()
    if not title or len(title) > LONGEST_TITLE:
        raise Refused(_("请填细则名称，最多 %(limit)d 字。") % {"limit": LONGEST_TITLE})
    return reviews.rename(import_=import_, title=title, revision=revision_in(typed))


def state_total(import_: RubricImport, typed: Mapping, by) -> RubricImport:
    """What the file's total or subtotal should have said; the sums are checked against it."""
    total = figure(typed.get("total", ""))
    if total is None or not 0 < total <= MOST_TOTAL:
        raise Refused(_("合计要是大于 0 的分值，最多两位小数。"), field="total")
    return reviews.state_total(
        import_=import_, cell=typed.get("cell", ""), total=total, revision=revision_in(typed)
    )


def choose_specialty(import_: RubricImport, typed: Mapping, by) -> RubricImport:
    specialty = Specialty.objects.filter(code=typed.get("specialty", "")).first()
    if specialty is None:
        raise Refused(_("请先选专业口。"), field="specialty")
    return reviews.choose_specialty(
        import_=import_, specialty=specialty, revision=revision_in(typed)
    )


def choose_columns(import_: RubricImport, typed: Mapping, by) -> RubricImport:
    """Fields `column-3` name a role. Of two columns with one role the newly chosen one has it."""
    header = read_import(import_).read.header
    now = header.columns if header else {}
    was = {column: role for role, column in now.items()}
    chosen = {int(name[7:]): role for name, role in typed.items()
              if name.startswith("column-") and name[7:].isdecimal()}  # fmt: skip
    fresh = {role for column, role in chosen.items() if role and was.get(column) != role}
    columns = {
        role: column for column, role in chosen.items()
        if role and (role not in fresh or was.get(column) != role)
    }  # fmt: skip
    return reviews.choose_columns(import_=import_, columns=columns, revision=revision_in(typed))


def use_header(import_: RubricImport, typed: Mapping, by) -> RubricImport:
    """Back to what the header says, or what is remembered of it."""
    return reviews.choose_columns(import_=import_, columns=None, revision=revision_in(typed))


def take_hidden(import_: RubricImport, typed: Mapping, by) -> RubricImport:
    return reviews.take_hidden(
        import_=import_, with_hidden=bool(typed.get("hidden")), revision=revision_in(typed)
    )


def take_sheet(import_: RubricImport, typed: Mapping, by) -> RubricImport:
    """A hidden sheet becomes an import of its own."""
    tables, number = opened(import_.source), typed.get("number", "")
    if not number.isdecimal() or not 0 < int(number) <= len(tables):
        raise Refused(_("没有这张工作表。"))
    number = int(number)
    if find_header(tables[number - 1]) is None:
        raise Refused(_("这张工作表里没有评分表。"))
    return reviews.take_sheet(import_=import_, number=number, table=tables[number - 1], by=by)


MOVES: dict[str, Callable[[RubricImport, Mapping, object], RubricImport]] = {
    "item": save_item,
    "leave": leave_out,
    "undo": undo,
    "section": rename_section,
    "title": rename,
    "total": state_total,
    "specialty": choose_specialty,
    "columns": choose_columns,
    "header": use_header,
    "hidden": take_hidden,
    "sheet": take_sheet,
}
