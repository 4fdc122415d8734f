"""Draws statements: assignments, changes in place, conditionals, loops."""

from __future__ import annotations

from codeoutpred.generation.drills.grammar import KEY_NAME, LOOP_NAMES, Grammar, Scope

KIND_WEIGHTS = {"int": 5, "str": 3, "list": 3, "words": 1, "dict": 1, "bool": 1, "tuple": 1}

INDENT = "    "


def indent(source: str) -> str:
    """The source one level deeper."""
    return "\n".join(INDENT + line for line in source.split("\n"))


class StatementGrammar(Grammar):
    """Adds statements to the expressions; each draw may fail with None."""

    def statement(self, scope: Scope) -> str | None:
        """One statement for the top of a program or function."""
        draws = [self.compute] * 6 + [self.change] * 3
        if len(scope) < 4:
            draws += [self.declare] * 4
        if self.level.nesting:
            draws += [self.conditional] * 3
        if self.level.loop_steps:
            draws += [self.loop] * 4
        return self.rng.choice(draws)(scope)

    def kind(self) -> str:
        """A type for a new variable; the first level knows neither words nor tuples."""
        kinds = list(KIND_WEIGHTS)
        if self.level.number == 1:
            kinds = ["int", "str", "list", "dict", "bool"]
        return self.rng.choices(kinds, weights=[KIND_WEIGHTS[kind] for kind in kinds])[0]

    def declare(self, scope: Scope) -> str | None:
        """A new variable with a literal value."""
        kind = self.kind()
        name = self.fresh_name(kind, scope)
        return name and f"{name} = {self.literal(kind)!r}"

    def compute(self, scope: Scope) -> str | None:
        """A variable, new or old, that receives an operation's value."""
        kind = self.kind()
        old = self.names(kind, scope)
        reuse = old and self.rng.random() < 0.15
        name = self.recent(old) if reuse else self.fresh_name(kind, scope)
        value = self.expression(kind, scope, depth=2 if self.level.number > 2 else 1)
        return f"{name} = {value}" if name and value else None

    def change(self, scope: Scope) -> str | None:
        """A variable changed in place, or two of them swapped."""
        draws = []
        ints, texts = self.names("int", scope), self.names("str", scope)
        if ints:
            name = self.recent(ints)
            operator = self.rng.choices(["+", "-", "*"], weights=[3, 2, 1])[0]
            draws += [f"{name} {operator}= {self.other_operand('int', name, scope)}"] * 3
        if len(ints) > 1:
            first, second = self.rng.sample(ints, 2)
            draws.append(f"{first}, {second} = {second}, {first}")
        if texts:
            name = self.recent(texts)
            draws.append(f"{name} += {self.other_operand('str', name, scope)}")
        if names := self.names("list", scope):
            name = self.recent(names)
            index = self.rng.randrange(len(scope[name]))
            draws += [
                f"{name}.append({self.operand('int', scope)})",
                f"{name}[{index}] = {self.operand('int', scope)}",
                f"{name}[{index}] += {self.operand('int', scope)}",
                f"{name}.{self.rng.choice(['reverse', 'sort', 'pop'])}()",
            ]
        if names := self.names("dict", scope):
            name = self.recent(names)
            key = self.rng.choice([self.text()[:2], *scope[name]])
            draws.append(f"{name}[{key!r}] = {self.operand('int', scope)}")
            draws.append(f"{name}[{self.rng.choice(list(scope[name]))!r}] += {self.integer()}")
        return self.rng.choice(draws) if draws else None

    def conditional(self, scope: Scope, depth: int = 1) -> str | None:
        """An `if`, mostly with an `else`."""
        test = self.comparison(scope)
        body = self.block(scope, depth)
        other = self.block(scope, depth) if self.rng.random() < 0.6 else None
        if test is None or body is None:
            return None
        source = f"if {test}:\n{indent(body)}"
        return f"{source}\nelse:\n{indent(other)}" if other else source

    def loop(self, scope: Scope, depth: int = 1) -> str | None:
        """A loop over a range, a list, a string, a dictionary, or while a number lasts."""
        headers: list[tuple[str, str, Scope]] = []  # the words after `for`, what they walk over
        number = next((n for n in LOOP_NAMES["int"] if n not in scope), None)
        if number:
            headers.append((f"{number} in range({self.rng.randint(2, 4)})", "", {number: 1}))
            for name in self.names("list", scope):
                headers += [(f"{number} in {name}", name, {number: 2})] * 2
            for name in self.names("dict", scope):
                pair = {KEY_NAME: "a", number: 1}
                headers.append((f"{KEY_NAME}, {number} in {name}.items()", name, pair))
        headers += [(f"ch in {name}", name, {"ch": "a"}) for name in self.names("str", scope)]
        headers += [(f"part in {name}", name, {"part": "a"}) for name in self.names("words", scope)]
        counters = [name for name in self.names("int", scope) if 0 < scope[name] < 30]
        if counters and self.rng.random() < 0.2:
            return self._countdown(self.recent(counters), scope)
        if not headers:
            return None
        header, walked, loop_scope = self.rng.choice(headers)
        # What is walked over must not change on the way.
        outside = {name: value for name, value in scope.items() if name != walked}
        body = self.block(outside, depth, loop_scope)
        return body and f"for {header}:\n{indent(body)}"

    def _countdown(self, name: str, scope: Scope) -> str | None:
        others = {other: value for other, value in scope.items() if other != name}
        body = self.change(others)
        step = max(1, scope[name] // self.rng.randint(2, 4))
        test = f"{name} > {self.rng.randint(0, 2)}"
        return body and f"while {test}:\n{indent(body)}\n{INDENT}{name} -= {step}"

    def block(self, scope: Scope, depth: int, loop_scope: Scope | None = None) -> str | None:
        """The body of a conditional or loop: changes, uses of the loop variables, deeper blocks."""
        lines = []
        for _ in range(self.rng.choices([1, 2], weights=[4, 1])[0]):
            deeper = depth < self.level.nesting and self.rng.random() < 0.5
            if deeper:
                draw = self.rng.choice([self.conditional, self.loop])
                line = draw({**scope, **(loop_scope or {})}, depth + 1)
            elif loop_scope and self.rng.random() < 0.75:
                line = self._use_loop_variable(scope, loop_scope)
            else:
                line = self.change(scope)
            if line is None:
                return None
            lines.append(line)
        return "\n".join(lines)

    def _use_loop_variable(self, scope: Scope, loop_scope: Scope) -> str | None:
        draws = []
        for variable, value in loop_scope.items():
            if isinstance(value, int):
                for name in self.names("int", scope):
                    operator = self.rng.choices(["+", "-", "*"], weights=[4, 2, 1])[0]
                    operand = self.rng.choice([variable, variable, f"{variable} * 2"])
                    draws.append(f"{name} {operator}= {operand}")
                draws += [f"{name}.append({variable})" for name in self.names("list", scope)]
            else:
                for name in self.names("str", scope):
                    draws += [f"{name} = {variable} + {name}", f"{name} += {variable}"]
                draws += [f"{name} += len({variable})" for name in self.names("int", scope)]
        return self.rng.choice(draws) if draws else None
