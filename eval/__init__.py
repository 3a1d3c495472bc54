"""Gold sets, scoring and the evaluation report."""
