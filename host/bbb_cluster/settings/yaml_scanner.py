"""
PyYAML's scanner with the white space of YAML 1.2: a tab separates tokens as a blank does, but never indents; and in
braces a plain scalar may hold a question mark. The readers of BigBlueButton's files are of 1.2, PyYAML is of 1.1.
"""

from __future__ import annotations

import re

import yaml

_BREAKS = "\r\n\x85\u2028\u2029"
_END = "\0" + _BREAKS
_BLANK_OR_END = " \t" + _END
_INDICATORS = re.compile(r"(?P<chomp1>[+-])?(?P<indent>[1-9])?(?P<chomp2>(?(chomp1)(?!)|[+-]))?")


class Scanner(yaml.SafeLoader):
    """Overrides of what treats blanks otherwise than tabs."""

    def scan_to_next_token(self) -> None:
        """Passes blanks, comments and line breaks."""
        if self.index == 0 and self.peek() == "\ufeff":
            self.forward()
        while True:
            self._pass_blanks()
            self._pass_comment()
            if not self.scan_line_break():
                return
            if not self.flow_level:
                self.allow_simple_key = True

    def scan_block_scalar_indicators(self, start_mark: yaml.Mark) -> tuple[bool | None, int | None]:
        """What `|` and `>` say of the line breaks at the end (kept, taken away) and of the indentation."""
        said = _INDICATORS.match(self.buffer, self.pointer)
        if self.peek(len(said.group())) != "\t":
            return super().scan_block_scalar_indicators(start_mark)
        self.forward(len(said.group()))
        chomping, indentation = said.group("chomp1") or said.group("chomp2"), said.group("indent")
        return {"+": True, "-": False}.get(chomping), int(indentation) if indentation else None

    def scan_block_scalar_ignored_line(self, start_mark: yaml.Mark) -> None:
        """Passes what may stand behind `|` and `>`."""
        while self.peek() in " \t":
            self.forward()
        super().scan_block_scalar_ignored_line(start_mark)

    def _pass_blanks(self) -> None:
        while self.peek() == " " or (self.peek() == "\t" and self._separates()):
            if self.peek() == "\t" and not self.flow_level and not self._before().strip(" \t-?:"):
                # What follows an indicator and a tab is no collection in the same line: the tab would indent it.
                self.allow_simple_key = False
            self.forward()

    def _pass_comment(self) -> None:
        if self.peek() == "#":
            while self.peek() not in _END:
                self.forward()

    def _before(self) -> str:
        return self.buffer[self.pointer - self.column : self.pointer]

    def _separates(self) -> bool:
        """Whether the tab here is none that indents something."""
        return bool(self.flow_level or self._before().strip(" \t")) or self._ends_line(comment=True)

    def _ends_line(self, comment: bool = False) -> bool:
        length = 0
        while self.peek(length) in " \t":
            length += 1
        return self.peek(length) in _END or (comment and self.peek(length) == "#")

    def scan_plain(self) -> yaml.ScalarToken:
        """A scalar without quotes, which may go on in the next lines."""
        chunks, spaces = [], []
        start_mark = end_mark = self.get_mark()
        indent = self.indent + 1
        while self.peek() != "#":
            length = self._plain_length()
            if length == 0:
                break
            self.allow_simple_key = False
            chunks += [*spaces, self.prefix(length)]
            self.forward(length)
            end_mark = self.get_mark()
            spaces = self.scan_plain_spaces(indent, start_mark)
            if not spaces or self.peek() == "#" or (not self.flow_level and self.column < indent):
                break
        return yaml.ScalarToken("".join(chunks), True, start_mark, end_mark)

    def _plain_length(self) -> int:
        length = 0
        while True:
            c = self.peek(length)
            ends_key = _BLANK_OR_END + (",[]{}" if self.flow_level else "")
            if c in _BLANK_OR_END or (c == ":" and self.peek(length + 1) in ends_key):
                return length
            if self.flow_level and c in ",[]{}":
                return length
            length += 1

    def scan_plain_spaces(self, indent: int, start_mark: yaml.Mark) -> list[str] | None:
        """Blanks and line breaks within a scalar without quotes, folded; None at the end of a document."""
        blanks = []
        while self.peek() in " \t":
            blanks.append(self.peek())
            self.forward()
        if self.peek() not in _BREAKS:
            return ["".join(blanks)] if blanks else []
        first = self.scan_line_break()
        self.allow_simple_key = True
        breaks = []
        while not self._at_document_end():
            if self.peek() == " " or (self.peek() == "\t" and (self.column >= indent or self._ends_line())):
                self.forward()
            elif self.peek() in _BREAKS:
                breaks.append(self.scan_line_break())
            else:
                folded = [first] if first != "\n" else [] if breaks else [" "]
                return folded + breaks
        return None

    def _at_document_end(self) -> bool:
        return self.column == 0 and self.prefix(3) in ("---", "...") and self.peek(3) in _BLANK_OR_END
