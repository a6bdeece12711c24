"""Every address that the product answers, and which thing each of them is about."""

import re
from collections.abc import Iterator

from django.apps import apps
from django.urls import URLPattern, get_resolver, reverse

from portal.api.api import API
from tests.access.things import Thing
from tests.access.world import World

WORD = re.compile(r"<(?:\w+:)?(\w+)>")
# Of what kind (tests.access.things) an address is; all others are about the campaign or nothing.
NAMES = {
    "phase": "gate",
    "milestone": "milestone",
    "obligation": "obligation files_on_record visit_new",
    "evidence": "evidence",
    "support_visit": "visit",
    "plan": "plan plan_review plan_revise plan_versions",
    "plan_line": "plan_line",
    "revision": "plan_revision plan_revision_review plan_discard",
    "revision_line": "plan_revision_line",
    "version": "plan_version plan_pdf plan_word",
    "finding": "finding case_new",
    "reassigned": "findings_reassign",
    "case": "case case_live case_excel",
    "case_site": "case_site",
    "sheet": """sheet sheet_log sheet_blank sheet_entry sheet_parts sheet_submit sheet_sign
        sheet_signed sheet_signed_pdf self_check_reopen sheet_take_up
        api:pack_sheet api:read_to_sign api:sign_off_sheet""",
    "deduction": "appeal_new api:send_photo",
    "appeal_made": "appeal",
    "late": "late",
    "signature": "signed_print",
    "audit_visit": "audit_visit",
    "asking": "post_question_draw api:send_answers",
    "drawn_question": "post_question_ask",
    "post_answer": "post_answer_observe post_answer_take_back",
    "post_question": "post_question",
    "callback_visit": "calls callback_result",
    "callee": "callee",
    "written_test": "written_test_choose written_test_observe",
    "customer": "customer_forget",
    "customer_upload": "customer_import_check",
    "result": """explain project_result result_deductions recovery recovery_outcome league_row
        self_check""",
    "missed": "missed",
    "rubric": """rubric rubric_excel rubric_blank rubric_publish rubric_item_new rubric_arrange
        rubric_facts rubric_discard""",
    "rubric_item": "rubric_item",
    "rubric_section": "rubric_section",
    "rubric_import": "rubric_review rubric_progress",
    "exam": """exam exam_edit exam_move exam_sit exam_answers exam_hand_in exam_review
        exam_results exam_result exam_seat_new exam_results_import exam_results_excel
        exam_report_keep""",
    "exam_report": "exam_report",
    "exam_specialty": "exam_new",
    "list_upload": "list_check",
    "bank": "question_bank question_excel question_new question_import",
    "question": "question",
    "question_upload": "question_import_check",
    "seminar": "seminar",
    "seminar_paper": "seminar_paper",
    "policy": "policy policy_edit",
    "lesson": "lesson lesson_edit",
    "verified_finding": "lessons",
    "summary_paper": "summary_paper",
    "training": "training training_edit training_sheet training_excel",
    "survey": "needs",
    "correction": "settlement_correct_grant settlement_correct_refuse",
    "adjustment": "settlement_adjust_withdraw",
    "fingerprint": "fingerprint",
    "notice": "notice_person",
    "project_notice": "notice_project",
    "archive": "notices_zip",
    "notice_template": "notice_template_replace notice_template_restore notice_template_preview",
    "notice_template_file": "notice_template_word",
    "message": "message",
    "calendar": "calendar",
    "password_link": "set_password",
    "robot": "robot",
    "file": "file",
}
KIND_OF = {name: kind for kind, names in NAMES.items() for name in names.split()}


def every() -> dict[str, str]:
    """Name -> path of all; what has no name only sends on or says that nothing is there."""
    return dict(below(get_resolver().url_patterns))


def below(patterns, prefix: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    for each in patterns:
        path = f"{prefix}{each.pattern}"
        if not isinstance(each, URLPattern):
            inner = f"{space}{each.namespace}:" if each.namespace else space
            yield from below(each.url_patterns, path, inner)
        elif each.name:
            yield f"{space}{each.name}", path


def operations() -> set[str]:
    """The operations that the API describes, by their names as addresses."""
    paths = API.get_openapi_schema()["paths"].values()
    return {f"api:{each['operationId']}" for methods in paths for each in methods.values()}


def address(world: World, name: str, path: str, thing: Thing) -> str:
    words = WORD.findall(path)
    given = {"campaign": world.campaign.code} | thing.args
    if words and name.startswith("admin:"):
        given = of_admin(name)
    return reverse(name, kwargs={word: given[word] for word in words}) + thing.query


def of_admin(name: str) -> dict:
    """The first row of the model that a page of the admin site is about."""
    app, _, model = name.removeprefix("admin:").partition("_")
    if app == "auth":  # Django names the page of passwords so, whatever the model is called
        app, model = "organization", "user_"
    if name == "admin:app_list":
        return {"app_label": "organization"}
    if name == "admin:view_on_site":
        return {"content_type_id": 1, "object_id": 1}
    row = apps.get_model(app, model.partition("_")[0]).objects.order_by("pk").first()
    return {"object_id": row.pk, "id": row.pk}
