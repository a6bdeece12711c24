"""The menu: sections with their pages, and which role needs which."""

from dataclasses import dataclass
from functools import lru_cache

from django.urls import reverse
from django.utils.translation import pgettext_lazy

from organization.roles import PROJECT_LEADERS, PROJECT_ROLES, Role


@dataclass(frozen=True)
class Tab:
    """A page of a section: who needs it, and which other pages belong to it (for the mark)."""

    word: object
    url_name: str
    roles: frozenset[str]
    pages: tuple[str, ...] = ()
    per_campaign: bool = True


@dataclass(frozen=True)
class Section:
    """A main section: its pages stand as tabs under the head; the first one names it."""

    icon: str
    tabs: tuple[Tab, ...]
    word: object = ""


# Sections with their tabs and the tabs' addresses.
Menu = list[tuple[Section, list[tuple[Tab, str]]]]
CENTER = frozenset({Role.MANAGEMENT_CENTER})
LEAD = frozenset({Role.SPECIALTY_LEAD})
TOP = frozenset({Role.PRESIDENT, Role.EXECUTIVE})
ADMIN = frozenset({Role.ADMINISTRATOR})
COMPANY = CENTER | LEAD | TOP
EVERYBODY = frozenset(Role)
# The pages of a section that also answer for a form, so that its errors keep the tab's mark.
PLAN = (
    "plan",
    "plan_review",
    "plan_revise",
    "plan_discard",
    "plan_revision",
    "plan_revision_review",
    "plan_versions",
    "plan_version",
)
RESULT_PAGES = ("project_result", "result_deductions", "recovery", "explain")
SHEET = (
    "late",
    "sheet",
    "sheet_entry",
    "sheet_log",
    "sheet_sign",
    "sheet_signed",
    "sheet_submit",
    "sheet_take_up",
)
RUBRIC = (
    "rubric",
    "rubric_new",
    "rubric_import",
    "rubric_progress",
    "rubric_review",
    "rubric_publish",
    "rubric_facts",
    "rubric_section",
    "rubric_item",
    "rubric_item_new",
    "rubric_arrange",
    "rubric_discard",
    "rubric_extras",
    "rubric_weights",
)
SETTLEMENT = (
    "settlement_adjust",
    "settlement_cases",
    "settlement_sandbox",
    "settlement_correct",
    "settlement_correct_grant",
    "settlement_correct_refuse",
    "settlement_adjust_withdraw",
    "settlement_draw_up",
    "settlement_submit",
    "settlement_approve",
    "settlement_return",
)
EXAM = (
    "exam",
    "exam_new",
    "exam_edit",
    "exam_seat_new",
    "exam_move",
    "exam_sit",
    "exam_hand_in",
    "exam_review",
    "exam_results",
    "exam_results_import",
    "exam_report_keep",
)
POST_QUESTIONS = ("post_question", "post_question_new", "post_question_import")
AUDIT_VISITS = (
    "audit_visit",
    "audit_visit_new",
    "audit_schedule",
    "audit_schedule_draft",
    "post_question_draw",
    "post_question_ask",
    "post_answer_observe",
    "post_answer_take_back",
    "calls",
    "callee",
    "callback_result",
    "written_test_choose",
    "written_test_observe",
)
CUSTOMERS = ("customer_import", "customer_import_check", "customer_forget")
REMINDERS = ("reminder_state", "unreachable")
SELF_CHECK = ("self_check", "self_check_reopen")
# The order is the order of the menu; nobody sees more than six sections.
SECTIONS = (
    Section(
        "checkbox",
        (Tab(pgettext_lazy("nav", "我的工作"), "home", EVERYBODY, per_campaign=False),),
    ),
    Section(
        "timeline-event",
        (
            Tab(pgettext_lazy("nav", "报送"), "matrix", COMPANY),
            Tab(
                pgettext_lazy("nav", "审核"),
                "review",
                CENTER,
                ("obligation", "plans", *PLAN),
            ),
            Tab(
                pgettext_lazy("nav", "时间轴"),
                "timeline",
                EVERYBODY,
                ("campaign", "gate", "milestone", "obligation", "evidence", "files_on_record"),
            ),
            Tab(
                pgettext_lazy("nav", "现场督导"),
                "visits",
                PROJECT_LEADERS | CENTER | LEAD,
                ("visit", "visit_new"),
            ),
            Tab(pgettext_lazy("nav", "笔记"), "notes", PROJECT_LEADERS | CENTER),
            Tab(
                pgettext_lazy("nav", "专项设置"),
                "campaign",
                CENTER | TOP | ADMIN,
                (
                    "setup_dates",
                    "setup_projects",
                    "setup_scoring",
                    "setup_rewards",
                    "setup_reminders",
                    "gate",
                ),
            ),
            Tab(
                pgettext_lazy("nav", "提醒台账"),
                "ledger",
                CENTER | TOP,
                REMINDERS,
                per_campaign=False,
            ),
        ),
    ),
    Section(
        "clipboard-list",
        (
            Tab(pgettext_lazy("nav", "实施方案"), "plans", PROJECT_ROLES, PLAN),
            Tab(
                pgettext_lazy("nav", "自查"),
                "self_checks",
                PROJECT_ROLES,
                (*SELF_CHECK, "honesty"),
            ),
        ),
    ),
    Section(
        "photo-check",
        (
            Tab(
                pgettext_lazy("nav", "问题"),
                "findings",
                PROJECT_ROLES | COMPANY,
                ("finding", "finding_new", "findings_reassign"),
            ),
            Tab(
                pgettext_lazy("nav", "举一反三"),
                "cases",
                PROJECT_ROLES | COMPANY,
                ("case", "case_new", "case_site"),
            ),
            Tab(pgettext_lazy("nav", "各项目方案"), "plans", COMPANY, PLAN),
            Tab(pgettext_lazy("nav", "各项目自查"), "self_checks", COMPANY, SELF_CHECK),
            Tab(pgettext_lazy("nav", "自查对照"), "honesty", COMPANY),
        ),
    ),
    Section(
        "clipboard-check",
        (
            Tab(pgettext_lazy("nav", "评分表"), "sheets", CENTER | LEAD, SHEET),
            Tab(pgettext_lazy("nav", "检查安排"), "audit_visits", COMPANY, AUDIT_VISITS),
            Tab(
                pgettext_lazy("nav", "评分细则"),
                "rubrics",
                CENTER | LEAD | ADMIN,
                RUBRIC,
            ),
            Tab(
                pgettext_lazy("nav", "岗位询问题"),
                "post_questions",
                COMPANY | ADMIN,
                POST_QUESTIONS,
            ),
            Tab(
                pgettext_lazy("nav", "客户回访"),
                "callbacks",
                COMPANY,
                ("callback_setup", "customers", *CUSTOMERS),
            ),
            Tab(pgettext_lazy("nav", "客户名单"), "customers", ADMIN, CUSTOMERS),
        ),
    ),
    Section(
        "trophy",
        (
            Tab(
                pgettext_lazy("nav", "排名"),
                "league",
                COMPANY | ADMIN,
                RESULT_PAGES,
            ),
            Tab(pgettext_lazy("nav", "总览"), "dashboard", CENTER | TOP, ("missed",)),
            Tab(
                pgettext_lazy("nav", "成绩"),
                "my_result",
                PROJECT_ROLES,
                (*RESULT_PAGES, "sheets", "sheet", "sheet_log", "sheet_signed"),
            ),
            Tab(pgettext_lazy("nav", "检查安排"), "audit_visits", PROJECT_ROLES, AUDIT_VISITS),
            Tab(
                pgettext_lazy("nav", "申诉"),
                "appeals",
                PROJECT_ROLES | COMPANY,
                ("appeal", "appeal_new"),
            ),
            Tab(pgettext_lazy("nav", "检查人"), "auditors", CENTER | TOP),
            Tab(pgettext_lazy("nav", "结算"), "settlement", CENTER | TOP, SETTLEMENT),
            Tab(pgettext_lazy("nav", "通知书"), "notices", PROJECT_ROLES | CENTER | TOP),
            Tab(pgettext_lazy("nav", "总结"), "summary", EVERYBODY),
        ),
    ),
    Section(
        "school",
        (
            Tab(
                pgettext_lazy("nav", "培训"),
                "trainings",
                EVERYBODY,
                (
                    "training",
                    "training_new",
                    "training_edit",
                    "training_excel",
                    "needs",
                    "needs_new",
                ),
            ),
            Tab(
                pgettext_lazy("nav", "考试"),
                "exams",
                EVERYBODY,
                EXAM,
            ),
            Tab(
                pgettext_lazy("nav", "题库"),
                "question_bank",
                COMPANY,
                ("question", "question_new", "question_import", "question_import_check"),
            ),
            Tab(
                pgettext_lazy("nav", "研讨会"),
                "seminars",
                EVERYBODY,
                ("seminar", "seminar_new"),
            ),
            Tab(
                pgettext_lazy("nav", "制度"),
                "policies",
                EVERYBODY,
                ("policy", "policy_new", "policy_edit"),
            ),
            Tab(
                pgettext_lazy("nav", "经验"),
                "lessons",
                EVERYBODY,
                ("lesson", "lesson_new", "lesson_edit"),
            ),
        ),
        word=pgettext_lazy("nav", "学习"),
    ),
    Section(
        "settings",
        (
            Tab(
                pgettext_lazy("nav", "机器人"),
                "robots",
                ADMIN,
                ("robot", "robot_new"),
                per_campaign=False,
            ),
            Tab(pgettext_lazy("nav", "提醒台账"), "ledger", ADMIN, REMINDERS, per_campaign=False),
            Tab(
                pgettext_lazy("nav", "通知书模板"),
                "notice_templates",
                ADMIN,
                ("notice_template_replace",),
                per_campaign=False,
            ),
            Tab(pgettext_lazy("nav", "登录"), "sign_in_rules", ADMIN, per_campaign=False),
            Tab(pgettext_lazy("nav", "代看"), "look_as", ADMIN, per_campaign=False),
            Tab(pgettext_lazy("nav", "后台"), "admin:index", ADMIN, per_campaign=False),
        ),
        word=pgettext_lazy("nav", "系统"),
    ),
)


@lru_cache(maxsize=512)
def menu_of(roles: frozenset[str], code: str) -> Menu:
    """What of the menu these roles have in a campaign, or in none, at most six sections."""
    found = []
    for section in SECTIONS:
        mine = [tab for tab in section.tabs if not tab.roles.isdisjoint(roles)]
        tabs = [(tab, address(tab, code)) for tab in mine if code or not tab.per_campaign]
        if tabs:
            found.append((section, tabs))
    return found[:6]


def place_of(roles: frozenset[str], code: str, name: str) -> tuple[Section | None, Tab | None]:
    """Section and tab of the page of this name: its own, else the one that it belongs to."""
    every = [(section, tab) for section, tabs in menu_of(roles, code) for tab, _url in tabs]
    own = [pair for pair in every if pair[1].url_name == name]
    belonging = [pair for pair in every if name in pair[1].pages]
    return next(iter(own + belonging), (None, None))


def address(tab: Tab, code: str) -> str:
    return reverse(tab.url_name, args=[code] if tab.per_campaign else [])
