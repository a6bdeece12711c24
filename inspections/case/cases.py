"""One case, many sites (举一反三): a serious finding becomes a check at many projects.

Each project answers within the hours that the center sets: that it has not got the problem, with
evidence, or that it has, which opens a finding there. Answers may be corrected until the case is
closed; every one stays on record.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.models import Participation
from campaign.telling import tell
from inspections.finding.findings import open_finding
from inspections.models import Case, CaseAnswer, CaseSite, Finding
from inspections.moves import lock, person, require_running
from inspections.permissions import checks_specialty
from inspections.words import Moment, Reply, Source
from organization.errors import Conflict, Refused
from organization.files import store_upload
from organization.history import record
from organization.models import Post, Project, StoredFile, User
from organization.roles import PROJECT_LEADERS, Role
from organization.templatetags.ui import moment

VERBS = {
    "spread": gettext_lazy("发起举一反三"),
    "answer_not_here": gettext_lazy("答复“本项目没有”"),
    "answer_found": gettext_lazy("答复“本项目也有”"),
    "remind_case": gettext_lazy("催办"),
    "close_case": gettext_lazy("关闭举一反三"),
    "withdraw_case": gettext_lazy("撤回举一反三"),
}
MOST_HOURS = 720
TEXT_LIMIT = 1000
BETWEEN_REMINDERS = timedelta(hours=1)


# --- the center's ----------------------------------------------------------------------------


@transaction.atomic
def spread(
    *,
    finding: Finding,
    question: str,
    hours: int,
    by,
    at: datetime,
    projects: Iterable[Project] | None = None,
) -> Case:
    """Ask projects whether they have the same problem; their leaders and heads are told at once.

    Without `projects` all that take part are asked, but the finding's own and those that have
    not got its specialty. Raises Refused (with the field) when the campaign isn't running, the
    finding isn't in force, it is being asked already, or question, hours or projects are wrong.
    """
    lock(finding)
    check_spreading(finding, question, hours)
    parts = asked_of(finding, projects)
    if not parts:
        raise Refused(_("至少选一个项目。"), code="blank", field="projects")
    case = Case.objects.create(
        campaign=finding.campaign,
        finding=finding,
        question=question.strip(),
        hours=hours,
        spread_at=at,
        spread_by=person(by),
        answer_by=at + timedelta(hours=hours),
    )
    CaseSite.objects.bulk_create(
        [CaseSite(case=case, project=part.project) for part in parts], batch_size=500
    )
    record(on=case, verb="spread", by=by, at=at, after="in_progress", projects=len(parts))
    tell_sites(case, "spread", at=at, title=partial(spread_title, case), urgent=True)
    return case


def check_spreading(finding: Finding, question: str, hours: int) -> None:
    require_running(finding.campaign)
    if not finding.opened_at:
        raise Refused(_("方案还没有备案，这条问题还不能举一反三。"), code="draft")
    if finding.cases.running().exists():
        raise Refused(_("这条问题正在举一反三。"), code="running")
    if not question.strip():
        raise Refused(_("写明要各项目查什么。"), code="blank", field="question")
    if len(question) > TEXT_LIMIT:
        sentence = _("最多 %(limit)d 个字，请写短一些。") % {"limit": TEXT_LIMIT}
        raise Refused(sentence, code="long", field="question")
    if not 1 <= hours <= MOST_HOURS:
        sentence = _("小时数应在 1–%(most)d 之间。") % {"most": MOST_HOURS}
        raise Refused(sentence, code="hours", field="hours")


def asked_of(finding: Finding, projects: Iterable[Project] | None) -> list[Participation]:
    """The projects' parts in the campaign; Refused for one that takes no part."""
    parts = finding.campaign.participations.select_related("project").order_by("project__code")
    if projects is None:
        return list(parts.exclude(project=finding.project_id).exclude(lacks=finding.specialty_id))
    chosen = {project.pk: project for project in projects}
    found = list(parts.filter(project__in=chosen))
    if strangers := chosen.keys() - {part.project_id for part in found}:
        names = _("、").join(str(chosen[pk]) for pk in sorted(strangers))
        message = _("%(project)s没有参加这次专项工作。") % {"project": names}
        raise Refused(message, code="no_part", field="projects")
    return found


