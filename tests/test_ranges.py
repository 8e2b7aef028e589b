"""The table of values that AWS takes is what botocore's service models say."""

import botocore
import pytest
import record_ranges

from checker.model import models, ranges_of


def test_the_table_is_that_of_the_service_models():
    if botocore.__version__ != models():
        pytest.skip(f"the table is of botocore {models()}")
    assert record_ranges.TARGET.read_text(encoding="utf-8") == record_ranges.table()


def test_a_range_has_numbers_words_or_a_length():
    for type_ in (record_ranges.MAPPING, record_ranges.FUNCTION, record_ranges.QUEUE):
        for each in ranges_of(type_):
            kinds = (each.most is not None, bool(each.words), each.characters is not None)
            assert kinds.count(True) == 1, each
            assert each.aws.startswith(("lambda:Create", "sqs:Create"))
