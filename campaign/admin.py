"""Campaigns in the admin site: set-up while they are drafts, everything else to read."""

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin, TranslationTabularInline

from campaign.ledger.filters import (
    CHANNELS,
    ROBOTS,
    RULES,
    closed_kinds,
    of_channel,
    of_rule,
    open_to,
    untold_things,
)
from campaign.models import Campaign, Milestone, Obligation, Participation, Phase, Reminder
from campaign.reminders.words import rule_name
from campaign.seals import seal
from organization.admin_lists import LongList, Opening, WordsFilter
from organization.narrow_pages import NarrowPaginator
from organization.read_inlines import ReadInlines
from organization.recorded_admin import RecordedAdmin

WAYS = dict(CHANNELS)


class SetUp:
    """Dates and duties may be edited until the campaign was handed in for approval."""

    def is_open(self, campaign) -> bool:
        return campaign is None or campaign.is_draft

    def has_add_permission(self, request, obj=None):
        return super().has_add_permission(request, obj) and self.is_open(obj)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self.is_open(obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self.is_open(obj)


class PhaseInline(SetUp, TranslationTabularInline):
    model = Phase
    extra = 0
    fields = ["code", "name", "order", "start", "end"]


class MilestoneInline(SetUp, TranslationTabularInline):
    model = Milestone
    extra = 0
    fields = ["code", "title", "phase", "due", "scope", "owner", "approver", "evidence", "order"]

    def get_queryset(self, request):
        """With its phase, which each row names."""
        return super().get_queryset(request).select_related("phase")


@admin.register(Campaign)
class CampaignAdmin(ReadInlines, RecordedAdmin, TranslationAdmin):
    """A new campaign comes from the template (`new_campaign`, or the campaigns page)."""

    list_display = ["code", "title", "year", "status", "started_at", "closed_at"]
    fields = ["code", "title", "year", "rounding", "appeal_days"]
    inlines = [PhaseInline, MilestoneInline]

    @admin.display(description=_("状态"))
    def status(self, campaign):
        return campaign.state()

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        seal(obj, "terms", at=timezone.now())

    def get_readonly_fields(self, request, obj=None):
        """Rounding and appeal days decide about pay: fixed once the president was asked."""
        every = self.replace_orig_field(self.fields)  # a title in each language
        return ["code", "year"] if obj and obj.is_draft else every


class ReadOnly(admin.ModelAdmin):
    """What only the domain functions write; what helps who writes is not for who reads."""

    def get_form(self, request, obj=None, change=False, **given):
        helpless = {field.name: "" for field in self.opts.get_fields()}
        return super().get_form(request, obj, change, help_texts=helpless, **given)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Participation)
class ParticipationAdmin(Opening, ReadOnly):
    """Who takes part, and with which specialties, is chosen on the campaign's page."""

    list_display = ["campaign", "project", "headcount", "lacking"]
    ordering = ["project__code", "campaign"]  # along the projects, which have an index
    list_filter = ["campaign"]
    list_select_related = ["campaign", "project"]
    list_per_page = 25
    opens_alike = True
    show_full_result_count = False
    search_fields = ["project__code", "project__name"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("lacks")

    def get_paginator(self, request, queryset, per_page, *_more):
        """In the order of projects, which no index has."""
        return NarrowPaginator(queryset, per_page)

    @admin.display(description=_("不涉及的专业"))
    def lacking(self, participation):
        return _("、").join(str(specialty) for specialty in participation.lacks.all())


@admin.register(Obligation)
class ObligationAdmin(LongList, ReadOnly):
    list_display = ["milestone", "owing", "due", "submitted_at", "accepted_at"]
    list_filter = ["campaign", "milestone__phase"]
    list_select_related = ["milestone", "project", "specialty"]
    search_fields = ["project__code", "project__name"]

    @admin.display(description=_("责任方"))
    def owing(self, obligation):
        return obligation.subject


class ChannelFilter(WordsFilter):
    title, parameter_name, words = _("渠道"), "channel", CHANNELS

    def narrowed(self, queryset, value):
        return queryset.filter(of_channel(value))


class RuleFilter(WordsFilter):
    title, parameter_name, words = _("规则"), "rule", RULES

    def narrowed(self, queryset, value):
        return queryset.filter(of_rule(value))


@admin.register(Reminder)
class ReminderAdmin(LongList, ReadOnly):
    """The ledger: who was told what, when, with what result."""

    list_display = ["wanted_at", "person", "title", "by_rule", "way", "delivery", "sent_at"]
    list_filter = ["delivery", ChannelFilter, RuleFilter, "campaign"]
    ordering = None  # the ledger's own, which has an index
    list_select_related = ["person"]
    search_fields = ["person__username", "person__name", "title"]

    def get_queryset(self, request):
        return open_to(super().get_queryset(request), *self.seen_alike(request))

    def seen_alike(self, request):
        return closed_kinds(request.user), untold_things(request.user)

    @admin.display(description=_("规则"), ordering="rule")
    def by_rule(self, reminder):
        return rule_name(reminder.rule)

    @admin.display(description=_("渠道"), ordering="channel")
    def way(self, reminder):
        return WAYS.get(ROBOTS if reminder.robot_id else reminder.channel, reminder.channel)
