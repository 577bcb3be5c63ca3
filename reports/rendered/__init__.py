"""Documents that are drawn once and served from disk until anything that shows in them changes.

`keys` names a document by all that shows in it, `store` keeps it, `documents` draws what is missing. Nothing here asks
who may see what: callers collect the content through the access checks, and only the very same content has the key.
"""

from .documents import Drawn, kept_recap_pdf, letter, lhe, lke, recap_pdf, sptjm
from .keys import key_of

__all__ = ["Drawn", "kept_recap_pdf", "key_of", "letter", "lhe", "lke", "recap_pdf", "sptjm"]
