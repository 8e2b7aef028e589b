"""What tfcheck knows about a deployment, whichever source it came from.

A thing is *closed* when the input creates it: only what the input attaches to it exists. It is
*open* when the input only refers to it: what the input does not show of it is unknown.
"""

from checker.model.arns import (
    RESOURCE,
    account_of,
    arn_field,
    region_of,
    same_account,
    without_qualifier,
)
from checker.model.clashes import NameClash, NamedBlock
from checker.model.event_source import EventSource, SourceType
from checker.model.function_options import FunctionOptions, LayerVersion
from checker.model.identifiers import WrongIdentifier
from checker.model.inventory import Inventory, SourceKind
from checker.model.order import Order, maker, makers
from checker.model.outside import managed_key, open_function, open_key, open_role
from checker.model.producers import Producer, Producers
from checker.model.queue import QUEUE, Queue, Redrive, RedriveAllow, Subscription, open_queue
from checker.model.ranges import GivenValue, ValueRange, models, ranges_of
from checker.model.source_types import SOURCE_TYPES, any_source, type_named, type_of
from checker.model.template_form import TemplateForm
from checker.model.things import (
    CALLER,
    Deployer,
    EarlierMapping,
    EventSourceMapping,
    Foreign,
    Function,
    Gone,
    Grant,
    Key,
    Organization,
    Pairs,
    Permission,
    Pollers,
    Refusal,
    Role,
    Undone,
    Unread,
)
from checker.model.waivers import InlineWaiver, Spent, agreed

__all__ = [
    "CALLER",
    "QUEUE",
    "RESOURCE",
    "SOURCE_TYPES",
    "Deployer",
    "EarlierMapping",
    "EventSource",
    "EventSourceMapping",
    "Foreign",
    "Function",
    "FunctionOptions",
    "GivenValue",
    "Gone",
    "Grant",
    "InlineWaiver",
    "Inventory",
    "Key",
    "LayerVersion",
    "NameClash",
    "NamedBlock",
    "Order",
    "Organization",
    "Pairs",
    "Permission",
    "Pollers",
    "Producer",
    "Producers",
    "Queue",
    "Redrive",
    "RedriveAllow",
    "Refusal",
    "Role",
    "SourceKind",
    "SourceType",
    "Spent",
    "Subscription",
    "TemplateForm",
    "Undone",
    "Unread",
    "ValueRange",
    "WrongIdentifier",
    "account_of",
    "agreed",
    "any_source",
    "arn_field",
    "maker",
    "makers",
    "managed_key",
    "models",
    "open_function",
    "open_key",
    "open_queue",
    "open_role",
    "ranges_of",
    "region_of",
    "same_account",
    "type_named",
    "type_of",
    "without_qualifier",
]
