"""Whether a key can be used, as KMS has it: `Enabled`, `Disabled`, `PendingImport`.

The material of an external key may be imported by other means than Terraform: of a key that is
there already, its recorded state counts.
https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
"""

from __future__ import annotations

from checker.knowledge.partial import Known, Value
from checker.knowledge.text import Text
from checker.sources.terraform.modules.instances import Instance
from checker.sources.terraform.resources.reading import boolean, optional_text
from checker.sources.terraform.values.marks import bare

_IMPORTED = ("aws_kms_external_key", "aws_kms_replica_external_key")
_MATERIAL = "key_material_base64"


def enabled(instance: Instance) -> Value[bool]:
    """Tell whether a key can be used."""
    if instance.type not in _IMPORTED:
        name = "is_enabled" if instance.type == "aws_kms_key" else "enabled"
        return boolean(instance.written, name, default=True)
    if _lacks_material(instance):
        return Known(value=False, at=instance.at)
    return boolean(instance.written, "enabled", default=True)


def multi_region(instance: Instance) -> Value[bool]:
    """Tell whether keys of other Regions may have the ID of a key: it has replicas, or is one."""
    if "replica" in instance.type:
        return Known(value=True, at=instance.at)
    return boolean(instance.written, "multi_region", default=False)


def state(instance: Instance) -> str:
    """Return in KMS's words the state of a key that cannot be used."""
    return "PendingImport" if _lacks_material(instance) else "Disabled"


def expires(instance: Instance) -> Value[Text | None]:
    """Return when the imported material of a key expires; None if it does not."""
    if instance.type not in _IMPORTED:
        return Known(None, instance.at, default=True)
    return optional_text(instance.written, "valid_to")


def _lacks_material(instance: Instance) -> bool:
    """Tell whether a key has no material: none is written, and none is recorded."""
    if instance.type not in _IMPORTED or instance.written.get(_MATERIAL) is not None:
        return False
    said = bare(instance.module.project.before(instance.address).get("key_state"))
    text = said.literal if isinstance(said, Text) else said
    return text in (None, "", "PendingImport")
