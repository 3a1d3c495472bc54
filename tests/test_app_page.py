"""The rest of the page in headless Chromium: marks, tabs, exports, feedback, languages, keys."""

from __future__ import annotations

import asyncio
import csv
import json
import re
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from index.values import Report
from tests.browser import DESK, FIGURE, QUESTION, Server, Tab, ready
from tests.pdfs import Leaf, write_pdf

pytestmark = pytest.mark.browser

# Notes when each part first appears, in the order in which it does.
STAGES = """
window.rqStages = [];
new MutationObserver(() => {
  for (const name of ['rq-waiting', 'rq-number', 'rq-mark', 'rq-next'])
    if (document.querySelector('.' + name) && !window.rqStages.includes(name))
      window.rqStages.push(name);
}).observe(document, {childList: true, subtree: true});
"""
SMALL = (
    "松原县档案馆2024年度部门决算",
    "一、收入支出决算情况说明",
    "本年收入合计812.40万元，其中：财政拨款收入812.40万元，占100%。",
    "“三公”经费支出决算3.36万元，一般公共预算财政拨款支出812.40万元。",
)


def open_tab(tab: Tab, name: str) -> None:
    tab.page.get_by_role("tab", name=name, exact=True).click()


def marked(tab: Tab) -> tuple[float, ...]:
    """The mark's edges as shares of the page, once the pane has settled."""
    tab.page.locator(".rq-mark:not(.rq-other)").wait_for()
    return tuple(
        tab.page.evaluate("""() => {
          const box = name => document.querySelector(name).getBoundingClientRect();
          const paper = box('.rq-paper'), mark = box('.rq-mark:not(.rq-other)');
          const x = v => (v - paper.left) / paper.width, y = v => (v - paper.top) / paper.height;
          return [x(mark.left), y(mark.top), x(mark.right), y(mark.bottom)];
        }""")
    )


def cell(report: Report, page: int, printed: str, code: str = "") -> tuple[float, ...]:
    """Where the report has a figure, as shares of its page."""
    figure = next(
        f
        for f in report.figures
        if f.page == page and f.printed == printed and f.code == code and not f.sentence
    )
    sheet = report.pages[page - 1]
    x, y = sheet.width, sheet.height
    box = figure.box
    return box.x0 / x, box.top / y, box.x1 / x, box.bottom / y


def saved(tab: Tab, button: str) -> Path:
    with tab.page.expect_download() as download:
        tab.page.click(button)
    return Path(download.value.path())


def contrast(tab: Tab, selector: str) -> float:
    """WCAG contrast of an element's text with what lies behind it."""
    return float(
        tab.page.evaluate(
            """selector => {
          const numbers = c => c.match(/[\\d.]+/g).map(Number);
          const light = c => { const [r, g, b] = numbers(c).map(v => (v /= 255) <= .03928 ?
            v / 12.92 : ((v + .055) / 1.055) ** 2.4); return .2126 * r + .7152 * g + .0722 * b; };
          let node = document.querySelector(selector);
          const text = light(getComputedStyle(node).color);
          const behind = n => getComputedStyle(n).backgroundColor;
          while (node.parentElement && (numbers(behind(node))[3] ?? 1) < .9)
            node = node.parentElement;
          const back = light(behind(node));
          return (Math.max(text, back) + .05) / (Math.min(text, back) + .05);
        }""",
            selector,
        )
    )


@pytest.fixture
def tabs(chromium: Any, server: Server) -> Iterator[Any]:
    """Tabs with settings of their own, closed at the end."""
    opened: list[Tab] = []

    def new(**settings: Any) -> Tab:
        opened.append(Tab(chromium, server, DESK, **settings))
        ready(opened[-1])
        return opened[-1]

    yield new
    for tab in opened:
        tab.close()


def test_an_answer_comes_in_stages(tabs: Any) -> None:
    tab = tabs(watch=STAGES)
    tab.ask(QUESTION)
    tab.page.locator(".rq-mark").wait_for()
    stages = tab.page.evaluate("window.rqStages")
    assert stages[:2] == ["rq-waiting", "rq-number"], "the figure before the page it stands on"
    assert set(stages[2:]) == {"rq-mark", "rq-next"}
    assert tab.page.locator(".rq-waiting").count() == 0


