"""The summary as a document: chapter by chapter words, tables, pictures side by side."""

from django.utils.translation import gettext as _

from inspections.closing.chapters import builder_of, specialty_names
from inspections.closing.chapters.pictures import PICTURES
from inspections.models import ChosenPair, Summary
from organization.papers import Heading, Paper, Picture, Pictures, Signatures, Text
from organization.papers.blocks import Block
from organization.templatetags.ui import day


def summary_paper(summary: Summary) -> Paper:
    blocks: list[Block] = []
    names = specialty_names()
    chapters = [(each, builder_of(each.code)) for each in summary.chapters.all()]
    known = [(each, builder) for each, builder in chapters if builder]
    for number, (chapter, builder) in enumerate(known, 1):
        blocks.append(Heading(_("%(n)d、%(title)s") % {"n": number, "title": builder.title}))
        blocks += [Text(chapter.text)] if chapter.text else []
        blocks += builder.show(chapter.facts, names)
        if chapter.code == PICTURES.code:
            blocks += pictures(summary)
    blocks.append(Signatures([_("管理中心"), _("总经理"), _("日期")]))
    campaign = summary.campaign
    newest = max((chapter.facts_at for chapter, _builder in known), default=summary.drafted_at)
    return Paper(
        title=_("%(campaign)s总结") % {"campaign": campaign.title},
        subtitle=_("数据截至 %(day)s") % {"day": day(newest)},
        foot=str(campaign),
        blocks=blocks,
    )


def pairs_of(summary: Summary) -> list[ChosenPair]:
    found = summary.pairs.select_related("before__file", "after__file", "finding__project")
    return list(found)


def pictures(summary: Summary) -> list[Pictures]:
    return [
        Pictures(
            [
                Picture(pair.before.file.file, caption(pair, _("整改前"))),
                Picture(pair.after.file.file, caption(pair, _("整改后"))),
            ]
        )
        for pair in pairs_of(summary)
    ]


def caption(pair: ChosenPair, moment: str) -> str:
    return f"{moment} · {pair.finding.project} · {pair.finding.problem[:60]}"
