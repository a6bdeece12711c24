"""Accounts and organisation in the admin site; lists also come and go as Excel files."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import BaseInlineFormSet, ModelForm
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from modeltranslation.admin import TranslationAdmin

from organization import history_admin  # noqa: F401 registers the record
from organization.admin_lists import LongList
from organization.erasing import erase_person
from organization.errors import Refused
from organization.excel_admin import ExcelAdmin
from organization.factors import clear_factors
from organization.guard import lift_hold
from organization.letters import invite
from organization.list_resources import PostList, ProjectList, StaffList
from organization.models import Post, Project, Specialty, User
from organization.passwords import password_given
from organization.picked import PicksByTyping
from organization.projects import check_code, regions_changed
from organization.recorded_admin import RecordedAdmin
from organization.sign_in import AdminSignInForm
from organization.templatetags.ui import moment
from organization.views.my_data import data_of

MOST_ERASED = 500  # people at once: some eight seconds of work
EACH_NAMED = 10  # people who are told of one by one after something was done to them

admin.site.site_header = _("品质 · 系统管理")
admin.site.site_title = _("品质 · 系统管理")
admin.site.index_title = _("账号、组织、专项工作与评分细则")
admin.site.unregister(Group)
admin.site.login_form = AdminSignInForm


def own_password(request, extra_context=None):
    """The product's page: one place where the old password is asked and a record is left."""
    return redirect("my_password")


admin.site.password_change = own_password


class OneEmptyRow(BaseInlineFormSet):
    """The pattern of a further row, which a page asks for six times, is made once."""

    @cached_property
    def empty_form(self):
        return super().empty_form


class PostForm(ModelForm):
    def clean(self):
        cleaned = super().clean()
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until < since:
            self.add_error("until", _("离岗早于到岗。"))
        return cleaned


class PostInline(PicksByTyping, admin.TabularInline):
    model = Post
    form = PostForm
    formset = OneEmptyRow
    # all there are; named, for otherwise two forms are made to find out
    fields = ["user", "role", "project", "specialty", "department", "since", "until"]
    extra = 0
    autocomplete_fields = ["project"]

    def formfield_for_dbfield(self, db_field, request, **given):
        """To choose only: a project or a specialty is changed in its own list, and four pictures
        beside each make a row wider than the page.
        """
        field = super().formfield_for_dbfield(db_field, request, **given)
        for may in ("add", "change", "delete", "view"):
            if field and hasattr(field.widget, f"can_{may}_related"):
                setattr(field.widget, f"can_{may}_related", False)
        return field


@admin.register(Specialty)
class SpecialtyAdmin(RecordedAdmin, TranslationAdmin):
    list_display = ["code", "name", "order", "is_sample"]


class ProjectForm(ModelForm):
    """As strict as a list of projects that is brought in."""

    def clean_code(self):
        code = self.cleaned_data["code"]
        wrong = check_code(code) if "code" in self.changed_data else ""
        if wrong:
            raise ValidationError(wrong)
        return code

    def clean_area(self):
        area = self.cleaned_data["area"]
        if area is not None and area < 0:
            raise ValidationError(_("面积要填数字（平方米）。"))
        return area


@admin.register(Project)
class ProjectAdmin(RecordedAdmin, ExcelAdmin):
    form = ProjectForm
    resource_classes = [ProjectList]
    list_display = ["code", "name", "region", "kind", "area", "is_active"]
    list_filter = ["region", "kind", "is_active"]
    list_per_page = 25
    search_fields = ["code", "name"]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change and "region" in form.changed_data:
            regions_changed([obj])


class GivenPasswordForm(AdminPasswordChangeForm):
    """Django's puts its hint together once, in one language, and half of it in English only."""

    usable_password_help_text = format_lazy(
        '{}<ul id="id_unusable_warning" class="messagelist"><li class="warning">{}</li></ul>',
        _("选“禁用”就没有密码，可以发邀请由本人设，或者用公司账号登录。"),
        _("选“禁用”以后，现在的密码不能再用。"),
    )


