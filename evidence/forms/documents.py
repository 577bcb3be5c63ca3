"""The forms of a document's page: what is said about it, and its next version."""

from collections.abc import Sequence
from typing import Any

from django import forms

from .. import links
from ..services.documents import Content
from ..services.receive import receive
from ..uploads import Upload
from .criterion import OUTDATED, DescriptionForm

NEITHER = "Pilih berkas, atau isi alamat tautan."
BOTH = "Pilih salah satu saja: berkas atau tautan."
SEVERAL = "Pilih satu berkas saja."


def whole_number() -> forms.IntegerField:
    """Return a hidden number that the page itself wrote."""
    messages = dict.fromkeys(("required", "invalid", "min_value", "max_value"), OUTDATED)
    return forms.IntegerField(min_value=1, max_value=999_999_999, error_messages=messages)


class DescribeForm(DescriptionForm):
    """What is said about a document; `revision` is the one the person saw."""

    revision = whole_number()


class ReplaceForm(forms.Form):
    """A new version: one file or one address; `seen` is the number of the version the person saw."""

    url = forms.CharField(required=False, max_length=5000)
    seen = whole_number()

    def __init__(self, data: Any, uploads: Sequence[Upload]) -> None:
        super().__init__(data)
        self.uploads = uploads

    def clean_url(self) -> str:
        typed = self.cleaned_data["url"]
        try:
            return links.clean_url(typed) if typed else ""
        except links.BadLink as problem:
            raise forms.ValidationError(str(problem)) from problem

    def clean(self) -> dict[str, Any]:
        has_url = "url" in self.errors or bool(self.cleaned_data.get("url"))
        if len(self.uploads) > 1:
            raise forms.ValidationError(SEVERAL)
        if has_url == bool(self.uploads):
            raise forms.ValidationError(BOTH if has_url else NEITHER)
        for upload in self.uploads:
            if upload.incoming is None:
                raise forms.ValidationError(upload.refusal)
        return self.cleaned_data

    def content(self) -> Content:
        """Receive the file, or take the address. Raises ValidationError if the file is not acceptable."""
        for upload in self.uploads:
            if upload.incoming is not None:
                return Content(file=receive(upload.incoming, upload.name))
        return Content(url=self.cleaned_data["url"])
