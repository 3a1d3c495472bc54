"""The page: ask on the left, see the cited page with its cell marked on the right.

Only wiring: what is shown comes from `qa.views`, what is kept open from `qa.desk`. Nothing leaves
the machine: no analytics, no sharing, no fonts from elsewhere.
"""

from __future__ import annotations

import functools
import importlib.util
import logging
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace as Ui
from typing import Any, Literal

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

if __name__ != "__mp_main__":  # processes that read pages import this file and need none of it
    import gradio as gr

    from qa import api
    from qa.browse import Query
    from qa.chart import draw, sources
    from qa.desk import Desk, State
    from qa.files import Files
    from qa.panes import chart_html, error_html, header_html, no_evidence_html, progress_html
    from qa.serve.launch import open_doors, set_up_logs
    from qa.serve.sessions import keep_few_sessions
    from qa.several.limits import load_limits
    from qa.show import question_html
    from qa.talk import Talk
    from qa.views import REPORT_CHARTS, Views
    from qa.words import CHINESE, translations, words_for

from index.errors import ReportIndexError
from index.settings import load_settings
from qa.errors import QaError

logger = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parent
SAMPLE = ROOT / "samples" / "yunhai-data-2024.pdf"
STYLE = ROOT / "prompts" / "page.css"
SCRIPT = ROOT / "prompts" / "page.js"
FONTS = ["system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif"]
FAILURES = (ReportIndexError, QaError)
QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}

# The theme's own grey is too faint to read: these are at least 4.5 to 1 on their backgrounds.
QUIET_TEXT = {
    "body_text_color_subdued": "#55657c",
    "body_text_color_subdued_dark": "#a3b3c9",
    "input_placeholder_color": "#64748b",
    "input_placeholder_color_dark": "#94a3b8",
}

# Gradio's link to the file is followed as soon as the file is there.
DOWNLOAD = "() => setTimeout(() => document.querySelector('#rq-download')?.click(), 300)"

Updates = tuple[Any, ...]


def build_page(desk: Desk) -> tuple[gr.Blocks, gr.I18n]:
    """The page over `desk` with the endpoints `ask`, `figures`, `reports`; and its languages."""
    i18n = gr.I18n(**translations())
    page: gr.Blocks = gr.Blocks(title=CHINESE("brand"), fill_width=True, delete_cache=(3600, 3600))
    with page:
        ui, views, files = _layout(i18n), Views(desk), Files(desk)
        _wire_reports(page, ui, desk, views)
        _wire_chat(ui, desk, views, files)
        _wire_figures(ui, views)
        _wire_files(ui, files)
        for endpoint in api.endpoints(desk):
            gr.api(_told(endpoint), api_name=endpoint.__name__)
    return page, i18n


# -- layout ----------------------------------------------------------------------------------------


