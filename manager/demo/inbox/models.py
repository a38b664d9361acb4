"""The demonstration's inbox: every mail and text message that was sent, whoever it was for."""

from django.db import models


class InboxMessage(models.Model):
    """A mail or SMS as it would have left. Its id is unique, so that one sent twice is kept once."""

    message_id = models.CharField(max_length=200, unique=True)
    recipient = models.EmailField(max_length=254)
    subject = models.CharField(max_length=250)
    text = models.TextField()
    html = models.TextField(blank=True)
    language = models.CharField(max_length=5, blank=True)
    is_sms = models.BooleanField(default=False, db_default=False)
    received_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["recipient", "-id"], name="inbox_by_recipient")]

    def __str__(self) -> str:
        return self.subject


class InboxAttachment(models.Model):
    """A file that came with a mail."""

    message = models.ForeignKey(InboxMessage, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=200)
    mime_type = models.CharField(max_length=100)
    content = models.BinaryField()

    def __str__(self) -> str:
        return self.name
