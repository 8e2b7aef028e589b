"""A live AWS account to an inventory: the one door to boto3, and it only reads."""