def _layout(i18n: Any) -> Ui:
    """Head, tabs on the left, evidence on the right; gives the components by name."""
    ui = Ui(talk=gr.State(Talk()), query=gr.State(Query()), tab=gr.State("chat"))
    with gr.Row(elem_id="rq-top", equal_height=False):
        ui.header = gr.HTML(header_html(None), elem_id="rq-header")
        with gr.Row(elem_id="rq-choose", min_height=0):
            ui.choice = gr.Dropdown(
                [],
                label=i18n("report"),
                container=False,
                interactive=True,
                elem_id="rq-report",
                scale=5,
            )
            ui.upload = gr.UploadButton(
                i18n("upload"), file_types=[".pdf"], size="md", elem_id="rq-upload", min_width=104
            )
    # Apart, so that a tick of the one does not wipe what the other says.
    ui.starting = gr.HTML("", elem_id="rq-starting", visible=False)
    ui.status = gr.HTML("", elem_id="rq-status", visible=False)
    with gr.Row(elem_id="rq-main", equal_height=False):
        with gr.Column(scale=6, min_width=340), gr.Tabs(elem_id="rq-tabs") as ui.tabs:
            with gr.Tab(i18n("tab_chat"), id="chat"):
                _chat_tab(ui, i18n)
            with gr.Tab(i18n("tab_figures"), id="figures"):
                _figures_tab(ui, i18n)
            with gr.Tab(i18n("tab_charts"), id="charts"), gr.Column(elem_id="rq-charts"):
                ui.no_chart = gr.HTML("", visible=False)
                ui.plots, ui.captions = [], []
                for _ in range(REPORT_CHARTS):
                    ui.captions.append(gr.HTML("", visible=False))
                    ui.plots.append(gr.Plot(show_label=False, container=False, visible=False))
            with gr.Tab(i18n("tab_checks"), id="checks"):
                ui.checks = gr.HTML("", elem_id="rq-checks")
            with gr.Tab(i18n("tab_reports"), id="reports"):
                ui.several = gr.Dropdown(
                    [],
                    label=i18n("several"),
                    info=i18n("several_hint"),
                    multiselect=True,
                    interactive=True,
                    elem_id="rq-several",
                )
                ui.cards = gr.HTML("", elem_id="rq-reports")
                ui.opinions = gr.Button(i18n("feedback_export"), size="sm", elem_id="rq-opinions")
        with gr.Column(scale=5, min_width=340, elem_id="rq-side"):
            ui.evidence = gr.HTML(
                no_evidence_html(CHINESE("no_evidence")),
                elem_id="rq-evidence",
                js_on_load=SCRIPT.read_text("utf-8"),
                apply_default_css=False,
            )
    ui.download = gr.DownloadButton("", visible="hidden", elem_id="rq-download")
    ui.timer = gr.Timer(0.7, active=True)
    return ui


def _chat_tab(ui: Ui, i18n: Any) -> None:
    ui.chat = gr.Chatbot(
        elem_id="rq-chat",
        label=i18n("chat_name"),
        show_label=False,
        height=None,
        buttons=[],
        layout="bubble",
        placeholder=i18n("welcome"),
        latex_delimiters=[],
        autoscroll=False,
        group_consecutive_messages=False,
    )
    with gr.Row(elem_id="rq-note", visible=False) as ui.note_row:
        ui.note = gr.Textbox(
            label=i18n("feedback_note"),
            placeholder=i18n("feedback_hint"),
            max_length=500,
            lines=1,
            scale=8,
        )
        ui.send = _button(i18n("feedback_send"), "rq-send", size="sm")
        ui.close = _button(i18n("feedback_close"), "rq-close", size="sm")
        ui.opinion = gr.State(0)
    ui.scope = gr.HTML("", elem_id="rq-scope", visible=False)
    with gr.Row(elem_id="rq-ask"):
        ui.question = gr.Textbox(
            label=i18n("question"),
            show_label=False,
            container=False,
            lines=1,
            max_lines=4,
            max_length=500,
            placeholder=i18n("question_hint"),
            submit_btn=i18n("ask"),
            autofocus=True,
            elem_id="rq-question",
            scale=8,
        )
        ui.fresh = _button(i18n("new_talk"), "rq-fresh")
        ui.keep = _button(i18n("export_talk"), "rq-keep")


def _figures_tab(ui: Ui, i18n: Any) -> None:
    with gr.Row(elem_id="rq-filter", equal_height=True):
        ui.search = gr.Textbox(
            label=i18n("search"), placeholder=i18n("search_hint"), elem_id="rq-search", scale=4
        )
        ui.table = gr.Dropdown(
            [], label=i18n("table"), interactive=True, elem_id="rq-table", scale=4
        )
        ui.csv = _button(i18n("export_csv"), "rq-csv", size="sm")
        ui.xlsx = _button(i18n("export_xlsx"), "rq-xlsx", size="sm")
    ui.figures = gr.HTML("", elem_id="rq-figures", apply_default_css=False)


