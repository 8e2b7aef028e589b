"""What may be unknown: values, texts with holes, how they compare, JSON that holds them."""
