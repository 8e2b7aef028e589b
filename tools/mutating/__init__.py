"""Commits that break a mapping or leave everything as it is, for `tools/mutate_commits.py`."""
