"""Which of the portal's routes are about the signed-in person alone; merged in `tests/test_every_route.py`."""

PORTAL_OWN = {"portal:search"}
