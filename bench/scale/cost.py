"""A middleware that says in an answer's header what it cost: queries, and milliseconds of the
clock and of the processor from the first middleware to the last, as `Bench: 12 34.56 30.12`.
"""

import time

from django.db import connection

HEADER = "Bench"


def told(get_response):
    def asked(request):
        queries = Counted()
        began, worked = time.perf_counter(), time.thread_time()
        with connection.execute_wrapper(queries):
            answer = get_response(request)
            if answer.streaming:
                answer.streaming_content = list(answer.streaming_content)
        spent = (time.perf_counter() - began) * 1000, (time.thread_time() - worked) * 1000
        answer[HEADER] = f"{queries.number} {spent[0]:.3f} {spent[1]:.3f}"
        return answer

    return asked


class Counted:
    """Statements of this request; those that begin and end transactions are not asked here."""

    number = 0

    def __call__(self, execute, sql, params, many, context):
        self.number += 1
        return execute(sql, params, many, context)
