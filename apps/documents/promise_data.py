"""The data of the printed service promise; what ``paper_data`` says of its documents holds here too."""

from __future__ import annotations

from typing import NotRequired, TypedDict

from .paper_data import Issuer, PaperData

SERVICE_PROMISE = "documents/service_promise.html"


class PromisedProject(TypedDict):
    name: str
    owner: str
    contractor: str
    address: NotRequired[str]
    contract_number: NotRequired[str]
    policy: str  # the scheme's name and edition
    since: str
    manager: NotRequired[str]
    hotline: NotRequired[str]


class PromisedLine(TypedDict):
    group: str  # "响应"; "" in the lines after the first of a group
    case: str  # "紧急", "复杂"; "" for all requests
    text: str
    note: str
    time: str


class PromisedTerm(TypedDict):
    name: str
    value: str


class ServicePromiseData(PaperData):
    preamble: str
    project: PromisedProject
    promises: list[PromisedLine]
    terms: NotRequired[list[PromisedTerm]]
    reading: NotRequired[list[str]]  # how the times are counted
    issuer: Issuer
