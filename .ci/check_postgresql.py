"""Stop with a clear message unless the PostgreSQL server of the URL given answers and lets tests make a database."""

import sys
from urllib.parse import urlsplit

import psycopg2


def problem(url: str) -> str:
    try:
        connection = psycopg2.connect(urlsplit(url)._replace(path="/postgres").geturl(), connect_timeout=10)
    except psycopg2.OperationalError as error:
        return str(error).strip()
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
        row = cursor.fetchone()
    connection.close()
    return "" if row and row[0] else "the user may not create databases"


if __name__ == "__main__" and (found := problem(sys.argv[1])):
    sys.exit(f"ERROR: the tests on PostgreSQL cannot run, so nothing does: {found}")