def _button(label: Any, name: str, size: Literal["sm", "md"] = "md") -> gr.Button:
    return gr.Button(label, size=size, scale=0, min_width=84, elem_id=name)


# -- reports: open, upload, remove -----------------------------------------------------------------


def _wire_reports(page: gr.Blocks, ui: Ui, desk: Desk, views: Views) -> None:
    """Opening, uploading and removing; and what every tab shows of the report that is open."""
    opened = [ui.talk, ui.query, ui.header, ui.choice, ui.chat, ui.evidence, ui.note_row]
    opened += [ui.search, ui.table, ui.figures, ui.scope]
    filled = [ui.cards, ui.several, ui.checks, ui.no_chart, *ui.captions, *ui.plots]
    fill_inputs = [ui.talk, ui.tab]

    def open_report(report: str, talk: Talk) -> Updates:
        """A fresh dialogue over `report`."""
        fresh = Talk(report or "", talk.words, several=talk.several)
        try:
            head, starts = views.head(fresh), desk.starts(report) if report else ()
        except FAILURES as error:
            gr.Warning(str(error), title=talk.words("cannot_open"))
            fresh, starts = Talk(words=talk.words), ()
            head = views.head(fresh)
        return (
            fresh,
            Query(),
            head,
            gr.update(choices=views.choices(), value=fresh.report or None),
            gr.update(value=[], examples=[{"text": question} for question in starts]),
            views.pane(fresh),
            gr.update(visible=False),
            "",
            gr.update(choices=views.tables(fresh), value=""),
            views.figures(fresh, Query()),
            _if_any(views.scope(fresh)),
        )

    def unopened(choice: Any) -> Updates:
        """Nothing opened; only the reports to choose from may have changed."""
        return tuple(choice if part is ui.choice else gr.skip() for part in opened)

    def fill(talk: Talk, tab: str) -> Updates:
        """The charts, the checks and the covers, where they are looked at."""
        cards, several = gr.skip(), gr.skip()
        if tab == "reports":
            cards = views.cards(talk)
            choices = views.several_choices(talk.words)
            several = gr.update(choices=choices, value=list(talk.several))
        checks = views.checks(talk) if tab == "checks" else gr.skip()
        if tab != "charts":
            return cards, several, checks, *[gr.skip()] * (1 + 2 * REPORT_CHARTS)
        charts = views.charts(talk)
        empty = [gr.update(visible=False)] * (REPORT_CHARTS - len(charts))
        captions = [_shown(chart_html(c.title, sources(c), talk.words)) for c in charts]
        plots = [_shown(draw(c)) for c in charts]
        return (
            cards,
            several,
            checks,
            _if_any(views.no_chart(talk, charts)),
            *captions,
            *empty,
            *plots,
            *empty,
        )

    def tick(talk: Talk, request: gr.Request) -> Updates:
        """What the background says; opens the sample for a visitor who has chosen nothing."""
        state, talk = desk.state, _spoken(talk, request)
        notice = _notice(state, talk, "sample_progress")
        if state.report and not talk.report and not talk.waiting:
            return gr.update(active=False), notice, *open_report(state.report, talk)
        rest = unopened(gr.update(choices=views.choices()) if state.done else gr.skip())
        return gr.update(active=not state.done or talk.waiting), notice, *rest

    def add(file: str, talk: Talk) -> Iterator[Updates]:
        """Index an uploaded PDF and open it."""
        yield from watched(desk.upload(Path(file)), talk, "upload_progress")

    def publish(talk: Talk, event: gr.EventData) -> Iterator[Updates]:
        """Let everybody see an upload of the visitor's."""
        yield from watched(desk.publish(event.report), talk, "publish_progress")

    def watched(states: Iterator[State], talk: Talk, name: str) -> Iterator[Updates]:
        """How far a build is, and the report opened at its end."""
        try:
            for state in states:
                notice = _notice(state, talk, name)
                if state.report:
                    yield notice, *open_report(state.report, talk)
                else:
                    yield notice, *unopened(gr.skip())
        except FAILURES as error:
            raise gr.Error(str(error), print_exception=False) from error

    def refused(event: gr.EventData) -> dict[str, Any]:
        """Why the door did not take an upload."""
        return _if_any(error_html(str(event.text)))

    def remove(talk: Talk, event: gr.EventData) -> Updates:
        """Take a report out of the store; the sample is opened where it was the open one."""
        try:
            title = desk.info(event.report).title
            desk.remove(event.report)
        except FAILURES as error:
            raise gr.Error(str(error), print_exception=False) from error
        gr.Info(talk.words("removed", title=title))
        if event.report == talk.report:
            return open_report(desk.sample, talk)
        return unopened(gr.update(choices=views.choices(), value=talk.report))

    def select_tab(event: gr.EventData) -> str:
        return str(event.id)

    def together(reports: list[str] | None, talk: Talk) -> Updates:
        """The reports that the next questions are put to."""
        talk = talk.together(tuple(reports or ()))
        return talk, _if_any(views.scope(talk))

    def open_card(talk: Talk, event: gr.EventData) -> Updates:
        return open_report(event.report, talk)

    def then_fill(event: Any) -> None:
        event.then(fill, fill_inputs, filled, **QUIET)

    ticked = [ui.timer, ui.starting, *opened]
    page.load(tick, [ui.talk], ticked, **QUIET)
    ui.timer.tick(tick, [ui.talk], ticked, **QUIET)
    ui.tabs.select(select_tab, None, [ui.tab], **QUIET).then(fill, fill_inputs, filled, **QUIET)
    ui.several.input(together, [ui.several, ui.talk], [ui.talk, ui.scope], **QUIET)
    then_fill(ui.choice.input(open_report, [ui.choice, ui.talk], opened, **QUIET))
    then_fill(ui.upload.upload(add, [ui.upload, ui.talk], [ui.status, *opened], **QUIET))
    then_fill(ui.evidence.open(open_card, [ui.talk], opened, **QUIET))
    ui.evidence.refused(refused, None, ui.status, **QUIET)
    then_fill(ui.evidence.publish(publish, [ui.talk], [ui.status, *opened], **QUIET))
    then_fill(ui.evidence.remove(remove, [ui.talk], opened, **QUIET))
    ui.fresh.click(lambda talk: open_report(talk.report, talk), [ui.talk], opened, **QUIET)


