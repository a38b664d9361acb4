"""Who hears which event: the only place that knows (call down, publish up)."""

from accounts.applications import tasks as applications
from accounts.authenticator import tasks as authenticator
from accounts.closing import tasks as closing
from accounts.identity import tasks as identity
from accounts.mfa import tasks as mfa
from accounts.recovery import tasks as recovery
from accounts.security import tasks as security
from accounts.sessions import tasks as sessions
from accounts.staff import tasks as staff
from accounts.tokens import tasks as tokens
from accounts.users import tasks as users
from billing.alerts import tasks as alerts
from billing.archives import tasks as archives
from billing.bank import tasks as bank
from billing.changes import tasks as changes
from billing.disputes import tasks as disputes
from billing.documents import tasks as documents
from billing.holds import tasks as holds
from billing.orders import tasks as orders
from billing.payment_methods import tasks as payment_methods
from billing.payments import tasks as payments
from billing.prepaid import tasks as prepaid
from billing.receivers import tasks as receivers
from billing.refunds import tasks as refunds
from billing.rehearsal import tasks as rehearsal
from billing.renewals import tasks as renewals
from billing.withdrawals import tasks as withdrawals
from manager.outbox.registry import Handler, narrow
from organizations.deletion import tasks as deletion
from organizations.grants import tasks as grants
from organizations.members import tasks as members
from organizations.policies import tasks as policies
from organizations.profile import tasks as profile
from organizations.requests import tasks as requests
from organizations.support import tasks as support
from organizations.webhooks import tasks as webhooks
from organizations.webhooks.catalogue import EVENTS
from products.inventory import tasks as inventory
from products.modules.domain import tasks as domain
from products.modules.dyndns import tasks as dyndns
from products.modules.mail import tasks as mail
from products.termination import tasks as termination
from products.transfer import tasks as transfer
from products.warranty import tasks as warranty

