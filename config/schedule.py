"""The scheduler, for clocks that are set back."""

from celery.beat import PersistentScheduler


class Scheduler(PersistentScheduler):
    """Celery's sleeps until the clock shows the last run's time once more, be that an hour.

    Here a run that is still to come by the clock counts as one of this moment.
    """

    def tick(self, *args, **kwargs):
        now = self.app.now()
        ahead = [entry for entry in self.schedule.values() if entry.last_run_at > now]
        for entry in ahead:
            entry.last_run_at = now
        if ahead:
            self._heap = None  # made anew from the entries
        return super().tick(*args, **kwargs)
