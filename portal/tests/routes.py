"""Which of the portal's routes are about the signed-in person alone; merged in `tests/test_every_route.py`."""

PORTAL_OWN = {"portal:search", "portal:help", "portal:guide", "portal:topic", "portal:glossary", "portal:term"}
PORTAL_VALUES = {"guide": "tim-unit", "topic": "mengisi", "term": "ipak"}
