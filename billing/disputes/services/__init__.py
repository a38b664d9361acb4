"""The verbs of disputes: the provider decides, we follow."""

from billing.disputes.services.follow import follow_dispute

__all__ = ["follow_dispute"]
