"""Template text to sections, resources and intrinsic functions, with their places."""
