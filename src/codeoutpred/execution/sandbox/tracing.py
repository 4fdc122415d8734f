"""The steps of a Python program: which line ran, and which variables it changed.

By `sys.monitoring` where there is one and by `sys.settrace` elsewhere, with the same result but for
comprehensions over several lines, whose inner lines are steps since Python 3.12.

A step is a line that begins to run, or a call of a function, on the line of its `def` and with its
arguments for changes.
"""

from __future__ import annotations

import importlib
import sys
import types
from _thread import get_ident
from collections.abc import Callable

TYPE_CHECKING = False  # see `warmth`
if TYPE_CHECKING:
    from typing import Any

    from codeoutpred.execution.sandbox import frames
    from codeoutpred.execution.sandbox.display import show
else:
    import frames
    from display import show

UNSHOWN = (types.ModuleType, types.FunctionType, types.BuiltinFunctionType, type)
CO_OPTIMIZED, CO_RESUMABLE = 0x1, 0x20 | 0x80 | 0x200
INLINED = ("<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>")
"""Frames of their own in some versions alone, and no more than parts of a line."""


class Tracer:
    """Follows one thread through the frames of one file, and keeps the first `most` steps."""

    def __init__(self, file: str, most: int) -> None:
        self.steps = 0
        self._json = importlib.import_module("json")  # not before: few children need it
        self._file = file
        self._most = most
        self._left = frames.TRACE_BYTES
        self._kept: list[tuple[int, dict[str, str]]] = []
        self._frames: dict[int, Frame] = {}
        self._starts: dict[types.CodeType, int] = {}
        self._thread = get_ident()
        self._stop: Callable[[], object] = lambda: None

    def start(self) -> None:
        """Follow from here on."""
        monitoring = getattr(sys, "monitoring", None)
        if monitoring is not None:
            self._stop = self._monitor(monitoring)
        else:
            sys.settrace(self._trace)
            self._stop = lambda: sys.settrace(None)

    def stop(self) -> bytes:
        """Follow no more; the trace, as it stands in a record."""
        self._stop()
        data = {"steps": self.steps, "trace": self._kept}
        return frames.TRACE_MARK + bytes(self._json.dumps(data, separators=(",", ":")).encode())

    def _follows(self, code: types.CodeType) -> bool:
        return code.co_filename == self._file and code.co_name not in INLINED

    def _line(self, frame: types.FrameType, line: int) -> None:
        if (known := self._known(frame)) is None:
            known = self._frames[id(frame)] = Frame(frame.f_code)
        else:
            self._settle(known, frame)
        known.step = self._new_step(line)
        if known.step is not None and known.shown is None:
            known.changes(frame)  # what was there before: nobody's change

    def _call(self, frame: types.FrameType) -> None:
        code = frame.f_code
        if code.co_flags & CO_OPTIMIZED:  # a function, neither a module nor a class
            known = self._frames[id(frame)] = Frame(code)
            known.shown = {}
            known.step = self._new_step(code.co_firstlineno)
            self._settle(known, frame)

    def _leave(self, frame: types.FrameType) -> None:
        if (known := self._known(frame)) is not None:
            self._settle(known, frame)
            if not frame.f_code.co_flags & CO_RESUMABLE:
                del self._frames[id(frame)]

    def _known(self, frame: types.FrameType) -> Frame | None:
        known = self._frames.get(id(frame))
        # A generator that ended left its number to another frame.
        return known if known is not None and known.code is frame.f_code else None

    def _new_step(self, line: int) -> dict[str, str] | None:
        self.steps += 1
        if len(self._kept) >= self._most or self._left <= 0:
            return None
        changed: dict[str, str] = {}
        self._kept.append((line, changed))
        self._left -= 16
        return changed

    def _settle(self, known: Frame, frame: types.FrameType) -> None:
        """Give the last step of a frame the changes since it began."""
        if known.step is not None:
            for name, text in known.changes(frame):
                known.step[name] = text
                self._left -= len(self._json.dumps((name, text)))
            known.step = None

    def _trace(self, frame: types.FrameType, event: str, _: object) -> Any:
        """`sys.settrace`'s function, which it calls for new frames and then within them."""
        code = frame.f_code
        if not self._follows(code):
            return None
        try:
            if event == "line":
                self._line(frame, frame.f_lineno)
            elif event == "return":
                self._leave(frame)
            # A generator starts before it is resumed, and never starts where it resumes.
            elif event == "call" and self._starts.setdefault(code, frame.f_lasti) == frame.f_lasti:
                self._call(frame)
        except RuntimeError:  # too deep, or a thread changes what is being looked at
            return self._trace
        return self._trace

    def _monitor(self, monitoring: Any) -> Callable[[], object]:
        tool, events = monitoring.DEBUGGER_ID, monitoring.events

        def handler(act: Callable[[types.FrameType, int], None]) -> Callable[..., Any]:
            def handle(code: types.CodeType, place: int, *_: object) -> Any:
                if get_ident() != self._thread:
                    return None
                if not self._follows(code):
                    return monitoring.DISABLE
                try:
                    act(sys._getframe(1), place)
                except RuntimeError:  # too deep, or a thread changes what is being looked at
                    return None
                return None

            return handle

        call = handler(lambda frame, _: self._call(frame))
        leave = handler(lambda frame, _: self._leave(frame))

        def unwind(*arguments: Any) -> None:
            leave(*arguments)  # this event cannot be disabled

        handlers = {
            events.LINE: handler(self._line),
            events.PY_START: call,
            events.PY_RETURN: leave,
            events.PY_YIELD: leave,
            events.PY_UNWIND: unwind,
        }
        monitoring.use_tool_id(tool, "codeoutpred")
        for event, function in handlers.items():
            monitoring.register_callback(tool, event, function)
        monitoring.set_events(tool, sum(handlers))
        return lambda: monitoring.set_events(tool, 0)


class Frame:
    """What is known of a running frame: its last step, and its variables as shown last."""

    __slots__ = ("code", "shown", "step")

    def __init__(self, code: types.CodeType) -> None:
        self.code = code
        self.step: dict[str, str] | None = None
        self.shown: dict[str, str] | None = None

    def changes(self, frame: types.FrameType) -> list[tuple[str, str]]:
        """The variables that are new or look otherwise than last time."""
        before, now = self.shown or {}, {}
        for name, value in list(frame.f_locals.items()):
            if not name.startswith(("__", ".")) and not issubclass(type(value), UNSHOWN):
                now[name] = show(value)
        self.shown = now
        return [(name, text) for name, text in now.items() if before.get(name) != text]
