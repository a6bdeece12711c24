"""One save of a plan's page: everything typed comes along with whichever button was pressed.

The same POST serves the page that saves by itself (it asks for JSON) and the plain form.
"""

from datetime import datetime
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from inspections.forms.plans import SOURCES, TEXT_LIMIT, LineForm
from inspections.models import Finding, ImprovementPlan
from inspections.plan.amending import catch_up
from inspections.plan.past import consider_again, pull, pull_all, set_aside
from inspections.plan.plan_screen import PlanScreen
from inspections.plan.plans import (
    add_finding,
    draft_plan,
    edit_finding,
    remove_finding,
    restore_finding,
    submit_plan,
)
from inspections.plan.revisions import submit_revision
from inspections.plan.versions import Document
from organization.errors import Conflict, Refused, require
from organization.numbers import whole

PARTS = ("head", "gate", "gate_low")
ASIDE = ("pull_all", "aside", "again")
OFFERING = ("pull", "remove", "restore")
DRAWN = ("add", "pull", "close", "remove", "restore")  # the answer brings the line as it stands


class Writing:
    """Saves the open lines, adds the new problem, then does what the button says."""

    def __init__(self, request, plan: Document, at: datetime):
        self.request, self.at = request, at
        self.user, self.data = request.user, request.POST
        self.plan = plan
        self.verb, _colon, self.target = self.data.get("do", "save").partition(":")
        self.forms: list[LineForm] = []
        self.theirs: dict[UUID, Finding] = {}
        self.refusals: list[Refused] = []
        self.notes: list[str] = []
        self.touched: UUID | None = None

    @property
    def acting(self) -> dict:
        return {"by": self.user, "at": self.at}

    def response(self):
        try:
            self.begin()
            self.save_lines()
            self.add_new()
            if not self.trouble:
                self.act()
        except Refused as refusal:
            self.refusals.append(refusal)
        if self.request.headers.get("Accept") == "application/json":
            return self.as_json()
        if self.trouble:
            return self.as_page()
        for note in self.notes:
            messages.success(self.request, note)
        return redirect(self.next_page())

    def begin(self) -> None:
        """A plan comes into being with the first words that are written into it."""
        if not isinstance(self.plan, ImprovementPlan):
            return
        held, project = self.plan.campaign, self.plan.project
        self.plan = draft_plan(campaign=held, project=project, **self.acting)
        self.plan.campaign, self.plan.project = held, project

    @property
    def trouble(self) -> bool:
        return bool(self.refusals or self.theirs or any(form.errors for form in self.forms))

    # --- what was typed

    def save_lines(self) -> None:
        for pk in map(read_uuid, self.data.getlist("line")):
            if pk and not (self.verb == "remove" and read_uuid(self.target) == pk):
                self.save_line(pk)

    def save_line(self, pk: UUID) -> None:
        line = self.line(pk)
        form = LineForm(self.data, line=line or self.blank(pk), user=self.user)
        require(self.user, "inspections.write_line", form.line)
        form.is_valid()
        self.forms.append(form)
        self.touched = pk
        try:
            if line is None:
                self.write_again(form)
            else:
                form.line = edit_finding(
                    finding=line,
                    revision=self.number(f"{pk}-revision"),
                    changes=form.changes,
                    **self.acting,
                )
        except Conflict as conflict:
            self.theirs[pk] = conflict.theirs
        except Refused as refusal:
            self.refusals.append(refusal)

    def line(self, pk: UUID | None) -> Finding | None:
        """One of the plan's lines as it stands, beside what it amends in a revision."""
        found = self.plan.lines.select_related("amends").filter(pk=pk).first()
        return catch_up(found) if found else None

    def blank(self, pk: UUID) -> Finding:
        place = {"campaign": self.plan.campaign, "project": self.plan.project}
        return Finding(pk=pk, **place, **self.plan.place)

    def write_again(self, form: LineForm) -> None:
        """Somebody removed the line that is being typed into: it comes back as it was typed."""
        typed = {name: value for name, value in form.cleaned_data.items() if value}
        if not form.changed_data or not (typed.get("problem") or typed.get("measure")):
            return
        typed.setdefault("problem", typed.get("measure"))
        form.line = add_finding(plan=self.plan, id=form.line.pk, **typed, **self.acting)
        self.notes.append(_("这一条刚被删除，您写的内容已经重新加入。"))

    def add_new(self) -> None:
        text = self.data.get("new", "").strip()
        if not text:
            return
        line = add_finding(
            plan=self.plan,
            id=read_uuid(self.data.get("new-id", "")) or uuid4(),
            problem=text[:TEXT_LIMIT],
            source=self.new_source,
            **self.acting,
        )
        self.touched = line.pk

    @property
    def new_source(self) -> str:
        """What the next lines come from, where that was chosen beforehand."""
        chosen = self.data.get("new-source", "")
        return chosen if chosen in dict(SOURCES) else ""

    # --- what the button says

    def act(self) -> None:
        if self.verb == "remove":
            self.remove()
        elif self.verb == "restore":
            self.restore()
        elif self.verb == "pull":
            self.touched = pull(plan=self.plan, key=self.target, **self.acting).pk
        elif self.verb == "pull_all":
            pull_all(plan=self.plan, source=self.target, **self.acting)
        elif self.verb == "aside":
            why = self.data.get(f"why-{self.target}", "")[:TEXT_LIMIT]
            set_aside(plan=self.plan, key=self.target, reason=why, **self.acting)
        elif self.verb == "again":
            consider_again(plan=self.plan, key=self.target, **self.acting)
        elif self.verb == "edit":
            self.touched = read_uuid(self.target)
        elif self.verb == "submit":
            self.submit()

    def submit(self) -> None:
        require(self.user, "inspections.submit_plan", self.plan)
        seen = self.number("plan-revision")
        if isinstance(self.plan, ImprovementPlan):
            submit_plan(plan=self.plan, revision=seen, **self.acting)
        else:
            submit_revision(draft=self.plan, revision=seen, **self.acting)
        self.notes.append(_("已提交，等管理中心审核。"))

    def remove(self) -> None:
        line = self.line(read_uuid(self.target))
        if line is None:
            return
        require(self.user, "inspections.write_line", line)
        self.touched = line.pk if line.amends_id else None
        revision = self.data.get(f"{line.pk}-revision")
        remove_finding(
            finding=line,
            revision=self.number(f"{line.pk}-revision") if revision else None,
            reason=self.data.get(f"{line.pk}-why", "")[:TEXT_LIMIT],
            **self.acting,
        )

    def restore(self) -> None:
        line = self.line(read_uuid(self.target))
        if line:
            require(self.user, "inspections.write_line", line)
            self.touched = restore_finding(finding=line, **self.acting).pk

    def number(self, name: str) -> int:
        """A revision as the page knew it; one that can't be read is older than any."""
        known = whole(self.data.get(name, ""))
        return -1 if known is None else known

    # --- the answer

    def screen(self) -> PlanScreen:
        screen = PlanScreen(self.plan, self.user, self.at)
        for form in self.forms:
            theirs = self.theirs.get(form.line.pk)
            if theirs or form.errors or self.refusals:
                screen.open(form, theirs)
        return screen

    def as_page(self):
        screen = self.screen()
        screen.new_text = self.data.get("new", "") if self.refusals else ""
        screen.new_source = self.new_source
        screen.why = {read_uuid(self.target): self.data.get(f"{self.target}-why", "")}
        for refusal in self.refusals:
            messages.error(self.request, refusal)
        context = {"screen": screen, "plan": self.plan, "unsaved": self.unsaved(screen)}
        return render(self.request, "inspections/plan.html", context, status=409)

    def unsaved(self, screen: PlanScreen) -> list[str]:
        """What was typed into a plan that can't be written any more, to be copied elsewhere."""
        if screen.may_write:
            return []
        typed = [
            self.data.get(form.add_prefix(name), "")
            for form in self.forms
            for name in ("problem", "measure")
            if name in form.changed_data
        ]
        return [text for text in [*typed, self.data.get("new", "")] if text.strip()]

    def next_page(self) -> str:
        screen = PlanScreen(self.plan, self.user, self.at)
        if self.verb in ("edit", "save", "pull") and self.touched:
            return f"{screen.url}?line={self.touched}#line-{self.touched}"
        if self.verb == "add":
            chosen = f"?source={self.new_source}" if self.new_source else ""
            return f"{screen.url}{chosen}#new"
        return f"{screen.url}#pull" if self.verb in ASIDE else screen.url

    def as_json(self):
        screen = self.screen()
        parts = PARTS + (("offers",) if self.verb in OFFERING else ())
        answer = {
            "status": _("已自动保存 %(time)s") % {"time": f"{timezone.localtime(self.at):%H:%M}"},
            "parts": {name: self.part(f"_plan_{name}", screen) for name in parts},
            "lines": {str(form.line.pk): self.line_answer(form, screen) for form in self.forms},
            "refused": " ".join(str(refusal) for refusal in self.refusals),
            "note": " ".join(self.notes),
        }
        row = screen.row_of(self.touched) if self.verb in DRAWN else None
        if row:
            answer["row"] = self.part("_plan_line", screen, row=row)
        return JsonResponse(answer, status=409 if self.refusals or self.theirs else 200)

    def line_answer(self, form: LineForm, screen: PlanScreen) -> dict:
        errors = {form.add_prefix(name): found[0] for name, found in form.errors.items()}
        answer = {"revision": form.line.revision, "errors": errors}
        theirs = self.theirs.get(form.line.pk)
        if theirs:
            now = LineForm(line=theirs, user=self.user)
            answer["revision"] = theirs.revision
            answer["now"] = {field.html_name: str(field.value() or "") for field in now}
            answer["both"] = self.part("_plan_line", screen, row=screen.row_of(theirs.pk))
        return answer

    def part(self, name: str, screen: PlanScreen, **more) -> str:
        context = {"screen": screen, "plan": self.plan} | more
        return render_to_string(f"inspections/{name}.html", context, self.request)


def read_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
