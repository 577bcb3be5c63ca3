"""XML read as a stream, without document types and therefore without entities."""

from collections.abc import Callable, Iterable, Mapping
from xml.parsers import expat

from .refusals import Refused

MAX_PROLOG = 1024 * 1024

# Local name and attributes by local name.
OnElement = Callable[[str, Mapping[str, str]], None]


class _RootSeen(Exception):
    pass


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _refuse_doctype(*_: object) -> None:
    raise Refused("doctype")


def _parser(on_element: OnElement) -> expat.XMLParserType:
    def start(name: str, attributes: dict[str, str]) -> None:
        on_element(_local(name), {_local(key): value for key, value in attributes.items()})

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = start
    return parser


def _parse(parser: expat.XMLParserType, block: bytes, is_final: bool) -> None:
    try:
        parser.Parse(block, is_final)
    except (Refused, _RootSeen):
        raise
    except (expat.ExpatError, ValueError, LookupError) as error:  # the latter two: the encoding it names
        raise Refused("damaged") from error


def each_element(blocks: Iterable[bytes], on_element: OnElement) -> None:
    """Call `on_element` for every element of a small part. Raises Refused if it is not well-formed."""
    parser = _parser(on_element)
    for block in blocks:
        _parse(parser, block, False)
    _parse(parser, b"", True)


class Prolog:
    """Watches the beginning of a part of any size up to its first element, for a document type."""

    def __init__(self) -> None:
        self._parser = _parser(self._root)
        self._size = 0
        self.has_root = False

    def feed(self, block: bytes) -> None:
        if self.has_root:
            return
        self._size += len(block)
        if self._size > MAX_PROLOG:
            raise Refused("damaged")
        try:
            _parse(self._parser, block, False)
        except _RootSeen:
            self.has_root = True

    def _root(self, name: str, attributes: Mapping[str, str]) -> None:
        raise _RootSeen
