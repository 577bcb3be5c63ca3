"""One module for each kind that can be found; each has a `PROVIDER` (see `portal.search.registry`)."""
