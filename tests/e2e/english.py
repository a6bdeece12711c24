"""In English the product's own words are English; what people wrote stays as they wrote it."""

import re

from inspections.models import (
    Case,
    Exam,
    Finding,
    NeedsSurvey,
    PolicyVersion,
    Question,
    SurveyTopic,
    Training,
)
from organization.models import Post, Project, StoredFile, User

# CJK ideographs, their punctuation, full-width forms.
CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
OWN_WORDS = """
() => [...document.querySelectorAll(
  "nav, button, th[scope=col], label, legend, h2, .crumb, .state, .btn, caption, summary")]
  .filter((element) => !element.closest("[lang=zh-CN]:not(html)"))
  .flatMap((element) => [element.textContent, element.getAttribute("aria-label") || ""])
  .map((text) => text.replace(/\\s+/g, " ").trim()).filter(Boolean)
"""


def left_in_chinese(page, theirs: re.Pattern) -> list[str]:
    """The product's own words on a page that are not in English."""
    return [text for text in page.evaluate(OWN_WORDS) if CHINESE.search(theirs.sub("", text))]


def what_people_wrote() -> re.Pattern:
    """What people and places are called, and what people wrote: in whatever language that is."""
    found = {
        *Project.objects.values_list("name", flat=True),
        *Project.objects.values_list("region", flat=True),
        *User.objects.values_list("name", flat=True),
        *Post.objects.values_list("department", flat=True),
        *Finding.objects.values_list("problem", flat=True),
        *StoredFile.objects.values_list("name", flat=True),
        *PolicyVersion.objects.values_list("title", flat=True),
        *NeedsSurvey.objects.values_list("title", flat=True),
        *SurveyTopic.objects.values_list("text", flat=True),
        *Training.objects.values_list("title", flat=True),
        *Exam.objects.values_list("title", flat=True),
        *Question.objects.values_list("text", flat=True),
        *Question.objects.values_list("topic", flat=True),
        *cut_short(Case.objects.values_list("question", flat=True)),
    }
    words = sorted(filter(None, found), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)))


def cut_short(texts) -> set[str]:
    """Long texts as a page may show them: whole, or their beginning."""
    return {text[:end] + "…" for text in texts for end in range(1, len(text))} | {*texts}
