"""Reminders: once, on time, on the channel people read (docs/reminders.md).

`planning` writes into the ledger who has to be told of what; `delivery` brings it to them.
"""
