"""What the generated cases need to know of pages: who takes no part, and why."""

# Buttons: the press is the whole input. They get hostile bodies, which change nothing of what they do.
BUTTONS: dict[str, str] = {
    "accounts:identity_send": "sends what was photographed",
    "accounts:identity_result": "the link of the message is the whole input",
    "accounts:identity_withdraw": "stops the check that the address names",
    "accounts:staff_identity_approve": "approves the check that the address names",
    "accounts:staff_identity_stop": "stops the check that the address names",
    "accounts:sign_out": "ends the session",
    "accounts:avatar_remove": "removes the one picture",
    "accounts:export_account": "asks for the own data",
    "accounts:device_forget": "forgets a device that the address names",
    "accounts:session_revoke": "ends a session that the address names",
    "accounts:sessions_revoke_others": "ends the other sessions",
    "accounts:backup_codes": "makes new codes",
    "accounts:token_revoke": "revokes a token that the address names",
    "accounts:consent_revoke": "takes back what the address names",
    "accounts:application_secret": "makes a secret for what the address names",
    "accounts:application_delete": "deletes what the address names",
    "accounts:confirm_email": "the mailed link is the whole input",
    "accounts:login_change_resend": "mails the link again",
    "accounts:login_change_cancel": "gives up what waits",
    "accounts:login_change_confirm": "the mailed link is the whole input",
    "accounts:login_change_stop": "the mailed link is the whole input",
    "accounts:login_change_undo": "the mailed link is the whole input",
    "accounts:recovery_email_resend": "mails the link again",
    "accounts:recovery_email_cancel": "gives up what waits",
    "accounts:recovery_email_confirm": "the mailed link is the whole input",
    "accounts:recovery_email_remove": "removes the one recovery address",
    "organizations:switch": "enters the organization of the address",
    "organizations:leave": "ends the own membership",
    "organizations:accept_invitation": "the mailed link is the whole input",
    "organizations:end_grant": "takes back what the address names",
    "organizations:withdraw_request": "withdraws the request that the address names",
    "organizations:revoke_support": "ends the access that the address names",
    "organizations:staff_support_leave": "leaves the organization that is visited",
    "organizations:delete_team": "deletes the team that the address names",
    "organizations:resend_invitation": "mails the invitation that the address names",
    "organizations:withdraw_invitation": "withdraws the invitation that the address names",
    "billing:cancel_invoice": "cancels the draft that the address names",
    "billing:default_billing_address": "prefers the address that the address names",
    "billing:remove_billing_address": "removes the address that the address names",
    "billing:cancel_payment": "gives up the payment that the address names",
    "billing:payment_link": "the mailed link is the whole input",
    "billing:default_payment_method": "prefers the method that the address names",
    "billing:remove_payment_method": "removes the method that the address names",
    "billing:cart_remove": "takes a line out of the cart",
    "billing:cancel_order": "cancels the order that the address names",
    "billing:release_selection": "gives up the selection that waits",
}

# Bodies that are no form.
NOT_FORMS: dict[str, str] = {
    "billing:webhook": "takes signed JSON; tests/billing/webhooks and below",
    "accounts:oauth_authorize": "its address says what is asked; tests/accounts/applications",
    "accounts:oauth_token": "takes fields of a protocol; tests/accounts/applications",
    "accounts:oauth_revoke": "takes fields of a protocol; tests/accounts/applications",
    "accounts:oauth_introspect": "takes fields of a protocol; tests/accounts/applications",
}

# Fields whose strange values are passed over, not refused: (route, field) or field -> reason.
PASSED_OVER: dict[tuple[str, str] | str, str] = {
    "has_billing": "a box: there or not, whatever its value",
    "keep": "a box: there or not, whatever its value",
    "confirmed": "a box: there or not, whatever its value",
}

# One free text is the whole form, or nearly: most of the garbage is a text like others there.
FREE_TEXT: dict[str, str] = {
    "products:rename": "a name",
    "billing:rename_payment_method": "a name; nothing at all brings back the first one",
    "billing:void_invoice": "a reason of several lines",
    "accounts:password_reset": "a password",
}

# A right value of a field that its page shows empty.
RIGHT: dict[str, str] = {
    "contact": "person@example.com",
    "email": "person@example.com",
    "address": "other@example.com",
    "phone": "+41791234567",
    "emails": "guest@example.com",
    "password": "quiet-harbour-violet-tandem",
    "current": "quiet-harbour-violet-tandem",
    "first_name": "Anna",
    "last_name": "Weber",
    "name": "Weber",
    "company_name": "Weber AG",
    "street": "Bahnhofstrasse 1",
    "postal_code": "8001",
    "city": "Zürich",
    "amount": "100",
    "code": "000000",
    "reason": "Wrong address",
}
