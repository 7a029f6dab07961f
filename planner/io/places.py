"""What merging and patching share: names of list items, and places carried from one document to another."""

from collections.abc import Sequence
from typing import Any

from planner.errors import Place
from planner.io.yaml import Document, YamlPath

_NAMES = ("id", "name", "accelerator")


def item_name(items: Sequence[Any]) -> str | None:
    """The key that names the items of a list, when every item is a mapping with its own (see `_NAMES`); else None."""
    for key in _NAMES:
        names = [item.get(key) for item in items if isinstance(item, dict)]
        scalar = all(isinstance(n, str | int) and not isinstance(n, bool) for n in names)
        if items and len(names) == len(items) and scalar and len(set(names)) == len(names):
            return key
    return None


class Places:
    """The places of a document under construction."""

    def __init__(self) -> None:
        self.values: dict[YamlPath, Place] = {}
        self.keys: dict[YamlPath, Place] = {}
        self.overridden: dict[YamlPath, tuple[Place, ...]] = {}

    def copy(self, source: Document, value: Any, old: YamlPath, new: YamlPath) -> Any:
        """A copy of `value`, found at `old` in `source`, with its places now below `new`."""
        self.one(source, old, new)
        if isinstance(value, dict):
            return {key: self.copy(source, item, (*old, key), (*new, key)) for key, item in value.items()}
        if isinstance(value, list):
            return [self.copy(source, item, (*old, i), (*new, i)) for i, item in enumerate(value)]
        return value

    def one(self, source: Document, old: YamlPath, new: YamlPath) -> None:
        """The places of a single value."""
        self.values[new] = source.place(old)
        if old in source.key_places and new and isinstance(new[-1], str):
            self.keys[new] = source.key_places[old]
        if old in source.overridden:
            self.overridden[new] = source.overridden[old]
