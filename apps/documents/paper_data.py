"""The data of each printed document: the contract between who issues a document and who renders it.

Every document is one plain, JSON-serialisable dict, frozen when the document is issued. Texts are ready to
print, in Chinese: dates, amounts and durations are formatted by the caller, so that a reprint in ten years
depends on no setting. A section whose key is missing or empty is left out, and the others close ranks.

Pictures are never in the data: it holds a storage name, and `render_html(..., images={name: data URI})`
brings the picture. "" as a name means that there is none.
"""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

WARRANTY_CARD = "documents/warranty_card.html"
REPAIR_SHEET = "documents/repair_sheet.html"
REVISIT_REPORT = "documents/revisit_report.html"
EQUIPMENT_LABELS = "documents/equipment_labels.html"

Tone = Literal["ok", "warn", "bad", "wait"]


class Status(TypedDict):
    """A state as shape, word and colour: `ok` done, `warn` mind this, `bad` failed or late, `wait` open."""

    tone: Tone
    text: str


class Fact(TypedDict):
    """One of the facts under the title (four is best): label, value, and what to compare the value with."""

    label: str
    value: str
    note: NotRequired[str]


class Choice(TypedDict):
    """A box to choose. All boxes are printed, so that the reader sees what was not chosen, too."""

    label: str
    chosen: bool


class Photo(TypedDict):
    """A photograph: bold label ("维修前 1"), time ("20:55"), caption, storage name.

    A photo whose file is "" or not among the images is an empty frame with its reason, never left out.
    """

    caption: str
    taken_at: str
    file: str
    label: NotRequired[str]
    missing_reason: NotRequired[str]


class Letterhead(TypedDict):
    """The company as it was on the day of issue."""

    company: str
    address: str
    hotline: str
    website: str
    logo: str  # storage name; "" draws the neutral mark
    seal_company: NotRequired[str]  # the registered name cut into the seal, when it differs from `company`
    seal_purpose: NotRequired[str]  # "售后服务专用章" when missing


class IssueFacts(TypedDict):
    """What issuing adds. All "" (and version 0) in a preview: no number, no QR, the footer says 未签发."""

    number: str
    version: int
    issued_at: str  # "2026-07-15 10:20"
    check_code: str  # rendering.check_code(...)
    verify_url: str  # complete, with the token if it needs one; goes into the QR
    token: str  # to type by hand; printed only when `verify_url` does not contain it


class SignatureBlock(TypedDict):
    """One place to sign, handed to `render_html` beside the data: the signed content never changes by it.

    With `unsigned_reason`, nobody signed: the reason, the witness and a photo stand in the signature's place.
    """

    role: str  # "承修单位（盖章）", "业主"
    organisation: str
    name: str
    position: str
    method: str  # "于本人手机手写 23:41"
    signed_on: str  # "2026 年 11 月 18 日"
    image: str  # the strokes: a PNG data URI, or a storage name among the images
    seal: NotRequired[bool]  # our company's seal hangs on the date
    decision: NotRequired[list[Choice]]  # 同意 / 退回, for an approval
    remark: NotRequired[str]
    unsigned_reason: NotRequired[str]  # "现场无人，电话告知林平"
    unsigned_photo: NotRequired[Photo]
    witness: NotRequired[str]


class PaperData(TypedDict):
    """What the base template needs of every document."""

    title: str  # "故障维修单"
    subtitle: NotRequired[str]  # "Repair sheet"
    letterhead: Letterhead
    issue: IssueFacts
    status: NotRequired[Status]  # the outcome of the content, never "signed": signatures come later
    facts: list[Fact]


class WarrantyProject(TypedDict):
    name: str
    contractor: str
    address: NotRequired[str]
    contract_number: NotRequired[str]
    owner: NotRequired[str]
    owner_contact: NotRequired[str]  # "林平（设施科科长），139-0000-2208"
    start_basis: NotRequired[str]  # the event and the paper that the terms start from (W-01)
    defect_liability: NotRequired[str]
    retention: NotRequired[str]
    principle: NotRequired[str]  # principles and purpose of the warranty


class CoverageLine(TypedDict):
    category: str
    scope: str
    term: str
    starts_on: str
    ends_on: str
    #: "2 年", or "合同约定" where the law sets none (W-15); of all lines or of none, and then without its column.
    statutory_minimum: NotRequired[str]


class Responsible(TypedDict):
    duty: str
    department: str
    name: str
    phone: str


class Issuer(TypedDict):
    name: str
    signed_on: str  # "2026 年 07 月 15 日"


class EquipmentLine(TypedDict):
    name: str
    model: str
    serial: str
    quantity: str
    location: str
    maker_cover_until: NotRequired[str]  # of all lines or of none, and then without its column
    maker_ends_first: NotRequired[bool]  # before our own warranty does: shown with the triangle


class VersionLine(TypedDict):
    on: str
    version: str
    reason: str
    by: str


class WarrantyCardData(PaperData):  # W-05
    project: WarrantyProject
    coverage: list[CoverageLine]
    coverage_note: NotRequired[str]
    free_of_charge: list[str]
    not_covered: list[str]
    promises: NotRequired[list[Fact]]  # service promises in force: at most six
    promises_note: NotRequired[str]  # beside the heading: the scheme's name
    promises_terms: NotRequired[str]  # the sentence below
    responsible: list[Responsible]
    issuer: Issuer
    equipment: NotRequired[list[EquipmentLine]]
    equipment_note: NotRequired[str]  # "9 类 434 台（套）"
    agreement: NotRequired[str]  # the sentence below the equipment
    versions: NotRequired[list[VersionLine]]
    blank_repair_rows: NotRequired[int]  # lines of the repair record to write on
    instructions: NotRequired[list[str]]


