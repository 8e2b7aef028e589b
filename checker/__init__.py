"""tfcheck: will AWS accept this SQS to Lambda event source mapping, and will messages flow?"""