@transaction.atomic
def remind_case(*, case: Case, by, at: datetime) -> int:
    """Ask again who has not answered, at most once an hour; returns how many projects.

    Raises Refused when it is not running, everybody has answered, or an hour has not passed.
    """
    lock(case)
    require_case(case)
    if case.reminded_at and at < case.reminded_at + BETWEEN_REMINDERS:
        words = {"when": moment(case.reminded_at)}
        raise Refused(_("%(when)s 刚催办过，一小时内只催一次。") % words, code="too_soon")
    left = case.sites.unanswered().count()
    if not left:
        raise Refused(_("各项目都已答复，不用催办。"), code="answered")
    case.reminded_at = at
    case.save(update_fields=["reminded_at"])
    record(on=case, verb="remind_case", by=by, at=at, projects=left)
    occurrence = f"reminded:{at.isoformat()}"
    tell_sites(case, occurrence, at=at, title=partial(reminder_title, case))
    return left


def close_case(*, case: Case, reason: str, by, at: datetime) -> Case:
    """End a case with a word on what came of it; answers stand from then on.

    Raises Refused when it is not running or the reason is blank.
    """
    return end(case, "close_case", reason, by=by, at=at)


def withdraw_case(*, case: Case, reason: str, by, at: datetime) -> Case:
    """Take the question back; what was answered and the findings that were opened stay.

    Who has not answered is told. Raises Refused when it is not running or the reason is blank.
    """
    return end(case, "withdraw_case", reason, by=by, at=at)


ENDS = {"close_case": ("closed_at", "closed_by"), "withdraw_case": ("withdrawn_at", "withdrawn_by")}


@transaction.atomic
def end(case: Case, verb: str, reason: str, *, by, at: datetime) -> Case:
    lock(case)
    require_case(case)
    reason = reason.strip()
    if not reason:
        raise Refused(_("写明原因，项目才知道为什么。"), code="blank", field="reason")
    when, who = ENDS[verb]
    case.reason = reason
    setattr(case, when, at)
    setattr(case, who, person(by))
    case.save()
    after = case.state(at=at).code
    record(on=case, verb=verb, by=by, at=at, before="in_progress", after=after, reason=reason)
    if verb == "withdraw_case":
        tell_sites(case, "withdrawn", at=at, title=partial(withdrawn_title, case), body=reason)
    return case


def require_case(case: Case) -> None:
    require_running(case.campaign)
    if not case.is_running:
        word = _("已撤回") if case.withdrawn_at else _("已关闭")
        raise Refused(_("这次举一反三%(word)s，不能再改。") % {"word": word}, code="ended")


# --- the projects' ---------------------------------------------------------------------------


def answer_not_here(
    *, site: CaseSite, note: str, files: Iterable, by, at: datetime, revision: int | None = None
) -> CaseSite:
    """Answer that the project has not got the problem, with at least one file as evidence.

    `files` are uploads or stored files; a correction may rest on those of the answer before. A
    finding that an earlier answer opened stays open. Raises Refused without evidence or when
    the case has ended, Conflict for a stale page, ValidationError for a file that isn't one.
    """
    kept = [stored(each, by=by, at=at) for each in files]
    with transaction.atomic():
        hold(site, revision)
        last = site.answers.first()
        kept = kept or (list(last.files.all()) if last else [])
        if not kept:
            message = _("至少要有一张照片或一个文件，才能证明本项目没有。")
            raise Refused(message, code="no_evidence", field="files")
        return put(site, Reply.NOT_HERE, note, kept, by=by, at=at)