class RepairRequest(TypedDict):
    project: str
    requested_by: str  # owner and person
    contact: NotRequired[str]  # telephone and channel
    reported_at: str
    level: NotRequired[str]
    equipment: NotRequired[str]  # name, model, serial number, place
    symptom: str


class CoverageDecision(TypedDict):  # as it stood (W-19)
    verdict: Status
    liable: NotRequired[list[Choice]]
    reason: NotRequired[str]


class Dispatch(TypedDict):
    dispatched: NotRequired[str]  # when, by whom, why this engineer
    engineers: str  # with licence numbers
    briefing: NotRequired[str]
    safety: NotRequired[list[Choice]]
    safety_note: NotRequired[str]


class Quote(TypedDict):
    """A chargeable job's quote and the owner's consent to it, before work started (R-08)."""

    amount: str
    basis: NotRequired[str]
    consent: str


class PromiseLine(TypedDict):
    promise: str
    started: str
    target: str
    due: str
    actual: str
    elapsed: str
    result: Status


class Pause(TypedDict):
    period: str
    reason: str
    by: str


class RepairWork(TypedDict):
    arrived_at: NotRequired[str]
    completed_at: NotRequired[str]
    cause: NotRequired[str]
    process: NotRequired[str]
    temporary_solution: NotRequired[str]
    loaner: NotRequired[str]
    result: Status
    result_note: NotRequired[str]
    test: NotRequired[str]
    prevention: NotRequired[str]
    failure_analysis: NotRequired[str]  # its number, for a critical fault


class PartLine(TypedDict):
    name: str
    old_serial: str
    new_serial: str
    old_part: str  # where the old part went
    quantity: str
    unit_price: str
    amount: str


class ChargeLine(TypedDict):
    item: str
    basis: str
    amount: str
    ours: str
    owners: str


class ConductLine(TypedDict):
    statement: str
    choices: list[Choice]  # 是 / 否, sometimes 无费用


class OwnerOpinion(TypedDict):
    satisfaction: NotRequired[list[Choice]]
    text: NotRequired[str]


class RepairSheetData(PaperData):
    request: RepairRequest
    coverage: CoverageDecision
    dispatch: NotRequired[Dispatch]
    quote: NotRequired[Quote]
    promises: NotRequired[list[PromiseLine]]
    promises_note: NotRequired[str]
    pauses: NotRequired[list[Pause]]
    work: RepairWork
    parts: NotRequired[list[PartLine]]
    parts_note: NotRequired[str]
    parts_total: NotRequired[str]
    charges: NotRequired[list[ChargeLine]]
    charges_total: NotRequired[ChargeLine]
    photos: NotRequired[list[Photo]]  # in pairs, before and after
    photos_note: NotRequired[str]
    conduct: NotRequired[list[ConductLine]]
    opinion: NotRequired[OwnerOpinion]


class RevisitedProject(TypedDict):
    name: str
    owner: str
    papers: NotRequired[str]  # contract and warranty card
    scale: NotRequired[str]
    acceptance: NotRequired[str]  # accepted on, first warranty end
    since_last: NotRequired[str]


class Participant(TypedDict):
    name: str
    organisation: str
    position: str
    part: str


class Visit(TypedDict):
    kind: list[Choice]
    way: list[Choice]
    time: str
    weather: NotRequired[str]
    participants: NotRequired[list[Participant]]


class RunningLine(TypedDict):
    item: str
    checked: str
    normal: str
    abnormal: str
    verdict: Status
    note: str


class Reading(TypedDict):
    """One measurement. Its bar is drawn from three whole percentages of the width; without them, none."""

    item: str
    point: str
    limit: str
    value: str
    verdict: Status
    band_start: NotRequired[int]
    band_width: NotRequired[int]
    mark: NotRequired[int]


class FindingLine(TypedDict):
    kind: str  # 使用, 质量, 服务, 建议 (V-06)
    text: str
    action: str
    responsible: str
    due_on: str
    result: Status
    verified_at: NotRequired[str]


class SatisfactionLine(TypedDict):
    item: str
    answers: list[Choice]  # one box for each grade
    score: str


class Satisfaction(TypedDict):
    grades: list[str]
    lines: list[SatisfactionLine]
    note: NotRequired[str]


class Conclusion(TypedDict):
    text: str
    overall: NotRequired[list[Choice]]
    next_visit: NotRequired[str]


class RevisitReportData(PaperData):  # V-06, V-07
    project: RevisitedProject
    visit: Visit
    experience: NotRequired[str]  # what the owner's people told of living with the works (V-06)
    running: NotRequired[list[RunningLine]]
    readings: NotRequired[list[Reading]]
    readings_note: NotRequired[str]
    instruments: NotRequired[str]
    findings: NotRequired[list[FindingLine]]
    photos: NotRequired[list[Photo]]
    satisfaction: NotRequired[Satisfaction]
    conclusion: Conclusion


class EquipmentLabel(TypedDict):
    name: str
    asset_code: str
    project: str
    qr_text: str  # the address that the code opens


class LabelSheetData(TypedDict):
    """A4 sheets of 3 × 8 labels, 63.5 × 33.9 mm."""

    title: str
    company: str
    hotline: str
    labels: list[EquipmentLabel]
