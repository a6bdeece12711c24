"""What an item's remarks settle, written and read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.forms import read_rubric
from scoring.forms.remarks import read_remarks, remark_words
from tests.corpus.forms import HEADER, form, item, workbook

marks = st.lists(st.sampled_from(["", "zero", "cap"]), max_size=12).map(tuple)


@given(photo=st.booleans(), critical=marks)
def test_what_was_written_is_read_back(photo, critical):
    read = read_remarks(remark_words(photo, critical))
    assert read.photo_required == photo
    assert read.marks(len(critical)) == (critical if any(critical) else ())


def test_remarks_are_written_as_people_would():
    assert remark_words(True, ("zero", "", "zero", "cap")) == (
        "扣分须拍照；关键项：第1、3条缺失本表零分；关键项：第4条缺失等级最高为良好"
    )
    assert remark_words(False, ("", "")) == ""


@pytest.mark.parametrize(
    ("text", "photo", "critical"),
    [
        ("扣分必须附照片", True, {}),
        ("关键项：第1-3条缺失的，整表0分", False, {1: "zero", 2: "zero", 3: "zero"}),
        ("关键项第2项缺失等级最高为良好。", False, {2: "cap"}),
        ("见台账；照片另存", False, {}),
        ("", False, {}),
    ],
)
def test_near_words_are_read_and_others_are_only_remarks(text, photo, critical):
    read = read_remarks(text)
    assert (read.photo_required, read.critical) == (photo, critical)


def test_a_requirement_that_is_not_there_is_told():
    rows = form([[*item(), "关键项：第3条缺失本表零分"]], header=[*HEADER, "备注"], total=5)
    read = read_rubric(workbook(rows))
    assert ("critical_unknown", "G3") in [(m.code, m.cell) for m in read.warnings]
    assert read.items[0].critical == ()
