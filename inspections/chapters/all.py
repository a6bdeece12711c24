"""This app's chapters, in the order of the document."""

from inspections.chapters.findings import FINDINGS, REPEATS
from inspections.chapters.learning import LEARNING
from inspections.chapters.methods import METHODS, POLICIES
from inspections.chapters.pictures import PICTURES
from inspections.chapters.results import FILING, SCORES

chapters = (FINDINGS, METHODS, PICTURES, REPEATS, SCORES, POLICIES, LEARNING, FILING)
