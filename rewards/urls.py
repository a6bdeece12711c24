from django.urls import path

from rewards.views import (
    adjustments,
    cases,
    corrections,
    fingerprint,
    papers,
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
    path("c/<slug:campaign>/settlement/cases/", cases.page, name="settlement_cases"),
    path("c/<slug:campaign>/settlement/adjust/", adjustments.new, name="settlement_adjust"),
    path(
        "c/<slug:campaign>/settlement/adjust/<int:pk>/withdraw/",
        adjustments.withdraw,
        name="settlement_adjust_withdraw",
    ),
    path("c/<slug:campaign>/settlement/excel/", settlement.excel, name="settlement_excel"),
    path("c/<slug:campaign>/settlement/pdf/", settlement.pdf, name="settlement_pdf"),
]
