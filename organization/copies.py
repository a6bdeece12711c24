"""Doubles of stored rows."""

import copy


def again(row, **changes):
    """A row's double, not stored yet: every column that it has now or will have one day."""
    double = copy.copy(row)
    double.pk, double._state = None, type(row._state)()
    for name, value in changes.items():
        setattr(double, name, value)
    return double
