"""Everything of this app that people have to do by a day (campaign.registry.DUE_SOURCES)."""

from inspections.appeal.due import APPEALS
from inspections.audit_visit.entries import VISITS
from inspections.case.due import CASES
from inspections.exam.due import EXAMS, RESULTS
from inspections.finding.due import EXTENSIONS, FINDINGS
from inspections.self_check.due import SELF_CHECKS
from inspections.sheet.due_sheets import SHEETS, UNOPENED
from inspections.training.due import NEEDS, TRAININGS

SOURCES = [
    FINDINGS,
    EXTENSIONS,
    SHEETS,
    UNOPENED,
    APPEALS,
    SELF_CHECKS,
    CASES,
    VISITS,
    EXAMS,
    RESULTS,
    NEEDS,
    TRAININGS,
]
