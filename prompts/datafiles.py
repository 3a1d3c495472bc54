"""Data files as values: YAML in which no name may be given twice."""

from __future__ import annotations

from typing import Any

import yaml

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C, ten times as fast


class _Loader(_LOADER):
    """The second of two entries of one name would silently replace the first."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for name, _ in node.value:
            if name.value in seen:
                raise yaml.constructor.ConstructorError(
                    "while reading a mapping",
                    node.start_mark,
                    f"{name.value!r} stands twice",
                    name.start_mark,
                )
            seen.add(name.value)
        return dict(super().construct_mapping(node, deep))


def read_yaml(text: str) -> Any:
    """The value of a data file's text. Raises yaml.YAMLError, also for a name given twice."""
    return yaml.load(text, _Loader)
