"""What a virtual server can be asked for (WIN-1). A new system is pending for a while."""

from collections.abc import Callable
from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from products.catalog.models import Plan
from products.catalog.setup import Choice, register_choices
from products.modules.vps.systems import LINUX, WINDOWS, System, is_licensed, list_answers
from products.provisioning.actions import Action, register_actions

KIND = "vps"
# Long enough to see the mistake, short enough to wait for.
REINSTALL_DELAY = timedelta(minutes=15)


def _form_of(systems: tuple[System, ...]) -> type[forms.Form]:
    """Return the form of a choice. There is no field for a licence of one's own: none is taken (WIN-1)."""
    choices = [(system.slug, system.name) for system in systems]
    field = forms.ChoiceField(label=_("System"), choices=choices, widget=forms.RadioSelect)
    return type("SystemForm", (forms.Form,), {"system": field})


START = Action(
    slug="start",
    label=_("Start"),
    confirm=_("The server is switched on."),
    submit=_("Start"),
    icon="play",
)
STOP = Action(
    slug="stop",
    label=_("Stop"),
    confirm=_("The server is shut down and stays off until somebody starts it. It is charged all the same."),
    submit=_("Stop"),
    icon="square",
    is_dangerous=True,
)
RESTART = Action(
    slug="restart",
    label=_("Restart"),
    confirm=_("The server stops for a minute or two. What is not saved in it is lost."),
    submit=_("Restart"),
    icon="rotate-cw",
)


def _reinstall(slug: str, systems: tuple[System, ...], fits: Callable[[Plan], bool]) -> Action:
    return Action(
        slug=slug,
        label=_("Reinstall"),
        confirm=_(
            "The system is set up anew, and everything on the server is lost. "
            "It begins in 15 minutes; until then it can be cancelled."
        ),
        submit=_("Ask for the new system"),
        icon="eraser",
        is_dangerous=True,
        delay=REINSTALL_DELAY,
        form=_form_of(systems),
        fits=fits,
    )


# Windows comes where the plan charges its licence by virtual processor, and nowhere else.
REINSTALL_LINUX = _reinstall("reinstall", LINUX, lambda plan: not is_licensed(plan))
REINSTALL_WINDOWS = _reinstall("reinstall-windows", WINDOWS, is_licensed)

register_choices(KIND, Choice("system", _("System"), list_answers))
register_actions(KIND, START, STOP, RESTART, REINSTALL_LINUX, REINSTALL_WINDOWS)
