"""Templates of SAM, expanded as CloudFormation does when it deploys them."""
