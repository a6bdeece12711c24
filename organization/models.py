"""People, posts, projects, specialties, stored files and the history of changes."""

import uuid
from functools import cached_property

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organization.prepared import prepared
from organization.roles import Role
from organization.sign_in_models import (
    CountKind,
    FactorKind,
    LetterKind,
    PasswordLetter,
    RecoveryCode,
    SecondFactor,
    SignedIn,
    SignInCount,
    SignInRule,
)

__all__ = [
    "ApiToken",
    "CountKind",
    "FactorKind",
    "HistoryEntry",
    "LetterKind",
    "PasswordLetter",
    "Post",
    "Project",
    "ProjectKind",
    "RecoveryCode",
    "SavedView",
    "Seal",
    "SealChain",
    "SecondFactor",
    "SignInCount",
    "SignInRule",
    "SignedIn",
    "Specialty",
    "StoredFile",
    "User",
]


class Specialty(models.Model):
    """A professional line of the management center."""

    code = models.SlugField(_("编码"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    order = models.PositiveSmallIntegerField(_("顺序"), default=0)
    is_sample = models.BooleanField(_("样例"), default=False)

    class Meta:
        ordering = ["order", "code"]
        verbose_name = _("专业口")
        verbose_name_plural = _("专业口")

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
        """Company roles see every project, project roles their own; scoped by a join."""
        if user.sees_company:
            return self
        return self.filter(posts__in=Post.objects.current().filter(user=user)).distinct()


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
        verbose_name_plural = _("项目")

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
        verbose_name_plural = _("人员")

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
        verbose_name_plural = _("岗位")
        indexes = [
            # who leads specialties, who is the center, who manages these projects
            models.Index(
                fields=["role", "project"], condition=Q(until__isnull=True), name="post_role"
            ),
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


class StoredFile(models.Model):
    """A file as it is kept: checked, renamed, images re-encoded. See organization.files."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.FileField(upload_to="%Y/%m/")
    name = models.CharField(_("文件名"), max_length=200)
    kind = models.CharField(max_length=20)
    mime = models.CharField(max_length=100)
    size = models.PositiveIntegerField(help_text="bytes as stored")
    sha256 = models.CharField(max_length=64, db_index=True, help_text="of the original upload")
    kept_sha256 = models.CharField(max_length=64, blank=True, help_text="of the file as stored")
    uploaded_by = models.ForeignKey(User, models.PROTECT, null=True)
    uploaded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("文件")
        verbose_name_plural = _("文件")

    def __str__(self):
        return self.name

    @property
    def is_image(self) -> bool:
        return self.mime.startswith("image/")


class Way(models.TextChoices):
    """By which door a change came in (organization.origin)."""

    PAGE = "page", _("页面")
    API = "api", _("接口")
    ADMIN = "admin", _("系统管理")
    COMMAND = "command", _("命令行")
    TASK = "task", _("定时任务")


class HistoryEntry(models.Model):
    """One change of one object: who, when, from what to what, why. Append-only."""

    at = models.DateTimeField(_("时间"), db_index=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, verbose_name=_("操作人"))
    by_label = models.CharField(_("代为操作"), max_length=60, blank=True)
    verb = models.CharField(_("动作"), max_length=40)
    content_type = models.ForeignKey(ContentType, models.PROTECT)
    object_id = models.CharField(max_length=40)
    subject = GenericForeignKey("content_type", "object_id")
    subject_label = models.CharField(_("对象"), max_length=200)
    before = models.CharField(_("原状态"), max_length=40, blank=True)
    after = models.CharField(_("新状态"), max_length=40, blank=True)
    reason = models.TextField(_("理由"), blank=True)
    detail = models.JSONField(_("细节"), default=dict, blank=True)
    # from where: organization.origin; the last release writes rows without
    way = models.CharField(
        _("途径"), max_length=10, choices=Way, blank=True, default="", db_default=""
    )
    via = models.CharField(_("经由"), max_length=80, blank=True, default="", db_default="")
    address = models.GenericIPAddressField(_("网络地址"), null=True, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["content_type", "object_id"])]
        verbose_name = _("操作记录")
        verbose_name_plural = _("操作记录")

    def __str__(self):
        return f"{self.verb} {self.subject_label}"


class SealChain(models.Model):
    """Seals in their order, e.g. all of a campaign's; see organization.seals, its only writer.

    `tip` is the last one's, `head` the seal over how many there are.
    """

    name = models.CharField(max_length=60, unique=True)
    length = models.PositiveIntegerField(default=0)
    tip = models.CharField(max_length=60, blank=True)
    head = models.CharField(max_length=60)

    def __str__(self):
        return self.name


class Seal(models.Model):
    """What a thing said when it was written: canonical JSON, its digest, a seal over both.

    `content` is empty where the thing was sealed anew later.
    """

    chain = models.ForeignKey(SealChain, models.PROTECT, related_name="seals", db_index=False)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=30)
    about = models.CharField(max_length=60, blank=True)
    content = models.TextField(blank=True)
    digest = models.CharField(max_length=64)
    mac = models.CharField(max_length=60)
    sealed_at = models.DateTimeField()

    class Meta:
        ordering = ["chain", "number"]
        constraints = [models.UniqueConstraint(fields=["chain", "number"], name="seal_once")]
        indexes = [models.Index(fields=["chain", "kind", "about", "number"], name="seal_of")]

    def __str__(self):
        return f"{self.chain} {self.number}"


class SavedView(models.Model):
    """A list's filters with a name: one person's, for one page, in whatever campaign it shows."""

    user = models.ForeignKey(User, models.CASCADE, related_name="saved_views")
    page = models.SlugField(max_length=40)
    name = models.CharField(_("名称"), max_length=40)
    query = models.CharField(max_length=1000)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "page", "name"], name="saved_view_once")
        ]

    def __str__(self):
        return self.name


class ApiTokenQuerySet(models.QuerySet):
    def in_force(self, *, at):
        same = Q(user__password_set_at__isnull=True) | Q(made_at__gte=F("user__password_set_at"))
        return self.unended(at=at).filter(same)

    def ended_by_password(self, *, at):
        """Those that would be in force, had their person not taken a new password since."""
        return self.unended(at=at).filter(made_at__lt=F("user__password_set_at"))

    def unended(self, *, at):
        lasting = Q(expires_at__isnull=True) | Q(expires_at__gt=at)
        return self.filter(lasting, revoked_at__isnull=True)


class ApiToken(models.Model):
    """A key to the API in one person's name; only a digest of it is kept (organization.tokens)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="api_tokens")
    name = models.CharField(_("名称"), max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("接口令牌")
        verbose_name_plural = _("接口令牌")

    def __str__(self):
        return self.name
