"""What Prometheus reads: requests, refusals, questions, reports. No label comes from a visitor."""

from __future__ import annotations

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The counts of one server. Safe for several threads."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self.requests = Counter(
            "reportqa_requests_total",
            "Requests by route and status.",
            ["route", "method", "status"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "reportqa_request_seconds",
            "Seconds until the answer began.",
            ["route"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.refused = Counter(
            "reportqa_refused_total",
            "Requests refused at the door, by reason.",
            ["reason"],
            registry=self.registry,
        )
        self.questions = Histogram(
            "reportqa_question_seconds",
            "Seconds to answer a question, by the status of the answer.",
            ["status"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.open = Gauge(
            "reportqa_requests_open", "Requests being served.", registry=self.registry
        )
        self.reports = Gauge("reportqa_reports", "Published reports.", registry=self.registry)

    def text(self) -> str:
        """In Prometheus' text format."""
        return generate_latest(self.registry).decode()
