"""What a plan adds to a configuration: saved plan files, and the JSON of `terraform show`."""
