"""Rubrics, weights and bands in the admin site, through the same functions as the pages."""

from django import forms
from django.contrib import admin, messages
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationTabularInline

from campaign.admin import CampaignAdmin, ReadOnly
from organization.admin_lists import LongList
from organization.errors import Refused
from scoring import engine, excel_admin  # noqa: F401 registers the lists
from scoring.bands import set_bands
from scoring.models import Band, Rubric, Score, Standing, Weight
from scoring.rubrics import publish_rubric
from scoring.weights import scoring_is_open, set_weights


@admin.register(Rubric)
class RubricAdmin(ReadOnly):
    """To look at and to publish; rubrics are written on their pages, where every move is on
    record and published versions stay as they are (ruling 13).
    """

    list_display = ["name", "campaign", "specialty", "version", "is_sample", "published_at", "page"]
    list_filter = ["campaign", "specialty"]
    list_select_related = ["campaign", "specialty"]
    fields = ["name", "campaign", "specialty", "version", "is_sample", "published_at", "page"]
    actions = ["publish"]

    @admin.display(description=_("在页面上编写"))
    def page(self, rubric):
        word = _("查看") if rubric.published_at else _("编写")
        return format_html('<a href="{}">{}</a>', rubric.get_absolute_url(), word)

    def has_publish_permission(self, request):
        return request.user.has_perm("scoring.publish_rubric")

    @admin.action(description=_("发布所选评分细则"), permissions=["publish"])
    def publish(self, request, queryset):
        for rubric in queryset:
            try:
                publish_rubric(rubric=rubric, by=request.user, at=timezone.now())
            except Refused as refusal:
                self.message_user(request, f"{rubric}{_('：')}{refusal}", messages.ERROR)
            else:
                self.message_user(request, _("%(rubric)s 已发布。") % {"rubric": rubric})


class UntilScoringOpens:
    """Weights and bands are fixed before the first audit sheet is opened (ruling 6)."""

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not is_open(obj)

    def has_add_permission(self, request, obj=None):
        return super().has_add_permission(request, obj) and not is_open(obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not is_open(obj)

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.by = request.user
        return formset


def is_open(campaign) -> bool:
    return campaign is not None and scoring_is_open(campaign)


class WholeSet(forms.BaseInlineFormSet):
    """Rows that are right or wrong together, and are written by one domain function."""

    by = None

    def kept(self) -> list[dict]:
        return [
            form.cleaned_data
            for form in self.forms
            if form.cleaned_data and not form.cleaned_data.get("DELETE")
        ]

    def save(self, commit=True):
        self.new_objects, self.changed_objects, self.deleted_objects = [], [], []
        if self.has_changed():
            self.write(self.kept())
        return []


class WeightFormSet(WholeSet):
    def clean(self):
        super().clean()
        if not any(self.errors) and self.has_changed():
            refuse(
                engine.check_weights({r["specialty"].code: r["percent"] for r in self.kept()}),
                _("权重合计要正好是 100%。"),
            )

    def write(self, rows):
        set_weights(
            campaign=self.instance,
            by=self.by,
            at=timezone.now(),
            percents={row["specialty"].code: row["percent"] for row in rows},
        )


class BandFormSet(WholeSet):
    def clean(self):
        super().clean()
        if not any(self.errors) and self.has_changed():
            bands = [engine.Band(r["code"], r["lowest"], r["highest"]) for r in self.kept()]
            refuse(engine.check_bands(bands), _("等级要从 0 到 100 首尾相接，不空不重。"))

    def write(self, rows):
        columns = ("code", "name_zh_hans", "name_en", "lowest", "highest")
        set_bands(
            campaign=self.instance,
            by=self.by,
            at=timezone.now(),
            bands=[{column: row[column] for column in columns} for row in rows],
        )


def refuse(problems, sentence) -> None:
    if problems:
        raise forms.ValidationError(sentence)


class WeightInline(UntilScoringOpens, admin.TabularInline):
    model = Weight
    formset = WeightFormSet
    fields = ["specialty", "percent"]
    extra = 0

    def get_queryset(self, request):
        """With its specialty, which each row names."""
        return super().get_queryset(request).select_related("specialty")


class BandInline(UntilScoringOpens, TranslationTabularInline):
    model = Band
    formset = BandFormSet
    fields = ["code", "name", "lowest", "highest"]
    extra = 0


# The campaign's page belongs to a lower room, which does not know of weights and bands.
CampaignAdmin.inlines = [*CampaignAdmin.inlines, WeightInline, BandInline]


@admin.register(Score)
class ScoreAdmin(LongList, ReadOnly):
    list_display = ["project", "specialty", "kind", "kept", "possible", "finished_at"]
    list_filter = ["campaign", "specialty", "kind"]
    list_select_related = ["project", "specialty"]
    search_fields = ["project__code", "project__name"]


@admin.register(Standing)
class StandingAdmin(LongList, ReadOnly):
    list_display = ["project", "campaign", "composite", "provisional", "updated_at"]
    list_filter = ["campaign", "provisional"]
    list_select_related = ["project", "campaign"]
    search_fields = ["project__code", "project__name"]
