"""What is asked for: of every kind of thing one in each state, most of them as the demo has them.

Written in plainly where the demo has none, as in tests.cast.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from campaign.feeds.addresses import token_of
from campaign.models import CalendarFeed, Evidence, Message, Robot, VisitFile
from inspections.appeal.appeals import appeal, decide_appeal
from inspections.closing.summary import draft_summary
from inspections.exam.setting import Terms, set_exam
from inspections.exam.sitting import start_attempt
from inspections.exam.words import ExamForm
from inspections.models import (
    Appeal,
    AuditVisit,
    CallbackSample,
    Customer,
    CustomerUpload,
    Extension,
    Finding,
    LateObservation,
    ListUpload,
    Observation,
    ObservationPhoto,
    PolicyVersion,
    PostAnswer,
    PostQuestion,
    QuestionUpload,
    Summary,
)
from inspections.signing.sign_off import Signature, Who
from inspections.words import Method, Moment, Outcome
from organization.files import store_upload
from organization.list_file import workbook_of
from organization.models import StoredFile
from rewards.models import Adjustment, Award, Correction, Settlement
from scoring.models import Requirement, Rubric, RubricImport
from scoring.models.results import ScoreKind
from tests import cast, uploads
from tests.access.world import OTHER, SPECIALTY, World
from tests.inspections import signing


@dataclass(frozen=True)
class Thing:
    """What names it in its address; `swapped` where it is of the other specialty."""

    args: dict
    swapped: bool = False
    obj: object = field(default=None, compare=False)
    query: str = ""
    seat: int = 0

    def sent(self, words: dict[str, str]) -> dict[str, str]:
        """What goes along, where it names the thing itself or a person's place in it."""
        known = {"pk": self.obj.pk if self.obj else "", "seat": self.seat}
        return {name: word.format_map(known) for name, word in words.items()}


Things = dict[str, Thing]
KINDS: dict[str, Callable[[World], Things]] = {}


def kind(make):
    KINDS[make.__name__] = make
    return make


def of(obj, *, swapped=False, **args) -> Thing:
    return Thing(args or {"pk": obj.pk}, swapped, obj)


def stored(world: World, upload=None, by=None) -> StoredFile:
    return store_upload(upload=upload or uploads.pdf(), by=by, at=world.at)


def listing(*rows) -> SimpleUploadedFile:
    heads, *others = rows
    return SimpleUploadedFile("名单.xlsx", workbook_of(heads, others))


# --- the campaign ------------------------------------------------------------------------------


@kind
def campaign(world):
    return {
        "": Thing({}),
        "not begun": Thing({"campaign": world.draft.code}),
    }


@kind
def phase(world):
    return {"": Thing({"phase": "self_check"})}


@kind
def milestone(world):
    return {
        "": Thing({"code": "duty_study"}),
        "the president's to approve": Thing({"code": "preventive_policies"}),
    }


@kind
def obligation(world):
    owed = world.campaign.obligations.select_related("milestone")
    own, lines, company = (
        owed.get(project=world.project, milestone__code="duty_study"),
        owed.get(specialty=world.line, milestone__code="on_site_support"),
        owed.get(milestone__code="lessons"),
    )
    return {
        "of the project": of(own),
        "of the specialty": of(lines),
        "of the company": of(company),
    }


@kind
def evidence(world):
    owed = obligation(world)["of the project"].obj
    found = owed.evidence.first()
    return {"": Thing({"pk": owed.pk, "evidence": found.pk}, obj=found)}


@kind
def support_visit(world):
    owed = obligation(world)["of the specialty"].obj
    return {"": of(owed.visits.filter(project=world.project).first())}


# --- plans and findings ------------------------------------------------------------------------


@kind
def plan(world):
    return {"": Thing({"project": world.project.code})}


@kind
def plan_line(world):
    lines = Finding.objects.filter(plan__project=world.project, specialty=world.line)
    return {"": Thing({"project": world.project.code, "pk": lines.first().pk})}


@kind
def revision(world):
    draft = world.campaign.plans.get(project=world.project).revisions.get()
    draft.submitted_at = draft.submitted_by = None
    draft.save()
    return {"": Thing({"project": world.project.code, "number": draft.number}, obj=draft)}


