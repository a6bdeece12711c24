"""After the inspection the center draws the settlement up; what it has to decide is still open."""

from collections.abc import Iterator
from decimal import Decimal

from organization.lists import ListRow
from organization.models import Post, Project, User
from organization.posts import import_posts
from organization.roles import Role
from portal.demo.content import texts
from portal.demo.story import Story, Thread
from rewards.adjustments import adjust
from rewards.settlement import draw_up

# The heads of these departments: one came, one left; their projects' bands pay heads.
CAME, CAME_ON = ("P03", "customer_service"), "11-10"
LEFT, LEFT_ON = ("P02", "environment"), "12-10"
ADJUSTED = ("P01", "order")
EXTRA = Decimal(500)


def settling(story: Story) -> Iterator[Thread]:
    yield settlement(story)


def settlement(story: Story) -> Thread:
    """One case of each kind, and a line added by hand."""
    at = yield story.on("12-29", story.rng("settling"))
    day = story.calendar.day
    dated = [
        post_row(CAME, since=day(CAME_ON).isoformat()),
        post_row(LEFT, until=day(LEFT_ON).isoformat()),
    ]
    import_posts(rows=[row for row in dated if row], by=story.cast.admin, at=at)
    told = texts()["story"]["settling"]
    without = User(username="trainee", name=told["without_post"], email="trainee@example.com")
    without.set_unusable_password()
    without.save()
    drawn = draw_up(campaign=story.campaign, by=story.cast.center, at=at)
    if head := head_of(ADJUSTED):
        adjust(
            settlement=drawn,
            project=Project.objects.get(code=ADJUSTED[0]),
            person=head.user,
            amount=EXTRA,
            reason=told["adjusted"],
            by=story.cast.center,
            at=at,
        )


def head_of(place: tuple[str, str]) -> Post | None:
    project, specialty = place
    heads = Post.objects.filter(role=Role.DEPARTMENT_HEAD, project__code=project)
    return heads.filter(specialty__code=specialty).select_related("user").first()


def post_row(place: tuple[str, str], **days: str) -> ListRow | None:
    """The head's post as a list would have it, with its days; None where there is none."""
    if not (post := head_of(place)):
        return None
    project, specialty = place
    return ListRow(
        {
            "username": post.user.username,
            "role": post.role,
            "project_code": project,
            "specialty": specialty,
            "department": post.department,
            "since": "",
            "until": "",
        }
        | days
    )
