"""Where a deployment is read from: `load(target) -> Inventory`, one folder a source."""
