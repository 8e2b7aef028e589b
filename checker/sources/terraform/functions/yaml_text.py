"""Later."""
FUNCTIONS = ()
