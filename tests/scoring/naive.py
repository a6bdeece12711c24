"""The scoring rules a second time, in the dumbest way, for the engine to agree with.

Fractions only, one loop per sentence of the rulings, nothing shared with the engine:
observations are read by their attributes, kinds and effects are plain strings.
"""

from fractions import Fraction


def largest_per_requirement(seen, item_code, extras):
    """{requirement or rule: points}, for extras or for everything but extras."""
    taken = {}
    for s in seen:
        if s.item != item_code or s.kind == "lose_item" or (s.kind == "extra") != extras:
            continue
        about = ("requirement", s.requirement) if s.requirement is not None else ("rule", s.rule)
        points = Fraction(s.points)
        if about not in taken or points > taken[about]:
            taken[about] = points
    return taken


def item_kept(item, seen):
    for s in seen:
        if s.item == item.code and s.kind == "lose_item":
            return Fraction(0)
    kept = Fraction(item.points)
    for points in largest_per_requirement(seen, item.code, extras=False).values():
        kept = kept - points
    if kept < 0:
        return Fraction(0)
    return kept


def sheet(items, seen, not_applicable, allow_extra, critical):
    """(kept, possible, band is capped) of one sheet."""
    kept, possible, capped, zeroed = Fraction(0), Fraction(0), False, False
    for item in items:
        if item.code in not_applicable:
            continue
        possible = possible + Fraction(item.points)
        kept = kept + item_kept(item, seen)
        if allow_extra:
            for points in largest_per_requirement(seen, item.code, extras=True).values():
                kept = kept - points
        for s in seen:
            if s.item == item.code and s.requirement is not None:
                effect = critical.get((item.code, s.requirement))
                zeroed = zeroed or effect == "zero"
                capped = capped or effect == "cap"
    if zeroed or kept < 0:
        kept = Fraction(0)
    return kept, possible, capped


def nearest(value, per_unit):
    """`value` in whole units of 1/per_unit: the nearer neighbour, the upper one of two."""
    below = 0
    for power in range(20, -1, -1):
        while Fraction(below + 2**power, per_unit) <= value:
            below = below + 2**power
    to_lower = value - Fraction(below, per_unit)
    to_upper = Fraction(below + 1, per_unit) - value
    return below if to_lower < to_upper else below + 1


def composite(parts):
    """(hundredths of a point or None, provisional)."""
    provisional, weight_of_all, sum_of_all = False, Fraction(0), Fraction(0)
    for part in parts:
        if part.absent:
            continue
        if not part.finished:
            provisional = True
            continue
        if part.possible == 0:
            continue
        percent = Fraction(part.kept) * 100 / Fraction(part.possible)
        weight_of_all = weight_of_all + Fraction(part.weight)
        sum_of_all = sum_of_all + percent * Fraction(part.weight)
    if weight_of_all == 0:
        return None, provisional
    return nearest(sum_of_all / weight_of_all, 100), provisional


def bands_of(value, bands, rounding):
    """All bands that hold a composite, by trying every whole point of every band."""
    value = Fraction(value)
    if rounding == "half_up":
        whole = nearest(value, 1)
    else:
        whole = 0
        while whole + 1 <= value:
            whole = whole + 1
    found = []
    for band in bands:
        for point in range(band.lowest, band.highest + 1):
            if point == whole:
                found.append(band.code)
    return found


def ranks(composites):
    """A project's rank is one more than the number of projects that are better."""
    places = {}
    for key, value in composites.items():
        better = 0
        for other in composites.values():
            if other > value:
                better = better + 1
        places[key] = better + 1
    return places
