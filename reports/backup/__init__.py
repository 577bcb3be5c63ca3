"""The whole portal in one file, and back: database, evidence and what else lies in MEDIA_ROOT, each with its SHA-256.

`databases` copies and restores either kind of database, `archive` is the file itself, `making` writes it, `restoring`
reads it: everything is checked before anything is replaced.
"""
