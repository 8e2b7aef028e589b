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
from checker.model.inventory import Inventory, Order, SourceKind
from checker.model.outside import (
    MANAGED_ALIAS,
    managed_key,
    open_function,
    open_key,
    open_queue,
    open_role,
)
from checker.model.things import (
    CALLER,
    Deployer,
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
    Queue,
    Redrive,
    RedriveAllow,
    Refusal,
    Role,
    Subscription,
    Thing,
    Undone,
    Unread,
)
from checker.model.waivers import InlineWaiver, Spent

__all__ = [
    "CALLER",
    "MANAGED_ALIAS",
    "RESOURCE",
    "Deployer",
    "EventSourceMapping",
    "Foreign",
    "Function",
    "Gone",
    "Grant",
    "InlineWaiver",
    "Inventory",
    "Key",
    "Order",
    "Organization",
    "Pairs",
    "Permission",
    "Pollers",
    "Queue",
    "Redrive",
    "RedriveAllow",
    "Refusal",
    "Role",
    "SourceKind",
    "Spent",
    "Subscription",
    "Thing",
    "Undone",
    "Unread",
    "account_of",
    "arn_field",
    "managed_key",
    "open_function",
    "open_key",
    "open_queue",
    "open_role",
    "region_of",
    "same_account",
    "without_qualifier",
]
