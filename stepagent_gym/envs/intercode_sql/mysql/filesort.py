"""How MySQL sorts, so that rows with equal keys come in its order.

Without a limit rows are sorted by the C++ library's `std::sort`: introsort with a median of three,
and insertion for pieces of 16, which is not stable.  With a limit of less than a third of the rows
they go through a heap of limit + 1 rows, whose greatest row every further row replaces; what is
left is sorted.  (sql/filesort.cc, sql/bounded_queue.h, include/priority_queue.h of MySQL 8.0; only
what they do is followed, none of their text.)
"""

from collections.abc import Callable, Sequence
from typing import Any

_PIECE = 16
_SMALL = 3
_HEAP_IS_SLOWER_BY = 3

Less = Callable[[Any, Any], bool]


def sort(
    keys: Sequence[tuple[Any, ...]],
    descending: Sequence[bool],
    wanted: int | None,
    expected: float,
) -> list[int]:
    """Give the order of rows by their keys, as their numbers.

    `wanted`: how many rows the limit asks for (None: all).  `expected`: how many rows MySQL thinks
    that there are.
    """
    less = _comparison(keys, descending)
    numbers = list(range(len(keys)))
    if wanted is not None and wanted < expected / _HEAP_IS_SLOWER_BY:
        numbers = _bounded(numbers, wanted + 1, less)
    elif wanted is not None and 0 < wanted < len(numbers) / 2:
        _select(numbers, wanted - 1, less)
        numbers = numbers[:wanted]
    _introsort(numbers, less)
    return numbers if wanted is None else numbers[:wanted]


def _comparison(keys: Sequence[tuple[Any, ...]], descending: Sequence[bool]) -> Less:
    ranked = [
        tuple((value is not None, 0 if value is None else value) for value in key) for key in keys
    ]
    if not any(descending):
        return lambda a, b: ranked[a] < ranked[b]
    if all(descending):
        return lambda a, b: ranked[b] < ranked[a]

    def less(a: int, b: int) -> bool:
        for one, two, down in zip(ranked[a], ranked[b], descending, strict=True):
            if one != two:
                return two < one if down else one < two
        return False

    return less


def _bounded(numbers: Sequence[int], size: int, less: Less) -> list[int]:
    """Keep the least rows in a heap of places; a place keeps its number when its row changes."""
    slots: list[int] = []
    heap: list[int] = []
    for number in numbers:
        if len(slots) < size:
            slots.append(number)
            heap.append(len(slots) - 1)
            _sift_up(heap, slots, less)
        else:
            slots[heap[0]] = number
            _sift_down(heap, slots, less)
    return slots


def _sift_up(heap: list[int], slots: list[int], less: Less) -> None:
    place = len(heap) - 1
    while place > 0 and not less(slots[heap[place]], slots[heap[(place - 1) // 2]]):
        parent = (place - 1) // 2
        heap[place], heap[parent] = heap[parent], heap[place]
        place = parent


def _sift_down(heap: list[int], slots: list[int], less: Less) -> None:
    place = 0
    while True:
        largest = place
        for child in (2 * place + 1, 2 * place + 2):
            if child < len(heap) and less(slots[heap[largest]], slots[heap[child]]):
                largest = child
        if largest == place:
            return
        heap[place], heap[largest] = heap[largest], heap[place]
        place = largest


def _introsort(rows: list[int], less: Less) -> None:
    if len(rows) > 1:
        _partition(rows, 0, len(rows), 2 * (len(rows).bit_length() - 1), less)
        _insert(rows, 0, len(rows), less)


def _select(rows: list[int], nth: int, less: Less) -> None:
    """Bring the least rows, up to the nth, to the front: `std::nth_element`."""
    first, last = 0, len(rows)
    depth = 2 * (len(rows).bit_length() - 1)
    while last - first > _SMALL:
        if depth == 0:
            rows[first:last] = _heapsorted(rows[first:last], less)
            return
        depth -= 1
        middle = first + (last - first) // 2
        _median_to(rows, first, first + 1, middle, last - 1, less)
        cut = _split(rows, first + 1, last, first, less)
        if cut <= nth:
            first = cut
        else:
            last = cut
    _insert(rows, first, last, less)


def _insert(rows: list[int], first: int, last: int, less: Less) -> None:
    for place in range(first + 1, last):
        value, hole = rows[place], place
        while hole > first and less(value, rows[hole - 1]):
            rows[hole] = rows[hole - 1]
            hole -= 1
        rows[hole] = value


def _partition(rows: list[int], first: int, last: int, depth: int, less: Less) -> None:
    """Sort roughly, until pieces of 16 are left."""
    while last - first > _PIECE:
        if depth == 0:
            rows[first:last] = _heapsorted(rows[first:last], less)
            return
        depth -= 1
        middle = first + (last - first) // 2
        _median_to(rows, first, first + 1, middle, last - 1, less)
        cut = _split(rows, first + 1, last, first, less)
        _partition(rows, cut, last, depth, less)
        last = cut


def _median_to(rows: list[int], result: int, a: int, b: int, c: int, less: Less) -> None:
    if less(rows[a], rows[b]):
        chosen = b if less(rows[b], rows[c]) else c if less(rows[a], rows[c]) else a
    else:
        chosen = a if less(rows[a], rows[c]) else c if less(rows[b], rows[c]) else b
    rows[result], rows[chosen] = rows[chosen], rows[result]


def _split(rows: list[int], first: int, last: int, pivot: int, less: Less) -> int:
    while True:
        while less(rows[first], rows[pivot]):
            first += 1
        last -= 1
        while less(rows[pivot], rows[last]):
            last -= 1
        if first >= last:
            return first
        rows[first], rows[last] = rows[last], rows[first]
        first += 1


def _heapsorted(rows: list[int], less: Less) -> list[int]:
    """Sort a piece whose pivots were bad; its equal rows may come in another order than MySQL's."""
    from functools import cmp_to_key

    return sorted(rows, key=cmp_to_key(lambda a, b: -1 if less(a, b) else int(less(b, a))))
