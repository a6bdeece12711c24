"""A rubric comes in from a file: upload, look at what was understood, put right, confirm."""

from io import BytesIO

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaign.access import campaign_or_404
from campaign.models import Campaign
from organization.errors import Conflict, Refused, require
from organization.files import FORMS, read_bounded, store_upload
from organization.models import StoredFile
from organization.prepared import prepared
from scoring import review_moves, reviews, tasks
from scoring.forms import FormRefused, read_tables
from scoring.import_page import ImportPage, Typed
from scoring.importing import tables_of
from scoring.models import RubricImport
from scoring.webforms import UploadForm

# A larger file is read, a longer rubric is written behind the page.
LONG_FILE = 256 * 1024
LONG_RUBRIC = 500


# --- upload --------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request, campaign):
    held = campaign_or_404(request, campaign)
    require(request.user, "scoring.import_rubric", held)
    if request.method != "POST":
        return show_upload(request, held, UploadForm(initial=request.GET.dict()))
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid() and (made := keep(form, held, by=request.user)):
        return redirect("rubric_review", held.code, made[0].pk)
    return show_upload(request, held, form, status=422)


def show_upload(request, campaign, form, status=200):
    context = {"campaign": campaign, "form": form}
    return render(request, "scoring/rubric_import.html", context, status=status)


def keep(form: UploadForm, campaign, *, by) -> list[RubricImport]:
    """Keep the file, and what is to be reviewed of it; what can't be read is said and not kept."""
    file, now = form.cleaned_data["file"], timezone.now()
    about = {
        "campaign": campaign, "specialty": form.cleaned_data["specialty"], "by": by, "at": now,
    }  # fmt: skip
    try:
        data = read_bounded(file)
        if len(data) > LONG_FILE:
            return [start_reading(store(file, data, by, now), about)]
        tables = tables_of(read_tables(data, file.name))
        return reviews.start_imports(stored=store(file, data, by, now), tables=tables, **about)
    except FormRefused as refusal:
        form.add_error("file", f"{file.name} · {refusal}")
    except ValidationError as error:
        form.add_error("file", error)
    return []


def store(file, data: bytes, by, at) -> StoredFile:
    again = BytesIO(data)
    again.name = file.name
    return store_upload(upload=again, by=by, at=at, allow=FORMS)


def start_reading(stored: StoredFile, about: dict) -> RubricImport:
    import_ = reviews.start_long_import(stored=stored, **about)
    tasks.ask(tasks.read_upload, str(import_.pk))
    return import_


# --- review --------------------------------------------------------------------------------


def imports(campaign: int) -> QuerySet[RubricImport]:
    found = RubricImport.objects.filter(campaign__pk=campaign)
    return found.select_related("campaign", "specialty", "source", "rubric__campaign", "created_by")


def with_key(*, campaign, key):
    return imports(campaign).filter(pk=key).order_by()


by_key = prepared(with_key, {"campaign": Campaign._meta.pk, "key": RubricImport._meta.pk})


def import_or_404(request, code, pk) -> RubricImport:
    """An import that this person may confirm: their own, and those of their colleagues."""
    held = campaign_or_404(request, code)
    require(request.user, "scoring.import_rubric", held)
    found = by_key(campaign=held.pk, key=pk)
    if not found:
        raise Http404
    return found[0]


@require_http_methods(["GET", "HEAD", "POST"])
def review(request, campaign, pk):
    """The sheet beside the rubric that was understood; only confirming writes anything."""
    import_ = import_or_404(request, campaign, pk)
    if import_.rubric:
        return redirect(import_.rubric)
    if request.method == "POST":
        return act(request, import_)
    if import_.stage:
        return wait(request, import_)
    if import_.failure and not import_.edits and import_.revision == 0:
        return show_failure(request, import_)
    return show(request, ImportPage(import_, request.GET))


@require_safe
def progress(request, campaign, pk):
    """How far a long import is, for the page that waits."""
    import_ = import_or_404(request, campaign, pk)
    done = bool(import_.rubric_id) or not import_.stage
    return JsonResponse({"done": done, "percent": 100 if done else import_.percent})


def wait(request, import_: RubricImport):
    context = {
        "campaign": import_.campaign, "kept": import_,
        "waits": timezone.now() - import_.asked_at > reviews.PATIENCE,
    }  # fmt: skip
    return render(request, "scoring/rubric_progress.html", context)


