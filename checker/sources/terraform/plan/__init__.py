"""What a plan tells beside the configuration: variables, changes, prior state.

Read from a saved plan file (saved_plan.py) or from plan JSON (plan_json.py) into one `Plan`. What
a plan knows fills holes; what it does not know never erases what the configuration tells.
"""

from __future__ import annotations

from checker.sources.terraform.plan.model import Action, Change, Mode, ModuleSource, Plan, Sides

__all__ = ["Action", "Change", "Mode", "ModuleSource", "Plan", "Sides"]
