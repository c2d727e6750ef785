"""Takes the pictures of the README from a running demo: `bin/panoh`'s Python, `docs/pictures/take.py http://127.0.0.1:8000`.

The demo is served without a second factor and its people are invented. Pictures are cut to one screen and reduced to 128
colours, so that each stays below 300 KB.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from panoh.demo.cast import PASSWORD

HERE = Path(__file__).parent
LARGEST = 300 * 1024


def main(address: str) -> None:
    chromium = os.environ.get("PANOH_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--headless", "--no-sandbox", "--disable-gpu"]
        )
        page = visitor(browser, address, "en")
        page.goto(address + "/welcome")
        keep(page, "welcome")

        page = visitor(browser, address, "en", "eligibility")
        open_case(page, address)
        keep(page, "case")

        page = visitor(browser, address, "prs", "eligibility")
        open_case(page, address)
        keep(page, "case-dari")

        page = visitor(browser, address, "en", "clerk")
        page.goto(address + "/households/register")
        keep(page, "register")

        page = visitor(browser, address, "prs", "clerk", width=390)
        page.goto(address + "/households/register")
        keep(page, "register-dari-phone")

        page = visitor(browser, address, "en", "supervisor")
        page.goto(address + "/duplicates")
        page.locator("main .card .button").first.click()
        keep(page, "duplicate")

        page = visitor(browser, address, "en", "register")
        page.goto(address + "/statistics")
        keep(page, "statistics")
        browser.close()


def visitor(browser: Browser, address: str, language: str, login: str | None = None, width: int = 1280) -> Page:
    """A new visitor who reads in a language, signed in if `login` names a member of the demo."""
    context = browser.new_context(viewport={"width": width, "height": 860})
    context.add_cookies([{"name": "language", "value": language, "url": address}])
    page = context.new_page()
    if login is not None:
        page.goto(address + "/account/login/")
        page.locator("input[name=login]").fill(login)
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("main form .button").first.click()
        page.wait_for_load_state()
    return page


def open_case(page: Page, address: str) -> None:
    page.goto(address + "/work")
    page.locator("main a[href*='/cases/']").first.click()
    page.wait_for_load_state()


def keep(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    image = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    target = HERE / f"{name}.png"
    image.quantize(128, dither=Image.Dither.NONE).save(target, optimize=True)
    size = target.stat().st_size
    if size > LARGEST:
        raise SystemExit(f"{target.name} has {size} bytes, more than {LARGEST}")
    sys.stdout.write(f"{target.name}: {size / 1024:.0f} KB\n")


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
