"""Who may do what to plans, findings and sheets: small predicates with a name each."""

import rules
from django.db.models import Q

from inspections.words import Method
from organization.permissions import (
    is_administrator,
    is_center,
    is_company_leader,
    is_executive,
    is_president,
    is_specialty_lead,
    leads_specialty,
    sees_company,
    sees_project,
)
from organization.roles import PROJECT_LEADERS, Role

# --- improvement plans -------------------------------------------------------------------


def specialties_in_charge(user, project_id) -> set[int] | None:
    """Ids of the specialties that a project's leader is in charge of; None means all of them.

    A manager is in charge of all, a deputy of those named in the posts (domain.md, roles).
    """
    posts = [post for post in user.posts_in(project_id) if post.role in PROJECT_LEADERS]
    whole = [
        post for post in posts if post.role == Role.PROJECT_MANAGER or post.specialty_id is None
    ]
    return None if whole else {post.specialty_id for post in posts}


def leads(user, project_id) -> bool:
    return any(post.role in PROJECT_LEADERS for post in user.posts_in(project_id))


@rules.predicate
def writes_plan(user, plan):
    return leads(user, plan.project_id)


@rules.predicate
def submits_plan(user, plan):
    """The whole plan is handed in by who is in charge of all of it."""
    return specialties_in_charge(user, plan.project_id) is None


@rules.predicate
def writes_line(user, finding):
    """Within the specialties in charge; a line without one yet is any leader's."""
    mine = specialties_in_charge(user, finding.project_id)
    return leads(user, finding.project_id) and (
        mine is None or finding.specialty_id is None or finding.specialty_id in mine
    )


rules.add_perm("inspections.write_plan", writes_plan)
rules.add_perm("inspections.submit_plan", submits_plan)
rules.add_perm("inspections.write_line", writes_line)
rules.add_perm("inspections.review_plan", is_center)

# --- findings ----------------------------------------------------------------------------


@rules.predicate
def rectifies(user, finding):
    """The responsible person, who leads the project, and the head of the person's department."""
    return (
        finding.responsible_id == user.pk
        or writes_line(user, finding)
        or heads_department_of(user, finding)
    )


def heads_department_of(user, finding) -> bool:
    """A head whose post names no department is taken for the head of all."""
    headed = {
        post.department
        for post in user.posts_in(finding.project_id)
        if post.role == Role.DEPARTMENT_HEAD
    }
    if not headed or finding.responsible is None:
        return False
    theirs = {post.department for post in finding.responsible.posts_in(finding.project_id)}
    return "" in headed or not headed.isdisjoint(theirs)


@rules.predicate
def verifies(user, finding):
    """The center on any specialty, a specialty's lead on the own one."""
    return bool(is_center(user)) or (
        finding.specialty_id is not None and leads_specialty(user, finding.specialty)
    )


rules.add_perm("inspections.rectify", rectifies)
rules.add_perm("inspections.verify", verifies)
rules.add_perm("inspections.open_finding", is_center | is_specialty_lead)
rules.add_perm("inspections.name_root_cause", rectifies | verifies)
rules.add_perm("inspections.ask_extension", rectifies)
rules.add_perm("inspections.decide_extension", is_center)
rules.add_perm("inspections.reassign", is_center | writes_line)

# --- one case, many sites --------------------------------------------------------------------


@rules.predicate
def answers_case(user, site):
    """A project's leaders and heads, within the specialty of the finding that was spread."""
    specialty = site.case.finding.specialty_id
    return any(checks_specialty(post, specialty) for post in user.posts_in(site.project_id))


rules.add_perm("inspections.spread", is_center)
rules.add_perm("inspections.answer_case", answers_case)

# --- score sheets and results ------------------------------------------------------------

rules.add_perm("inspections.compare_auditors", is_center | is_company_leader)


@rules.predicate
def audits_specialty(user, specialty):
    """The center on any rubric, a specialty's lead on the own one."""
    return bool(is_center(user)) or leads_specialty(user, specialty)


def checks_specialty(post, specialty_id: int) -> bool:
    """Whether a post checks its own project on a specialty: the manager on all, a deputy and a
    head on the specialties that their posts name. A deputy's post that names none is for all, a
    head's only if it names no department either.
    """
    if post.role == Role.PROJECT_MANAGER:
        return True
    if post.role == Role.DEPUTY_PROJECT_MANAGER:
        return post.specialty_id in (None, specialty_id)
    whole = not (post.specialty_id or post.department)
    return post.role == Role.DEPARTMENT_HEAD and (whole or post.specialty_id == specialty_id)


CHECKING_ROLES = (Role.PROJECT_MANAGER, Role.DEPUTY_PROJECT_MANAGER, Role.DEPARTMENT_HEAD)


def checks_every_specialty(prefix: str = "") -> Q:
    """Posts of CHECKING_ROLES, at the end of a path, that check whatever their project has."""
    no_specialty = Q(**{f"{prefix}specialty__isnull": True})
    deputy = Q(**{f"{prefix}role": Role.DEPUTY_PROJECT_MANAGER}) & no_specialty
    head = Q(**{f"{prefix}role": Role.DEPARTMENT_HEAD, f"{prefix}department": ""}) & no_specialty
    return Q(**{f"{prefix}role": Role.PROJECT_MANAGER}) | deputy | head


def checks_specialty_by(prefix: str, specialty) -> Q:
    """`checks_specialty` asked of many posts of CHECKING_ROLES at once."""
    return checks_every_specialty(prefix) | Q(**{f"{prefix}specialty": specialty})


