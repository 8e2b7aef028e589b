"""CloudFormation, SAM and CDK templates to an inventory."""
