"""What can break between a reminder that is due and the person: broken on purpose.

Real workers and schedulers in processes of their own, a real Redis, mail server and webhooks on
loopback, a database that all of them share. See docs/reliability.md.
"""
