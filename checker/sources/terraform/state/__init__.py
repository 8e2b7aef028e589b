"""States: what Terraform or OpenTofu recorded of the objects that they manage."""