# -- chat: ask, judge, export ----------------------------------------------------------------------


def _wire_chat(ui: Ui, desk: Desk, views: Views, files: Files) -> None:
    def messages(talk: Talk) -> list[dict[str, Any]]:
        shown: list[dict[str, Any]] = []
        for i, turn in enumerate(talk.turns):
            content: list[Any] = [views.reply(talk, i)]
            if chart := views.chart(talk, turn):
                content.append(gr.Plot(draw(chart), show_label=False, container=False))
            if tools := views.tools(talk, i):
                content.append(tools)
            shown += [
                {"role": "user", "content": question_html(turn.question)},
                {"role": "assistant", "content": content},
            ]
        return shown

    def converse(text: str, talk: Talk, request: gr.Request) -> Iterator[Updates]:
        """The question at once, then the answer and what to ask next, then the cited page."""
        text, same = text.strip(), gr.skip()
        unchanged = [same] * 4
        if not text:
            yield "", same, same, same, *unchanged
            return
        talk = _spoken(talk, request).asked(text)
        yield "", messages(talk), talk, same, *unchanged
        opened = unchanged
        try:
            if not talk.report:  # asked while the sample was still being read
                talk = replace(talk, report=desk.wait(600).report)
                chosen = gr.update(choices=views.choices(), value=talk.report)
                tables = gr.update(choices=views.tables(talk), value="")
                opened = [views.head(talk), chosen, tables, views.figures(talk, Query())]
            if talk.several:
                answer = desk.ask_several(text, talk.chosen, talk.history)
            else:
                answer = desk.ask(text, talk.report, talk.history)
        except FAILURES as error:
            talk = talk.failed(str(error))
            yield same, messages(talk), talk, views.pane(talk), *opened
            return
        talk = talk.answered(answer)
        talk = talk.followed(views.follows(talk, answer))
        yield same, messages(talk), talk, same, *opened
        yield same, same, same, views.pane(talk), *unchanged

    def ask_clicked(talk: Talk, event: gr.EventData, request: gr.Request) -> Iterator[Updates]:
        """A suggestion or one of the offered readings, asked as if typed."""
        yield from converse(event.question, talk, request)

    def ask_example(talk: Talk, event: gr.SelectData, request: gr.Request) -> Iterator[Updates]:
        yield from converse(event.value["text"], talk, request)

    def select(talk: Talk, event: gr.EventData) -> Updates:
        """A citation that was clicked, turn -1 meaning the one shown."""
        talk = talk.at(talk.turn if event.turn < 0 else event.turn, event.position)
        return talk, views.pane(talk)

    def step(talk: Talk, event: gr.EventData) -> Updates:
        talk = talk.stepped(event.step)
        return talk, views.pane(talk)

    def judge(talk: Talk, event: gr.EventData) -> Updates:
        """A verdict is kept at once; a note may follow."""
        talk = talk.judged(event.turn, event.verdict)
        number = files.keep(talk, event.turn)
        return talk, messages(talk), number, gr.update(visible=True), ""

    def send(number: int, note: str, talk: Talk) -> Any:
        files.feedback.note(number, note.strip())
        gr.Info(talk.words("feedback_thanks"))
        return gr.update(visible=False)

    outputs = [ui.question, ui.chat, ui.talk, ui.evidence]
    outputs += [ui.header, ui.choice, ui.table, ui.figures]
    # A question sent while the page of the last one is still being drawn waits for it.
    waits: dict[str, Any] = {"trigger_mode": "always_last", **QUIET}
    ui.question.submit(converse, [ui.question, ui.talk], outputs, **waits)
    ui.chat.example_select(ask_example, [ui.talk], outputs, **QUIET)
    ui.evidence.ask(ask_clicked, [ui.talk], outputs, **QUIET)
    ui.evidence.select(select, [ui.talk], [ui.talk, ui.evidence], **QUIET)
    ui.evidence.step(step, [ui.talk], [ui.talk, ui.evidence], **QUIET)
    judged = [ui.talk, ui.chat, ui.opinion, ui.note_row, ui.note]
    ui.evidence.judge(_told(judge), [ui.talk], judged, **QUIET)
    for event in (ui.send.click, ui.note.submit):
        event(_told(send), [ui.opinion, ui.note, ui.talk], [ui.note_row], **QUIET)
    ui.close.click(lambda: gr.update(visible=False), None, [ui.note_row], **QUIET)


