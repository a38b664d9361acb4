"""What the events of the audit log are called on the page."""

from django.utils.translation import gettext_lazy as _

from manager.kit.errors import Text

LABELS: dict[str, Text] = {
    "billing_address.added": _("Billing address added"),
    "billing_address.changed": _("Billing address changed"),
    "billing_address.default_cleared": _("Default billing address cleared"),
    "billing_address.made_default": _("Default billing address chosen"),
    "billing_address.removed": _("Billing address removed"),
    "grant.given": _("Access granted"),
    "grant.revoked": _("Access ended"),
    "invitation.accepted": _("Invitation accepted"),
    "invitation.sent": _("Invitation sent"),
    "invitation.withdrawn": _("Invitation withdrawn"),
    "invoice.cancelled": _("Draft of an invoice cancelled"),
    "invoice.composed": _("Selection put on one invoice"),
    "invoice.drafted": _("Invoice drafted"),
    "invoice.issued": _("Invoice issued"),
    "invoice.paid": _("Invoice paid"),
    "invoice.taken_apart": _("Selection taken apart"),
    "invoice.voided": _("Invoice voided"),
    "membership.removed": _("Member removed"),
    "membership.role_changed": _("Role changed"),
    "membership.topics_chosen": _("Administrative mails chosen"),
    "order.cancelled": _("Order cancelled"),
    "order.placed": _("Order placed"),
    "organization.created": _("Organization created"),
    "organization.edited": _("Organization edited"),
    "payment.credited": _("Payment credited to the prepaid account"),
    "payment_method.default_changed": _("Default payment method chosen"),
    "payment_method.removed": _("Payment method removed"),
    "payment_method.renamed": _("Payment method renamed"),
    "payment_method.saved": _("Payment method saved"),
    "payment_method.updated": _("Payment method updated"),
    "prepaid.topped_up": _("Prepaid account topped up"),
    "product.activated": _("Product activated"),
    "product.auto_renew_changed": _("Automatic renewal switched"),
    "product.created": _("Product created"),
    "product.entered_redemption": _("Product in redemption"),
    "product.extended": _("Product extended"),
    "product.payment_method_chosen": _("Payment method of a product chosen"),
    "product.released": _("Product released"),
    "product.renamed": _("Product renamed"),
    "product.resumed": _("Product resumed"),
    "product.suspended": _("Product suspended"),
    "product.terminated": _("Product terminated"),
    "renewal.failed": _("Renewal failed"),
    "second_factor.lifted": _("Second factor no longer required"),
    "second_factor.required": _("Second factor required"),
    "service.retried": _("Provisioning tried again"),
}


def label_of(name: str) -> Text:
    """Return what an event is called; its own name in words where nothing better is known."""
    return LABELS.get(name) or name.replace(".", " ").replace("_", " ").capitalize()
