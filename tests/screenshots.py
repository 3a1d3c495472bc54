"""The README's pictures, made from the running app: `make screenshots`.

    python -m tests.screenshots [FOLDER]

Desk and phone, light and dark, on the sample report only. Needs Chromium and a Chinese font; the
pictures are reduced to few colours, so that the repository stays small.
"""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

from index.settings import load_settings
from index.store import Store
from tests.browser import CHROMIUM, DESK, FLAGS, PHONE, ROOT, Server, Tab, ready

SAMPLE = ROOT / "samples" / "yunhai-data-2024.pdf"
DIFFERENCE = "公务接待费决算比预算少了多少？"
COLOURS = 96


def answer(tab: Tab) -> None:
    tab.ask(DIFFERENCE)
    tab.page.locator(".rq-mark:not(.rq-other)").wait_for()


def calculation(tab: Tab) -> None:
    answer(tab)
    tab.page.click(".rq-calculation summary")
    tab.page.click("#rq-question textarea")


def contradiction(tab: Tab) -> None:
    tab.ask("“一网通办”平台升级改造项目的执行率是多少？")
    tab.page.locator(".rq-mark:not(.rq-other)").wait_for()


def figures(tab: Tab) -> None:
    open_tab(tab, 1)
    tab.page.fill("#rq-search textarea", "公务接待费")
    tab.page.locator("tr[data-row]", has_text="3.36").first.click()
    tab.page.locator(".rq-mark").wait_for()


def charts(tab: Tab) -> None:
    open_tab(tab, 2)
    tab.page.locator("#rq-charts .barlayer").nth(2).wait_for()
    tab.page.locator("#rq-charts a.rq-chip").first.click()
    tab.page.locator(".rq-mark").wait_for()


def open_tab(tab: Tab, number: int) -> None:
    tab.page.get_by_role("tab").nth(number).click()


# Name, size, light or dark, what is done first.
SHOTS: tuple[tuple[str, tuple[int, int], str, Callable[[Tab], None]], ...] = (
    ("desk-light", DESK, "light", calculation),
    ("desk-dark", DESK, "dark", contradiction),
    ("desk-figures", DESK, "light", figures),
    ("desk-charts", DESK, "dark", charts),
    ("phone-light", PHONE, "light", answer),
    ("phone-dark", PHONE, "dark", charts),
)


def take(browser: Any, server: Server, folder: Path) -> None:
    for name, size, scheme, act in SHOTS:
        tab = Tab(browser, server, size, phone=size == PHONE, scheme=scheme)
        ready(tab)
        act(tab)
        tab.page.wait_for_timeout(3000)  # what is scrolled and faded in comes to rest
        tab.page.evaluate("window.scrollTo(0, 0)")
        picture = Image.open(io.BytesIO(tab.page.screenshot())).convert("RGB")
        tab.close()
        small = picture.quantize(COLOURS, dither=Image.Dither.NONE)
        small.save(folder / f"page-{name}.png", optimize=True)


def main() -> int:
    parser = argparse.ArgumentParser(description="take the README's pictures of the page")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "samples")
    folder: Path = parser.parse_args().folder
    if not Path(CHROMIUM).exists():
        print(f"no {CHROMIUM}: apt-get install chromium fonts-noto-cjk", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        store = Store(load_settings(store=Path(name) / "built"))
        store.build(SAMPLE)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        server = Server(Path(name), store.folder)
        try:
            server.wait()
            take(browser, server, folder)
        finally:
            server.stop()
            browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
