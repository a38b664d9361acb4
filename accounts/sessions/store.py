"""Where Django keeps sessions (SESSION_ENGINE): our own table, JSON, the key stored hashed only."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from accounts.sessions.models import Session
from accounts.users.models import User
from manager.kit.clock import now
from manager.kit.prepared import Prepared
from manager.kit.tokens import hash_secret

SEEN_EVERY = timedelta(minutes=5)
# A person signs in again after so long without a request, and after so long in any case.
IDLE = timedelta(days=7)
LONGEST = timedelta(days=30)


def _build_alive(*, key_hash: str, at: datetime) -> QuerySet[Session]:
    return Session.objects.filter(key_hash=key_hash, expires_at__gt=at).select_related("user")[:1]


_ALIVE: Prepared[Session] = Prepared(_build_alive, planned_once=True)


class SessionStore(SessionBase):
    """A session as Django's middleware uses it; rows carry person and device for the list (ACC-14)."""

    row_id: int | None = None
    _person: User | None = None

    def find_person(self) -> User | None:
        """Return the person as he or she was when the session was read; None where it has none."""
        self._get_session()  # type: ignore[attr-defined]  # of SessionBase
        return self._person

    def load(self) -> dict[str, Any]:
        """Return the data behind the cookie's key; none for unknown, ended and expired ones."""
        at = now()
        row = _ALIVE.first(key_hash=hash_secret(str(self.session_key)), at=at)
        if row is None or (row.user_id and _is_over(row, at)):
            self._session_key = None
            return {}
        self.row_id, self._person = row.pk, row.user
        if row.user_id and at - row.last_seen_at > SEEN_EVERY:
            Session.objects.filter(pk=row.pk).update(last_seen_at=at)
        return self.decode(row.data)

    def exists(self, session_key: str) -> bool:
        """Return whether a session has this key."""
        return Session.objects.filter(key_hash=hash_secret(session_key)).exists()

    def create(self) -> None:
        """Store a new, empty session under a new key."""
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]  # of SessionBase
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        """Store the data; person and device are told by `start_session`.

        :raises CreateError: the key is taken (only with `must_create`).
        :raises UpdateError: the session was ended meanwhile.
        """
        if self.session_key is None:
            return self.create()
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]  # of SessionBase
        values = {
            "data": self.encode(data),
            "expires_at": self.get_expiry_date(),
            "user_id": int(data[SESSION_KEY]) if SESSION_KEY in data else None,
        }
        key_hash = hash_secret(self.session_key)
        if must_create:
            self._insert(key_hash, values)
        elif not Session.objects.filter(key_hash=key_hash).update(**values):
            raise UpdateError
        return None

    def cycle_key(self) -> None:
        """Give the session another key and keep its row: what an old cookie knows opens nothing more."""
        if self.session_key is None:
            return self.create()
        data = self._session  # type: ignore[attr-defined]  # of SessionBase
        old, self._session_key = self.session_key, self._get_new_session_key()  # type: ignore[attr-defined]  # of SessionBase
        renamed = Session.objects.filter(key_hash=hash_secret(old)).update(
            key_hash=hash_secret(self.session_key)
        )
        if not renamed:
            self.create()
        self._session_cache = data
        self.modified = True
        return None

    def delete(self, session_key: str | None = None) -> None:
        """End a session; this one by default."""
        key = session_key or self.session_key
        if key is not None:
            Session.objects.filter(key_hash=hash_secret(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        """Delete what has expired (Django's `clearsessions`)."""
        Session.objects.filter(expires_at__lte=now()).delete()

    def _insert(self, key_hash: str, values: dict[str, Any]) -> None:
        at = now()
        try:
            with transaction.atomic():
                row = Session.objects.create(key_hash=key_hash, created_at=at, last_seen_at=at, **values)
        except IntegrityError as error:
            raise CreateError from error
        self.row_id = row.pk


def _is_over(row: Session, at: datetime) -> bool:
    return at - row.last_seen_at > IDLE or at - row.created_at > LONGEST
