from django.urls import path

from rewards.views import (
    adjustments,
    cases,
    corrections,
    fingerprint,
    notice_templates,
    notices,
    papers,
    sandbox,
    settlement,
    setup_rewards,
)

urlpatterns = [
    path("c/<slug:campaign>/league/pdf/", papers.league, name="league_pdf"),
    path("fingerprints/<slug:fingerprint>/", fingerprint.page, name="fingerprint"),
    path("c/<slug:campaign>/setup/rewards/", setup_rewards.rules, name="setup_rewards"),
    path("c/<slug:campaign>/settlement/", settlement.page, name="settlement"),
    path("c/<slug:campaign>/settlement/draw-up/", settlement.draw_up, name="settlement_draw_up"),
    path("c/<slug:campaign>/settlement/submit/", settlement.submit, name="settlement_submit"),
    path("c/<slug:campaign>/settlement/approve/", settlement.approve, name="settlement_approve"),
    path("c/<slug:campaign>/settlement/return/", settlement.send_back, name="settlement_return"),
    path("c/<slug:campaign>/settlement/correct/", corrections.ask, name="settlement_correct"),
    path(
        "c/<slug:campaign>/settlement/correct/<int:pk>/grant/",
        corrections.grant,
        name="settlement_correct_grant",
    ),
    path(
        "c/<slug:campaign>/settlement/correct/<int:pk>/refuse/",
        corrections.refuse,
        name="settlement_correct_refuse",
    ),
    path("c/<slug:campaign>/settlement/sandbox/", sandbox.page, name="settlement_sandbox"),
    path("c/<slug:campaign>/settlement/cases/", cases.page, name="settlement_cases"),
    path("c/<slug:campaign>/settlement/adjust/", adjustments.new, name="settlement_adjust"),
    path(
        "c/<slug:campaign>/settlement/adjust/<int:pk>/withdraw/",
        adjustments.withdraw,
        name="settlement_adjust_withdraw",
    ),
    path("c/<slug:campaign>/settlement/excel/", settlement.excel, name="settlement_excel"),
    path("c/<slug:campaign>/settlement/pdf/", settlement.pdf, name="settlement_pdf"),
    path("c/<slug:campaign>/notices/", notices.page, name="notices"),
    path("c/<slug:campaign>/notices/<slug:kind>.zip", notices.archive, name="notices_zip"),
    path(
        "c/<slug:campaign>/notices/people/<str:username>/<slug:form>/",
        notices.person,
        name="notice_person",
    ),
    path(
        "c/<slug:campaign>/notices/projects/<str:code>/<slug:form>/",
        notices.project,
        name="notice_project",
    ),
    path("notice-templates/", notice_templates.page, name="notice_templates"),
    path(
        "notice-templates/<slug:kind>/<slug:language>/replace/",
        notice_templates.replace,
        name="notice_template_replace",
    ),
    path(
        "notice-templates/<slug:kind>/<slug:language>/restore/",
        notice_templates.restore,
        name="notice_template_restore",
    ),
    path(
        "notice-templates/<slug:kind>/<slug:language>/preview/",
        notice_templates.preview,
        name="notice_template_preview",
    ),
    path(
        "notice-templates/<slug:kind>/<slug:language>/<slug:which>.docx",
        notice_templates.download_template,
        name="notice_template_word",
    ),
]
