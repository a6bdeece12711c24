"""The bank as an Excel list: one table of columns for reading it and for writing it."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from inspections.exam.answers import Content, answer_of, faults, truth_word
from inspections.exam.words import LETTERS, QuestionKind, kind_named
from inspections.models import Question
from organization.list_file import workbook_of
from organization.lists import (
    Columns,
    ListError,
    ListRow,
    blanks,
    error,
    number_of,
    refuse,
    repeated,
)

OPTION_COLUMNS = tuple(f"option_{letter.lower()}" for letter in LETTERS)
QUESTIONS = Columns(
    words={
        "kind": ("题型", "Type", "题目类型", "Question type"),
        "text": ("题干", "Question", "题目", "试题", "内容"),
        **{
            column: (f"选项{letter}", f"Option {letter}", letter)
            for column, letter in zip(OPTION_COLUMNS, LETTERS, strict=True)
        },
        "answer": ("答案", "Answer", "正确答案", "标准答案"),
        "points": ("分值", "Points", "分数"),
        "topic": ("知识点", "Topic", "考点"),
        "explanation": ("解析", "Explanation", "答案解析"),
    },
    required=("kind", "text", "answer", "points"),
    free=frozenset(("text", "topic", "explanation", *OPTION_COLUMNS)),
)


def contents_of(rows: list[ListRow]) -> list[Content]:
    """The questions of a list. Raises ListRefused with every bad cell."""
    read = [(row, *content_of(row)) for row in rows]
    found = [problem for _row, _content, problems in read for problem in problems]
    found += repeated([row for row in rows if row["text"]], lambda row: key_of(row["text"]), "text")
    refuse(found)
    return [content for _row, content, _problems in read]


def key_of(text: str) -> str:
    return Content("", text, (), "", number_of("1")).key


def content_of(row: ListRow) -> tuple[Content | None, list[ListError]]:
    found = blanks(row, QUESTIONS)
    kind, points, options = kind_named(row["kind"]), number_of(row["points"]), options_of(row)
    if row["kind"] and kind is None:
        word = {"word": row["kind"]}
        found.append(error(row, "kind", _("没有“%(word)s”这种题型。") % word))
    if row["points"] and points is None:
        found.append(error(row, "points", _("分值要写数字。")))
    if found:
        return None, found
    content = Content(
        kind=kind,
        text=row["text"],
        options=() if kind == QuestionKind.TRUTH else options,
        answer=answer_of(kind, row["answer"], options) or "",
        points=points,
        topic=row["topic"],
        explanation=row["explanation"],
    )
    return content, [place(row, where, words) for where, words in faults(content).items()]


def options_of(row: ListRow) -> tuple[str, ...]:
    """As far as the last one that is filled in; a gap stays empty and is named."""
    cells = [row[column] for column in OPTION_COLUMNS]
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)


def place(row: ListRow, where: str, message: str) -> ListError:
    """Beside the cell that it is about: an option's gap is at the gap."""
    if where == "answer":
        words = _("看不懂答案“%(answer)s”：写选项字母，判断题写对或错。")
        return error(row, "answer", words % {"answer": row["answer"]})
    if where == "options":
        empty = next((name for name in OPTION_COLUMNS if not row[name]), OPTION_COLUMNS[0])
        return error(row, empty, message)
    return error(row, where, message)


def questions_workbook(questions: Iterable[Question]) -> bytes:
    """An .xlsx that imports as the same questions."""
    return workbook_of(QUESTIONS.heads(), map(cells_of, questions))


def cells_of(question: Question) -> list:
    options = [*question.options, *[""] * len(LETTERS)][: len(LETTERS)]
    is_truth = question.kind == QuestionKind.TRUTH
    return [
        str(question.get_kind_display()),
        question.text,
        *options,
        truth_word(question.answer) if is_truth else question.answer,
        question.points.normalize() if question.points % 1 else int(question.points),
        question.topic,
        question.explanation,
    ]
