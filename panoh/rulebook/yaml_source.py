"""Reads YAML as nodes that know their line, so that every error can name the place where it stands.

Values are taken as the text that was written, never as YAML's guess: a code `NO` stays a code and does not become False.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import yaml

from panoh.rulebook.faults import Faults, did_you_mean
from panoh.rulebook.immutable import FrozenMap
from panoh.rulebook.law import LANGUAGES, Titles

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

NO_TITLES: Titles = FrozenMap(dict.fromkeys(LANGUAGES, ""))


class Item:
    """A node of a file: a mapping, a list or a text, with readers that report what is missing and go on."""

    __slots__ = ("_children", "_faults", "_given", "_node", "file", "line", "name")

    def __init__(
        self,
        node: yaml.Node,
        file: str,
        faults: Faults,
        name: str = "",
        line: int | None = None,
        given: Mapping[str, Item] | None = None,
    ) -> None:
        self._node = node
        self._faults = faults
        self._children: dict[str, Item] | None = None
        self._given = given
        """What stands for `$name` in here: the parameters with which steps are included (`load_steps`)."""
        self.file = file
        self.name = name
        self.line: int = line or node.start_mark.line + 1

    @property
    def where(self) -> str:
        return f"{self.file}:{self.line}"

    def fault(self, message: str, hint: str = "") -> None:
        self._faults.add(self.file, self.line, message, hint)

    # -- shape --------------------------------------------------------------------------------------------------------

    def is_mapping(self) -> bool:
        return isinstance(self._node, yaml.MappingNode)

    def is_list(self) -> bool:
        return isinstance(self._node, yaml.SequenceNode)

    def is_text(self) -> bool:
        return isinstance(self._node, yaml.ScalarNode)

    @property
    def raw(self) -> str:
        """The text of a scalar, as written; "" for anything else and for an empty value."""
        if not isinstance(self._node, yaml.ScalarNode):
            return ""
        empty = self._node.tag == "tag:yaml.org,2002:null" and self._node.value in ("", "~", "null")
        return "" if empty else str(self._node.value)

    def children(self) -> dict[str, Item]:
        """The entries of a mapping by key; each reports from the line of its key."""
        if self._children is None:
            self._children = {}
            if not isinstance(self._node, yaml.MappingNode):
                if self.raw or not self.is_text():
                    self.fault(f"{self._label()} must be a mapping of names to values")
                return self._children
            for key, value in self._node.value:
                child = self._child(value, str(key.value), key.start_mark.line + 1)
                if child.name in self._children:
                    child.fault(f"{child.name!r} stands twice", "remove or rename one of them")
                self._children[child.name] = child
        return self._children

    def _child(self, node: yaml.Node, name: str, line: int | None = None) -> Item:
        """A part of this one. What was given for `$name` reports from the line on which it was given."""
        given = self._given_for(node)
        if given is None:
            return Item(node, self.file, self._faults, name, line, self._given)
        return Item(given._node, given.file, self._faults, name, given.line, given._given)

    def _given_for(self, node: yaml.Node) -> Item | None:
        """What stands for a scalar `$name`; None for everything else."""
        if self._given is None or not isinstance(node, yaml.ScalarNode) or not str(node.value).startswith("$"):
            return None
        found = self._given.get(str(node.value)[1:])
        if found is None:
            known = did_you_mean(str(node.value)[1:], self._given)
            self._faults.add(self.file, node.start_mark.line + 1, f"no parameter is called {node.value!r}", known)
            return None
        return found._given_for(found._node) or found

    def given(self, parameters: Mapping[str, Item]) -> Item:
        """The same part with what stands for each `$name` in it."""
        return Item(self._node, self.file, self._faults, self.name, self.line, parameters)

    def put(self, part: Item, before: str | None = None) -> None:
        """Takes a part of another file in among its own, before the named one or as the last. What stands here already stays."""
        own = self.children()
        if part.name in own:
            return
        entries = list(own.items())
        at = next((n for n, (name, _child) in enumerate(entries) if name == before), len(entries))
        self._children = dict([*entries[:at], (part.name, part), *entries[at:]])

    def find(self, key: str) -> Item | None:
        return self.children().get(key)

    def items(self, key: str) -> list[Item]:
        """The members of a list under a key; a single value counts as a list of one."""
        child = self.find(key)
        return child.members() if child else []

    def members(self) -> list[Item]:
        if isinstance(self._node, yaml.SequenceNode):
            found: list[Item] = []
            for node in self._node.value:
                given = self._given_for(node)
                # A list that is given for a member of a list stands there with all its members.
                found += (
                    given.members() if given else [Item(node, self.file, self._faults, self.name, None, self._given)]
                )
            return found
        if self.is_mapping() or self.raw:
            return [self]
        return []

    def entries(self, key: str, *, required: bool = False) -> list[Item]:
        """The entries of a mapping under a key, each named by its own key."""
        child = self.find(key)
        if child is None:
            if required:
                self.fault(f"{self._label()} has no {key!r}", f"add `{key}:`")
            return []
        return list(child.children().values())

    def only(self, *allowed: str) -> None:
        """Reports keys that nobody reads: a misspelt key must not be a silent default."""
        for name, child in self.children().items():
            if name not in allowed:
                child.fault(f"unknown key {name!r} in {self._label()}", did_you_mean(name, allowed))

    # -- values -------------------------------------------------------------------------------------------------------

    def text(self, key: str, *, required: bool = True, default: str = "") -> str:
        child = self.find(key)
        if child is None or not child.raw:
            if child is not None and not child.is_text():
                child.fault(f"{key!r} must be a text")
            elif required:
                (child or self).fault(f"{self._label()} has no {key!r}", f"add `{key}: …`")
            return default
        return child.raw.strip()

    def texts(self, key: str) -> tuple[str, ...]:
        return tuple(item.raw for item in self.items(key))

    def one_of(self, key: str, options: Iterable[str], *, default: str | None = None) -> str:
        options = tuple(options)
        found = self.text(key, required=default is None, default=default or "")
        if found and found not in options:
            child = self.find(key)
            (child or self).fault(f"{key!r} cannot be {found!r}", did_you_mean(found, options))
            return default or options[0]
        return found or options[0]

    def whole(self, key: str, *, default: int | None = None) -> int:
        found = self.text(key, required=default is None)
        if not found:
            return default or 0
        try:
            return int(found)
        except ValueError:
            self.children()[key].fault(f"{key!r} must be a whole number, not {found!r}")
            return default or 0

    def yes(self, key: str, *, default: bool = False) -> bool:
        found = self.text(key, required=False)
        if found in ("", "true", "false"):
            return default if not found else found == "true"
        self.children()[key].fault(f"{key!r} must be true or false, not {found!r}")
        return default

    def day(self, key: str, *, required: bool = True) -> date | None:
        found = self.text(key, required=required)
        if not found:
            return None
        try:
            return date.fromisoformat(found)
        except ValueError:
            self.children()[key].fault(f"{key!r} is not a day: {found!r}", "write days as 2002-05-10")
            return None

    def titles(self, key: str = "titles", *, required: bool = True) -> Titles:
        """A text in every language; a missing language is an error, because somebody would read a page with a hole in it."""
        child = self.find(key)
        if child is None:
            if required:
                self.fault(f"{self._label()} has no {key!r}", f"add `{key}:` with {', '.join(LANGUAGES)}")
            return NO_TITLES
        child.only(*LANGUAGES)
        found = {}
        for language in LANGUAGES:
            text = child.children().get(language)
            found[language] = text.raw.strip() if text else ""
            if not found[language]:
                child.fault(f"{key!r} of {self._label()} is not translated into {language}", f"add `{language}: …`")
        return FrozenMap(found)

    def _label(self) -> str:
        return f"{self.name!r}" if self.name else "the file"


def read_yaml(path: Path, file: str, faults: Faults) -> Item | None:
    """The root of a file, or None if it is empty or cannot be read; why stands among the faults."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        faults.add(file, 1, f"cannot be read: {error}")
        return None
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        faults.add(
            file, mark.line + 1 if mark else 1, f"not valid YAML: {error.problem}", "check indentation and quotes"
        )
        return None
    except yaml.YAMLError as error:
        faults.add(file, 1, f"not valid YAML: {error}", "check for characters that do not belong into a text file")
        return None
    if node is None:
        faults.add(file, 1, "the file is empty")
        return None
    return Item(node, file, faults)
