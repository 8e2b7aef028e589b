"""Policy documents by the ARN of their policy."""

from __future__ import annotations

from itertools import islice

from checker.iam.document import Document, Elsewhere, Unattachable
from checker.iam.managed import managed_policy
from checker.iam.placeholders import REMEDY, placeholder
from checker.knowledge.lookup import Lookup, TooManyError
from checker.knowledge.partial import KNOWN_ELSEWHERE, Location, Unknown
from checker.knowledge.sensitive import opened
from checker.knowledge.text import Text
from checker.model.naming import referred
from checker.sources.terraform.modules.project import LiveData
from checker.sources.terraform.resources.names import read_by_name
from checker.sources.terraform.resources.reading import made_unsure, policy
from checker.sources.terraform.resources.walk import FoundInstance, Walk

PolicyMember = Document | Unknown
MOST_OF_AWS = 1_000
"""How many AWS managed policies a configuration may attach; each is searched in a long file."""
MOST_SUGGESTED = 50
"""For how many of those that do not exist the nearest is looked for."""


class Policies:
    """Policy documents by ARN: those that the configuration creates, AWS's own, the account's."""

    def __init__(self, walk: Walk) -> None:
        self._live = walk.live
        self._walk = walk
        found = walk.of("aws_iam_policy")
        self._own = Lookup((f.instance.text("arn"), f) for f in found)
        by_address = {f.instance.address: f for f in found}
        self._read = {
            arn: by_address[address]
            for address, arns in read_by_name(walk, "aws_iam_policy").items()
            if address in by_address
            for arn in arns
        }
        self._met: dict[Text, FoundInstance] = {}
        self._parsed: dict[str, PolicyMember] = {}
        self._aws: dict[tuple[str, Location], PolicyMember] = {}
        self._searched: set[str] = set()
        self._missing = 0

    def of(self, arn: Text, at: Location, home: str) -> PolicyMember:
        """Return the document behind a policy ARN; an unknown if it is not part of the input.

        `home` is the address of the module instance that names it.
        """
        met = self._by_index(arn)
        if met is not None:
            return self._document(met, home)
        named = self._own.named(arn)
        if named or arn in self._read:
            return self._document(self._meant(named, arn) if named else self._read[arn], home)
        for hole in arn.holes:
            if hole.why and arn.split(":", 5) is None:
                return Unknown(
                    f"it is unknown which policy is attached: {hole.why}", at, hole.remedy
                )
        fields = arn.split(":", 5)
        if fields is not None and len(fields) == 6 and fields[4].literal == "aws":  # noqa: PLR2004
            return self._of_aws(arn, at)
        try:
            others = list(islice(self._own.perhaps(arn), 3))
        except TooManyError as error:
            return Unknown(
                f"it is unknown whether policy `{arn}` is part of the input: {error}", at
            )
        if others:
            names = ", ".join(f"`{f.instance.address}`" for f in others)
            return Unknown(f"it is unknown whether policy `{arn}` is {names}", at)
        if self._live is not None and arn.literal is not None:
            return self._asked(self._live, opened(arn.literal))
        lacking = placeholder(arn)
        if lacking is not None:
            return Elsewhere(f"{lacking}, so AWS refuses to attach it", at, REMEDY)
        why = f"policy `{arn}` is not created by this input, so its document is unknown"
        return Elsewhere(why, at, KNOWN_ELSEWHERE)

    def _meant(self, named: list[FoundInstance], arn: Text) -> FoundInstance:
        """Return which of several policies of one name a reference names, else the last."""
        return referred(named, arn, lambda each: each.instance.address)[-1]

    def _by_index(self, arn: Text) -> FoundInstance | None:
        """Return a policy that a reference names by an index, where the count is unknown."""
        for found in self._walk.newly_met("aws_iam_policy"):
            # what a reference names exists
            self._met[found.instance.text("arn")] = FoundInstance(found.instance)
        return self._met.get(arn)

    def _of_aws(self, arn: Text, at: Location) -> PolicyMember:
        """Return the document of an AWS managed policy, or of one that the account has."""
        found = self._aws.get((str(arn), at))
        if found is None:
            found = self._search(arn, at)
            self._aws[str(arn), at] = found
        settled = isinstance(found, (Document, Unattachable))
        if settled or self._live is None or arn.literal is None:
            return found
        return self._asked(self._live, opened(arn.literal))

    def _search(self, arn: Text, at: Location) -> PolicyMember:
        self._searched.add(str(arn))
        if len(self._searched) > MOST_OF_AWS:
            return Unknown(f"more than {MOST_OF_AWS} AWS managed policies are attached", at)
        found = managed_policy(arn, at, suggest=self._missing < MOST_SUGGESTED)
        self._missing += isinstance(found, Unknown)
        return found if isinstance(found, Unknown) else found.value

    def _asked(self, live: LiveData, arn: str) -> PolicyMember:
        if arn not in self._parsed:
            self._parsed[arn] = live.policy(arn)
        return self._parsed[arn]

    def _document(self, found: FoundInstance, home: str) -> PolicyMember:
        instance = found.instance
        if instance.address not in self._parsed:
            self._parsed[instance.address] = policy(instance)
        return made_unsure(self._parsed[instance.address], found.unsure_beside(home), instance)
