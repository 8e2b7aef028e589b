"""Expressions to values: operators, loops, templates, functions."""
