"""Terraform: a configuration, a saved plan, plan JSON."""