@kind
def revision_line(world):
    draft = revision(world)[""]
    line = draft.obj.lines.filter(specialty=world.line).first()
    return {"": Thing(draft.args | {"pk": line.pk})}


@kind
def version(world):
    return {"": Thing({"project": world.project.code, "number": 1})}


@kind
def finding(world):
    found = Finding.objects.opened().filter(project=world.project, specialty=world.line)
    first, *_others = found.open().order_by("pk")
    first.responsible = world.people["employee"]
    first.save()
    day = timedelta(days=3)
    Extension.objects.create(
        finding=first, due_before=first.due, asked_due=first.due + day, asked_at=world.at
    )
    draft = Finding.objects.filter(project=world.project, opened_at=None, specialty=world.line)
    return {"the employee's": of(first), "not filed": of(draft.first())}


@kind
def reassigned(world):
    asked = Extension.objects.undecided().filter(finding__project=world.project)
    found = asked.get(asked_at=world.at).finding
    return {"": Thing({}, query=f"?chosen={found.pk}")}


@kind
def verified_finding(world):
    found = Finding.objects.verified().filter(project=world.project, specialty=world.line)
    return {"": Thing({}, obj=found.first())}


@kind
def case(world):
    return {"": of(world.campaign.cases.get())}


@kind
def case_site(world):
    held = world.campaign.cases.get()
    return {"": Thing({"pk": held.pk, "project": world.project.code})}


# --- sheets and results ------------------------------------------------------------------------


@kind
def sheet(world):
    sheets = world.campaign.sheets.filter(project=world.project)
    audits, own = sheets.audits(), sheets.self_checks()
    still, done = audits.get(specialty=world.line), audits.get(specialty__code=OTHER)
    for each in (still, own.get(specialty=world.line)):
        each.submitted_at = each.submitted_by = None
        each.save()
    signed(world, done)
    return {
        "audit, open": of(still),
        "audit, submitted": of(done, swapped=True),
        "self-check, open": of(own.get(specialty=world.line)),
        "self-check, submitted": of(own.get(specialty__code=OTHER), swapped=True),
    }


def signed(world, sheet):
    who = Who(person=world.people["manager"])
    signing.sign_off(
        sheet=sheet,
        auditor=Signature(drawing=signing.drawn()),
        manager=Signature(drawing=signing.drawn(), who=who),
        by=world.people["auditor"],
        at=world.at,
        seen=signing.mark_of(signing.content_of(sheet)),
    )


def deductions(world):
    """What the auditor saw on the submitted sheet."""
    seen = Observation.objects.filter(
        sheet__project=world.project, sheet__kind=ScoreKind.AUDIT, sheet__specialty__code=OTHER
    )
    return seen.filter(by=world.people["auditor"], kind="missing", withdrawal=None).order_by("pk")


@kind
def deduction(world):
    return {"": of(deductions(world)[2], swapped=True)}


@kind
def appeal_made(world):
    waits, over = (made(world, seen) for seen in deductions(world)[:2])
    decide_appeal(
        appeal=over, outcome=Outcome.KEPT, reason="照片不能说明当天的情况。",
        by=world.people["center"], at=world.at,
    )  # fmt: skip
    return {"open": of(waits, swapped=True), "decided": of(over, swapped=True)}


def made(world, seen):
    files = [stored(world, uploads.picture(), by=world.people["manager"])]
    reason = "当天有记录，照片为证。"
    return appeal(
        observation=seen, reason=reason, files=files, by=world.people["manager"], at=world.at
    )


@kind
def late(world):
    sheet = world.campaign.sheets.audits().get(project=world.project, specialty__code=OTHER)
    fields = {"sheet": sheet, "event": {"do": "photo"}, "digest": "", "device": uuid.uuid4()}
    fields |= {"observed_at": world.at, "received_at": world.at, "observation": uuid.uuid4()}
    picture = stored(world, uploads.picture(), by=world.people["auditor"])
    late = LateObservation.objects.create(
        id=uuid.uuid4(), by=world.people["auditor"], file=picture, **fields
    )
    return {"": Thing({}, obj=late)}


