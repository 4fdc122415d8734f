"""First arguments for a function that comes with none: its doctests, annotations and defaults.

>>> function = ast.parse("def f(a: int, b: list[str] = ['x']): ...").body[0]
>>> drawn_arguments(function, random.Random(0))
"12, ['x']"
"""

from __future__ import annotations

import ast
import doctest
import random
import string

from codeoutpred.generation.corpus.mutation import rendered

_SEQUENCES = {"list": list, "List": list, "Sequence": list, "Iterable": list, "Collection": list}
_SETS = {"set": set, "Set": set, "frozenset": frozenset, "FrozenSet": frozenset}
_MAPPINGS = ("dict", "Dict", "Mapping")


def doctest_arguments(function: ast.FunctionDef) -> list[str]:
    """The arguments of the calls of `function` that its docstring shows, literals only."""
    found: dict[str, None] = {}
    try:
        examples = doctest.DocTestParser().get_examples(ast.get_docstring(function) or "")
    except ValueError:  # prompts that are no examples after all
        return []
    for example in examples:
        try:
            call = ast.parse(example.source.strip(), mode="eval").body
            if not isinstance(call, ast.Call) or ast.unparse(call.func) != function.name:
                continue
            for value in (*call.args, *(word.value for word in call.keywords)):
                ast.literal_eval(value)
        except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError):
            continue
        words = [f"{word.arg}={ast.unparse(word.value)}" for word in call.keywords]
        found[", ".join([*map(ast.unparse, call.args), *words])] = None
    return list(found)


def drawn_arguments(function: ast.FunctionDef, rng: random.Random) -> str | None:
    """Arguments by the defaults and, where there is none, the annotations of the parameters.

    None where neither says what a parameter takes.
    """
    signature = function.args
    positional = [*signature.posonlyargs, *signature.args]
    missing = len(positional) - len(signature.defaults)
    defaults: list[ast.expr | None] = [*([None] * missing), *signature.defaults]
    texts = []
    try:
        for parameter, default in zip(positional, defaults):
            if default is None:
                texts.append(rendered(_drawn(parameter.annotation, rng)))
            elif _is_literal(default):
                texts.append(ast.unparse(default))
            else:
                break  # it and all that follow are left at their defaults
        for parameter, default in zip(signature.kwonlyargs, signature.kw_defaults):
            if default is None:
                texts.append(f"{parameter.arg}={rendered(_drawn(parameter.annotation, rng))}")
    except ValueError:
        return None
    return ", ".join(texts)


def _is_literal(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, RecursionError, MemoryError):
        return False
    return True


def _drawn(annotation: ast.expr | None, rng: random.Random) -> object:
    """A value of the annotated type; `ValueError` for one that is not told or has no literals."""
    match annotation:
        case ast.Constant(value=str(text)):
            try:
                return _drawn(ast.parse(text, mode="eval").body, rng)
            except SyntaxError as error:
                raise ValueError(text) from error
        case ast.Constant(value=None):
            return None
        case ast.BinOp(left=left, op=ast.BitOr()):
            return _drawn(left, rng)
        case ast.Attribute(attr=name):  # typing.List, collections.abc.Sequence
            return _drawn(ast.Name(id=name), rng)
        case ast.Name(id=name):
            return _plain(name, rng)
        case ast.Subscript(value=ast.Attribute(attr=name) | ast.Name(id=name), slice=inner):
            return _container(name, inner.elts if isinstance(inner, ast.Tuple) else [inner], rng)
    raise ValueError("no annotation that says what to draw")


def _plain(name: str, rng: random.Random) -> object:
    match name:
        case "int":
            return rng.randint(0, 20)
        case "float":
            return rng.randint(-40, 80) / 4
        case "bool":
            return rng.random() < 0.5
        case "str":
            return "".join(rng.choices(string.ascii_lowercase + " ", k=rng.randint(1, 10)))
        case "bytes":
            return bytes(rng.choices(range(97, 123), k=rng.randint(1, 6)))
    raise ValueError(f"no values of {name} are known")


def _container(name: str, inner: list[ast.expr], rng: random.Random) -> object:
    size = rng.randint(1, 5)
    if name in ("Optional", "Union"):
        return _drawn(inner[0], rng)
    if name in _SEQUENCES:
        return [_drawn(inner[0], rng) for _ in range(size)]
    if name in _SETS:
        return _SETS[name](_drawn(inner[0], rng) for _ in range(size))
    if name in _MAPPINGS and len(inner) == 2:
        return {_drawn(inner[0], rng): _drawn(inner[1], rng) for _ in range(size)}
    if name in ("tuple", "Tuple"):
        if len(inner) == 2 and isinstance(inner[1], ast.Constant) and inner[1].value is ...:
            return tuple(_drawn(inner[0], rng) for _ in range(size))
        return tuple(_drawn(part, rng) for part in inner)
    raise ValueError(f"no values of {name} are known")
