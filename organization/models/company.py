"""The company: specialties, projects, people and the posts that they hold."""

from collections.abc import Iterable
from functools import cached_property

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organization.mail_addresses import IsPlain
from organization.prepared import by_key, prepared
from organization.roles import Role


class Specialty(models.Model):
    """A professional line of the management center."""

    code = models.SlugField(_("编码"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    order = models.PositiveSmallIntegerField(_("顺序"), default=0)
    is_sample = models.BooleanField(_("样例"), default=False)

    class Meta:
        ordering = ["order", "code"]
        verbose_name = _("专业口")
        verbose_name_plural = pgettext_lazy("several", "专业口")

    def __str__(self):
        return self.name


class ProjectKind(models.TextChoices):
    ESTATE = "estate", _("住宅小区")
    TOWER = "tower", _("写字楼")
    MALL = "mall", _("商场")
    PARK = "park", _("产业园")
    PUBLIC = "public", _("公共建筑")
    OTHER = "other", _("其他")


class ProjectQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True)

    def visible_to(self, user):
        """Company roles see every project, project roles their own."""
        return self if user.sees_company else self.filter(pk__in=user.project_ids)


class Project(models.Model):
    """A managed property (estate, tower, mall) with its own staff."""

    code = models.CharField(_("项目编码"), max_length=40, unique=True)
    name = models.CharField(_("项目名称"), max_length=120)
    region = models.CharField(_("区域"), max_length=60, blank=True)
    kind = models.CharField(
        _("类型"), max_length=20, choices=ProjectKind, default=ProjectKind.ESTATE
    )
    area = models.DecimalField(
        _("面积（平方米）"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    is_active = models.BooleanField(_("在管"), default=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("项目")
        verbose_name_plural = pgettext_lazy("several", "项目")

    def __str__(self):
        return self.name


class User(AbstractUser):
    """A person; what they may do comes from their posts, never from Django's groups."""

    first_name = None
    last_name = None
    name = models.CharField(_("姓名"), max_length=60)
    mobile = models.CharField(_("手机"), max_length=30, blank=True)
    language = models.CharField(_("语言"), max_length=10, choices=settings.LANGUAGES, blank=True)
    is_demo = models.BooleanField(_("演示账号"), default=False)
    # nothing of the person is known any more but what stands on record under the number
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)
    # by a person; that Django hashes the same password anew leaves it alone
    password_set_at = models.DateTimeField(null=True, blank=True, editable=False)
    # somebody else knows it (organization.passwords)
    password_is_first = models.BooleanField(
        _("登录后要换密码"), default=False, db_default=False, editable=False
    )

    # what every session began after; see _get_session_auth_hash
    sessions_since = models.DateTimeField(null=True, blank=True, editable=False)

    objects = UserManager()

    class Meta:
        ordering = ["username"]
        verbose_name = _("人员")
        verbose_name_plural = pgettext_lazy("several", "人员")
        indexes = [
            # the few, where everybody's posts are counted
            models.Index(fields=["id"], condition=Q(is_active=False), name="user_inactive"),
            models.Index(fields=["name"], name="user_name"),  # whom a text names
            # the few to whom mail may not get
            models.Index(fields=["id"], condition=~Q(IsPlain("email")), name="user_not_plain"),
        ]

    def __str__(self):
        return self.name or self.username

    def set_password(self, raw_password):
        """A new password ends the API tokens that were made before (`ApiToken.objects`)."""
        super().set_password(raw_password)
        self.password_set_at = timezone.now()

    def set_unusable_password(self):
        super().set_unusable_password()
        self.password_set_at = timezone.now()

    def _get_session_auth_hash(self, secret=None):
        """A session that does not hold this digest is over: another password, or its owner
        signed out everywhere else.
        """
        held = super()._get_session_auth_hash(secret=secret)
        return f"{held}{self.sessions_since.timestamp()}" if self.sessions_since else held

    def get_full_name(self):
        return str(self)

    get_short_name = get_full_name

    @cached_property
    def current_posts(self) -> list["Post"]:
        """The posts held today, highest first; one query per request."""
        return sorted(posts_of(user=self.pk), key=lambda post: Role(post.role).rank)

    @cached_property
    def roles(self) -> frozenset[str]:
        return frozenset(post.role for post in self.current_posts)

    @property
    def main_post(self) -> "Post | None":
        return self.current_posts[0] if self.current_posts else None

    @property
    def sees_company(self) -> bool:
        return any(Role(role).is_company for role in self.roles)

    @cached_property
    def project_ids(self) -> frozenset[int]:
        return frozenset(post.project_id for post in self.current_posts if post.project_id)

    @property
    def sight(self) -> tuple:
        """What somebody sees goes by this and nothing else (`visible_to`): the same for all of the
        company without a project.
        """
        return self.sees_company, self.project_ids, self.pk if self.project_ids else None

    def has_role(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)

    def posts_in(self, project_id: int | None) -> list["Post"]:
        return [post for post in self.current_posts if post.project_id == project_id]


class PostQuerySet(models.QuerySet):
    def on(self, day):
        """Posts held on a day; `until` is the last day in the post."""
        return self.filter(
            Q(since__isnull=True) | Q(since__lte=day), Q(until__isnull=True) | Q(until__gte=day)
        )

    def current(self):
        """Posts without an end; those with one are history."""
        return self.filter(until__isnull=True)

    def of(self, *roles):
        return self.filter(role__in=roles)


class Post(models.Model):
    """A person's place: role, project or specialty, department. One person may hold several."""

    user = models.ForeignKey(
        User, models.PROTECT, related_name="posts", verbose_name=_("人员"), db_index=False
    )
    role = models.CharField(_("角色"), max_length=30, choices=Role)
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="posts", verbose_name=_("项目")
    )
    specialty = models.ForeignKey(
        Specialty, models.PROTECT, null=True, blank=True, verbose_name=_("专业口")
    )
    department = models.CharField(_("部门"), max_length=60, blank=True)
    since = models.DateField(_("到岗"), null=True, blank=True)
    until = models.DateField(_("离岗"), null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ["user", "id"]
        verbose_name = _("岗位")
        verbose_name_plural = pgettext_lazy("several", "岗位")
        indexes = [
            # who leads specialties, who is the center, who manages these projects
            models.Index(
                fields=["role", "project"], condition=Q(until__isnull=True), name="post_role"
            ),
            # how many people hold each role
            models.Index(
                fields=["role", "user"], condition=Q(until__isnull=True), name="post_people"
            ),
            # somebody's posts with those that are over, which post_once leaves out
            models.Index(fields=["user"], name="post_user"),
        ]
        constraints = [
            # Coalesce, because SQLite has no NULLS NOT DISTINCT
            models.UniqueConstraint(
                "user",
                "role",
                Coalesce("project", 0),
                Coalesce("specialty", 0),
                "department",
                condition=Q(until__isnull=True),
                name="post_once",
                violation_error_message=_("这个人已经有这个岗位。"),
            )
        ]

    def __str__(self):
        place = self.project or self.specialty
        # get_role_display() translates and hashes every role first, on every page's frame
        role = Role(self.role).label
        return f"{place} {role}" if place else str(role)


def current_posts_of(*, user):
    mine = Post.objects.current().filter(user=user).order_by("pk")
    return mine.select_related("project", "specialty")


posts_of = prepared(current_posts_of, {"user": User._meta.pk})


def with_keys(*, keys):
    return User.objects.filter(pk__in=keys).order_by()


by_keys = prepared(with_keys, {"keys": User._meta.pk})


def people_with(keys: Iterable[int | None]) -> dict[int, User]:
    """As `in_bulk`, for the few that a page names."""
    known = sorted(set(keys) - {None})
    return by_key(by_keys(keys=known)) if known else {}