@kind
def signature(world):
    sheet = world.campaign.sheets.audits().get(project=world.project, specialty__code=OTHER)
    return {"": Thing({"fingerprint": sheet.sign_off.fingerprint})}


def visit(world, method, **fields) -> Thing:
    made = AuditVisit.objects.create(
        **{"campaign": world.campaign, "project": world.project, "method": method} | fields,
        day=world.at.date(), planned_at=world.at, planned_by=world.people["center"],
    )  # fmt: skip
    made.auditors.add(world.people["auditor"])
    return of(made)


@kind
def audit_visit(world):
    begun = {"started_at": world.at, "started_by": world.people["auditor"]}
    ended = begun | {"finished_at": world.at, "finished_by": world.people["auditor"]}
    called_off = {"withdrawn_at": world.at, "withdrawn_by": world.people["center"]}
    return {
        "announced": visit(world, Method.OPEN),
        "announced, cancelled": visit(world, Method.OPEN, **called_off),
        "covert, planned": visit(world, Method.COVERT),
        "covert, under way": visit(world, Method.COVERT, **begun),
        "covert, over": visit(world, Method.COVERT, **ended),
        "covert, cancelled": visit(world, Method.COVERT, **called_off),
        "announced, not approved": unapproved(world),
    }


def unapproved(world) -> Thing:
    """In a campaign of its own, which has no schedule yet."""
    other = cast.campaign("other", projects=[world.project, world.elsewhere], at=world.at)
    thing = visit(world, Method.OPEN, campaign=other)
    return Thing(thing.args | {"campaign": other.code}, obj=thing.obj)


@kind
def asking(world):
    """A visit that asks at the posts, under way; what it covertly draws is its auditor's alone."""
    visits = AuditVisit.objects.filter(project=world.project, method=Method.POST_QUESTION)
    return {"under way": of(visits.get(finished_at=None))}


@kind
def drawn_question(world):
    visit = asking(world)["under way"].obj
    drawn = visit.draws.first().drawn.last()
    return {"under way": of(visit, pk=visit.pk, drawn=drawn.pk)}


@kind
def post_answer(world):
    visit = asking(world)["under way"].obj
    answer = PostAnswer.objects.filter(drawn__draw__visit=visit).first()
    return {"under way": of(visit, pk=visit.pk, answer=answer.pk)}


@kind
def post_question(world):
    return {"": of(PostQuestion.objects.filter(specialty=world.line).first())}


@kind
def callback_visit(world):
    """Whom it calls, under way or over, is its auditor's alone; its project reads the result."""
    begun = {"started_at": world.at, "started_by": world.people["auditor"]}
    ended = begun | {"finished_at": world.at, "finished_by": world.people["auditor"]}
    method = Method.CUSTOMER_CALLBACK
    return {
        "under way": visit(world, method, **begun),
        "over": visit(world, method, **ended),
    }


@kind
def written_test(world):
    begun = {"started_at": world.at, "started_by": world.people["auditor"]}
    made = visit(world, Method.WRITTEN_TEST, **begun)
    return {"under way": Thing(made.args, obj=world.campaign.exams.get(specialty=world.line))}


@kind
def customer(world):
    return {"": of(Customer.objects.first())}


@kind
def customer_upload(world):
    found = CustomerUpload.objects.create(
        campaign=world.campaign, name="名单.csv", uploaded_by=world.people["center"],
        uploaded_at=world.at,
    )  # fmt: skip
    return {"the center's": of(found)}


@kind
def callee(world):
    method = Method.CUSTOMER_CALLBACK
    visits = AuditVisit.objects.filter(project=world.project, method=method)
    called = visits.get(finished_at=None)
    sample = CallbackSample.objects.create(
        visit=called, questionnaire=world.campaign.questionnaires.first(), seed="1", size=1,
        tries=1, order=[], drawn_at=world.at,
    )  # fmt: skip
    sample.callees.create(customer=Customer.objects.first(), place=1)
    return {"under way": Thing({"pk": called.pk, "place": 1})}


@kind
def result(world):
    return {"": Thing({"project": world.project.code})}


@kind
def missed(world):
    return {"": Thing({"requirement": Requirement.objects.first().pk})}


# --- rubrics -----------------------------------------------------------------------------------


