"""Where the values of a configuration come from, worked out for findings alone."""
