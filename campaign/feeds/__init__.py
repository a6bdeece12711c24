"""Calendars that people read their deadlines from, by private and revocable addresses.

`addresses` turns a feed into its address and back, `opening` makes, renews and revokes feeds,
`mine` and `projects` say what stands in them, `calendars` writes that as iCalendar (RFC 5545).
"""
