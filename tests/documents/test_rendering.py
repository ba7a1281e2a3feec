"""The printed paper: what a reader, a scanner or a forger would notice first."""

import base64
import hashlib
import io
import os
import re
import subprocess
import sys
from typing import Any

import pypdf
import pytest
from PIL import Image

from apps.documents import rendering
from apps.documents.paper_data import EQUIPMENT_LABELS, REPAIR_SHEET, REVISIT_REPORT, WARRANTY_CARD

from . import samples
from .revisit_sample import revisit_report, revisit_signatures

SIGNATURES = re.compile(r'<section class="keep stay last">.*?</section>', re.DOTALL)
HEADING = re.compile(r"^(?:[一二三四五六七八九十]+、|附页[一二三]　)")


def pages_of(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def has_qr(page: pypdf.PageObject) -> bool:
    """Tell whether the code is drawn: nothing else on our paper is stroked in pure black."""
    content = page.get_contents()
    return content is not None and bool(re.search(rb"\b0 0 0 RG\b", content.get_data()))


def joined(text: str) -> str:
    """Return the text without white space: where lines break is the layout's affair."""
    return re.sub(r"\s", "", text)


def numerals_of(html: str) -> list[str]:
    return re.findall(r"<h2>([一二三四五六七八九十]+)、", html)


def card(**more: Any) -> str:
    return rendering.render_html(WARRANTY_CARD, samples.warranty_card(**more))


def sheet(**more: Any) -> str:
    return rendering.render_html(
        REPAIR_SHEET,
        samples.repair_sheet(**more),
        signatures=samples.repair_signatures(more.get("company", samples.COMPANY)),
        images=samples.IMAGES,
    )


def report() -> str:
    return rendering.render_html(
        REVISIT_REPORT, revisit_report(), signatures=revisit_signatures(), images=samples.IMAGES
    )


@pytest.fixture(scope="module")
def printed() -> dict[str, bytes]:
    return {
        name: rendering.render_pdf(html) for name, html in (("card", card()), ("sheet", sheet()), ("report", report()))
    }


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the list that every address the PDF engine really opens is added to, `data:` left out."""
    from weasyprint.urls import URLFetcher  # noqa: PLC0415

    addresses: list[str] = []
    original = URLFetcher.fetch

    def watch(self: URLFetcher, url: str, headers: dict[str, str] | None = None) -> Any:
        response = original(self, url, headers)
        if not url.startswith("data:"):
            addresses.append(url)
        return response

    monkeypatch.setattr(URLFetcher, "fetch", watch)
    return addresses


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "card",
            [
                samples.PROJECT,
                "凡设计、材料或施工造成的缺陷",
                "电缆、保护管、接地装置2年2026-06-282028-06-282年",
                "计算机病毒、未经许可接入网络",
                "到达现场24小时紧急8小时",
                "定点工程师滨江服务站王川、丁山138-0000-1612",
                "附页一承保设备清单",
            ],
        ),
        (
            "sheet",
            [
                samples.OWNER,
                "原因L2回路断路器下口端子压接不足",
                "绝缘电阻86MΩ（限值≥2）",
                "预防再发",
                "ZCL63-26-0019",
                "铜编织软连接35mm²",
                "2026-11-1820:54",
                "无费用[选]",
            ],
        ),
        (
            "report",
            ["例行[选]", "≤4.0", "5.2Ω", "超限", "1.7‰", "9℃", "建议", "主管审批同意[选]", "整改按期复测，结果报我。"],
        ),
    ],
)
def test_text_of_each_document_extracts(printed: dict[str, bytes], name: str, expected: list[str]) -> None:
    """W-05, R-11, V-06, V-07: what the rule prescribes is in the file as text, not as a picture of text."""
    text = joined("".join(pages_of(printed[name])))
    assert [part for part in expected if joined(part) not in text] == []


def test_same_page_gives_same_bytes(printed: dict[str, bytes]) -> None:
    """D-05: a reprint is the document that was issued."""
    assert sheet() == sheet()
    assert rendering.render_pdf(sheet()) == printed["sheet"]


def test_another_process_gives_same_bytes(printed: dict[str, bytes]) -> None:
    """D-05: neither hash seeds nor what was rendered before leave a trace."""
    program = (
        "import django, hashlib; django.setup()\n"
        "from tests.documents.test_rendering import rendering, sheet\n"
        "print(hashlib.sha256(rendering.render_pdf(sheet())).hexdigest())"
    )
    environment = os.environ | {"PYTHONHASHSEED": "7", "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    root = rendering.settings.BASE_DIR
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=root, env=environment, capture_output=True, text=True, check=True
    )
    assert run.stdout.split()[-1] == hashlib.sha256(printed["sheet"]).hexdigest()


def test_rendering_leaves_the_frozen_data_alone() -> None:
    """D-05: the data that is stored is the data that was rendered."""
    data = samples.repair_sheet()
    rendering.render_html(REPAIR_SHEET, data, signatures=samples.absent_signatures(), images=samples.IMAGES)
    assert data == samples.repair_sheet()


@pytest.mark.parametrize(
    "markup",
    [
        "<script>alert(1)</script>",
        "<img src=file:///etc/passwd>",
        '"><iframe src="http://169.254.169.254/latest/">',
        "</style><link rel=stylesheet href=http://evil.example/x.css>",
        "{% include 'base.html' %}{{ settings.SECRET_KEY }}",
        "<svg><image href='file:///etc/hostname'/></svg>",
    ],
)
def test_markup_in_a_text_field_is_printed_as_text(markup: str, fetched: list[str]) -> None:
    """D-05: what somebody typed never becomes a command to the PDF engine."""
    data = samples.short_repair_sheet()
    data["request"]["symptom"] = markup
    data["work"]["process"] = markup
    data["letterhead"]["company"] = markup
    data["issue"]["check_code"] = markup
    html = rendering.render_html(REPAIR_SHEET, data, mark=markup)
    assert markup not in html.replace(rendering._stylesheet(), "") or "<" not in markup
    text = joined("".join(pages_of(rendering.render_pdf(html))))
    assert text.count(joined(markup)) >= 2
    assert fetched == []


def test_engine_opens_nothing_but_own_fonts(fetched: list[str]) -> None:
    """D-05: even if markup got through, there is no file and no network behind it."""
    page = (
        "<img src='file:///etc/passwd'><img src='http://127.0.0.1:9/x.png'><img src='//evil.example/x.png'>"
        "<link rel=stylesheet href='../../config/settings/base.py'><img src='../css/paper.css'>"
        "<link rel=attachment href='file:///etc/passwd'><style>@import 'https://evil.example/x.css';"
        "@font-face { font-family: x; src: url('../fonts/OFL.txt') } body { font-family: x }</style>text"
    )
    pdf = rendering.render_pdf(page)
    assert fetched == []
    assert b"root:" not in pdf
    assert list(pypdf.PdfReader(io.BytesIO(pdf)).attachments) == []


def test_image_that_is_no_data_uri_is_refused() -> None:
    """D-05: a picture comes with the page or not at all."""
    for address in ("file:///etc/passwd", "http://example.com/x.png", "data:text/html;base64,AAAA"):
        with pytest.raises(ValueError, match="not a base64 data URI"):
            rendering.render_html(REPAIR_SHEET, samples.repair_sheet(), images={"photos/1.jpg": address})


def test_rare_characters_extract() -> None:
    """R-11: a name with a rare character is still that person's name."""
    data = samples.short_repair_sheet()
    data["request"]["requested_by"] = "㛃某、𠮷田、㙦下村、堃镕"
    text = joined("".join(pages_of(rendering.render_pdf(rendering.render_html(REPAIR_SHEET, data)))))
    assert "㛃某、𠮷田、㙦下村、堃镕" in text


def test_documents_use_our_fonts(printed: dict[str, bytes]) -> None:
    """D-05: the look of a document does not depend on the fonts of the machine."""
    for pdf in printed.values():
        fonts = {
            font.get_object()["/BaseFont"].split("+")[-1]
            for page in pypdf.PdfReader(io.BytesIO(pdf)).pages
            for font in page["/Resources"]["/Font"].values()
        }
        assert {name.replace("-", "").removesuffix("Bold") for name in fonts} == {"PortalSans"}


@pytest.fixture(scope="module")
def long_printed() -> dict[str, bytes]:
    """Return a card with more than five pages of equipment and a sheet with twelve photos, by number."""
    return {
        "BX-2026-000318": rendering.render_pdf(card(company=samples.LONG_COMPANY, equipment_lines=170)),
        "WX-2026-001207": rendering.render_pdf(sheet(company=samples.LONG_COMPANY, photo_count=12)),
    }


def test_long_documents_keep_their_frame(long_printed: dict[str, bytes]) -> None:
    """W-05, R-11: number, QR and page x of y on every page; no heading at a foot; signatures in company."""
    assert len(samples.LONG_COMPANY) >= 58
    for number, pdf in long_printed.items():
        reader = pypdf.PdfReader(io.BytesIO(pdf))
        for place, page in enumerate(reader.pages, start=1):
            text = page.extract_text()
            assert number in text.partition("校验码")[0]
            assert joined(f"第 {place} 页共 {len(reader.pages)} 页") in joined(text)
            assert has_qr(page)
            body = [line for line in text.splitlines() if line.strip() and "校验码" not in line]
            body = [line for line in body if not line.startswith(("核对 ", "第 "))]
            assert not HEADING.match(body[-1])
            if "、双方签字" in text:
                assert "业主意见" in text


def test_card_with_five_pages_of_equipment_has_them_all(long_printed: dict[str, bytes]) -> None:
    """W-05: what is covered is listed to the last line, under a repeated head."""
    pages = pages_of(long_printed["BX-2026-000318"])
    assert len([page for page in pages if "厂家质保至" in page]) >= 5
    assert len(re.findall(r"(?m)^170\b", "\n".join(pages))) == 1


def test_all_twelve_photos_are_printed(long_printed: dict[str, bytes]) -> None:
    """R-11: a photo is shown, or its empty frame says why not."""
    text = joined("".join(pages_of(long_printed["WX-2026-001207"])))
    assert [number for number in range(1, 7) if f"维修后{number}" not in text] == []
    html = rendering.render_html(REPAIR_SHEET, samples.repair_sheet(photo_count=2))
    assert html.count("未附照片") == 2


def test_sections_left_out_leave_no_gap() -> None:
    """R-11: a section without data is not printed, and the others are numbered one after the other."""
    whole = numerals_of(sheet())
    short = numerals_of(rendering.render_html(REPAIR_SHEET, samples.short_repair_sheet()))
    assert whole == ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一"]
    assert short == ["一", "二", "三", "四", "五"]
    assert numerals_of(report()) == ["一", "二", "三", "四", "五", "六", "七", "八"]


def test_signatures_add_themselves_and_change_nothing_else() -> None:
    """D-05: what was shown to the signer is what stands above the signature."""
    for template, data, blocks in (
        (REPAIR_SHEET, samples.repair_sheet(), samples.repair_signatures()),
        (REVISIT_REPORT, revisit_report(), revisit_signatures()),
    ):
        unsigned = rendering.render_html(template, data, images=samples.IMAGES)
        signed = rendering.render_html(template, data, signatures=blocks, images=samples.IMAGES)
        assert not SIGNATURES.search(unsigned)
        assert joined(SIGNATURES.sub("", signed, count=1)) == joined(unsigned)


def test_absent_owner_is_stated_with_reason_and_photo() -> None:
    """R-11: nobody signed, so the reason, the witness and a photo stand in the signature's place."""
    html = rendering.render_html(
        REPAIR_SHEET,
        samples.short_repair_sheet(),
        signatures=samples.absent_signatures(),
        images=samples.IMAGES,
    )
    signing = SIGNATURES.search(html)
    assert signing
    for part in ("无人签字", "现场无人，电话告知林平", "门卫 赵工", samples.IMAGES["photos/1.jpg"]):
        assert part in signing.group()


def test_mark_is_printed_on_every_page() -> None:
    """D-05: no page of a void document can be passed off as valid."""
    html = rendering.render_html(REPAIR_SHEET, samples.repair_sheet(), images=samples.IMAGES, mark="作废")
    pages = pages_of(rendering.render_pdf(html))
    assert len(pages) > 1
    assert all("作废" in page for page in pages)


def test_preview_carries_neither_number_nor_seal() -> None:
    """W-05: a card that was not issued cannot be mistaken for one that was."""
    data = samples.warranty_card()
    data["issue"] = {
        "number": "", "version": 0, "issued_at": "", "check_code": "", "verify_url": "", "token": ""
    }  # fmt: skip
    html = rendering.render_html(WARRANTY_CARD, data, mark="草稿")
    assert 'class="seal"' not in html
    assert "验真二维码" not in html
    assert 'data-issue="未签发"' in html
    assert not any(map(has_qr, pypdf.PdfReader(io.BytesIO(rendering.render_pdf(html))).pages))


def test_page_carries_no_script_no_inline_style_and_no_address() -> None:
    """D-05: the page can be shown under the strictest content policy, and looks the same without a network."""
    for html in (card(), sheet(), report()):
        outside = html.replace(rendering._stylesheet(), "")
        assert not re.search(r"<script|\sstyle=|\son\w+=", outside)
        assert all(source.startswith("data:image/") for source in re.findall(r'src="([^"]*)"', outside))


def test_label_sheet_holds_24_to_a_page() -> None:
    """R-01: a label leads whoever stands before the equipment to its request form."""
    labels = [
        {
            "name": "照明配电箱",
            "asset_code": f"PDX-{n}",
            "project": samples.PROJECT,
            "qr_text": f"https://x.example/e/{n}",
        }
        for n in range(29)
    ]
    data = {"title": "设备标签", "company": samples.COMPANY}
    data |= {"hotline": "400-000-1621", "labels": labels}
    pages = pages_of(rendering.render_pdf(rendering.render_html(EQUIPMENT_LABELS, data)))
    assert [page.count("PDX-") for page in pages] == [24, 5]


def test_merged_pdf_holds_all_pages_in_order(printed: dict[str, bytes]) -> None:
    """W-05: a batch is printed in one go."""
    merged = rendering.merge_pdfs([printed["card"], printed["sheet"]])
    assert pages_of(merged) == pages_of(printed["card"]) + pages_of(printed["sheet"])
    with pytest.raises(ValueError, match="no document"):
        rendering.merge_pdfs([])


def test_check_code_is_the_start_of_the_hash() -> None:
    """D-05: anybody can recompute the code in the footer."""
    assert rendering.check_code("保修卡") == rendering.check_code("保修卡".encode())
    assert re.fullmatch(r"[0-9a-f]{4}(-[0-9a-f]{4}){2}", rendering.check_code("保修卡"))


def test_seal_is_outlines_and_takes_rare_and_long_names() -> None:
    """W-05: the seal needs no font where it is read; a name with a character no font has is refused."""
    for company in (samples.COMPANY, samples.LONG_COMPANY, "㙦下村堃建设有限公司"):
        svg = base64.b64decode(rendering.seal_data_uri(company).partition(",")[2]).decode()
        assert "<text" not in svg
        assert rendering.seal_data_uri(company) == rendering.seal_data_uri(company)
    with pytest.raises(LookupError):
        rendering.seal_data_uri("江州\ue000公司")


def test_photo_is_shrunk_and_loses_its_metadata() -> None:
    """D-04: a photo on paper does not carry the coordinates of somebody's home."""
    original = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010F] = "phone"
    Image.new("RGB", (3000, 2000), "#336699").save(original, "JPEG", exif=exif)
    small = Image.open(io.BytesIO(base64.b64decode(rendering.photo_data_uri(original.getvalue()).partition(",")[2])))
    assert small.size == (333, 500)
    assert not small.getexif()


def test_web_processes_never_load_the_pdf_engine() -> None:
    """D-05: rendering HTML for a signer needs no PDF engine."""
    program = (
        "import django, sys; django.setup()\n"
        "from tests.documents import samples\n"
        "from apps.documents import rendering\n"
        "rendering.render_html('documents/repair_sheet.html', samples.repair_sheet())\n"
        "print('weasyprint' in sys.modules)"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings.test"}
    run = subprocess.run(
        [sys.executable, "-c", program],
        cwd=rendering.settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.split()[-1] == "False"
