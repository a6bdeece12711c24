"""Addresses of this app."""

from django.urls import path

from campaign.views import (
    calendars,
    campaigns,
    channels,
    evidence,
    gates,
    inbox,
    matrix,
    milestones,
    notes,
    obligations,
    robots,
    setup_dates,
    setup_projects,
    setup_reminders,
    visits,
)

urlpatterns = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.read_all, name="inbox_read"),
    path("inbox/<int:pk>/", inbox.message, name="message"),
    path("me/channels/", channels.my_channels, name="my_channels"),
    path("me/calendar/", calendars.my_calendar, name="my_calendar"),
    path("calendar/<str:token>.ics", calendars.calendar, name="calendar"),
    path("settings/robots/", robots.robots, name="robots"),
    path("settings/robots/new/", robots.robot_new, name="robot_new"),
    path("settings/robots/<int:pk>/", robots.robot, name="robot"),
    path("campaigns/", campaigns.campaigns, name="campaigns"),
    path("c/<slug:campaign>/", campaigns.campaign, name="campaign"),
    path("c/<slug:campaign>/setup/dates/", setup_dates.dates, name="setup_dates"),
    path("c/<slug:campaign>/setup/projects/", setup_projects.projects, name="setup_projects"),
    path("c/<slug:campaign>/setup/reminders/", setup_reminders.reminders, name="setup_reminders"),
    path("c/<slug:campaign>/gates/<slug:phase>/", gates.gate, name="gate"),
    path("c/<slug:campaign>/milestones/<slug:code>/", milestones.milestone, name="milestone"),
    path("c/<slug:campaign>/obligations/<int:pk>/", obligations.obligation, name="obligation"),
    path(
        "c/<slug:campaign>/obligations/<int:pk>/files/",
        evidence.files_on_record,
        name="files_on_record",
    ),
    path(
        "c/<slug:campaign>/obligations/<int:pk>/files/<int:evidence>/",
        evidence.evidence,
        name="evidence",
    ),
    path("c/<slug:campaign>/obligations/<int:pk>/visits/new/", visits.visit_new, name="visit_new"),
    path("c/<slug:campaign>/visits/", visits.visits, name="visits"),
    path("c/<slug:campaign>/visits/<int:pk>/", visits.visit, name="visit"),
    path("c/<slug:campaign>/notes/", notes.notes, name="notes"),
    path("c/<slug:campaign>/filing/", matrix.matrix, name="matrix"),
    path("c/<slug:campaign>/filing/excel/", matrix.excel, name="matrix_excel"),
    path("c/<slug:campaign>/filing/remind/", matrix.remind_late, name="matrix_remind"),
]
