"""`manage.py grant_staff EMAIL RIGHT…`: let somebody into the back office; `--withdraw` takes it back."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.sessions.staff import list_rights
from accounts.staff.services import grant_staff, withdraw_staff
from accounts.users.selectors import find_user_by_email
from manager.kit.actor import Actor
from manager.kit.clock import now
from manager.kit.errors import DomainError


class Command(BaseCommand):
    """Make a person staff with rights; without rights it lists them."""

    help = "Let a person into the back office at /staff/ with the named rights, or take all of it back."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the login, the rights, and the switch to take back."""
        parser.add_argument("email", nargs="?", help="the login of somebody with an account")
        parser.add_argument("rights", nargs="*", metavar="right", help="app.right; see the list without any")
        parser.add_argument("--all", action="store_true", help="every right that there is")
        parser.add_argument("--withdraw", action="store_true", help="take all rights and the way in")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say what was done."""
        rights = list(list_rights()) if options["all"] else options["rights"]
        if options["email"] is None or not (rights or options["withdraw"]):
            self.stdout.write("Rights of the back office:")
            for right, label in list_rights().items():
                self.stdout.write(f"  {right:32} {label}")
            return
        user = find_user_by_email(options["email"])
        if user is None:
            raise CommandError(f"Nobody signs in as {options['email']}.")
        actor, at = Actor.system("grant_staff"), now()
        if options["withdraw"]:
            withdraw_staff(user=user, actor=actor, at=at)
            self.stdout.write(f"{user.email} is no longer staff.")
            return
        try:
            grant_staff(user=user, rights=rights, actor=actor, at=at)
        except DomainError as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(
            f"{user.email} is staff with {', '.join(rights)}. A second factor is needed to come in."
        )
