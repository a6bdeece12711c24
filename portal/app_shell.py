"""Pinzhi as an app on a phone: its manifest, and what its service worker keeps for everybody."""

import hashlib
import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import get_template
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _

# the pages that open without a network; their scripts and styles are what is kept
TEMPLATES = (
    "base.html",
    "portal/offline.html",
    "components/_device.html",
    "components/_outbox.html",
    "components/_packs.html",
    "inspections/sheet.html",
    "inspections/_viewer_scripts.html",
    "inspections/on_device.html",
    "inspections/sheet_sign.html",
    "inspections/audit_visit.html",
    "inspections/post_question_ask.html",
)
ASSET = re.compile(r"\{% static '([^']+)' %\}")
WORKER = settings.BASE_DIR / "static" / "js" / "worker.js"


@dataclass(frozen=True)
class Build:
    """What one version of the service worker keeps; the version follows from the contents."""

    version: str
    names: tuple[str, ...]

    @property
    def script(self) -> str:
        pages = {
            code: f"{reverse('offline')}?language={code}" for code, _name in settings.LANGUAGES
        }
        assets = [static(name) for name in self.names]
        facts = {"version": self.version, "assets": assets, "offline": pages}
        return f"const BUILD = {json.dumps(facts)};\n{WORKER.read_text(encoding='utf-8')}"


@lru_cache(maxsize=1)
def build() -> Build:
    sources = [get_template(name).template.source for name in TEMPLATES]
    named = {name for source in sources for name in ASSET.findall(source)}
    names = tuple(sorted(named | {"vendor/icons.svg", "img/app.svg"}))
    digest = hashlib.sha256()
    for path in (WORKER, *(Path(finders.find(name)) for name in names)):
        digest.update(path.read_bytes())
    return Build(digest.hexdigest()[:16], names)


def manifest() -> dict:
    """A web app manifest, in the reader's language; not every phone takes a drawing as its icon."""
    images = [{"src": static("img/app.svg"), "type": "image/svg+xml", "sizes": "any"}]
    images += [
        {"src": static(f"vendor/app-{size}.png"), "type": "image/png", "sizes": f"{size}x{size}"}
        for size in (192, 512)
    ]
    icons = [image | {"purpose": purpose} for image in images for purpose in ("any", "maskable")]
    return {
        "id": "/",
        "name": _("品质提升专项工作"),
        "short_name": _("品质"),
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#2152bd",
        "icons": icons,
    }
