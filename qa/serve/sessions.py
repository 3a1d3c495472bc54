"""What Gradio remembers of those who ask, within limits.

Gradio holds a session for every browser and one for every call without a browser, ten thousand of
them, whether or not anybody comes back; with each a copy of the page's config (0.1 MB, 19 ms) and
of whatever was shown (0.7 MB after two questions), which only its deep links read. Here are no deep
links and no copies; the session of a call goes once the call is over, that of a closed page an hour
later (Gradio empties it then), and the number is limited: closed pages go first, then the page
unused for longest, which begins anew.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from gradio.blocks import Blocks
from gradio.state_holder import SessionState, StateHolder

_CLOSED = timedelta(hours=1)


class Session(SessionState):
    """What a visitor has on the page: the states and the components changed, no copy of what they
    showed.
    """

    def __init__(self, page: Blocks) -> None:
        bare: Any = SimpleNamespace(default_config=page.default_config, blocks={})
        super().__init__(bare)

    def _update_config(self, key: int) -> None:
        pass

    def _update_value_in_config(self, key: int, value: Any) -> None:
        pass

    def __setitem__(self, key: int, value: Any) -> None:
        super().__setitem__(key, value)
        self.config_values.clear()


class Sessions(StateHolder):
    """At most `page.state_session_capacity` sessions and those of the calls under way."""

    def __init__(self, page: Blocks, clock: Callable[[], datetime] = datetime.now) -> None:
        super().__init__()
        self._clock = clock
        self._calls: deque[str] = deque()
        self._tidying = threading.Lock()
        self.set_blocks(page)

    def __getitem__(self, session_id: str) -> SessionState:
        if session_id not in self.session_data:
            with self._tidying:
                self._tidy()
                # A call without a session of its own has its event's id for one.
                if session_id in self.blocks._queue.event_ids_to_events:
                    self._calls.append(session_id)
                self.session_data[session_id] = Session(self.blocks)
        return super().__getitem__(session_id)

    def drop(self, session_id: str) -> None:
        """Forget a session."""
        self.delete_state(session_id)
        self.session_data.pop(session_id, None)
        self.time_last_used.pop(session_id, None)

    def _tidy(self) -> None:
        """Make room for one more session."""
        queue = self.blocks._queue
        for _ in range(len(self._calls)):
            call = self._calls.popleft()
            if call in queue.event_ids_to_events:
                self._calls.append(call)
            else:
                self.drop(call)
        before = self._clock() - _CLOSED
        crowded = len(self.session_data) - self.capacity + 1
        for session_id, session in list(self.session_data.items()):  # unused for longest first
            if session.is_closed and (
                crowded > 0 or self.time_last_used.get(session_id, before) < before
            ):
                self.drop(session_id)
                crowded -= 1
        self._forget_results(queue)

    def _forget_results(self, queue: Any) -> None:
        """Of calls that are over, Gradio keeps for ever that there was a result to fetch."""
        waiting, messages = queue.pending_event_ids_session, queue.pending_messages_per_session
        if len(waiting) <= 2 * messages.max_size:
            return
        for session_id, events in list(waiting.items()):
            if session_id not in self.session_data and not (events and session_id in messages):
                del waiting[session_id]


def keep_few_sessions(app: Any) -> None:
    """Let a launched app of Gradio remember no more than `Sessions` does."""
    sessions = Sessions(app.get_blocks())
    for session_id, state in app.state_holder.session_data.items():  # of the first moment
        sessions.session_data[session_id] = state
        sessions.time_last_used[session_id] = datetime.now()
    app.state_holder = sessions
