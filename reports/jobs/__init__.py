"""Long work in the background: many LKEs, all evidence of a unit or a large recap as one file to download.

`models` has the rows, `services` every change of one, `building` makes the files, `running` holds the two together in
a worker, `files` keeps and clears what was made, `access` says who may have it. The worker is
`manage.py job_worker`, around django-tasks-db; the row here, not the task, is the truth about a job.
"""
