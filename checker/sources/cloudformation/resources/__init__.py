"""The resources of a template to things of the model."""
