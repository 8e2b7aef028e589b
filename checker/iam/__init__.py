"""How AWS decides a request. Knows text and truth, but no queues, functions or files."""
