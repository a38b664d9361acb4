"""What a NAS can be asked for (PRD-13). A reset is pending for a while, in which it can be cancelled."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from products.provisioning.actions import Action, register_actions

KIND = "nas"
# Long enough to see the mistake, short enough to wait for.
RESET_DELAY = timedelta(minutes=15)

RESTART = Action(
    slug="restart",
    label=_("Restart"),
    confirm=_("The NAS stops for a few minutes. Who works on it just now is cut off; no data is lost."),
    submit=_("Restart"),
    icon="rotate-cw",
)
SOFT_RESET = Action(
    slug="soft-reset",
    label=_("Soft reset"),
    confirm=_(
        "The administrator's password and the network settings go back to those of delivery. "
        "Your files stay. The reset begins in 15 minutes; until then it can be cancelled."
    ),
    submit=_("Ask for the soft reset"),
    icon="key-round",
    is_dangerous=True,
    delay=RESET_DELAY,
)
HARD_RESET = Action(
    slug="hard-reset",
    label=_("Hard reset"),
    confirm=_(
        "The system is set up anew: settings, accounts and installed packages are lost. "
        "The reset begins in 15 minutes; until then it can be cancelled."
    ),
    submit=_("Ask for the hard reset"),
    icon="eraser",
    is_dangerous=True,
    delay=RESET_DELAY,
)

register_actions(KIND, RESTART, SOFT_RESET, HARD_RESET)
