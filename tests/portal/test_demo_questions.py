"""The demo's question bank, in both languages: everything in it may be asked."""

import pytest

from inspections.exam.answers import faults
from portal.demo.exams import bank_data, questions_of


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("specialty", sorted(bank_data()))
def test_every_question_may_be_asked_in_both_languages(specialty, language):
    questions = questions_of(specialty, language)
    assert len(questions) == 4 and len({each.key for each in questions}) == 4
    assert not any(faults(each) for each in questions)
    assert all(each.explanation and each.topic for each in questions)
