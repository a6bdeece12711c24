"""What changed between two versions of a plan: properties that hold for any two."""

from hypothesis import given
from hypothesis import strategies as st

from inspections.plan.difference import FIELDS, difference

WORDS = st.sampled_from(["", "配电房", "挡鼠板", "“引号”", "🔥"])
LINES = st.fixed_dictionaries({"id": st.sampled_from("abcdefg"), **dict.fromkeys(FIELDS, WORDS)})
VERSIONS = st.lists(LINES, max_size=7, unique_by=lambda line: line["id"])


def kinds(found):
    return [(each.id, each.kind) for each in found]


@given(VERSIONS)
def test_a_version_differs_in_nothing_from_itself(version):
    found = difference(version, version)
    assert [each.kind for each in found] == ["same"] * len(version)
    assert [each.line for each in found] == version


@given(VERSIONS, VERSIONS)
def test_every_line_of_both_is_there_once(old, new):
    found = difference(old, new)
    assert sorted(each.id for each in found) == sorted(
        {line["id"] for line in old} | {line["id"] for line in new}
    )


@given(VERSIONS, VERSIONS)
def test_the_new_version_can_be_read_off_in_its_order(old, new):
    found = difference(old, new)
    assert [each.new for each in found if each.new] == new
    assert [each.new_number for each in found if each.new] == list(range(1, len(new) + 1))


@given(VERSIONS, VERSIONS)
def test_the_old_version_can_be_put_together_again(old, new):
    standing = {each.old_number: each.old for each in difference(old, new) if each.old}
    assert [standing[number] for number in sorted(standing)] == old


@given(VERSIONS, VERSIONS)
def test_looked_at_from_the_other_side_what_came_is_what_went(old, new):
    turned = {"added": "removed", "removed": "added"}
    there, back = difference(old, new), difference(new, old)
    assert sorted((id, turned.get(kind, kind)) for id, kind in kinds(there)) == sorted(kinds(back))


@given(VERSIONS, VERSIONS)
def test_a_changed_line_names_exactly_the_fields_that_differ(old, new):
    for each in difference(old, new):
        if each.kind == "changed":
            assert each.fields
            same = set(FIELDS) - set(each.fields)
            assert all(each.old[name] == each.new[name] for name in same)
            assert all(each.old[name] != each.new[name] for name in each.fields)


def test_a_removed_line_stays_behind_the_one_that_it_followed():
    old = [dict.fromkeys(FIELDS, "") | {"id": id} for id in "abcd"]
    new = [old[0], old[3], dict.fromkeys(FIELDS, "") | {"id": "e"}]
    assert [each.id for each in difference(old, new)] == ["a", "b", "c", "d", "e"]
