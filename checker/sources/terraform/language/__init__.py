"""Text to syntax trees: Terraform's native syntax and its JSON syntax."""
