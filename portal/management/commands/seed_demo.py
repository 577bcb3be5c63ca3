"""Fill the portal with a demo agency."""

import json
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import User
from assessment import demo as agency
from evidence import demo as documents
from news import demo as public
from planning import demo as planning
from review import demo as reviewing


class Command(BaseCommand):
    help = (
        "Create a demo agency: units UNIT-01 (complete), UNIT-02 (half-way), UNIT-03 (empty) and more, a running "
        "period, one account for each role, documents as evidence, and reviews under way. Repeating it changes nothing "
        "that exists."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--units", type=int, default=12)
        parser.add_argument("--year", type=int, default=None)

    def handle(self, *args: Any, **options: Any) -> None:
        year = options["year"] or timezone.localdate().year
        if options["units"] < 3:
            raise CommandError("--units: at least 3.")
        if not 2020 <= year <= 2100:
            raise CommandError("--year: 2020 to 2100.")
        password = os.environ.get("DEMO_PASSWORD", "")
        if password and len(password) < 8 and not settings.DEBUG:
            raise CommandError("DEMO_PASSWORD: at least 8 characters.")
        call_command("load_instruments", verbosity=0)
        made = agency.seed(units=options["units"], year=year, password=password)
        added = documents.seed(year=year)
        moved = reviewing.seed(year=year)
        planning.seed(year=year)
        public.seed(year=year)
        self.stdout.write(f"Demo agency with {options['units']} units, period {year}; {added} documents added.")
        self.stdout.write(f"{moved} assessments were submitted and brought on their way.")
        self._tell_sign_ins(made)

    def _tell_sign_ins(self, made: dict[str, str]) -> None:
        """Print the demo's sign-ins at every start; only this machine's owner can read where they are kept."""
        path = Path(settings.DATA_DIR) / "demo-accounts.json"
        known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
        if made:
            known |= made
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(json.dumps(known, indent=2))
        users = User.objects.filter(username__in=known).prefetch_related("memberships")
        self.stdout.write(f"Demo sign-ins ({path.name} in the data directory keeps them):")
        for user in users:
            roles = ", ".join(dict.fromkeys(m.get_role_display() for m in user.memberships.all()))
            self.stdout.write(f"  {user.username:<16} {known[user.username]:<16} {roles}")
