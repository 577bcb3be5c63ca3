"""Write scorecards anew after something that they depend on was changed here."""

from django.db.models import QuerySet

from .. import services
from ..models import Scorecard


def rescore_all(cards: QuerySet[Scorecard]) -> None:
    """Rewrite these scorecards from the stored answers."""
    for card in cards.select_related("assessment"):
        services.rescore(assessment=card.assessment, stage=card.stage)
