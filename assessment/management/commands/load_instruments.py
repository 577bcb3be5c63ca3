from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessment.fixture_files import BrokenFixture
from assessment.instruments import Loaded, Unusable, load_fixtures

TEXTS = {
    Loaded.CREATED: "loaded",
    Loaded.UNCHANGED: "already there",
    Loaded.REPLACED: "replaced by its new files",
    Loaded.KEPT: "was edited or imported in this portal and is kept as it is",
}


class Command(BaseCommand):
    help = "Loads the instruments in fixtures/ into the database. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            results = load_fixtures()
        except BrokenFixture as error:
            raise CommandError(str(error)) from error
        except Unusable as error:
            raise CommandError("\n".join(["Nothing was loaded.", *error.problems])) from error
        for result in results if options["verbosity"] else ():
            self.stdout.write(f"{result.key[0]} version {result.key[1]}: {TEXTS[result.outcome]}.")
