"""Forms in all the ways that people write them come out as the same tree."""

import pytest

from scoring.forms import read_rubric
from tests.corpus.variants import VARIANTS


def tree_of(items):
    return [
        (
            item.section, item.name, item.points, item.requirements, item.rules,
            item.photo_required, item.critical,
        )
        for item in items
    ]  # fmt: skip


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_a_form_comes_out_as_its_tree(variant):
    read = read_rubric(variant.content)
    assert read.errors == []
    assert tree_of(read.items) == tree_of(variant.tree)
    assert read.weight_percent == variant.weight
    assert read.complete
