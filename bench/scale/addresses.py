"""What docs/access.md lets somebody read, each asked for by whoever sees most of it."""

from tests.access.addresses import KIND_OF, address, every
from tests.access.table import ALLOWED, PAGE, rows_of
from tests.access.world import NOBODY, World

# In this order: whoever sees the company before whoever sees a project.
READERS = (
    "center", "auditor", "president", "executive", "administrator", "lead", "manager",
    "deputy", "head", "team leader", "employee",
)  # fmt: skip


def addresses(world: World) -> list[dict]:
    """A name, the state of the thing, the address, who asks."""
    found, paths = {}, every()
    for row in rows_of(PAGE.read_text(encoding="utf-8")):
        reader = next((each for each in READERS if row.marks[each] == ALLOWED), None)
        if row.method != "GET" or not reader or (row.sent and row.marks[NOBODY] == ALLOWED):
            continue
        for name in row.names:
            thing = world.things[KIND_OF.get(name, "campaign")][row.state]
            where = address(world, name, paths[name], thing)
            if row.sent:
                where += ("&" if "?" in where else "?") + "&".join(
                    f"{key}={value}" for key, value in thing.sent(row.sent).items()
                )
            found[name, row.state] = {
                "name": name,
                "state": row.state,
                "address": where,
                "reader": world.people[reader].username,
                "called": reader,
            }
    return list(found.values())
