"""Values that are made when somebody asks for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Generic, TypeVar, cast

T = TypeVar("T")


class Lazy(Generic[T]):
    """A value that is made when first asked for. It is equal to one with an equal value, and pickled as its value."""

    __slots__ = ("_made", "_make")

    def __init__(self, make: Callable[[], T]) -> None:
        self._make: Callable[[], T] | None = make
        self._made: T | None = None

    def value(self) -> T:
        """The value; always the same object."""
        make = self._make
        if make is not None:
            self._made = make()
            self._make = None  # and what it was made of can go
        return cast("T", self._made)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Lazy) and self.value() == other.value()

    def __hash__(self) -> int:
        return hash(self.value())

    def __reduce__(self) -> tuple[Callable[[T], Lazy[T]], tuple[T]]:
        return _made, (self.value(),)


def item(of: Lazy[Sequence[T]], i: int) -> Lazy[T]:
    """The i-th value of a sequence that is made when first asked for one of its values."""
    return Lazy(partial(_item, of, i))


def _item(of: Lazy[Sequence[T]], i: int) -> T:
    return of.value()[i]


def _made(value: T) -> Lazy[T]:
    lazy = Lazy(lambda: value)
    lazy.value()
    return lazy
