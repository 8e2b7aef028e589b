"""The HTML page: what its table, its findings and its pictures show."""