@admin.register(User)
class PersonAdmin(RecordedAdmin, ExcelAdmin, UserAdmin):
    resource_classes = [StaffList]
    change_password_form = GivenPasswordForm
    list_display = ["username", "name", "email", "mobile", "is_active", "is_staff"]
    list_filter = ["is_active", "is_staff", "posts__role"]
    search_fields = ["username", "name", "email", "mobile"]
    ordering = ["username"]
    list_per_page = 25
    show_full_result_count = False
    inlines = [PostInline]
    filter_horizontal = []
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("个人"), {"fields": ["name", "email", "mobile", "language"]}),
        (
            _("登录"),
            {"fields": ["is_active", "is_staff", "password_is_first", "last_letter", "last_login"]},
        ),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "name", "usable_password", "password1", "password2"]})
    ]
    readonly_fields = ["password_is_first", "last_letter", "last_login"]
    actions = ["let_sign_in", "send_invitation", "without_factors", "personal_data", "erase"]

    @admin.action(description=_("下载个人资料"), permissions=["change"])
    def personal_data(self, request, queryset):
        """One person's at a time: whoever asked for it gets nobody else's."""
        if queryset.count() != 1:
            self.message_user(request, _("请只选一个人。"), messages.ERROR)
            return None
        return data_of(queryset.get(), by=request.user)

    @admin.action(description=_("抹去个人资料"), permissions=["change"])
    def erase(self, request, queryset):
        """Asks first: it can't be taken back. Each is gone through by itself, so not too many."""
        if queryset.count() > MOST_ERASED:
            said = _("一次最多抹去 %(most)d 人，请分几次选。") % {"most": MOST_ERASED}
            self.message_user(request, said, messages.ERROR)
            return None
        if "erase_confirmed" not in request.POST:
            about = {"people": queryset, "opts": self.opts, "title": _("抹去个人资料")}
            context = self.admin_site.each_context(request) | about
            return TemplateResponse(request, "organization/admin_erase.html", context)
        erased = []
        for person in queryset:
            try:
                erased.append(erase_person(person=person, by=request.user, at=timezone.now()))
            except Refused as refusal:
                self.message_user(request, f"{person}{_('：')}{refusal}", messages.ERROR)
        if len(erased) > EACH_NAMED:
            self.message_user(request, _("抹去了 %(count)d 人。") % {"count": len(erased)})
            return None
        for name in erased:
            self.message_user(request, _("已抹去，今后显示为“%(name)s”。") % {"name": name})
        return None

    def has_delete_permission(self, request, obj=None):
        """People stay: what they did is on record. Switch them off instead."""
        return False

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if not change and obj.has_usable_password():
            password_given(user=obj, by=request.user, at=timezone.now())

    @transaction.atomic
    def user_change_password(self, request, id, form_url=""):
        """The library sets the password; that it was somebody else's doing is put down here."""
        person = self.get_object(request, unquote(id))
        before = person and person.password_set_at
        answer = super().user_change_password(request, id, form_url)
        if person:
            person.refresh_from_db()
            if person.password_set_at != before:
                password_given(user=person, by=request.user, at=timezone.now())
        return answer

    @admin.display(description=_("最近的邀请"))
    def last_letter(self, obj):
        letter = obj.password_letters.first()
        if letter is None:
            return _("没有发过")
        if letter.sent_at:
            return _("%(when)s 发出") % {"when": moment(letter.sent_at)}
        return _("没发出去：%(why)s") % {"why": letter.error} if letter.error else _("等待发送")

    @admin.action(description=_("发登录邀请（没有密码的人）"), permissions=["change"])
    def send_invitation(self, request, queryset):
        done = invite(people=list(queryset), by=request.user, at=timezone.now())
        said = ngettext("邀请 %(count)d 人。", "邀请 %(count)d 人。", done.sent) % {
            "count": done.sent
        }
        left = done.without_address + done.with_password
        if left:
            why = _("没有邀请：%(none)d 人没登记邮箱，%(has)d 人已经有密码。")
            said += why % {"none": done.without_address, "has": done.with_password}
        self.message_user(request, said, messages.WARNING if left else messages.SUCCESS)

    @admin.action(description=_("允许马上再试登录"), permissions=["change"])
    def let_sign_in(self, request, queryset):
        number = lift_hold(people=list(queryset), by=request.user, at=timezone.now())
        said = ngettext(
            "解除了 %(count)d 人的登录暂停。", "解除了 %(count)d 人的登录暂停。", number
        )
        self.message_user(request, said % {"count": number})

    @admin.action(description=_("撤掉两步验证（丢了手机又没有备用码）"), permissions=["change"])
    def without_factors(self, request, queryset):
        number = clear_factors(people=list(queryset), by=request.user, at=timezone.now())
        said = ngettext(
            "撤掉了 %(count)d 人的两步验证。", "撤掉了 %(count)d 人的两步验证。", number
        )
        self.message_user(request, said % {"count": number})


@admin.register(Post)
class PostAdmin(LongList, PicksByTyping, RecordedAdmin, ExcelAdmin):
    form = PostForm
    resource_classes = [PostList]
    counts_all = True
    opens_alike = True
    list_display = ["user", "role", "project", "specialty", "department", "since", "until"]
    list_filter = ["role", "specialty"]
    list_select_related = ["user", "project", "specialty"]
    search_fields = ["user__username", "user__name", "project__code", "project__name"]
    autocomplete_fields = ["user", "project"]
