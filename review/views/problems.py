"""What a service refused, as the pages show it."""

from django.core.exceptions import ValidationError
from django.forms import Form

from ..services.steps import Blocked


def has_moved(error: ValidationError) -> bool:
    """Tell whether the refusal says that the object is no longer where the person saw it."""
    return getattr(error, "code", "") == "moved"


def add_problems(form: Form, error: ValidationError) -> None:
    """Put a service's refusal beside the fields it is about, the rest above the form.

    What blocks a step is listed by the page itself, with links.
    """
    if isinstance(error, Blocked):
        form.add_error(None, "Selesaikan dahulu yang disebut di bawah ini.")
        return
    fields = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for name, texts in fields.items():
        for text in texts:
            form.add_error(name if name in form.fields else None, text)