@kind
def rubric(world):
    published = world.campaign.rubrics.current().get(specialty=world.line)
    draft = Rubric.objects.create(
        campaign=world.campaign,
        specialty=world.line,
        version=9,
        name="草稿",
        created_at=world.at,
    )
    part = draft.sections.create(code="s1", name="门岗", order=1)
    part.items.create(
        rubric=draft, code="I01", name="仪表", order=1, points=100, deduct_min=1, deduct_max=2
    )
    return {"published": of(published), "draft": of(draft)}


@kind
def rubric_item(world):
    draft = world.campaign.rubrics.drafts().get()
    return {"": Thing({"pk": draft.pk, "code": draft.items.first().code})}


@kind
def rubric_section(world):
    draft = world.campaign.rubrics.drafts().get()
    return {"": Thing({"pk": draft.pk, "code": draft.sections.first().code})}


@kind
def rubric_import(world):
    source = stored(world, listing(["序号", "检查项目"], ["1", "门岗"]))
    found = RubricImport.objects.create(
        campaign=world.campaign, specialty=world.line, source=source, created_at=world.at,
        created_by=world.people["administrator"],
    )  # fmt: skip
    return {"": of(found)}


# --- exams, trainings, what is learnt ------------------------------------------------------------


@kind
def exam(world):
    over = world.campaign.exams.get(specialty=world.line)
    day = timedelta(days=1)
    terms = Terms(
        title="设施设备岗位上机考试", form=ExamForm.ONLINE, opens_at=world.at + day,
        closes_at=world.at + 2 * day, minutes=30, questions=list(world.line.questions.all()),
    )  # fmt: skip
    coming = set_exam(
        campaign=world.campaign, specialty=world.line, terms=terms, retake_of=None,
        by=world.people["lead"], at=world.at - day,
    )  # fmt: skip
    coming.opens_at = world.at - day
    coming.save()
    seat = coming.seats.get(person=world.people["employee"])
    start_attempt(seat=seat, by=seat.person, at=world.at)
    going = Thing({"pk": coming.pk}, obj=coming, seat=seat.pk)
    return {"under way, the employee sits it": going, "published": of(over)}


@kind
def exam_report(world):
    over = world.campaign.exams.filter(published_at__isnull=False).get(specialty=world.line)
    return {"": Thing({"pk": over.pk, "kind": "word"})}


@kind
def exam_specialty(world):
    return {"": Thing({"specialty": SPECIALTY})}


@kind
def list_upload(world):
    exam = world.campaign.exams.filter(published_at__isnull=True).get(specialty=world.line)
    file = stored(world, listing(["姓名", "得分"]))
    found = ListUpload.objects.create(
        exam=exam, file=file, uploaded_by=world.people["lead"], uploaded_at=world.at
    )
    return {"the lead's": of(found)}


@kind
def bank(world):
    return {"": Thing({}, query=f"?specialty={SPECIALTY}")}


@kind
def question(world):
    return {"": of(world.line.questions.first())}


@kind
def question_upload(world):
    file = stored(world, listing(["题干", "答案"]))
    found = QuestionUpload.objects.create(
        specialty=world.line, file=file, uploaded_by=world.people["lead"], uploaded_at=world.at
    )
    return {"the lead's": of(found)}


@kind
def seminar(world):
    return {"": of(world.campaign.seminars.get(specialty=world.line))}


@kind
def seminar_paper(world):
    held = seminar(world)[""]
    return {"": Thing(held.args | {"paper": "minutes", "ending": "docx"})}


@kind
def policy(world):
    waits = PolicyVersion.objects.filter(approved_at=None).first().policy
    return {"approved": of(PolicyVersion.objects.approved().first().policy), "waiting": of(waits)}


@kind
def lesson(world):
    return {"": of(world.campaign.lessons.first())}


@kind
def summary(world):
    made = draft_summary(campaign=world.campaign, by=world.people["center"], at=world.at)
    Summary.objects.filter(pk=made.pk).update(handed_in_at=world.at)
    return {"": Thing({})}


@kind
def summary_paper(world):
    return {"": Thing({"ending": "docx"})}


