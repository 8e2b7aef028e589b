"""Modules and their instances: variables, calls, resources, provider configurations."""
