from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = _("门户")

    def ready(self):
        from campaign.registry import KEPT_COUNTS
        from organization.files import FILE_READERS
        from organization.looking import CLOSED
        from portal import permissions  # noqa: F401 registers the predicates
        from portal.dashboard.work import KEPT, count_work
        from portal.explain.pictures import may_see_picture

        KEPT_COUNTS[KEPT] = count_work
        CLOSED.add("explain")  # amounts
        FILE_READERS.append(may_see_picture)
