"""Routes of the pages of the mail service."""

from django.urls import path

from products.modules.mail.views import addresses, mailboxes, routes

MAIL = "o/<int:organization_id>/products/<int:product_id>/mail/"
MAILBOX = f"{MAIL}<int:mailbox_id>/"

urlpatterns = [
    path(MAIL, mailboxes.mailbox_list, name="mailboxes"),
    path(f"{MAIL}new/", mailboxes.create, name="create_mailbox"),
    path(f"{MAIL}import/", mailboxes.import_lines, name="import_mailboxes"),
    path(f"{MAIL}selected/", mailboxes.selected, name="selected_mailboxes"),
    path(f"{MAIL}routes/", routes.route_list, name="mail_routes"),
    path(f"{MAIL}routes/alias/", routes.new_alias, name="create_alias"),
    path(f"{MAIL}routes/redirection/", routes.new_redirection, name="create_redirection"),
    path(f"{MAIL}routes/<int:route_id>/change/", routes.change, name="change_mail_route"),
    path(f"{MAIL}routes/<int:route_id>/delete/", routes.delete, name="delete_mail_route"),
    path(MAILBOX, addresses.mailbox, name="mailbox"),
    path(f"{MAILBOX}password/", addresses.password, name="mailbox_password"),
    path(f"{MAILBOX}reply/", addresses.reply, name="mailbox_reply"),
    path(f"{MAILBOX}test/", addresses.test, name="test_mailbox"),
]