# -- figures: find, sort, open, export -------------------------------------------------------------


def _wire_figures(ui: Ui, views: Views) -> None:
    def look(words: str, table: str, talk: Talk) -> Updates:
        query = Query(words or "", table or "")
        return query, views.figures(talk, query)

    def sort(query: Query, talk: Talk, event: gr.EventData) -> Updates:
        query = query.sorted_by(event.column)
        return query, views.figures(talk, query)

    def turn(query: Query, talk: Talk, event: gr.EventData) -> Updates:
        query = query.turned(event.step)
        return query, views.figures(talk, query)

    def pick(talk: Talk, event: gr.EventData) -> Updates:
        talk = talk.picked(event.figure)
        return talk, views.pane(talk)

    shown = [ui.query, ui.figures]
    gr.on(
        [ui.search.change, ui.table.input],
        look,
        [ui.search, ui.table, ui.talk],
        shown,
        trigger_mode="always_last",
        **QUIET,
    )
    ui.evidence.sort(sort, [ui.query, ui.talk], shown, **QUIET)
    ui.evidence.screen(turn, [ui.query, ui.talk], shown, **QUIET)
    ui.evidence.pick(pick, [ui.talk], [ui.talk, ui.evidence], **QUIET)


# -- files: dialogue, figures, feedback ------------------------------------------------------------


