"""tfcheck: will AWS accept this SQS to Lambda event source mapping, and will messages flow?"""

__version__ = "0.1.0"
