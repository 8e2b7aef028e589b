"""Fixes as text of an input: how an edit is spelled."""