def answer_found(
    *,
    site: CaseSite,
    problem: str,
    due: date,
    by,
    at: datetime,
    responsible: User | None = None,
    measure: str = "",
    note: str = "",
    files: Iterable = (),
    revision: int | None = None,
) -> CaseSite:
    """Answer that the project has it too: a finding is opened there, with the pictures of now.

    A correction of such an answer opens no second one. Raises what `open_finding` raises, Refused
    when the case has ended, Conflict for a stale page.
    """
    kept = [stored(each, by=by, at=at) for each in files]
    with transaction.atomic():
        hold(site, revision)
        if site.finding is None:
            origin = site.case.finding
            site.finding = open_finding(
                campaign=site.case.campaign,
                project=site.project,
                problem=problem,
                specialty=origin.specialty,
                due=due,
                responsible=responsible,
                measure=measure,
                source=Source.SPREAD,
                requirement=origin.requirement,
                photos=[file for file in kept if file.kind == "image"],
                by=by,
                at=at,
            )
        return put(site, Reply.FOUND, note, kept, by=by, at=at)


def hold(site: CaseSite, revision: int | None) -> None:
    """The site locked, and whether it may be answered as the page saw it."""
    case, project = site.case, site.project
    lock(site)
    lock(case)
    site.case, site.project = case, project
    require_case(case)
    if revision not in (None, site.revision):
        raise Conflict(_("同事刚答复过，请看过再改。"), theirs=site)


def put(site: CaseSite, reply: str, note: str, files: list[StoredFile], *, by, at) -> CaseSite:
    if len(note) > TEXT_LIMIT:
        sentence = _("最多 %(limit)d 个字，请写短一些。") % {"limit": TEXT_LIMIT}
        raise Refused(sentence, code="long", field="note")
    before = site.state(at=at).code
    answer = CaseAnswer.objects.create(
        site=site, reply=reply, note=note.strip(), answered_at=at, answered_by=person(by)
    )
    answer.files.set(files)
    site.reply, site.answered_at = reply, site.answered_at or at
    site.revision += 1
    site.save()
    verb, late = f"answer_{reply}", site.hours_late(at=at)
    record(on=site, verb=verb, by=by, at=at, before=before, after=reply, hours_late=late)
    return site


def stored(upload, *, by, at: datetime) -> StoredFile:
    if isinstance(upload, StoredFile):
        return upload
    return store_upload(upload=upload, by=person(by), at=at)


# --- who is told, and what is due ------------------------------------------------------------


def answering(case: Case, sites: Iterable[CaseSite]) -> dict[int, list[User]]:
    """Who may answer, by the project's id: leaders and heads, within the finding's specialty."""
    asked = {site.project_id for site in sites}
    posts = Post.objects.current().of(*PROJECT_LEADERS, Role.DEPARTMENT_HEAD)
    found: dict[int, list[User]] = {}
    for post in posts.filter(project__in=asked, user__is_active=True).select_related("user"):
        if checks_specialty(post, case.finding.specialty_id):
            found.setdefault(post.project_id, []).append(post.user)
    return found


def tell_sites(case: Case, occurrence: str, *, at: datetime, title, body="", urgent=False) -> None:
    """Everybody who may still answer, at once."""
    people = answering(case, case.sites.unanswered())
    tell(
        people=dict.fromkeys(user for users in people.values() for user in users),
        campaign=case.campaign,
        thing=f"case:{case.pk}",
        occurrence=occurrence,
        title=title,
        body=body or case.question,
        urgent=urgent,
        url=case.get_absolute_url(),
        at=at,
    )


def until(case: Case) -> str:
    """The deadline to the minute, in the local zone."""
    return moment(case.answer_by)


def spread_title(case: Case) -> str:
    return _("举一反三：%(when)s 前答复本项目有没有") % {"when": until(case)}


def reminder_title(case: Case) -> str:
    return _("催办：举一反三还没有答复，期限 %(when)s") % {"when": until(case)}


def withdrawn_title(case: Case) -> str:
    return _("举一反三已撤回，不用再答复：%(case)s") % {"case": case}


def may_see_file(user: User, file: StoredFile) -> bool:
    """Evidence is seen by whoever sees the site that gave it; who is asked to look for a problem
    sees how it looked where it was found.
    """
    asked = Case.objects.visible_to(user)
    example = {"finding__photos__file": file, "finding__photos__moment": Moment.BEFORE}
    given = CaseSite.objects.visible_to(user).filter(answers__files=file)
    return given.exists() or asked.filter(**example).exists()
