"""Laying documents over one another, later ones winning, each value keeping the place it was written at."""

from typing import Any, NamedTuple

from planner.io.patch import apply_patch
from planner.io.places import Places, item_name
from planner.io.yaml import Document, YamlPath

__all__ = ["apply_patch", "overlay"]


def overlay(first: Document, *later: Document) -> Document:
    """All documents as one; where two give the same value, the later wins and the earlier place is remembered.

    Mappings merge key by key. Two lists whose items all carry an `id` (or all a `name`) merge item by item, new items
    following; any other list, and an empty one, replaces the earlier list. null replaces too. Associative wherever
    the documents agree on what is a mapping, what a list, what a scalar.
    """
    result = first
    for document in later:
        merger = _Merger(result, document)
        value = merger.merge(_At(result.value, ()), _At(document.value, ()), ())
        places = merger.places
        result = Document(value, document.path, places.values, places.keys, places.overridden)
    return result


class _At(NamedTuple):
    """A value and its path in the document it comes from."""

    value: Any
    path: YamlPath

    def below(self, part: str | int) -> "_At":
        return _At(self.value[part], (*self.path, part))


class _Merger:
    """One merge of two documents; `places` fills up on the way."""

    def __init__(self, base: Document, over: Document) -> None:
        self.base = base
        self.over = over
        self.places = Places()

    def merge(self, a: _At, b: _At, new: YamlPath) -> Any:
        """`b` over `a`, to stand at `new`; the place of a merged mapping or list is that of `a`."""
        if isinstance(a.value, dict) and isinstance(b.value, dict):
            self.places.one(self.base, a.path, new)
            return self._mappings(a, b, new)
        if isinstance(a.value, list) and isinstance(b.value, list):
            name = item_name(a.value)
            if name is not None and name == item_name(b.value):
                self.places.one(self.base, a.path, new)
                return self._lists(a, b, new, name)
        result = self.places.copy(self.over, b.value, b.path, new)
        earlier = (*self.base.overridden.get(a.path, ()), self.base.place(a.path))
        self.places.overridden[new] = (*earlier, *self.over.overridden.get(b.path, ()))
        return result

    def _mappings(self, a: _At, b: _At, new: YamlPath) -> dict[Any, Any]:
        result = {}
        for key in [*a.value, *(key for key in b.value if key not in a.value)]:
            inner = (*new, key)
            if key not in b.value:
                result[key] = self.places.copy(self.base, *a.below(key), inner)
            elif key not in a.value:
                result[key] = self.places.copy(self.over, *b.below(key), inner)
            else:
                result[key] = self.merge(a.below(key), b.below(key), inner)
        return result

    def _lists(self, a: _At, b: _At, new: YamlPath, name: str) -> list[Any]:
        """Item by item, told apart by their value of `name`."""
        index = {item[name]: j for j, item in enumerate(b.value)}
        result: list[Any] = []
        for i, item in enumerate(a.value):
            j = index.pop(item[name], None)
            inner = (*new, i)
            if j is None:
                result.append(self.places.copy(self.base, *a.below(i), inner))
            else:
                result.append(self.merge(a.below(i), b.below(j), inner))
        for j in index.values():
            result.append(self.places.copy(self.over, *b.below(j), (*new, len(result))))
        return result
