"""A person with one login."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower

from accounts.users.addresses import is_temporary, normalize_email
from manager.kit.fields import refuse_control_characters


class UserManager(BaseUserManager["User"]):
    """What Django's authentication asks of a manager; people are made by `register_user`."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the user whose login is `username`, whatever its case."""
        return self.get(email=normalize_email(username))


class User(AbstractBaseUser, PermissionsMixin):  # type: ignore[django-manager-missing]  # of django-otp's devices
    """A person with one login, a member of any number of organizations (ACC-2)."""

    email = models.EmailField(max_length=254)
    first_name = models.CharField(max_length=80, validators=[refuse_control_characters])
    last_name = models.CharField(max_length=80, validators=[refuse_control_characters])
    phone = models.CharField(max_length=32, blank=True)
    language = models.CharField(max_length=5, default="en")
    time_zone = models.CharField(max_length=50, default="Europe/Zurich")
    theme = models.CharField(
        max_length=6, default="system", choices=[("system", "system"), ("light", "light"), ("dark", "dark")]
    )
    email_confirmed_at = models.DateTimeField(null=True, blank=True)
    # Empty until its owner has confirmed it: what stands here is always proved (ACC-6, INC-19).
    recovery_email = models.EmailField(max_length=254, blank=True, default="", db_default="")
    # Of the picture; empty where there is none (ACC-14).
    avatar_digest = models.CharField(max_length=64, blank=True, default="", db_default="")
    # Optional mails that the person does without; see `accounts.users.mails`.
    muted_mails = ArrayField(models.CharField(max_length=40), default=list, blank=True, db_default=[])
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["first_name", "last_name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["email"], name="user_email_unique"),
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_normalized"),
            models.CheckConstraint(
                condition=models.Q(recovery_email=Lower("recovery_email")), name="user_recovery_normalized"
            ),
            models.CheckConstraint(
                condition=~models.Q(recovery_email=models.F("email")), name="user_recovery_differs"
            ),
            models.CheckConstraint(
                condition=models.Q(phone="") | models.Q(phone__regex=r"^\+[1-9][0-9]{5,14}$"),
                name="user_phone_international",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def name(self) -> str:
        """First and last name, for greetings and lists."""
        return f"{self.first_name} {self.last_name}".strip() or self.email

    @property
    def initials(self) -> str:
        """The one or two letters in the profile circle (ACC-3)."""
        letters = [part[0] for part in (self.first_name, self.last_name) if part]
        return "".join(letters).upper() or self.email[:1].upper()

    @property
    def has_temporary_login(self) -> bool:
        """Whether the login stands in for a deleted mailbox, until a new one is chosen (ACC-13)."""
        return is_temporary(self.email)

    @property
    def mail_address(self) -> str:
        """Where the person reads mails: at the login, or at the recovery address while it is temporary.

        Empty where there is neither (ACC-13), and once the account is closed (ACC-15).
        """
        if self.closed_at is not None:
            return ""
        return self.recovery_email if self.has_temporary_login else self.email

    @property
    def temporary_login(self) -> str:
        """What the person types to sign in while the login is temporary; empty otherwise."""
        return self.email.partition("@")[0] if self.has_temporary_login else ""


class SecurityEvent(models.Model):
    """What happened to a person's way in: who did it, when and from where. Rows are only added.

    The organizations' log tells what happened in them (ORG-16); this one belongs to the person.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="security_events")
    name = models.CharField(max_length=60)
    actor_kind = models.CharField(max_length=10)
    actor_user_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=170, blank=True)
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=300, blank=True)
    details = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["user", "-id"], name="security_event_newest_first")]

    def __str__(self) -> str:
        return f"{self.name} of {self.user_id}"
