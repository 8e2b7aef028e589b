"""Units of Terragrunt, rendered as JSON."""
