"""What the AWS provider makes of a resource: its attributes, data sources, documents."""
