"""The people of the demonstration, with one password for all."""

from dataclasses import dataclass
from datetime import datetime

from accounts.recovery.secrets import Purpose, change_key
from accounts.recovery.services import confirm_recovery_email, request_recovery_email
from accounts.users.models import User
from accounts.users.services import register_user, set_theme
from manager.kit.actor import Actor

PASSWORD = "quiet-harbour-lantern"  # noqa: S105  (printed at the start of the demonstration)


@dataclass(frozen=True, slots=True)
class Person:
    """A person of the demonstration and what to try with him or her."""

    key: str
    first_name: str
    last_name: str
    language: str
    phone: str
    about: str

    @property
    def email(self) -> str:
        """The login."""
        return f"{self.key}@demo.example"


PEOPLE = (
    Person(
        "anna", "Anna", "Keller", "en", "+41791110001", "leads Alpina Web, helps in two more organizations"
    ),
    Person("luc", "Luc", "Martin", "fr", "+41791110002", "administrator of Alpina Web, pays its invoices"),
    Person(
        "sofia", "Sofia", "Rossi", "it", "+41791110003", "collaborator of Alpina Web, sees granted products"
    ),
    Person("jonas", "Jonas", "Weber", "de", "+41791110004", "external user of Alpina Web, views one family"),
    Person("claire", "Claire", "Dupont", "fr", "+33611110005", "leads Boulangerie Dupont, in euros"),
    Person("elena", "Elena", "Moreno", "es", "+34611110006", "administrator of Boulangerie Dupont"),
    Person("peter", "Peter", "Graf", "de", "+41791110007", "leads Seeclub Thun, an association"),
    Person("marco", "Marco", "Bianchi", "it", "+39333111008", "a private customer with a prepaid balance"),
    Person(
        "nora", "Nora", "Frei", "en", "+41791110009", "works for the operator: the back office at /staff/"
    ),
)


WITH_RECOVERY = {"anna", "claire"}


def _give_recovery(user: User, address: str, *, actor: Actor, at: datetime) -> None:
    change = request_recovery_email(user=user, address=address, actor=actor, at=at)
    key = change_key(change, Purpose.CONFIRM)
    confirm_recovery_email(key=key, user=user, keep_session=None, actor=actor, at=at)


def register_people(*, at: datetime) -> dict[str, User]:
    """Register everybody with a confirmed address; return them by key."""
    actor = Actor.system("demonstration")
    users: dict[str, User] = {}
    for person in PEOPLE:
        user = register_user(
            email=person.email,
            first_name=person.first_name,
            last_name=person.last_name,
            phone=person.phone,
            password=PASSWORD,
            language=person.language,
            actor=actor,
            at=at,
            email_confirmed=True,
        )
        if user is None:
            raise LookupError(f"{person.email} is registered already.")
        set_theme(user=user, theme="system")
        if person.key in WITH_RECOVERY:
            _give_recovery(user, f"{person.key}.private@demo.example", actor=actor, at=at)
        users[person.key] = user
    return users