def _wire_files(ui: Ui, files: Files) -> None:
    """Buttons that save a file and hand it to the browser."""

    def opinions(talk: Talk) -> str | None:
        path = files.opinions()
        if path is None:
            gr.Info(talk.words("feedback_none"))
        return path

    for button, write, inputs in (
        (ui.keep, files.dialogue, [ui.talk]),
        (ui.csv, lambda talk, query: files.figures(talk, query, "csv"), [ui.talk, ui.query]),
        (ui.xlsx, lambda talk, query: files.figures(talk, query, "xlsx"), [ui.talk, ui.query]),
        (ui.opinions, opinions, [ui.talk]),
    ):
        saved = button.click(_told(write), inputs, [ui.download], **QUIET)
        saved.success(None, None, None, js=DOWNLOAD)


# -- shared ----------------------------------------------------------------------------------------


def _spoken(talk: Talk, request: gr.Request) -> Talk:
    """The dialogue in the language of the visitor's browser."""
    return replace(talk, words=words_for(request.headers.get("accept-language", "")))


def _if_any(html: str) -> dict[str, Any]:
    return gr.update(value=html, visible=bool(html))


def _shown(value: Any) -> dict[str, Any]:
    return gr.update(value=value, visible=True)


def _notice(state: State, talk: Talk, name: str) -> dict[str, Any]:
    """How far a build is, or why it failed; nothing when it is done."""
    text = talk.words(name, text=state.text) if state.text else ""
    return _if_any(error_html(state.error) or progress_html(text, state.fraction))


def _told(act: Callable[..., Any]) -> Callable[..., Any]:
    """`act` with its failures as errors that Gradio passes on, in one line."""

    @functools.wraps(act)
    def told(*args: Any, **kwargs: Any) -> Any:
        try:
            return act(*args, **kwargs)
        except FAILURES as error:
            raise gr.Error(str(error), print_exception=False) from error

    return told


def main() -> int:
    """Serve the page. GRADIO_SERVER_NAME and GRADIO_SERVER_PORT are Gradio's own variables."""
    try:
        settings, serving = load_settings(), set_up_logs()
        desk = Desk(settings)
        doors = open_doors(desk, serving)
    except FAILURES as error:
        print(error, file=sys.stderr)
        return 1
    if settings.mcp and importlib.util.find_spec("mcp") is None:
        print("REPORTQA_MCP 需要 mcp：请运行 pip install -e '.[mcp]' 后重试。", file=sys.stderr)
        return 1
    desk.open_sample(SAMPLE)
    if load_limits().samples:
        desk.later(sorted(path for path in SAMPLE.parent.glob("*.pdf") if path != SAMPLE))
    theme = gr.themes.Default(
        primary_hue="teal", neutral_hue="slate", font=FONTS, font_mono=["ui-monospace", "monospace"]
    ).set(**QUIET_TEXT)
    page, i18n = build_page(desk)
    page.queue(default_concurrency_limit=4, max_size=serving.queue)
    try:
        server, address, _ = page.launch(
            share=False,
            theme=theme,
            css_paths=STYLE,
            quiet=True,
            prevent_thread_lock=True,
            run_history=False,
            footer_links=["api", "settings"],
            ssr_mode=False,
            i18n=i18n,
            mcp_server=settings.mcp,
            **doors,
        )
    except OSError as error:
        logger.warning("cannot listen: %s", error)
        print("端口被占用：请用 GRADIO_SERVER_PORT 换一个端口后重试。", file=sys.stderr)
        return 1
    keep_few_sessions(server)
    print(f"页面已打开：{address}（按 Ctrl-C 结束）", file=sys.stderr, flush=True)
    page.block_thread()
    return 0


if __name__ == "__main__":
    sys.exit(main())
