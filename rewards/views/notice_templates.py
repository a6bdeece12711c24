"""Where an administrator replaces the notices' wording, looks at it, and goes back."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from organization.downloads import download
from organization.errors import Refused, require
from organization.files import WORD
from organization.qr import qr_png
from rewards.documents.notice_default import default_template
from rewards.documents.notice_fields import FIELDS, ROWS, called
from rewards.documents.notice_pdf import notice_pdf
from rewards.documents.notice_word import filled, remarks_on
from rewards.documents.notices import template_of
from rewards.models import NoticeKind, NoticeTemplate
from rewards.notice_templates import (
    LANGUAGES,
    replace_notice_template,
    restore_notice_template,
    sample,
)
from rewards.snapshots import address_of

WORDS = {"zh-hans": pgettext_lazy("notice", "中文"), "en": pgettext_lazy("notice", "英文")}


@require_safe
def page(request):
    require(request.user, "rewards.set_notice_templates")
    return shown(request)


def shown(request, *, wrong: str = "", at: tuple[str, str] = ("", ""), status: int = 200):
    """All kinds and languages; `wrong` is why a file for one of them was not taken."""
    rows = NoticeTemplate.objects.filter(file__isnull=False).select_related("file", "set_by")
    own = {(NoticeKind(row.kind), row.language): row for row in rows}  # the others need no remark
    templates = [
        {
            "kind": kind,
            "language": language,
            "word": WORDS[language],
            "own": own.get((kind, language)),
            "fields": fields_of(kind, language),
            "remarks": remarks_on(template_of(kind, language)) if (kind, language) in own else [],
            "wrong": wrong if at == (kind.value, language) else "",
        }
        for kind in NoticeKind
        for language in LANGUAGES
    ]
    return render(request, "rewards/notice_templates.html", {"templates": templates}, status=status)


def fields_of(kind: str, language: str) -> list[str]:
    rows = {
        name: ", ".join(called(each, language) for each in row) for name, row in ROWS[kind].items()
    }
    return [
        called(name, language) + (f" ({rows[name]})" if name in rows else "")
        for name in FIELDS[kind]
    ]


@require_POST
def replace(request, kind, language):
    known_or_404(request, kind, language)
    upload = request.FILES.get("file")
    try:
        if upload is None:
            raise Refused(_("请选择文件。"), code="empty")
        replace_notice_template(
            kind=kind, language=language, upload=upload, by=request.user, at=timezone.now()
        )
    except Refused as refusal:
        return shown(request, wrong=str(refusal), at=(kind, language), status=422)
    messages.success(request, _("模板已更换，以后的通知书都用它。"))
    return redirect("notice_templates")


@require_POST
def restore(request, kind, language):
    known_or_404(request, kind, language)
    restore_notice_template(kind=kind, language=language, by=request.user, at=timezone.now())
    messages.success(request, _("已恢复默认模板。"))
    return redirect("notice_templates")


@require_safe
def download_template(request, kind, language, which):
    """The template in use, or the one that ships, to be changed in Word."""
    known_or_404(request, kind, language)
    make = default_template if which == "default" else template_of
    return download(make(kind, language), f"notice-{kind}-{language}.docx", WORD)


@require_safe
def preview(request, kind, language):
    """The template in use with made-up values, as PDF."""
    known_or_404(request, kind, language)
    values = sample(kind)
    code = qr_png(address_of(values["fingerprint"]))
    word = filled(template_of(kind, language), values, code=code)
    try:
        drawn = notice_pdf(word, language=language)
    except Refused as refusal:
        messages.error(request, refusal)
        return redirect("notice_templates")
    return download(drawn, f"notice-{kind}.pdf", "application/pdf", inline=True)


def known_or_404(request, kind: str, language: str) -> None:
    require(request.user, "rewards.set_notice_templates")
    if kind not in NoticeKind.values or language not in LANGUAGES:
        raise Http404
