"""Addresses of call-backs: customers, calls, results."""

from django.urls import path

from inspections.views import callback_results, callbacks, customers

HERE, LIST, VISIT = (
    "c/<slug:campaign>/callbacks/",
    "c/<slug:campaign>/customers/",
    "c/<slug:campaign>/inspection/<int:pk>/",
)
urlpatterns = [
    path(HERE, callback_results.callbacks, name="callbacks"),
    path(f"{HERE}excel/", callback_results.excel, name="callbacks_excel"),
    path(f"{HERE}setup/", callback_results.callback_setup, name="callback_setup"),
    path(LIST, customers.customers, name="customers"),
    path(f"{LIST}import/", customers.customer_import, name="customer_import"),
    path(f"{LIST}import/<int:pk>/", customers.customer_import_check, name="customer_import_check"),
    path(f"{LIST}<int:pk>/forget/", customers.customer_forget, name="customer_forget"),
    path(f"{VISIT}calls/", callbacks.calls, name="calls"),
    path(f"{VISIT}calls/<int:place>/", callbacks.callee, name="callee"),
    path(f"{VISIT}result/", callback_results.callback_result, name="callback_result"),
]
