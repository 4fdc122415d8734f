"""Looks for texts that make extraction or literals crash, or take more than 50 ms.

Usage: fuzz_answers.py [SECONDS], by default 60. Texts of up to 100,000 characters are put together
of pieces that matter to the readers, whole ones repeated and true ones damaged. Exit status 1 where
something was found; each finding is a line with the way to make the text again.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable

from codeoutpred import load_plugins
from codeoutpred.prompts import PROMPT_FORMATS, extract_answer

LONGEST = 100_000
LIMIT = 0.05
TRIES = 8
WORDS = (
    "[ANSWER] [/ANSWER] <think> </think> \\boxed{ ``` ``` [ ] ( ) { } , : - + . 0 1 1.5 1e9 1n "
    "0x1f ' \" ` \\ \\n \\x41 \\u{41} \\N{DOT} ''' r' b' r#\" \"# None True nan inf NaN Infinity "
    "Some( Map(1) Set(1) => Point vec![ &mut :: ::from( .to_string() # // /a/ [Function: Symbol( "
    "9007199254740993 \u20ac \U0001f600 \ud800 \x00 $ ${ ; = == new undefined 1j i32 f64"
)
PIECES = (*WORDS.split(" "), "<1 empty item>", " ", "\n", "\t", "\r")


def draw(rng: random.Random) -> str:
    """A text: pieces at random, one repeated, a nest, or a mixture of these."""
    size = rng.choice((10, 100, 1_000, 10_000, LONGEST))
    unit = "".join(rng.choices(PIECES, k=rng.randint(1, 5)))
    match rng.randrange(4):
        case 0:
            text = "".join(rng.choices(PIECES, k=max(1, size // 3)))
        case 1:
            text = unit * (size // len(unit) + 1)
        case 2:
            depth = rng.choice((10, 59, 60, 61, 1_000))
            text = "[{("[rng.randrange(3)] * depth + unit * (size // len(unit)) + "]" * depth
        case _:
            text = rng.choice(("[", "{", "(", "", "'", '"')) + f"{unit}, " * (size // len(unit))
    return text[:LONGEST]


def checks() -> dict[str, Callable[[str], object]]:
    """What a text is given to, by name."""
    languages = load_plugins(use_entry_points=False).languages
    found: dict[str, Callable[[str], object]] = {
        f"extraction {name}": lambda text, name=name: extract_answer(text, name)
        for name in PROMPT_FORMATS
    }
    for name in ("python", "javascript", "rust"):
        found[f"literal {name}"] = languages.get(name).parse_literal
    return found


def main(seconds: float) -> int:
    """Print the findings and how many texts were tried."""
    began, texts, worst, findings = time.monotonic(), 0, (0.0, ""), 0
    named = checks()
    while time.monotonic() - began < seconds:
        text = draw(random.Random(f"fuzz:{texts}"))
        for name, check in named.items():
            times: list[float] = []
            while len(times) < TRIES:
                if times:  # what else the machine does is not held against a reader
                    time.sleep(0.1 * len(times))
                start = time.process_time()
                try:
                    check(text)
                except ValueError:
                    pass
                except Exception as error:
                    findings += 1
                    print(f"{name}: {type(error).__name__} for text {texts}")
                times.append(time.process_time() - start)
                if times[-1] < LIMIT:
                    break
            worst = max(worst, (min(times), f"{name}, text {texts}"))
            if min(times) >= LIMIT:
                findings += 1
                print(f"{name}: {min(times) * 1e3:.0f} ms for text {texts}, {text[:30]!r}")
        texts += 1
    print(f"{texts} texts, {findings} findings; longest {worst[0] * 1e3:.1f} ms ({worst[1]})")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 60.0))
