"""Change a rule that holds orders; who changed what stays written (PRD-5)."""

from datetime import datetime
from typing import Any

from django.db import transaction

from billing.holds.models import HoldRule, HoldRuleChange
from billing.holds.rules import DEFAULTS
from manager.kit.actor import Actor


@transaction.atomic
def change_rule(
    *, kind: str, is_on: bool, parameters: dict[str, Any], actor: Actor, at: datetime
) -> HoldRule:
    """Switch a rule on or off and give it its parameters, as its form has checked them."""
    HoldRule.objects.get_or_create(kind=kind, defaults={"parameters": DEFAULTS[kind]})
    rule = HoldRule.objects.select_for_update().get(kind=kind)
    before = {"is_on": rule.is_on, "parameters": {**DEFAULTS[kind], **rule.parameters}}
    after = {"is_on": is_on, "parameters": parameters}
    if before == after:
        return rule
    rule.is_on, rule.parameters = is_on, parameters
    rule.save()
    HoldRuleChange.objects.create(
        kind=kind, before=before, after=after, actor_id=actor.user_id, actor_name=actor.name[:200], at=at
    )
    return rule
