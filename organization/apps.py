from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganizationConfig(AppConfig):
    name = "organization"
    verbose_name = _("组织")

    def ready(self):
        from django.conf import settings
        from django.contrib.auth.signals import user_logged_in

        from organization import among, permissions, retention  # noqa: F401 they register themselves
        from organization import metrics as counting
        from organization.erasing import VERBS as ERASING_VERBS
        from organization.factors import VERBS as FACTOR_VERBS
        from organization.factors import reseal_apps
        from organization.field_words import name_fields
        from organization.guard import VERBS as GUARD_VERBS
        from organization.history import name_verbs
        from organization.letters import VERBS as LETTER_VERBS
        from organization.looking import VERBS as LOOKING_VERBS
        from organization.oidc import VERBS as OIDC_VERBS
        from organization.passwords import VERBS as PASSWORD_VERBS
        from organization.person_data import VERBS as DATA_VERBS
        from organization.posts import VERBS as POST_VERBS
        from organization.projects import VERBS as PROJECT_VERBS
        from organization.recorded_admin import VERBS as ADMIN_VERBS
        from organization.sessions import VERBS as SESSION_VERBS
        from organization.sessions import on_signed_in
        from organization.staff import VERBS
        from organization.tokens import VERBS as TOKEN_VERBS
        from organization.unclaimed import erase_unclaimed
        from organization.vault import KEEPERS

        name_fields()
        name_verbs(VERBS | PROJECT_VERBS | POST_VERBS | TOKEN_VERBS | ADMIN_VERBS)
        name_verbs(GUARD_VERBS | PASSWORD_VERBS | SESSION_VERBS | LETTER_VERBS | ERASING_VERBS)
        name_verbs(FACTOR_VERBS | LOOKING_VERBS | OIDC_VERBS | DATA_VERBS)
        KEEPERS.append(reseal_apps)
        if settings.METRICS_TOKEN:
            counting.watch_tasks()
        if settings.ERROR_DSN:
            from organization.reports import watch_uncaught

            watch_uncaught()
        if settings.TRACES_ENDPOINT:
            from organization import spans

            spans.begin()
        user_logged_in.connect(on_signed_in, dispatch_uid="organization.sessions")
        retention.KINDS += [
            retention.Kept("sessions", retention.erase_sessions),
            retention.Kept("letters", retention.erase_letters),
            retention.Kept("addresses", retention.erase_old_addresses),
            retention.Kept("unclaimed", erase_unclaimed),
        ]
