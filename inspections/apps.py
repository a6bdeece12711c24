from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InspectionsConfig(AppConfig):
    name = "inspections"
    verbose_name = _("检查与整改")

    def ready(self):
        from campaign.registry import DUE_SOURCES, OBLIGATION_PAGES, TRACES
        from inspections import (
            cases,
            causes,
            due_sheets,
            extensions,
            findings,
            lessons,
            needs,
            past,
            permissions,  # noqa: F401
            photos,
            plan_overview,
            plans,
            policies,
            reassigning,
            revisions,
            self_checks,
            seminars,
            sheets,
            summary,
            trainings,
        )
        from inspections.chapters import CHAPTERS
        from inspections.chapters.all import chapters
        from inspections.exams.due import due_exams
        from inspections.exams.words import VERBS as EXAM_VERBS
        from inspections.traces import traces
        from organization.files import FILE_READERS
        from organization.history import name_verbs
        from scoring.results import SCORE_SOURCES

        name_verbs(past.VERBS | plans.VERBS | revisions.VERBS | findings.VERBS)
        name_verbs(causes.VERBS | extensions.VERBS | reassigning.VERBS)
        FILE_READERS.append(photos.may_see_photo)
        DUE_SOURCES.append(findings.due_findings)
        name_verbs(sheets.VERBS | self_checks.VERBS)
        FILE_READERS.append(sheets.may_see_photo)
        DUE_SOURCES.append(due_sheets.due_sheets)
        DUE_SOURCES.append(self_checks.due_self_checks)
        OBLIGATION_PAGES.append(plan_overview.plan_page)
        name_verbs(cases.VERBS)
        FILE_READERS.append(cases.may_see_file)
        DUE_SOURCES.append(cases.due_cases)
        TRACES.append(traces)
        name_verbs(EXAM_VERBS)
        DUE_SOURCES.append(due_exams)
        name_verbs(needs.VERBS | trainings.VERBS)
        DUE_SOURCES.append(needs.due_needs)
        DUE_SOURCES.append(trainings.due_trainings)
        SCORE_SOURCES.append(sheets.record_scores)
        name_verbs(seminars.VERBS | policies.VERBS | lessons.VERBS | summary.VERBS)
        CHAPTERS.extend(chapters)
        FILE_READERS.extend([policies.may_see_file, lessons.may_see_photo, summary.may_see_pair])
