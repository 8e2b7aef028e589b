"""tfcheck: will AWS accept this SQS to Lambda event source mapping, and will messages flow?"""

__version__ = "0.1.0"

HOMEPAGE = "https://github.com/YOUR-ORGANIZATION/tfcheck"
"""Where the repository is published, as README and the examples name it."""
RULE_PAGES = f"{HOMEPAGE}/blob/main/policies/README.md"
"""The page with a heading for each rule, which is the rule's name."""
