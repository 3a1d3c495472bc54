"""What can go wrong between a PDF and the store. Every message says what to do, in Chinese."""

from __future__ import annotations


class ReportIndexError(Exception):
    """Base of the errors of `index`; `str()` is one line for the user."""


class PdfError(ReportIndexError):
    """The file cannot be read as a report: missing, not a PDF, encrypted, truncated, no text."""


class LimitError(PdfError):
    """Reading the file takes more time, memory or pages than the settings allow."""


class NotAReportError(ReportIndexError):
    """The PDF can be read but is no final-accounts report."""


class StoreError(ReportIndexError):
    """The store is corrupt, was made with another model, or does not hold the report."""


class ModelError(ReportIndexError):
    """The embedding model cannot be loaded."""


class DataError(ReportIndexError):
    """A data file of the project does not follow its schema."""