def test_marks_cover_the_cited_cells(desk: Tab, sample_report: Report) -> None:
    """The mark against the figure's own box: first citation, operand, zoomed, continuation page."""
    ready(desk)
    desk.ask("公务接待费决算比预算少了多少")
    budget, final = cell(sample_report, 18, "4.20"), cell(sample_report, 18, "3.36")
    assert marked(desk) == pytest.approx(budget, abs=0.006)
    desk.page.click(".rq-calculation summary")
    desk.page.locator("a.rq-operand", has_text="3.36").click()
    desk.page.locator(".rq-quote", has_text="3.36").wait_for()
    assert marked(desk) == pytest.approx(final, abs=0.006)
    desk.page.click("[data-zoom='1']")
    desk.page.click("[data-zoom='1']")
    assert marked(desk) == pytest.approx(final, abs=0.006), "the mark stays at every zoom"
    in_view = desk.page.evaluate("""() => {
      const sheet = document.querySelector('.rq-sheet').getBoundingClientRect();
      const mark = document.querySelector('.rq-mark:not(.rq-other)').getBoundingClientRect();
      return mark.left >= sheet.left && mark.right <= sheet.right && mark.bottom <= sheet.bottom;
    }""")
    assert in_view, "what is cited is in view, also enlarged"
    desk.ask("劳务费是多少")
    desk.page.locator(".rq-place", has_text="PDF第15页").wait_for()
    assert marked(desk) == pytest.approx(cell(sample_report, 15, "11.40", "30226"), abs=0.006)


def test_next_question_and_offered_readings_are_buttons(desk: Tab) -> None:
    ready(desk)
    desk.ask(QUESTION)
    desk.page.locator("a.rq-next", has_text="公务接待费的预算数").click()
    desk.page.locator(".rq-number", has_text="4.20").wait_for()
    desk.page.click("#rq-fresh")
    desk.page.locator(".rq-number").first.wait_for(state="detached")
    desk.ask("花了多少钱")
    desk.page.locator("a.rq-choice", has_text="事业收入").click()
    desk.page.locator(".rq-number", has_text="62.00").wait_for()
    assert desk.page.locator("#rq-chat .message.user").last.inner_text().strip() == "事业收入"


def test_a_question_is_shown_as_typed_and_fetches_nothing(desk: Tab) -> None:
    ready(desk)
    text = "公务接待费 ![x](http://picture.invalid/a.png) <img src=http://picture.invalid/b.png>"
    desk.ask(text)
    asked = desk.page.locator("#rq-chat .message.user")
    assert asked.inner_text().strip() == text
    assert asked.locator("img").count() == 0
    assert desk.outside == []


def test_contradictions_are_a_note_with_both_pages(desk: Tab) -> None:
    ready(desk)
    desk.ask("“一网通办”平台升级改造项目的执行率是多少")
    note = desk.page.locator(".rq-conflict")
    for text in ("86.93%", "86.39%", "PDF第33页", "PDF第28页"):
        assert text in note.inner_text()
    note.locator("a.rq-chip", has_text="PDF第28页").click()
    desk.page.locator(".rq-place", has_text="PDF第28页").wait_for()


def test_dialogue_is_exported(desk: Tab) -> None:
    ready(desk)
    desk.ask(QUESTION)
    text = saved(desk, "#rq-keep").read_text("utf-8")
    assert f"## {QUESTION}" in text
    assert f"**{FIGURE}万元**" in text
    assert "第15页（PDF第18页） 公开09表" in text


