"""Telling people what happened: in the portal and by e-mail, as each of them chose."""