@rules.predicate
def fills_sheet(user, sheet):
    """Auditors fill audit sheets, a project's own people its self-check; never the other way."""
    if not sheet.is_self_check:
        return audits_specialty(user, sheet.specialty)
    posts = user.posts_in(sheet.project_id)
    return any(checks_specialty(post, sheet.specialty_id) for post in posts)


@rules.predicate
def takes_up(user, sheet):
    """What a self-check found goes into the plan by the hand of who may write that line."""
    return sheet.is_self_check and bool(writes_line(user, sheet))


@rules.predicate
def signs_sheet(user, sheet):
    """Whoever may fill an audit sheet has it signed, also once it was submitted."""
    return not sheet.is_self_check and audits_specialty(user, sheet.specialty)


rules.add_perm("inspections.open_sheet", audits_specialty)
rules.add_perm("inspections.sign_sheet", signs_sheet)
rules.add_perm("inspections.fill_sheet", fills_sheet)
rules.add_perm("inspections.take_up", takes_up)
rules.add_perm("inspections.decide_late", is_center)
rules.add_perm("inspections.see_result", sees_project)

# --- audit visits ----------------------------------------------------------------------------


@rules.predicate
def wrote_schedule(user, schedule):
    """Nobody approves a schedule that they drafted or handed in themselves."""
    return user.pk in (schedule.drafted_by_id, schedule.submitted_by_id)


@rules.predicate
def goes_there(user, visit):
    """Whoever was sent starts the visit and ends it."""
    return visit.auditors.filter(pk=user.pk).exists()


rules.add_perm("inspections.plan_visits", is_center)
rules.add_perm("inspections.carry_out_visit", goes_there)
rules.add_perm("inspections.read_post_questions", sees_company)
rules.add_perm("inspections.read_post_answers", is_center | is_company_leader)
rules.add_perm("inspections.write_post_questions", is_center | is_administrator)
rules.add_perm("inspections.approve_schedule", is_executive & ~wrote_schedule)

# --- call-backs ------------------------------------------------------------------------------


@rules.predicate
def is_callback(user, visit):
    return visit.method == Method.CUSTOMER_CALLBACK


rules.add_perm("inspections.keep_customers", is_center | is_administrator)
rules.add_perm("inspections.write_questionnaire", is_center)
rules.add_perm("inspections.compare_callbacks", sees_company)
rules.add_perm("inspections.call_back", is_callback & goes_there)

# --- appeals ---------------------------------------------------------------------------------


@rules.predicate
def appeals(user, sheet):
    """Who leads the project, a deputy within the specialties in charge; never a self-check."""
    if sheet.is_self_check or not leads(user, sheet.project_id):
        return False
    mine = specialties_in_charge(user, sheet.project_id)
    return mine is None or sheet.specialty_id in mine


@rules.predicate
def saw_it_or_belongs(user, appeal):
    """An auditor whose observation is contested, and the project's own people."""
    own = appeal.project.pk in user.project_ids
    return own or appeal.contested.filter(by=user).exists()


rules.add_perm("inspections.appeal", appeals)
rules.add_perm("inspections.decide_appeal", (is_center | is_executive) & ~saw_it_or_belongs)

# --- exams -------------------------------------------------------------------------------


@rules.predicate
def runs_exam(user, exam):
    """Sets it, enters its results, publishes them: the specialty's lead and the center."""
    return audits_specialty(user, exam.specialty)


@rules.predicate
def reads_questions(user, specialty):
    """Who may know the right answers beforehand; nobody who could be asked them."""
    return bool(is_company_leader(user)) or audits_specialty(user, specialty)


rules.add_perm("inspections.write_questions", audits_specialty)
rules.add_perm("inspections.read_questions", reads_questions)
rules.add_perm("inspections.set_exam", audits_specialty)
rules.add_perm("inspections.run_exam", runs_exam)
rules.add_perm("inspections.read_exam", runs_exam | is_company_leader)
# of all exams at once, where questions, attempts and marks stand beside other things
rules.add_perm("inspections.read_every_exam", is_center | is_company_leader)

# --- what is learnt ----------------------------------------------------------------------


@rules.predicate
def writes_seminar(user, seminar):
    """The lead of its specialty holds it; the center may too."""
    return bool(is_center(user)) or leads_specialty(user, seminar.specialty)


@rules.predicate
def is_own_version(user, version):
    """Nobody approves what they wrote or handed in themselves."""
    return user.pk in (version.created_by_id, version.submitted_by_id)


@rules.predicate
def sees_summary(user, summary):
    """Company roles read along; everybody else reads what was handed in."""
    return user.sees_company or (summary is not None and summary.handed_in_at is not None)


rules.add_perm("inspections.hold_seminar", is_center | is_specialty_lead)
rules.add_perm("inspections.write_seminar", writes_seminar)
rules.add_perm("inspections.write_policy", is_center)
rules.add_perm("inspections.decide_policy", is_president & ~is_own_version)
rules.add_perm("inspections.write_summary", is_center)
rules.add_perm("inspections.see_summary", sees_summary)
rules.add_perm("inspections.write_lesson", is_center)
rules.add_perm("inspections.keep_finding", verifies)
rules.add_perm("inspections.keep_problem", writes_seminar)

# --- surveys and trainings ---------------------------------------------------------------


@rules.predicate
def answers_needs(user, project):
    """A project answers once, through who leads it."""
    return leads(user, project.pk)


rules.add_perm("inspections.plan_training", is_center | is_specialty_lead)
rules.add_perm("inspections.train", audits_specialty)
rules.add_perm("inspections.read_sign_in", audits_specialty | is_company_leader)
rules.add_perm("inspections.answer_needs", answers_needs)