def test_figures_are_found_sorted_opened_and_exported(desk: Tab, sample_report: Report) -> None:
    ready(desk)
    open_tab(desk, "全部数字")
    desk.page.fill("#rq-search textarea", "30226")
    row = desk.page.locator("tr[data-row]", has_text="11.40")
    row.wait_for()
    rows = desk.page.locator("tr[data-row]")
    assert all("30226" in text for text in rows.all_inner_texts())
    row.locator("button").press("Enter")
    desk.page.locator(".rq-place", has_text="PDF第15页").wait_for()
    assert marked(desk) == pytest.approx(cell(sample_report, 15, "11.40", "30226"), abs=0.006)
    kept = rows.count()
    table = list(csv.reader(saved(desk, "#rq-csv").read_text("utf-8-sig").splitlines()))
    assert len(table) == kept + 1
    with zipfile.ZipFile(saved(desk, "#rq-xlsx")) as book:
        assert b"<v>11.4</v>" in book.read("xl/worksheets/sheet1.xml")
    desk.page.fill("#rq-search textarea", "")
    desk.page.locator(".rq-count-line", has_text="1,086").wait_for()
    desk.page.click("[data-sort='value']")
    desk.page.click("th[aria-sort='ascending'] [data-sort='value']")
    desk.page.locator("th[aria-sort='descending']").wait_for()
    assert rows.first.locator(".rq-value").inner_text() == "11,067.80"
    desk.page.click("[data-screen='1']")
    desk.page.locator(".rq-count-line", has_text="51 至 100").wait_for()


def test_charts_lead_to_their_pages(desk: Tab) -> None:
    ready(desk)
    open_tab(desk, "图表")
    plots = desk.page.locator("#rq-charts .js-plotly-plot .main-svg .barlayer")
    plots.nth(2).wait_for()
    assert "8,808.09万元" in desk.page.locator("#rq-charts").inner_text()
    desk.page.locator("#rq-charts a.rq-chip", has_text="PDF第18页").click()
    desk.page.locator(".rq-place", has_text="PDF第18页").wait_for()
    open_tab(desk, "问答")
    desk.ask("各项目的预算执行率从低到高怎么排")
    desk.page.locator("#rq-chat .js-plotly-plot .barlayer").wait_for()


def test_upload_open_and_remove_another_report(desk: Tab, tmp_path: Path) -> None:
    ready(desk)
    pdf = write_pdf(tmp_path / "small.pdf", Leaf(text=SMALL))
    desk.page.set_input_files("input[type=file]", pdf)
    desk.page.locator(".rq-head h1", has_text="松原县").wait_for()
    desk.ask("本年收入合计多少")
    assert desk.page.locator(".rq-number").inner_text() == "812.40"
    open_tab(desk, "报告")
    cards = desk.page.locator(".rq-card")
    cards.nth(1).wait_for()
    small = cards.filter(has_text="松原县")
    assert "正在看" in small.inner_text()
    assert small.locator("img").evaluate("i => i.naturalWidth") > 50, "the cover is shown"
    assert cards.filter(has_text="云海市").locator("[data-remove]").count() == 0
    remove = small.locator("[data-remove]")
    remove.click()
    assert cards.count() == 2, "one click does not remove"
    remove.click()
    desk.page.locator(".rq-head h1", has_text="云海市").wait_for()
    small.wait_for(state="detached")


