"""The portal's settings as the tests run them: production's, without TLS and with what makes tests fast.

Whatever DEBUG or SECRET_KEY the shell holds, a test run is the same; DATABASE_URL alone chooses the database.
"""

import os

os.environ.update(
    SECRET_KEY="only-for-tests-" + "0123456789" * 4,
    DEBUG="0",
    INSECURE_HTTP="1",
    ALLOWED_HOSTS="localhost,127.0.0.1",
)

from zi_portal.settings import *  # noqa: F403
from zi_portal.settings import STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Nothing is collected for tests, so there is no manifest; live_server serves through the finders.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
