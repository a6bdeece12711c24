from django.apps import AppConfig
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class InspectionsConfig(AppConfig):
    name = "inspections"
    verbose_name = _("检查与整改")

    def ready(self):
        from campaign.registry import (
            DUE_SOURCES,
            EVIDENCE_CHECKS,
            KEPT_COUNTS,
            OBLIGATION_PAGES,
            PROJECT_ENTRIES,
            SEAL_OLDER,
            SEALED_KINDS,
            SNAPSHOT_PARTS,
            THING_WORDS,
            TRACES,
            UNTOLD_THINGS,
        )
        from inspections import (
            forgetting,
            permissions,  # noqa: F401
            unannounced,
        )
        from inspections.appeal import appeals, marks
        from inspections.appeal import sealing as appeal_sealing
        from inspections.appeal.verifying import check_appeals
        from inspections.audit_visit import schedule
        from inspections.audit_visit.entries import visit_entries
        from inspections.callback import sealing as call_sealing
        from inspections.callback.customers import reseal_customers
        from inspections.callback.words import VERBS as CALLBACK_VERBS
        from inspections.case import cases
        from inspections.closing import summary
        from inspections.closing.chapters import CHAPTERS
        from inspections.closing.chapters.all import chapters
        from inspections.due import SOURCES
        from inspections.exam import kept_rates
        from inspections.exam.words import VERBS as EXAM_VERBS
        from inspections.finding import (
            calendar,
            causes,
            extensions,
            finding_counts,
            findings,
            photos,
            reassigning,
        )
        from inspections.learning import lessons, policies, seminars
        from inspections.plan import past, plan_overview, plans, revisions
        from inspections.post_question import sealing as asked_sealing
        from inspections.post_question.words import VERBS as POST_VERBS
        from inspections.self_check import self_checks
        from inspections.sheet import remaking, sealing, sheets, verifying
        from inspections.signing import sign_off
        from inspections.signing import verifying as signing
        from inspections.sync import late, late_sealing
        from inspections.traces import traces
        from inspections.training import needs, training_list, trainings
        from inspections.words import THINGS
        from inspections.written_test.words import VERBS as TEST_VERBS
        from organization import closed
        from organization.erasing import ON_ERASED
        from organization.files import FILE_READERS
        from organization.history import name_verbs
        from organization.retention import KINDS, Kept
        from organization.vault import KEEPERS
        from scoring.breakdown import CHANGES
        from scoring.results import SCORE_SOURCES

        exams = ("seat", "attempt", "answer", "question", "questionupload")
        labels = [f"inspections.{name}" for name in exams]
        closed.TABLES |= dict.fromkeys(labels, "inspections.read_every_exam")
        closed.TOLD["inspections.seat"] = Q(exam__published_at__isnull=False)
        closed.ROWS.append(unannounced.kept_from)
        UNTOLD_THINGS.append(unannounced.untold_to)
        DUE_SOURCES.extend(SOURCES)
        THING_WORDS.update(THINGS)
        PROJECT_ENTRIES.extend([calendar.finding_entries, visit_entries])
        name_verbs(past.VERBS | plans.VERBS | revisions.VERBS | findings.VERBS)
        name_verbs(causes.VERBS | extensions.VERBS | reassigning.VERBS)
        FILE_READERS.append(photos.may_see_photo)
        name_verbs(sheets.VERBS | self_checks.VERBS | sign_off.VERBS)
        FILE_READERS.append(sheets.may_see_photo)
        name_verbs(appeals.VERBS)
        name_verbs(late.VERBS)
        FILE_READERS.append(late.may_see_file)
        CHANGES.append(marks.changed_by_appeal)
        FILE_READERS.append(appeals.may_see_file)
        OBLIGATION_PAGES.append(plan_overview.plan_page)
        name_verbs(cases.VERBS)
        name_verbs(schedule.VERBS)
        name_verbs(CALLBACK_VERBS)
        KEEPERS.append(reseal_customers)
        ON_ERASED.append(forgetting.forget_person)
        KINDS.append(Kept("uploads", forgetting.erase_uploads))
        FILE_READERS.append(cases.may_see_file)
        TRACES.append(traces)
        name_verbs(EXAM_VERBS | POST_VERBS | TEST_VERBS)
        KEPT_COUNTS[finding_counts.KEPT] = finding_counts.count_kept
        KEPT_COUNTS[kept_rates.KEPT] = kept_rates.count_exams
        KEPT_COUNTS[training_list.KEPT] = training_list.count_trainings
        name_verbs(needs.VERBS | trainings.VERBS)
        SCORE_SOURCES.append(remaking.made_scores)
        SEALED_KINDS.update(verifying.KINDS | appeal_sealing.KINDS | signing.KINDS)
        SEALED_KINDS.update(late_sealing.KINDS | asked_sealing.KINDS | call_sealing.KINDS)
        SNAPSHOT_PARTS["sheets"] = verifying.kept_sheets
        SEAL_OLDER.append(sealing.seal_older)
        EVIDENCE_CHECKS += [verifying.check_sheets, check_appeals, signing.check_sign_offs]
        EVIDENCE_CHECKS.append(late_sealing.check_late)
        name_verbs(seminars.VERBS | policies.VERBS | lessons.VERBS | summary.VERBS)
        CHAPTERS.extend(chapters)
        FILE_READERS.extend([policies.may_see_file, lessons.may_see_photo, summary.may_see_pair])