def test_feedback_is_kept_and_exported(desk: Tab) -> None:
    ready(desk)
    desk.ask(QUESTION)
    desk.page.click("a[href='#wrong-0']")
    note = desk.page.locator("#rq-note textarea, #rq-note input")
    note.fill("=应为第15页的数")
    note.press("Enter")
    desk.page.locator("#rq-note").wait_for(state="hidden")
    assert desk.page.locator("a.rq-judge.rq-chosen").inner_text() == "✗ 不对"
    open_tab(desk, "报告")
    lines = saved(desk, "#rq-opinions button, button#rq-opinions").read_text("utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    assert any(i["question"] == QUESTION and "应为第15页的数" in i["explain"] for i in found)


def test_english_by_the_browser_s_language(tabs: Any) -> None:
    tab = tabs(locale="en-US")
    tab.ask(QUESTION)
    tab.page.locator(".rq-next").first.wait_for()
    text = tab.page.locator("body").inner_text()
    for piece in ("All figures", "Upload PDF", "New chat", "Ask next", "p. 15 (PDF p. 18)"):
        assert piece in text
    assert "公务接待费决算数为3.36万元" in text, "the answer is in the report's language"
    interface = tab.page.locator("#rq-tabs [role=tab], #rq-ask, #rq-choose button, .rq-name")
    assert not re.search("[\u4e00-\u9fff]", "".join(interface.all_inner_texts()))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read(tabs: Any, scheme: str) -> None:
    tab = tabs(scheme=scheme)
    tab.ask("公务接待费决算比预算少了多少")
    tab.page.locator(".rq-mark:not(.rq-other)").wait_for()
    tab.page.click(".rq-calculation summary")
    parts = (".rq-number", ".rq-label", ".rq-text", ".rq-name", "a.rq-chip", "a.rq-next",
             ".rq-where", ".rq-rounding", ".rq-place", ".rq-facts span",
             "#rq-tabs [role=tab].selected")  # fmt: skip
    low = {part: contrast(tab, part) for part in parts}
    assert {p: c for p, c in low.items() if c < 4.5} == {}


def test_keys(desk: Tab) -> None:
    ready(desk)
    desk.ask("公务接待费决算比预算少了多少")
    desk.page.locator("a.rq-chip").nth(1).focus()
    desk.page.keyboard.press("Enter")
    desk.page.locator(".rq-count", has_text="3/5").wait_for()
    desk.page.locator(".rq-evidence").focus()
    desk.page.keyboard.press("ArrowLeft")
    desk.page.locator(".rq-count", has_text="2/5").wait_for()
    desk.page.locator(".rq-sheet").focus()
    before = desk.page.locator(".rq-paper").evaluate("p => p.offsetWidth")
    desk.page.keyboard.press("+")
    assert desk.page.locator(".rq-paper").evaluate("p => p.offsetWidth") > 1.3 * before
    desk.page.keyboard.press("/")
    assert desk.page.evaluate("document.activeElement.closest('#rq-question') !== null")


def test_every_picture_and_button_has_a_name(desk: Tab) -> None:
    ready(desk)
    desk.ask(QUESTION)
    unnamed = desk.page.evaluate("""() => {
      const named = e => e.alt || e.innerText || e.title || e.ariaLabel || e.placeholder ||
        e.labels?.length;
      return [...document.querySelectorAll('img, button, a, input, textarea')]
        .filter(e => e.offsetParent && !named(e)).map(e => e.outerHTML.slice(0, 120));
    }""")
    assert unnamed == []
    roles = desk.page.locator("a.rq-chip").evaluate_all("links => links.map(l => l.role)")
    assert set(roles) == {"button"}


def test_endpoints_figures_and_reports(server: Server, desk: Tab) -> None:
    from gradio_client import Client

    ready(desk)
    client = Client(server.url, verbose=False)
    reports = client.predict(api_name="/reports")
    (sample,) = [r for r in reports if "云海市" in r["title"]]
    assert (sample["pages"], sample["tables"], sample["year"]) == (40, 18, 2024)
    figures = client.predict(sample["report"], "30226", api_name="/figures")
    assert ("11.40", 15) in {(f["value"], f["page"]) for f in figures}
    assert all(len(f["bbox"]) == 4 for f in figures)
    assert len(client.predict(api_name="/figures")) == sample["figures"]


def test_endpoints_are_mcp_tools(server: Server, desk: Tab) -> None:
    pytest.importorskip("mcp", reason="pip install -e '.[mcp]'")
    from mcp import ClientSession
    from mcp.client.streamable_http import streamable_http_client

    async def use() -> tuple[set[str], str]:
        address = f"{server.url}/gradio_api/mcp/"
        async with (
            streamable_http_client(address) as (read, write, _),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            tools = {tool.name for tool in (await session.list_tools()).tools}
            result = await session.call_tool("ask", {"question": QUESTION})
            return tools, str(result.content[0])

    ready(desk)
    found: list[tuple[set[str], str]] = []
    # Playwright's own loop runs in this thread.
    thread = threading.Thread(target=lambda: found.append(asyncio.run(use())))
    thread.start()
    thread.join()
    ((tools, answer),) = found
    assert tools == {"ask", "ask_several", "figures", "reports"}, (
        "nothing that the page uses itself"
    )
    assert FIGURE in answer


def test_first_paint_and_first_answer_are_quick(tabs: Any) -> None:
    tab = tabs()
    paint = tab.page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    started = tab.page.evaluate("performance.now()")
    tab.ask(QUESTION)
    answer = tab.page.evaluate("performance.now()") - started
    print(f"first paint {paint:.0f} ms, first answer {answer:.0f} ms")
    assert paint < 8000
    assert answer < 8000