def show_failure(request, import_: RubricImport):
    """A long file that can't be read: said beside the file, as for any other."""
    form = UploadForm({"specialty": getattr(import_.specialty, "code", "")})
    form.full_clean()
    form.errors["file"] = form.error_class([f"{import_.source.name} · {import_.failure}"])
    return show_upload(request, import_.campaign, form)


def show(request, page: ImportPage, status=200):
    """The page, or the one item or section that a script asked for."""
    context = {"campaign": page.campaign, "import": page}
    if request.method == "GET" and request.headers.get("X-Requested-With") == "fetch":
        return show_piece(request, page, context)
    return render(request, "scoring/rubric_review.html", context, status=status)


def show_piece(request, page: ImportPage, context):
    if part := next((p for p in page.parts if str(p.number) == request.GET.get("part")), None):
        return render(request, "scoring/_part.html", context | {"part": part})
    if leaf := page.leaf(request.GET.get("item", "")):
        return render(request, "scoring/_leaf.html", context | {"leaf": leaf})
    return render(request, "scoring/rubric_review.html", context)


def act(request, import_: RubricImport):
    """One move; what is refused shows the page again with everything typed."""
    do = request.POST.get("do", "")
    if do in ("draft", "publish"):
        return confirm(request, import_, publish=do == "publish")
    if do == "discard":
        return discard(request, import_)
    if do == "now":
        return do_now(request, import_)
    if do not in review_moves.MOVES:
        raise Http404
    try:
        moved = review_moves.MOVES[do](import_, request.POST, request.user)
    except review_moves.Unfit as unfit:
        return show(request, page_with(import_, request, unfit.typed), status=422)
    except Conflict as conflict:
        return show_conflict(request, import_, conflict)
    except Refused as refusal:
        return show(request, page_with(import_, request, problem=str(refusal)), status=422)
    return redirect(address_of(moved, request.POST.get("row", "")))


def address_of(import_: RubricImport, row: str = "") -> str:
    address = reverse("rubric_review", args=[import_.campaign.code, import_.pk])
    return f"{address}#i-{row}" if row else address


def page_with(import_, request, typed: Typed | None = None, problem: str = "") -> ImportPage:
    page = ImportPage(imports(import_.campaign_id).get(pk=import_.pk), request.GET, typed)
    page.problem = problem
    return page


def show_conflict(request, import_: RubricImport, conflict: Conflict):
    """What is there now and what was typed, side by side."""
    typed = review_moves.typed_item(request.POST, theirs=True)
    page = page_with(import_, request, typed, problem=str(conflict))
    return show(request, page, status=409)


def discard(request, import_: RubricImport):
    try:
        reviews.discard_import(import_=import_)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(address_of(import_))
    messages.success(request, _("这次导入已放弃，什么都没有写入。"))
    return redirect("rubrics", import_.campaign.code)


# --- confirm -------------------------------------------------------------------------------


def confirm(request, import_: RubricImport, *, publish: bool):
    """Write it now, or have it written when it is long."""
    seen, now = request.POST.get("seen", ""), timezone.now()
    try:
        reviews.require_revision(import_, review_moves.revision_in(request.POST))
        page = ImportPage(import_, request.GET)
        if not page.can_save:
            return show(request, page, status=422)
        if len(page.understood.items) > LONG_RUBRIC:
            return start_writing(request, import_, publish=publish, seen=seen, at=now)
        rubric = reviews.confirm_import(
            import_=import_, by=request.user, at=now, publish=publish, seen=seen
        )
    except Conflict as conflict:
        page = page_with(import_, request)
        page.conflict = conflict
        page.is_stale = isinstance(conflict.theirs, RubricImport)
        return show(request, page, status=409)
    except Refused as refusal:
        return show(request, page_with(import_, request, problem=str(refusal)), status=422)
    messages.success(request, _("已发布。") if publish else _("已存为草稿。"))
    return redirect(rubric)


def start_writing(request, import_, *, publish: bool, seen: str, at):
    asked = reviews.ask_to_confirm(
        import_=import_, at=at, revision=import_.revision, publish=publish, seen=seen
    )
    tasks.ask(tasks.confirm_import, str(asked.pk), request.user.pk)
    return redirect(address_of(asked))


def do_now(request, import_: RubricImport):
    """No worker took it in time: do it in this request."""
    if import_.stage == reviews.READING:
        tasks.read_upload(str(import_.pk))
    else:
        tasks.confirm_import(str(import_.pk), request.user.pk)
    return redirect(address_of(import_))
