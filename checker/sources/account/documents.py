"""IAM documents as the API returns them: JSON texts, or objects that the SDK has decoded."""

from __future__ import annotations

import json

from checker.iam import document
from checker.iam.document import Document
from checker.partial import Known, Location, Text, Unknown


def parsed(written: object, id: str, at: Location) -> Document | Unknown:
    """Read a document; an unknown if it is none."""
    text = written if isinstance(written, str) else json.dumps(written)
    found = document.parse(Text.of(text), id=id, at=at)
    return found.value if isinstance(found, Known) else found
