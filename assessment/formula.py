"""The small language of the LKE's percentage criteria: `(n1-n2)/n1`, `n2<=n1`.

n1 is the first quantity of the criterion, n2 the second. Pure and exact: whole numbers in, Fraction out.
"""

import ast
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

_OPERATORS: dict[type[ast.operator], tuple[str, Callable[[Fraction, Fraction], Fraction]]] = {
    ast.Add: ("+", operator.add),
    ast.Sub: ("-", operator.sub),
    ast.Mult: ("*", operator.mul),
}


class FormulaError(ValueError):
    """The text is not a formula of this language."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """A parsed `numerator/denominator`; the denominator is kept apart because zero has rules of its own."""

    text: str
    numerator: ast.expr
    denominator: ast.expr

    def evaluate(self, counts: Sequence[int]) -> tuple[Fraction, Fraction]:
        """Return numerator and denominator for `counts` (n1 first)."""
        return _value(self.numerator, counts), _value(self.denominator, counts)

    @property
    def quantities(self) -> frozenset[int]:
        """The numbers of the quantities it uses: {1, 2} for n1 and n2."""
        return _numbers(self.numerator) | _numbers(self.denominator)

    def render(self, name_of: Callable[[int], str]) -> tuple[str, str]:
        """Return numerator and denominator as text with each quantity named by `name_of`."""
        return _render(self.numerator, name_of), _render(self.denominator, name_of)


@dataclass(frozen=True, slots=True)
class Limit:
    """A parsed `left<=right` that sensible counts fulfil."""

    text: str
    left: ast.expr
    right: ast.expr

    def holds(self, counts: Sequence[int]) -> bool:
        return _value(self.left, counts) <= _value(self.right, counts)

    @property
    def quantities(self) -> frozenset[int]:
        return _numbers(self.left) | _numbers(self.right)


@lru_cache(maxsize=512)
def parse_ratio(text: str) -> Ratio:
    """Parse `numerator/denominator`; raise FormulaError."""
    tree = _parse(text)
    if not (isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Div)):
        raise FormulaError(f"{text!r} is not a ratio: its last operation must be a division.")
    _check(tree.left, text)
    _check(tree.right, text)
    return Ratio(text, tree.left, tree.right)


@lru_cache(maxsize=512)
def parse_limit(text: str) -> Limit:
    """Parse `left<=right`; raise FormulaError."""
    tree = _parse(text)
    if not (isinstance(tree, ast.Compare) and len(tree.ops) == 1 and isinstance(tree.ops[0], ast.LtE)):
        raise FormulaError(f"{text!r} is not of the form left<=right.")
    _check(tree.left, text)
    _check(tree.comparators[0], text)
    return Limit(text, tree.left, tree.comparators[0])


def _parse(text: str) -> ast.expr:
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError) as error:
        raise FormulaError(f"{text!r} cannot be read.") from error


def _check(node: ast.expr, text: str) -> None:
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        _check(node.left, text)
        _check(node.right, text)
    elif not isinstance(node, ast.Name) or _number(node) is None:
        raise FormulaError(f"{text!r}: only n1, n2, … with + - * and one division are allowed.")


def _number(node: ast.Name) -> int | None:
    digits = node.id.removeprefix("n")
    return (
        int(digits) if node.id.startswith("n") and digits.isascii() and digits.isdigit() and digits[0] != "0" else None
    )


def _numbers(node: ast.expr) -> frozenset[int]:
    return frozenset(n for part in ast.walk(node) if isinstance(part, ast.Name) and (n := _number(part)))


def _value(node: ast.expr, counts: Sequence[int]) -> Fraction:
    if isinstance(node, ast.BinOp):
        return _OPERATORS[type(node.op)][1](_value(node.left, counts), _value(node.right, counts))
    assert isinstance(node, ast.Name)  # noqa: S101  _check let nothing else through
    return Fraction(counts[int(node.id[1:]) - 1])


def _render(node: ast.expr, name_of: Callable[[int], str]) -> str:
    if not isinstance(node, ast.BinOp):
        assert isinstance(node, ast.Name)  # noqa: S101
        return name_of(int(node.id[1:]))
    left, right = _render(node.left, name_of), _render(node.right, name_of)
    own = _binding(node)
    if _binding(node.left) < own:
        left = f"({left})"
    if _binding(node.right) < own or (isinstance(node.op, ast.Sub) and _binding(node.right) == own):
        right = f"({right})"
    return f"{left}{_OPERATORS[type(node.op)][0]}{right}"


def _binding(node: ast.expr) -> int:
    """Return how strongly a node's operator binds: sums 1, products 2, names 3."""
    if not isinstance(node, ast.BinOp):
        return 3
    return 2 if isinstance(node.op, ast.Mult) else 1
