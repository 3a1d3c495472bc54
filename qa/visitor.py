"""Who a call comes from, as far as what they may see and change depends on it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Visitor:
    """`session`: of the browser, empty for a program without one; `user`: the name that was proved;
    `manages`: may publish reports, take published ones out, and read everybody's feedback.
    """

    session: str = ""
    user: str = ""
    manages: bool = False
    request: str = ""


OPERATOR = Visitor(manages=True)  # who started the process
NOBODY = Visitor()


def current_visitor() -> Visitor:
    """The visitor of the Gradio event that runs in this thread; nobody outside of one."""
    from gradio.context import LocalContext

    event = LocalContext.request.get(None)
    request = getattr(event, "request", None)
    found = getattr(request, "scope", {}).get("state", {}).get("visitor")
    return found if isinstance(found, Visitor) else NOBODY
