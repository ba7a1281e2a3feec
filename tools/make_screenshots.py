"""Take the pictures of ``docs/screenshots`` from a running demo.

    python tools/make_screenshots.py ADDRESS DATA_DIR [NAME…]

DATA_DIR is the demo's data folder, where the three printed documents are read from.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
SHOTS = ROOT / "docs" / "screenshots"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
PASSWORD = "Demo-2026!"
#: (picture, who, window, address)
PAGES = [
    ("home-administrator", "admin", DESK, "/"),
    ("home-manager", "manager", DESK, "/"),
    ("home-customer-service", "service", DESK, "/"),
    ("home-technical-support", "support", DESK, "/"),
    ("home-project-manager", "he", DESK, "/"),
    ("home-engineer", "zhou", PHONE, "/"),
    ("home-quality", "quality", DESK, "/"),
    ("home-finance", "finance", DESK, "/"),
    ("home-storekeeper", "storekeeper", DESK, "/"),
    ("home-trainer", "trainer", DESK, "/"),
    ("home-auditor", "auditor", DESK, "/"),
    ("home-owner-admin", "lin", DESK, "/"),
    ("home-owner-member", "xu", PHONE, "/"),
    ("project", "admin", DESK, "/projects/1/"),
    ("tickets", "service", DESK, "/tickets/"),
    ("warranty-cards", "admin", DESK, "/warranties/"),
    ("promises", "service", DESK, "/service-levels/"),
    ("service-policy", "manager", DESK, "/service-levels/policies/3/"),
    ("work-calendar", "admin", DESK, "/calendars/"),
    ("complaints", "quality", DESK, "/complaints/"),
    ("training", "trainer", DESK, "/training/"),
]
PAPERS = {
    "repair_sheet": "paper-repair-sheet",
    "warranty_card": "paper-warranty-card",
    "revisit_report": "paper-revisit-report",
}


def signed_in(browser: Browser, address: str, person: str, window: dict[str, int]) -> Page:
    context = browser.new_context(viewport=window, locale="zh-CN", timezone_id="Asia/Shanghai", base_url=address)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto("/account/login/")
    page.fill("[name=login]", person)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/")
    return page


def take_pages(address: str, wanted: list[str]) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        for name, person, window, path in PAGES:
            if wanted and name not in wanted:
                continue
            page = signed_in(browser, address, person, window)
            page.goto(path)
            page.wait_for_timeout(800)
            page.screenshot(path=SHOTS / f"{name}.png")
            print(name)
        page = signed_in(browser, address, "service", DESK)
        page.goto("/service-levels/?level=2")
        page.goto(page.locator("main a[href*='/service-levels/clocks/']").last.get_attribute("href") or "/")
        page.wait_for_timeout(800)
        page.screenshot(path=SHOTS / "promise-clock.png")
        page = signed_in(browser, address, "zhou", PHONE)
        page.goto("/")
        page.locator("main a[href^='/tickets/orders/']").first.click()
        page.wait_for_timeout(800)
        page.screenshot(path=SHOTS / "order-phone.png")
        browser.close()


def take_papers(data: str) -> None:
    """Turn the first page of an issued document of each type into a picture."""
    os.environ |= {"DATA_DIR": data, "DJANGO_SETTINGS_MODULE": "config.settings.local"}
    sys.path.insert(0, str(ROOT))
    import django  # noqa: PLC0415  the environment comes first

    django.setup()
    from apps.documents.models import Document  # noqa: PLC0415

    for kind, name in PAPERS.items():
        issued = Document.objects.filter(type=kind, status="issued")
        document = issued.filter(unsigned={}).order_by("-issued_at").first()
        with tempfile.NamedTemporaryFile(suffix=".pdf") as file, document.pdf.open() as pdf:
            file.write(pdf.read())
            file.flush()
            subprocess.run(
                ["pdftoppm", "-r", "80", "-png", "-singlefile", "-f", "1", file.name, str(SHOTS / name)], check=True
            )
        print(name)


if __name__ == "__main__":
    SHOTS.mkdir(parents=True, exist_ok=True)
    take_pages(sys.argv[1], sys.argv[3:])
    take_papers(sys.argv[2])
