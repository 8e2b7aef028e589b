"""Directories of Terraform: their files, what these declare, and where called modules lie."""
