"""Projects, posts and staff as lists that come and go: what each cell says, who writes them."""

from django.utils.translation import gettext_lazy as _

from organization.excel_admin import ListResource
from organization.lists import truth_word
from organization.models import Post, Project, ProjectKind, User
from organization.posts import POSTS, import_posts
from organization.projects import PROJECTS, import_projects
from organization.roles import Role
from organization.staff import STAFF, import_staff

BATCH = 1000  # rows that are in memory at once on their way out


class ProjectList(ListResource):
    columns = PROJECTS
    title = _("项目")

    def entries(self, projects):
        for project in projects.iterator(BATCH):
            yield project.code, project_cells(project)

    def spoken_of(self, rows):
        return Project.objects.filter(code__in=[row["code"] for row in rows])

    def write(self, *, rows, by, at):
        import_projects(rows=rows, by=by, at=at)


def project_cells(project: Project) -> dict:
    return {
        "code": project.code,
        "name": project.name,
        "region": project.region,
        "kind": str(ProjectKind(project.kind).label),
        "area": project.area,
        "is_active": truth_word(project.is_active),
    }


class PostList(ListResource):
    """Posts with their days; people and projects have to exist already."""

    columns = POSTS
    title = _("岗位")

    def entries(self, posts):
        for post in posts.select_related("user", "project", "specialty").iterator(BATCH):
            yield post.pk, post_cells(post)

    def spoken_of(self, rows):
        return Post.objects.filter(user__username__in={row["username"] for row in rows})

    def write(self, *, rows, by, at):
        import_posts(rows=rows, by=by, at=at)


def post_cells(post: Post) -> dict:
    return {
        "username": post.user.username,
        "role": str(Role(post.role).label),
        "project_code": post.project.code if post.project else "",
        "specialty": str(post.specialty or ""),
        "department": post.department,
        "since": post.since,
        "until": post.until,
    }


class StaffList(ListResource):
    """People with the posts that they hold, one row a post."""

    columns = STAFF
    title = _("人员和岗位")

    def entries(self, people):
        posts = Post.objects.current().filter(user__in=people)
        posts = posts.select_related("user", "project", "specialty")
        for post in posts.order_by("user__username", "id").iterator(BATCH):
            yield post.pk, post_cells(post) | person_cells(post)

    def spoken_of(self, rows):
        return User.objects.filter(username__in={row["username"] for row in rows})

    def write(self, *, rows, by, at):
        import_staff(rows=rows, by=by, at=at)


def person_cells(post: Post) -> dict:
    person, place = post.user, project_cells(post.project) if post.project else {}
    return {
        "project_name": place.get("name", ""),
        "name": person.name,
        "email": person.email,
        "mobile": person.mobile,
        "region": place.get("region", ""),
        "kind": place.get("kind", ""),
        "area": place.get("area"),
    }
