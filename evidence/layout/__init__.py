"""The LKE tree as folders: the folder of a criterion, and the criterion of a file that lies in folders. Pure."""

from .confidence import Confidence
from .documents import guess_document
from .folders import folder_of, plain_name, shortened
from .matching import Match, match

__all__ = ["Confidence", "Match", "folder_of", "guess_document", "match", "plain_name", "shortened"]