HANDLERS: dict[str, list[Handler]] = {
    "access_request.approved": [requests.email_access_request_answered],
    "access_request.made": [requests.email_access_request_made],
    "access_request.refused": [requests.email_access_request_answered],
    "archive.ready": [archives.email_archive_ready],
    "billing_receiver.asked": [receivers.email_asked],
    "change.applied": [changes.email_applied],
    "credit_note.issued": [documents.email_credit_note_issued],
    "dispute.closed": [disputes.email_staff],
    "dispute.opened": [disputes.email_staff],
    "domain.auth_code_made": [domain.email_auth_code_made],
    "domain.name_servers_asked": [domain.email_name_servers_asked],
    "grant.ended": [grants.email_access_ended],
    "identity.approved": [identity.tell_approved, holds.release_confirmed],
    "identity.case_opened": [identity.find_owner_of_case, identity.email_case_opened],
    "identity.expired": [identity.email_expired],
    "identity.factors_removed": [identity.email_factors_removed],
    "identity.owner_found": [identity.email_owner_found],
    "identity.refused": [identity.tell_refused],
    "identity.submitted": [identity.email_submitted],
    "identity.withdrawn": [identity.email_withdrawn],
    "invitation.sent": [members.email_invitation_sent],
    "invoice.cancelled": [
        orders.withdraw_cancelled,
        renewals.take_back_cancelled,
        changes.withdraw_cancelled,
        alerts.refresh_alerts,
    ],
    "invoice.copies_requested": [documents.email_invoice_copies],
    "invoice.issued": [documents.email_invoice_issued, alerts.refresh_alerts],
    "invoice.paid": [
        documents.email_invoice_paid,
        orders.mark_paid,
        renewals.settle_paid,
        alerts.refresh_alerts,
    ],
    "invoice.voided": [
        orders.withdraw_cancelled,
        renewals.free_given_back,
        changes.withdraw_cancelled,
        alerts.refresh_alerts,
    ],
    "mailbox.deleted": [
        recovery.replace_login_of_deleted_mailbox,
        recovery.remove_recovery_of_deleted_mailbox,
    ],
    "mailbox.password_changed": [mail.email_password_changed],
    "mailbox.removed": [mail.email_removed],
    "membership.removed": [requests.withdraw_orphaned_requests, members.email_membership_removed],
    "membership.role_changed": [members.email_membership_role_changed],
    "order.cancelled": [alerts.refresh_alerts],
    "order.check_asked": [holds.email_check],
    "order.expired": [orders.email_expired],
    "order.expires_soon": [orders.email_expires_soon],
    "order.held": [holds.ask_who_ordered, alerts.refresh_alerts],
    "order.placed": [orders.email_order_placed, alerts.refresh_alerts],
    "order.refused": [holds.email_refused, alerts.refresh_alerts],
    "order.released": [holds.email_released, alerts.refresh_alerts],
    "organization.created": [alerts.refresh_alerts],
    "organization.deleted": [
        deletion.email_organization_deleted,
        documents.request_copies,
        payment_methods.forget_methods,
        renewals.forget_preferences,
        receivers.forget_deleted,
        webhooks.forget_deleted,
    ],
    "organization.vat_refused": [profile.email_vat_refused],
    "payment.credited": [payments.email_payment_credited],
    "payment.failed": [payments.email_payment_failed, renewals.note_failed_payment],
    "payment.requires_action": [payments.email_payment_requires_action, renewals.note_missing_approval],
    "payment.succeeded": [refunds.note_fee_due],
    "payment_method.default_changed": [renewals.try_new_default],
    "payment_method.expires_soon": [payment_methods.email_ending_cards],
    "payment_method.removed": [renewals.use_replacement],
    "payment_method.saved": [renewals.try_new_default],
    "prepaid.auto_stopped": [prepaid.email_auto_stopped],
    "prepaid.low": [prepaid.email_low],
    "product.activated": [inventory.update_service, domain.prepare, mail.keep_domain, alerts.refresh_alerts],
    "product.auto_renew_changed": [alerts.refresh_alerts],
    "product.changed": [inventory.change_service, alerts.refresh_alerts],
    "product.entered_redemption": [inventory.update_service, alerts.refresh_alerts],
    "product.extended": [alerts.refresh_alerts],
    "product.received": [
        inventory.update_service,
        domain.forget_contacts,
        dyndns.forget_hosts,
        transfer.email_received,
        alerts.refresh_alerts,
    ],
    "product.released": [inventory.update_service, mail.clear_away, alerts.refresh_alerts],
    "product.resumed": [inventory.update_service, alerts.refresh_alerts],
    "product.suspended": [inventory.update_service, alerts.refresh_alerts],
    "product.purged": [inventory.update_service, mail.clear_away],
    "product.restored": [inventory.update_service, termination.email_restored, alerts.refresh_alerts],
    "product.terminated": [inventory.update_service, mail.clear_away, alerts.refresh_alerts],
    "product.transfer_offered": [renewals.withdraw_offered, transfer.email_offered],
    "product.transfer_refused": [transfer.email_refused],
    "product.transferred": [
        renewals.forget_transferred,
        changes.give_up_transferred,
        transfer.email_given,
        alerts.refresh_alerts,
    ],
    "refund.begun": [renewals.free_given_back],
    "refund.settled": [holds.settle_refunded],
    "staff.granted": [staff.email_staff_granted],
    "staff.withdrawn": [staff.email_staff_withdrawn],
    "rehearsal.found": [rehearsal.email_findings],
    "renewal.cancelled": [alerts.refresh_alerts],
    "renewal.planned": [alerts.refresh_alerts],
    "restore.ordered": [alerts.refresh_alerts],
    "transfer.announced": [payments.email_transfer_announced, orders.await_transfer],
    "second_factor.lifted": [policies.email_policy_changed],
    "second_factor.reminded": [policies.email_factor_reminded],
    "second_factor.required": [policies.email_policy_changed, policies.email_factor_required],
    "termination.asked": [termination.email_link],
    "termination.confirmed": [termination.email_done],
    "transfer.received": [bank.email_received, alerts.refresh_alerts],
    "transfer.taken_back": [bank.email_taken_back],
    "user.account_closed": [closing.email_account_closed],
    "support_access.ended": [support.email_support_ended],
    "support_access.given": [support.email_support_given],
    "user.api_token_created": [tokens.email_api_token_created],
    "user.api_token_disabled": [tokens.email_api_token_disabled],
    "user.api_token_expires_soon": [tokens.email_api_token_expires_soon],
    "user.api_token_rotated": [tokens.email_api_token_rotated],
    "user.api_token_widened": [tokens.email_api_token_widened],
    "user.application_authorized": [applications.email_application_authorized],
    "user.application_changed": [applications.email_application_changed],
    "user.application_deleted": [applications.email_application_deleted],
    "user.application_registered": [applications.email_application_registered],
    "user.application_secret_rotated": [applications.email_application_secret_rotated],
    "user.backup_code_used": [mfa.email_backup_code_used],
    "user.backup_codes_regenerated": [mfa.email_backup_codes_regenerated],
    "user.factor_added": [mfa.email_factor_added],
    "user.factor_removed": [mfa.email_factor_removed],
    "user.email_confirmation_requested": [users.email_confirmation_link],
    "user.login_change_requested": [
        security.email_login_confirmation,
        security.email_login_change_requested,
    ],
    "user.login_change_resent": [security.email_login_confirmation],
    "user.login_change_undone": [security.email_login_change_undone],
    "user.login_changed": [security.email_login_changed],
    "user.login_reminder_requested": [recovery.send_login_reminder],
    "user.login_replaced": [recovery.send_temporary_login],
    "user.password_changed": [security.email_password_changed],
    "user.password_reset": [security.email_password_changed],
    "user.password_reset_requested": [recovery.email_password_reset],
    "user.phone_changed": [users.email_phone_changed],
    "user.recovery_email_change_requested": [recovery.email_recovery_email_confirmation],
    "user.recovery_email_change_resent": [recovery.email_recovery_email_confirmation],
    "user.recovery_email_changed": [recovery.email_recovery_email_changed],
    "user.recovery_email_deleted": [recovery.email_recovery_email_deleted],
    "user.registered": [users.email_confirmation_link],
    "user.registration_repeated": [users.email_registration_repeated],
    "user.second_step_locked": [mfa.email_second_step_locked],
    "user.sessions_revoked": [sessions.email_sessions_revoked],
    "user.sign_in_failed": [sessions.note_failed_sign_in],
    "user.sign_in_locked": [sessions.email_sign_in_locked],
    "user.sign_in_refused": [authenticator.email_sign_in_refused],
    "user.signed_in_from_new_device": [sessions.email_signed_in_from_new_device],
    "warranty.mail_asked": [warranty.email_contact],
    "warranty.renewed": [warranty.email_renewed],
    "webhook.disabled": [webhooks.email_disabled],
    "withdrawal.ended": [withdrawals.email_news],
    "withdrawal.requested": [withdrawals.email_news],
}

# What customers can have sent to their own endpoints; heard for those alone who have one.
for _name in EVENTS:
    HANDLERS.setdefault(_name, []).append(webhooks.write_messages)
narrow(webhooks.write_messages, webhooks.organizations_with_endpoints)
