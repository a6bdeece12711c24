"""Exams to play with: a bank of questions, an exam set, people who sit it."""

from datetime import timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile

from inspections.exam.answers import Content
from inspections.exam.bank import add_question
from inspections.exam.results import enter_result, publish_results
from inspections.exam.setting import Terms, set_exam
from inspections.exam.sitting import Tap, save_answers, start_attempt
from inspections.exam.words import ExamForm, QuestionKind
from organization.list_file import workbook_of
from organization.roles import Role
from tests import cast

OPENS = cast.moment(2011, 10, 28, 9)
CLOSES = cast.moment(2011, 10, 28, 17)
BEFORE = OPENS - timedelta(days=2)
DURING = OPENS + timedelta(hours=1)
AFTER = CLOSES + timedelta(hours=1)


def content(text="接待来访客户，第一步做什么？", **changes) -> Content:
    fields = {
        "kind": QuestionKind.SINGLE,
        "text": text,
        "options": ("起身微笑问候", "继续手头工作", "请对方稍等", "查看手机"),
        "answer": "A",
        "points": Decimal(5),
        "topic": "服务礼仪",
        "explanation": "先问候，再询问需求。",
    }
    return Content(**fields | changes)


SEVERAL = {"kind": QuestionKind.MULTIPLE, "text": "哪些要记入交接班记录？", "answer": "ACD"}
TRUTH = {
    "kind": QuestionKind.TRUTH, "text": "投诉要在 24 小时内回复。", "options": (), "answer": "A",
    "topic": "投诉处理", "explanation": "当日受理，24 小时内回复。",
}  # fmt: skip


def question(
    company, text="接待来访客户，第一步做什么？", *, specialty="customer_service", **changes
):
    return add_question(
        specialty=company.lines[specialty],
        content=content(text, **changes),
        by=company.lead,
        at=BEFORE,
    )


def bank(company):
    """One question of each kind."""
    return [question(company), question(company, **SEVERAL), question(company, **TRUTH)]


def staff(company):
    """Two people of project one and one of project two, of customer service."""
    line = company.lines["customer_service"]
    company.clerk = cast.person("clerk1", "林小雨", Role.EMPLOYEE, project=company.one,
                                specialty=line, department="客服部")  # fmt: skip
    company.clerk_two = cast.person("clerk2", "王芳", Role.EMPLOYEE, project=company.one,
                                    specialty=line)  # fmt: skip
    company.clerk_other = cast.person("clerk3", "赵欣", Role.TEAM_LEADER, project=company.two,
                                      specialty=line)  # fmt: skip
    return company


def terms(**changes) -> Terms:
    fields = {
        "title": "客户服务岗位应知应会",
        "form": ExamForm.PAPER,
        "opens_at": OPENS,
        "closes_at": CLOSES,
        "place": "三楼会议室",
    }
    return Terms(**fields | changes)


def exam(company, *, at=BEFORE, specialty="customer_service", retake_of=None, **changes):
    return set_exam(
        campaign=company.campaign,
        specialty=company.lines[specialty],
        terms=terms(**changes),
        retake_of=retake_of,
        by=company.lead,
        at=at,
    )


def online(company, **changes):
    """An exam held here with every question there is, in the bank's order."""
    line = company.lines["customer_service"]
    if not line.questions.exists():
        bank(company)
    fields = {
        "form": ExamForm.ONLINE,
        "minutes": 30,
        "questions": list(line.questions.all()),
        "is_shuffled": False,
        "place": "",
    }
    return exam(company, **fields | changes)


def seat(exam, person):
    return exam.seats.get(person=person)


def begun(exam, person, *, at=DURING, seed=1):
    return start_attempt(seat=seat(exam, person), by=person, at=at, seed=seed)


def tap(attempt, position, *places, at=DURING, ago=0):
    """Choose these places of a question, which was tapped some seconds ago."""
    taps = [Tap(position, places, timedelta(seconds=ago))]
    return save_answers(attempt=attempt, taps=taps, at=at)


def place_of(attempt, position, words) -> int:
    """Where an option with these words stands on the paper."""
    answer = attempt.answers.get(position=position)
    choices = [words for _letter, words in answer.question.choices]
    order = [int(each) for each in answer.order] or range(len(choices))
    return [choices[at] for at in order].index(words)


# --- their pages ---------------------------------------------------------------------------

LIST, BANK = "/c/c11/exams/", "/c/c11/questions/"
JSON = {"Accept": "application/json"}


def address(held, *more) -> str:
    return "/".join([f"{LIST}{held.pk}", *more, ""])


def body(response) -> str:
    return response.content.decode()


def marked(company, held, *, published=True):
    """Everybody has 80 points."""
    for each in held.seats.all():
        enter_result(seat=each, points=Decimal(80), by=company.lead, at=AFTER)
    if published:
        publish_results(exam=held, by=company.lead, at=AFTER)
    return held


def workbook(*rows, name="名单.xlsx"):
    """A list as an upload: the first row heads it."""
    heads, *others = rows
    return SimpleUploadedFile(name, workbook_of(heads, others))
