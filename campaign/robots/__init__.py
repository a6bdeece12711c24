"""Robots of groups (WeCom, DingTalk, Feishu, and what else apprise speaks): docs/reminders.md.

An administrator sets one up for a project, a region or the company; a letter to it is one
message into its group.
"""
