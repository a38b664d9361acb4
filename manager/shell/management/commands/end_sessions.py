"""`manage.py end_sessions EMAIL` or `--everybody`: sign people out, after a stolen device or an incident."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.sessions.services import end_all_sessions, revoke_other_sessions
from accounts.users.selectors import find_user_by_email
from manager.kit.actor import Actor
from manager.kit.clock import now


class Command(BaseCommand):
    """End the sessions of one person, who is told by mail, or of everybody."""

    help = "End all sessions of a person, or of everybody; remembered devices are forgotten, too."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the login, or the switch for all."""
        parser.add_argument("email", nargs="?", help="the login of somebody with an account")
        parser.add_argument("--everybody", action="store_true", help="end every session that there is")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say what was done."""
        if options["everybody"] == bool(options["email"]):
            raise CommandError("Give a login or --everybody.")
        if options["everybody"]:
            self.stdout.write(f"{end_all_sessions()} sessions have ended.")
            return
        user = find_user_by_email(options["email"])
        if user is None:
            raise CommandError(f"Nobody signs in as {options['email']}.")
        actor = Actor.system("end_sessions")
        count = revoke_other_sessions(user=user, keep=None, actor=actor, at=now())
        self.stdout.write(f"{count} sessions of {user.email} have ended.")
