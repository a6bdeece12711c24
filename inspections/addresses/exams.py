"""Addresses of exams and of the question bank."""

from django.urls import path

from inspections.views import (
    exam_report,
    exam_results,
    exam_setting,
    exam_sitting,
    exams,
    list_uploads,
    question_import,
    questions,
)

LIST, ONE = "c/<slug:campaign>/exams/", "c/<slug:campaign>/exams/<int:pk>/"
BANK = "c/<slug:campaign>/questions/"
urlpatterns = [
    path(LIST, exams.exams, name="exams"),
    path(f"{LIST}new/<slug:specialty>/", exam_setting.exam_new, name="exam_new"),
    path(ONE, exams.exam, name="exam"),
    path(f"{ONE}edit/", exam_setting.exam_edit, name="exam_edit"),
    path(f"{ONE}move/", exams.move, name="exam_move"),
    path(f"{ONE}sit/", exam_sitting.sit, name="exam_sit"),
    path(f"{ONE}answers/", exam_sitting.answers, name="exam_answers"),
    path(f"{ONE}hand-in/", exam_sitting.finish, name="exam_hand_in"),
    path(f"{ONE}review/", exams.review, name="exam_review"),
    path(f"{ONE}results/", exam_results.results, name="exam_results"),
    path(f"{ONE}results/one/", exam_results.result, name="exam_result"),
    path(f"{ONE}results/person/", exam_results.seat_new, name="exam_seat_new"),
    path(f"{ONE}results/import/", exam_results.results_import, name="exam_results_import"),
    path(f"{ONE}results/excel/", exam_results.results_excel, name="exam_results_excel"),
    path(f"{ONE}report/", exam_report.report_keep, name="exam_report_keep"),
    path(f"{ONE}report/<slug:kind>/", exam_report.report, name="exam_report"),
    path("c/<slug:campaign>/lists/<int:pk>/", list_uploads.list_check, name="list_check"),
    path(BANK, questions.bank, name="question_bank"),
    path(f"{BANK}excel/", questions.excel, name="question_excel"),
    path(f"{BANK}new/", questions.question_new, name="question_new"),
    path(f"{BANK}import/", question_import.question_import, name="question_import"),
    path(
        f"{BANK}import/<int:pk>/",
        question_import.question_import_check,
        name="question_import_check",
    ),
    path(f"{BANK}<int:pk>/", questions.question, name="question"),
]
