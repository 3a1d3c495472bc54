"""The page: ask on the left, see the cited page with its cell marked on the right.

Only wiring: what an answer looks like is in `qa.show`, what is kept open in `qa.desk`. Nothing
leaves the machine: no analytics, no sharing, no fonts from elsewhere.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

if __name__ != "__mp_main__":  # processes that read pages import this file and need none of it
    import gradio as gr

    from qa.desk import Desk, State

from index.errors import ReportIndexError
from index.settings import load_settings
from index.values import Report
from qa.errors import QaError
from qa.show import (
    answer_html,
    error_html,
    evidence_html,
    header_html,
    no_evidence_html,
    progress_html,
)
from qa.values import Answer, Citation

logger = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parent
SAMPLE = ROOT / "samples" / "yunhai-data-2024.pdf"
STYLE = ROOT / "prompts" / "page.css"
SCRIPT = ROOT / "prompts" / "page.js"

FONTS = ["system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif"]
WELCOME = "### 想知道什么，直接问\n答案里的每个数字都来自报告，并标出它在哪一页、哪一格。"
NO_EVIDENCE = "提问之后，这里会打开所引的那一页，并标出单元格。"
NOTHING_CITED = "这个回答没有可引的页面。"

# Questions to begin with, each with the words that must stand in the report for it to be offered.
EXAMPLES = (
    ("公务接待费花了多少钱？", "公务接待费"),
    ("“三公”经费决算比预算少了多少？", "公务接待费"),
    ("项目支出占本年支出的多少？", "项目支出"),
    ("机关运行经费比上年增加还是减少，为什么？", "机关运行经费"),
    ("政府采购支出总额是多少？", "政府采购"),
    ("哪个项目的预算执行率最低？", "执行率"),
)


@dataclass(frozen=True)
class Talk:
    """One visitor's dialogue: the report, the user's turns, the citations of every answer."""

    report: str = ""
    turns: tuple[str, ...] = ()
    cited: tuple[tuple[Citation, ...], ...] = ()
    turn: int = 0
    position: int = 0
    waiting: bool = False


Updates = tuple[Any, ...]


def build_page(desk: Desk) -> gr.Blocks:
    """The page over `desk`, with the named endpoint `ask`."""
    page: gr.Blocks = gr.Blocks(title="部门决算问答", fill_width=True)
    with page:
        talk_state = gr.State(Talk())
        with gr.Row(elem_id="rq-top", equal_height=False):
            header = gr.HTML(header_html(None), elem_id="rq-header")
            with gr.Row(elem_id="rq-choose", min_height=0):
                choice = gr.Dropdown(
                    [],
                    label="报告",
                    container=False,
                    interactive=True,
                    elem_id="rq-report",
                    scale=5,
                )
                upload = gr.UploadButton(
                    "上传 PDF", file_types=[".pdf"], size="md", elem_id="rq-upload", min_width=104
                )
        status = gr.HTML("", elem_id="rq-status", visible=False)
        with gr.Row(elem_id="rq-main", equal_height=False):
            with gr.Column(scale=6, min_width=340):
                chat = gr.Chatbot(
                    elem_id="rq-chat",
                    show_label=False,
                    height=None,
                    buttons=[],
                    layout="bubble",
                    placeholder=WELCOME,
                    latex_delimiters=[],
                    group_consecutive_messages=False,
                )
                with gr.Row(elem_id="rq-ask"):
                    question = gr.Textbox(
                        show_label=False,
                        container=False,
                        lines=1,
                        max_lines=4,
                        max_length=500,
                        placeholder="输入问题，可以接着追问",
                        submit_btn="提问",
                        autofocus=True,
                        elem_id="rq-question",
                        scale=8,
                    )
                    fresh = gr.Button(
                        "新对话", size="md", scale=0, min_width=88, elem_id="rq-fresh"
                    )
            with gr.Column(scale=5, min_width=340, elem_id="rq-side"):
                evidence = gr.HTML(
                    no_evidence_html(NO_EVIDENCE),
                    elem_id="rq-evidence",
                    js_on_load=SCRIPT.read_text("utf-8"),
                    apply_default_css=False,
                )
        timer = gr.Timer(0.7, active=True)

        def show(talk: Talk) -> str:
            """The evidence pane for the citation that `talk` points at."""
            cited = talk.cited[talk.turn] if talk.turn < len(talk.cited) else ()
            if not cited:
                return no_evidence_html(NOTHING_CITED if talk.cited else NO_EVIDENCE)
            citation = cited[talk.position]
            try:
                pictures = desk.pictures(talk.report, citation)
            except ReportIndexError as error:
                return no_evidence_html(str(error))
            return evidence_html(citation, talk.position, len(cited), *pictures)

        def open_report(report: str | None) -> Updates:
            """A fresh dialogue over `report`: dialogue, header, chat, pane."""
            talk = Talk(report or "")
            try:
                opened = desk.report(talk.report) if talk.report else None
            except (ReportIndexError, QaError) as error:
                gr.Warning(str(error), title="打不开这份报告")
                opened, talk = None, Talk()
            chat_update = gr.update(value=[], examples=_examples(opened))
            return talk, header_html(opened), chat_update, show(talk)

        fresh_outputs = [talk_state, header, chat, evidence]

        def tick(talk: Talk) -> Updates:
            """What the background says; opens the sample for a visitor who has chosen nothing."""
            state = desk.state
            notice = _notice(error_html(state.error) or _progress(state, "正在准备示例报告"))
            if state.report and not talk.report and not talk.waiting:
                choices = gr.update(choices=_choices(desk), value=state.report)
                return gr.update(active=False), notice, choices, *open_report(state.report)
            choices = gr.update(choices=_choices(desk)) if state.done else gr.skip()
            rest = [gr.skip()] * len(fresh_outputs)
            return gr.update(active=not state.done or talk.waiting), notice, choices, *rest

        tick_outputs = [timer, status, choice, *fresh_outputs]

        def converse(text: str, history: list[Any], talk: Talk) -> Iterator[Updates]:
            """The question at once, the answer and its first citation when they are there."""
            text = text.strip()
            same = gr.skip()
            if not text:
                yield "", history, talk, same, same, same
                return
            history = [*history, {"role": "user", "content": text}]
            waiting = "正在查找…" if talk.report else "报告还在读取，读完就回答…"
            pending = {"role": "assistant", "content": f'<p class="rq-waiting">{waiting}</p>'}
            talk = replace(talk, turn=len(talk.cited), position=0, waiting=True)
            yield "", [*history, pending], talk, same, same, same
            head, chosen = same, same
            try:
                if not talk.report:
                    talk = replace(talk, report=desk.wait(600).report)
                    head = header_html(desk.report(talk.report))
                    chosen = gr.update(choices=_choices(desk), value=talk.report)
                answer = desk.ask(text, talk.report, talk.turns)
            except (ReportIndexError, QaError) as error:
                failed = {"role": "assistant", "content": error_html(str(error))}
                talk = replace(talk, cited=(*talk.cited, ()), waiting=False)
                yield "", [*history, failed], talk, show(talk), head, chosen
                return
            talk = replace(
                talk,
                turns=(*talk.turns, text),
                cited=(*talk.cited, answer.citations),
                waiting=False,
            )
            yield "", [*history, _message(answer, talk.turn)], talk, show(talk), head, chosen

        ask_io: dict[str, Any] = {
            "inputs": [question, chat, talk_state],
            "outputs": [question, chat, talk_state, evidence, header, choice],
            "show_progress": "hidden",
            "api_visibility": "private",
        }

        def ask_chosen(history: list[Any], talk: Talk, event: gr.SelectData) -> Iterator[Updates]:
            """An example or one of the offered readings, asked as if typed."""
            value = event.value["text"] if isinstance(event.value, dict) else event.value
            yield from converse(str(value), history, talk)

        def select(talk: Talk, event: gr.EventData) -> Updates:
            """Another citation: one clicked in the chat, or the one before or after."""
            if event.step:
                count = len(talk.cited[talk.turn]) if talk.turn < len(talk.cited) else 0
                turn, position = talk.turn, (talk.position + event.step) % max(count, 1)
            else:
                turn, position = event.turn, event.position
            if turn >= len(talk.cited) or position >= len(talk.cited[turn]):
                return talk, gr.skip()
            talk = replace(talk, turn=turn, position=position)
            return talk, show(talk)

        def add(file: str) -> Iterator[Updates]:
            """Index an uploaded PDF and open it."""
            kept = [gr.skip()] * len(fresh_outputs)
            for state in desk.add_watched(Path(file)):
                if state.report:
                    chosen = gr.update(choices=_choices(desk), value=state.report)
                    yield _notice(""), chosen, *open_report(state.report)
                else:
                    html = error_html(state.error) or _progress(state, "正在读取上传的报告")
                    yield _notice(html), gr.skip(), *kept

        def ask(question: str, report: str = "") -> dict[str, Any]:
            """一个问题的答案（JSON，见 README）。report 是报告编号，留空为示例报告。"""
            try:
                return desk.ask(question, report).as_dict()
            except (ReportIndexError, QaError) as error:
                raise gr.Error(str(error), print_exception=False) from error

        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        page.load(tick, [talk_state], tick_outputs, **quiet)
        timer.tick(tick, [talk_state], tick_outputs, **quiet)
        question.submit(converse, **ask_io)
        for chosen in (chat.example_select, chat.option_select):
            chosen(ask_chosen, **{**ask_io, "inputs": [chat, talk_state]})
        choice.input(open_report, [choice], fresh_outputs, **quiet)
        fresh.click(lambda talk: open_report(talk.report), [talk_state], fresh_outputs, **quiet)
        evidence.select(select, [talk_state], [talk_state, evidence], **quiet)
        upload.upload(
            add,
            [upload],
            [status, choice, *fresh_outputs],
            **quiet,
        )
        gr.api(ask, api_name="ask")
    return page


def _message(answer: Answer, turn: int) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": answer_html(answer, turn)}
    if answer.choices:
        message["options"] = [{"value": choice} for choice in answer.choices]
    return message


def _progress(state: State, whose: str) -> str:
    return progress_html(f"{whose}：{state.text}" if state.text else "", state.fraction)


def _notice(html: str) -> dict[str, Any]:
    return gr.update(value=html, visible=bool(html))


def _choices(desk: Desk) -> list[tuple[str, str]]:
    try:
        return [(info.title or info.file, info.id) for info in desk.reports()]
    except ReportIndexError as error:
        logger.warning("the store cannot be listed: %s", error)
        return []


def _examples(report: Report | None) -> list[dict[str, str]]:
    """Questions that this report has words for."""
    if report is None:
        return []
    names = {name for figure in report.figures for name in (*figure.item, *figure.column)}
    text = "\n".join([*names, *(paragraph.text for paragraph in report.paragraphs)])
    return [{"text": question} for question, words in EXAMPLES if words in text]


def main() -> int:
    """Serve the page. GRADIO_SERVER_NAME and GRADIO_SERVER_PORT are Gradio's own variables."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        desk = Desk(load_settings())
    except ReportIndexError as error:
        print(error, file=sys.stderr)
        return 1
    desk.open_sample(SAMPLE)
    theme = gr.themes.Default(
        primary_hue="teal", neutral_hue="slate", font=FONTS, font_mono=["ui-monospace", "monospace"]
    )
    page = build_page(desk)
    page.queue(default_concurrency_limit=4)
    try:
        _, address, _ = page.launch(
            share=False,
            theme=theme,
            css_paths=STYLE,
            quiet=True,
            prevent_thread_lock=True,
            run_history=False,
            footer_links=["api", "settings"],
            ssr_mode=False,
            max_file_size="200mb",
        )
    except OSError as error:
        logger.warning("cannot listen: %s", error)
        print("端口被占用：请用 GRADIO_SERVER_PORT 换一个端口后重试。", file=sys.stderr)
        return 1
    print(f"页面已打开：{address}（按 Ctrl-C 结束）", file=sys.stderr, flush=True)
    page.block_thread()
    return 0


if __name__ == "__main__":
    sys.exit(main())
