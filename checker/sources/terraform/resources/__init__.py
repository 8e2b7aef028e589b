"""`aws_*` blocks to the model, one file a kind of thing."""
