"""Questions over several reports: which are meant, the same figure in each, and what they give."""
