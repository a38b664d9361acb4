"""How the log of what was done names the rule about second factors (ORG-16)."""

from django.utils.translation import gettext_lazy as _

from organizations.audit.subjects import SubjectKind, register_subject

register_subject("secondfactorpolicy", SubjectKind(words=_("Second factor")))
