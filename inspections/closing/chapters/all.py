"""This app's chapters, in the order of the document."""

from inspections.closing.chapters.findings import FINDINGS, REPEATS
from inspections.closing.chapters.learning import LEARNING
from inspections.closing.chapters.methods import METHODS, POLICIES
from inspections.closing.chapters.pictures import PICTURES
from inspections.closing.chapters.results import FILING, SCORES

chapters = (FINDINGS, METHODS, PICTURES, REPEATS, SCORES, POLICIES, LEARNING, FILING)
