"""The admin site, whose list of rooms stands beside each of its pages."""

from django.contrib.admin.apps import AdminConfig
from django.contrib.admin.sites import AdminSite
from django.urls import get_script_prefix
from django.utils.translation import get_language


class Rooms(list):
    """What one may see, in one language, with what was drawn of it (templatetags/admin_places)."""

    def __init__(self, rooms):
        super().__init__(rooms)
        self.drawn: dict = {}


class Site(AdminSite):
    """Who may do what is asked on each page; what follows from the answers is made up once for
    each that there is. Nobody changes the list that is given out.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.rooms: dict[tuple, Rooms] = {}

    def get_app_list(self, request, app_label=None):
        every = self._registry.values()
        may = tuple(
            each.has_module_permission(request) and (*each.get_model_perms(request).values(),)
            for each in every
        )
        key = app_label, get_language(), get_script_prefix(), may
        if key not in self.rooms:
            self.rooms[key] = Rooms(super().get_app_list(request, app_label))
        return self.rooms[key]


class SiteConfig(AdminConfig):
    default_site = "organization.admin_site.Site"
