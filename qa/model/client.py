"""One reply of a language model within a deadline, through LlamaIndex's `OpenAILike`.

Nothing hangs: a call runs in a thread of its own, is read as a stream where that is set, and is
left to itself when the deadline has passed, its connection closed. Nothing is retried here. Neither
key nor contents are logged.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from qa.model.breaker import Breaker
from qa.model.settings import ModelSettings

if TYPE_CHECKING:
    import httpx

logger = logging.getLogger(__name__)

Fault = Literal["timeout", "key", "busy", "server", "unreachable", "cut", "invalid", "open"]

_LONGEST = 20_000  # characters of a reply; a longer one is not read on
_BUSY_PAUSE = 30.0
# What a reply that follows no protocol lets escape from the libraries that read it.
_MALFORMED = (ValueError, LookupError, AttributeError, TypeError)


class ModelFailure(Exception):
    """No usable reply; `fault` says of which kind. Never leaves `qa.model`."""

    def __init__(self, fault: Fault, detail: str = "") -> None:
        super().__init__(f"{fault} {detail}".strip())
        self.fault: Fault = fault


class Deadline:
    """The moment by which all calls for one question must have ended."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    @property
    def left(self) -> float:
        return max(0.0, self._end - time.monotonic())


@dataclass(frozen=True, slots=True)
class Prompt:
    """What the model is told (`system`) and the data it is given (`user`)."""

    system: str
    user: str

    def again(self, reply: str, fault: str) -> Prompt:
        """The same with the reply that was refused and why, as data."""
        return Prompt(self.system, f"{self.user}\n\n{fault}\n{reply[:2000]}")


class Client:
    """Replies from one address; its breaker is shared by all who ask through this client."""

    def __init__(self, settings: ModelSettings, breaker: Breaker | None = None) -> None:
        self.settings = settings
        self.breaker = breaker or Breaker()

    def __repr__(self) -> str:
        return f"Client({self.settings.llm_model!r} at {self.settings.host!r})"

    def warm(self) -> None:
        """Load the libraries, which would otherwise take seconds of the first deadline."""
        import httpx
        import openai
        from llama_index.llms.openai_like import OpenAILike

        _ = httpx, openai, OpenAILike

    def reply(self, prompt: Prompt, deadline: Deadline) -> str:
        """The text of the reply, without white space at its ends. Raises ModelFailure."""
        if not self.breaker.admit():
            raise ModelFailure("open")
        try:
            text = self._within(prompt, deadline)
        except ModelFailure as failure:
            logger.warning("language model at %s: %s", self.settings.host, failure)
            if failure.fault == "invalid":  # the address is alive, whatever it says
                self.breaker.passed()
            else:
                pause = _BUSY_PAUSE if failure.fault == "busy" else None
                self.breaker.failed(at_once=failure.fault in {"key", "busy"}, pause=pause)
            raise
        self.breaker.passed()
        if not text.strip():
            raise ModelFailure("invalid", "empty reply")
        return text.strip()

    # -- inside --------------------------------------------------------------------------------

    def _within(self, prompt: Prompt, deadline: Deadline) -> str:
        if not deadline.left:
            raise ModelFailure("timeout")
        import httpx

        connection = httpx.Client(timeout=deadline.left)
        answers: queue.SimpleQueue[str | ModelFailure] = queue.SimpleQueue()

        def work() -> None:
            try:
                answers.put(self._ask(prompt, deadline, connection))
            except ModelFailure as failure:
                answers.put(failure)

        threading.Thread(target=work, daemon=True, name="language-model").start()
        try:
            answer = answers.get(timeout=deadline.left)
        except queue.Empty:
            raise ModelFailure("timeout") from None
        finally:
            connection.close()  # ends a call that is still dripping
        if isinstance(answer, ModelFailure):
            raise answer
        return answer

    def _ask(self, prompt: Prompt, deadline: Deadline, connection: httpx.Client) -> str:
        """The call itself; every way that it can fail is a ModelFailure."""
        import httpx
        import openai

        try:
            return self._read(prompt, deadline, connection)
        except (openai.APITimeoutError, httpx.TimeoutException) as error:
            raise ModelFailure("timeout", type(error).__name__) from error
        except (openai.AuthenticationError, openai.PermissionDeniedError) as error:
            raise ModelFailure("key", type(error).__name__) from error
        except openai.RateLimitError as error:
            raise ModelFailure("busy", type(error).__name__) from error
        except openai.APIStatusError as error:
            raise ModelFailure("server", f"status {error.status_code}") from error
        except openai.APIConnectionError as error:
            if isinstance(error.__cause__, httpx.RemoteProtocolError | httpx.ReadError):
                raise ModelFailure("cut", type(error.__cause__).__name__) from error
            raise ModelFailure("unreachable", type(error.__cause__ or error).__name__) from error
        except httpx.HTTPError as error:
            raise ModelFailure("cut", type(error).__name__) from error
        except openai.OpenAIError as error:
            raise ModelFailure("server", type(error).__name__) from error
        except (*_MALFORMED, RuntimeError) as error:
            raise ModelFailure("invalid", type(error).__name__) from error

    def _read(self, prompt: Prompt, deadline: Deadline, connection: httpx.Client) -> str:
        from llama_index.core.base.llms.types import ChatMessage, MessageRole

        model = self._model(deadline, connection)
        messages = [
            ChatMessage(role=MessageRole.SYSTEM, content=prompt.system),
            ChatMessage(role=MessageRole.USER, content=prompt.user),
        ]
        if not self.settings.llm_stream:
            answer = model.chat(messages)
            _finished(_reason(answer.raw) or "stop")
            return answer.message.content or ""
        text, reason = "", None
        for piece in model.stream_chat(messages):
            text += piece.delta or ""
            reason = _reason(piece.raw) or reason
            if not deadline.left:
                raise ModelFailure("timeout", "while streaming")
            if len(text) > _LONGEST:
                raise ModelFailure("invalid", "reply too long")
        _finished(reason)
        return text

    def _model(self, deadline: Deadline, connection: httpx.Client) -> Any:
        from llama_index.llms.openai_like import OpenAILike

        settings = self.settings
        return OpenAILike(
            model=settings.llm_model,
            api_base=settings.llm_base_url,
            # A key must be given: without one the library looks for another service's.
            api_key=settings.llm_api_key.get_secret_value() or "none",
            is_chat_model=True,
            temperature=0.0,
            max_tokens=settings.llm_max_tokens,
            max_retries=0,
            timeout=deadline.left,
            http_client=connection,
        )


def _reason(raw: Any) -> str | None:
    choices = getattr(raw, "choices", None)
    return choices[0].finish_reason if choices else None


def _finished(reason: str | None) -> None:
    """Raises ModelFailure for a reply that ends before its end."""
    if reason is None:
        raise ModelFailure("cut", "no finish reason")
    if reason in {"length", "content_filter"}:
        raise ModelFailure("invalid", f"finish reason {reason}")
