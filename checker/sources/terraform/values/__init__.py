"""Terraform's values, which may be unknown or sensitive in part."""
