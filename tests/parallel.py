"""People who do something at the same moment, each over a database connection of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connection

T = TypeVar("T")


def in_parallel(job: Callable[[int], T], people: int) -> list[T]:
    """Run the job once for each person, all begun together; return what they return, in the order of people."""
    start = Barrier(people)

    def alone(number: int) -> T:
        start.wait(timeout=60)
        try:
            return job(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(people) as pool:
        return list(pool.map(alone, range(people)))
