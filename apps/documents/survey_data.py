"""The data of the printed survey sheet; what ``paper_data`` says of its documents holds here too."""

from __future__ import annotations

from typing import NotRequired, TypedDict

from .paper_data import Choice, PaperData, SatisfactionLine

SURVEY_SHEET = "documents/survey_sheet.html"


class Surveyed(TypedDict):
    project: str
    owner: str
    about: str
    occasion: str
    name: str
    questionnaire: str  # its name and version


class SurveyChoices(TypedDict):
    item: str
    answers: list[Choice]  # every box, chosen or not


class SurveyText(TypedDict):
    item: str
    text: str  # "" leaves room to write


class SurveySheetData(PaperData):  # ISO 10004
    introduction: NotRequired[str]
    survey: Surveyed
    grades: list[str]
    scales: NotRequired[list[SatisfactionLine]]
    ranges: NotRequired[list[SurveyChoices]]  # 0 to 10
    choices: NotRequired[list[SurveyChoices]]
    texts: NotRequired[list[SurveyText]]
    is_answered: NotRequired[bool]
    method: NotRequired[str]  # how it came, under the name
    signed_on: str
