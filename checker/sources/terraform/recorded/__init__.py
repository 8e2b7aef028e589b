"""Saved plans, plan JSON and states as configurations that are checked alone."""