@kind
def training(world):
    return {"": of(world.campaign.trainings.filter(specialty=world.line).latest("starts_at"))}


@kind
def survey(world):
    asked = world.campaign.surveys.get(specialty=world.line)
    return {"": of(asked)}


# --- money -------------------------------------------------------------------------------------


@kind
def settlement(world):
    president = world.people["president"]
    held = Settlement.objects.create(
        campaign=world.campaign, posts_as_of=world.at, drawn_up_at=world.at,
        submitted_at=world.at, approved_at=world.at, approved_by=president, fingerprint="a" * 64,
    )  # fmt: skip
    paid = {"settlement": held, "band": "good", "composite": 85, "amount": 200}
    for who, where in (("manager", world.project), ("employee", world.project)):
        Award.objects.create(project=where, person=world.people[who], role="employee", **paid)
    return {"": Thing({}, obj=held)}


@kind
def correction(world):
    held = world.campaign.settlements.get()
    return {"": of(Correction.objects.create(settlement=held, reason="漏人", asked_at=world.at))}


@kind
def adjustment(world):
    held = world.campaign.settlements.get()
    fields = {"amount": 100, "reason": "补", "made_at": world.at}
    return {"": of(Adjustment.objects.create(settlement=held, project=world.project, **fields))}


@kind
def fingerprint(world):
    return {"": Thing({"fingerprint": "a" * 64})}


@kind
def notice(world):
    return {
        "the manager's": Thing({"username": world.people["manager"].username, "form": "word"}),
        "the employee's": Thing({"username": world.people["employee"].username, "form": "word"}),
    }


@kind
def project_notice(world):
    return {"": Thing({"code": world.project.code, "form": "word"})}


@kind
def archive(world):
    return {"": Thing({"kind": "person"})}


@kind
def notice_template(world):
    return {"": Thing({"kind": "person", "language": "en"})}


@kind
def notice_template_file(world):
    return {"": Thing({"kind": "person", "language": "en", "which": "default"})}


# --- persons' own ------------------------------------------------------------------------------


@kind
def message(world):
    mine = Message.objects.filter(person=world.people["manager"])
    return {"the manager's": of(mine.first())}


@kind
def calendar(world):
    feed = CalendarFeed.objects.create(person=world.people["manager"], made_at=world.at)
    return {"": Thing({"token": token_of(feed)})}


@kind
def password_link(world):
    return {"": Thing({"uidb64": "MQ", "token": "over-0"})}


@kind
def robot(world):
    return {"": of(Robot.objects.create(name="值班群", kind="wecom", created_at=world.at))}


# --- files -------------------------------------------------------------------------------------


@kind
def file(world):
    return {word: Thing({"pk": found.pk}, swapped, found) for word, found, swapped in files(world)}


def photo_on(world, sheet):
    """A picture of its own: the demo shows some of them more than once."""
    seen = sheet.observations.filter(kind="missing").first()
    picture = stored(world, uploads.picture())
    ObservationPhoto.objects.create(observation=seen, file=picture, added_at=world.at)
    return picture


def files(world):
    sheets = world.campaign.sheets.audits().filter(project=world.project)
    still, done = sheets.get(specialty=world.line), sheets.get(specialty__code=OTHER)
    findings = Finding.objects.opened().filter(project=world.project)
    yield "evidence of the project", evidence(world)[""].obj.file, False
    of_line = Evidence.objects.filter(obligation__specialty=world.line)
    yield "evidence of the specialty", of_line.first().file, False
    photos = findings.filter(photos__moment=Moment.BEFORE).first().photos
    yield "photo of a finding", photos.first().file, False
    yield "photo on an open audit sheet", photo_on(world, still), False
    yield "photo on a submitted audit sheet", photo_on(world, done), True
    yield (
        "file of an appeal",
        Appeal.objects.get(decided_at=None, sheet__project=world.project).files.get(),
        True,
    )
    yield "late photo", LateObservation.objects.get().file, True
    yield (
        "file of a support visit",
        VisitFile.objects.filter(visit__project=world.project)[0].file,
        False,
    )
    yield "list of an exam", ListUpload.objects.get().file, False
    yield "source of a rubric", RubricImport.objects.get().source, False
    yield "nobody's", stored(world), False
