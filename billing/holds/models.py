"""Held orders, and the rules that hold them (PRD-5)."""

from datetime import datetime

import pgtrigger
from django.db import models
from django.db.models import Q

from billing.holds.status import TRANSITIONS, Decision, HoldStatus, RuleKind
from billing.orders.models import Order
from organizations.tenancy.models import OrganizationOwned


class HoldRule(models.Model):
    """One rule of each kind, on or off, with its parameters; edited by staff."""

    kind = models.CharField(max_length=12, choices=RuleKind.choices, primary_key=True)
    is_on = models.BooleanField(default=False)
    parameters = models.JSONField(default=dict)

    class Meta:
        permissions = [("edit_hold_rules", "Edit the rules that hold orders")]

    def __str__(self) -> str:
        return self.kind


class HoldRuleChange(models.Model):
    """A change of a rule: who, when, before and after. The database refuses to change it."""

    kind = models.CharField(max_length=12, choices=RuleKind.choices)
    before = models.JSONField()
    after = models.JSONField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["kind", "-id"], name="hold_rule_history")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at}"


class OrderHold(OrganizationOwned):
    """Why an order is held, until when an answer is awaited, and how it ended.

    `findings` are for staff: each rule that met, with the figures it met by. `case_id` is the identity
    check that the person was last asked for. It is written with the payment, in one commit.
    """

    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="hold")
    status = models.CharField(max_length=10, choices=HoldStatus.choices, default=HoldStatus.HELD)
    findings = models.JSONField()
    held_at = models.DateTimeField()
    answer_by = models.DateTimeField()
    case_id = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField(null=True)
    asked_count = models.PositiveSmallIntegerField(default=0)
    decision = models.CharField(max_length=10, choices=Decision.choices, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    decided_by = models.BigIntegerField(null=True)
    decided_by_name = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        permissions = [("look_after_orders", "Look after orders")]
        constraints = [
            models.CheckConstraint(
                condition=(Q(status="held", decided_at=None) & Q(decision=""))
                | (~Q(status="held") & Q(decided_at__isnull=False) & ~Q(decision="")),
                name="hold_decided_with_decision",
            ),
        ]
        indexes = [
            models.Index(fields=["organization"], condition=Q(status="held"), name="hold_of_organization"),
            models.Index(fields=["answer_by"], condition=Q(status="held"), name="hold_to_end"),
        ]
        triggers = [
            pgtrigger.FSM(
                name="follows_the_table",
                field="status",
                transitions=[
                    (str(old), str(new)) for old, steps in TRANSITIONS.items() for new in sorted(steps)
                ],
            )
        ]

    def __str__(self) -> str:
        return f"hold of order {self.order_id}"

    @property
    def is_open(self) -> bool:
        """Whether it is still to be decided."""
        return self.status == HoldStatus.HELD

    def is_overdue(self, at: datetime) -> bool:
        """Return whether the time for an answer is over at `at`."""
        return self.is_open and self.answer_by <= at
