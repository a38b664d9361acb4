"""Routes of the API of the mail service."""

from django.urls import path

from products.modules.mail import api, api_routes

PRODUCT = "organizations/<organization>/products/<int:product_id>"
MAILBOX = f"{PRODUCT}/mailboxes/<int:mailbox_id>"

urlpatterns = [
    path(f"{PRODUCT}/mailboxes", api.Mailboxes.as_view(), name="mailboxes"),
    path(MAILBOX, api.OneMailbox.as_view(), name="mailbox"),
    path(f"{MAILBOX}/password", api.MailboxPassword.as_view(), name="mailbox_password"),
    path(f"{MAILBOX}/test", api.MailboxTest.as_view(), name="test_mailbox"),
    path(f"{PRODUCT}/mail-routes", api_routes.MailRoutes.as_view(), name="mail_routes"),
    path(f"{PRODUCT}/mail-routes/<int:route_id>", api_routes.OneMailRoute.as_view(), name="mail_route"),
]
