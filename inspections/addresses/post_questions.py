"""Addresses of post questions, of asking them on a visit, and of written tests."""

from django.urls import path

from inspections.views import post_asking, post_questions, written_tests

VISIT = "c/<slug:campaign>/inspection/<int:pk>/"
ANSWERS = "c/<slug:campaign>/inspection/answers/excel/"
BANK = "c/<slug:campaign>/post-questions/"
urlpatterns = [
    path(BANK, post_questions.bank, name="post_questions"),
    path(f"{BANK}excel/", post_questions.excel, name="post_questions_excel"),
    path(f"{BANK}new/", post_questions.question_new, name="post_question_new"),
    path(f"{BANK}import/", post_questions.question_import, name="post_question_import"),
    path(f"{BANK}<int:pk>/", post_questions.question, name="post_question"),
    path(f"{VISIT}draw/", post_asking.draw, name="post_question_draw"),
    path(f"{VISIT}ask/<int:drawn>/", post_asking.ask, name="post_question_ask"),
    path(f"{VISIT}answers/<uuid:answer>/observe/", post_asking.observe, name="post_answer_observe"),
    path(f"{VISIT}answers/<uuid:answer>/back/", post_asking.back, name="post_answer_take_back"),
    path(f"{VISIT}exam/", written_tests.choose, name="written_test_choose"),
    path(f"{VISIT}exam/observe/", written_tests.observe, name="written_test_observe"),
    path(ANSWERS, post_asking.excel, name="post_answers_excel"),
]
