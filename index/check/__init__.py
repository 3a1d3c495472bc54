"""Whether a report agrees with itself: every identity (勾稽) of the genre checked over its figures.

`check_report` is pure: a `Report` in, findings out, nothing read or written.
"""

from index.check.engine import check_report
from index.check.findings import Finding, Term

__all__ = ["Finding", "Term", "check_report"]
