"""Print why a server cannot listen on the address given as HOST PORT; nothing if it can."""

import errno
import socket
import sys


def problem(host: str, port: str) -> str:
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        return "PORT must be a number from 1 to 65535"
    try:
        found = socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = found[0]
        with socket.socket(family, kind, protocol) as listener:
            # As servers do: connections of the last run that still linger are no obstacle.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return "another program is using it. Stop that one, or choose another port: PORT=8001 scripts/run"
        return str(error)
    return ""


if __name__ == "__main__":
    sys.stdout.write(problem(*sys.argv[1:3]))
