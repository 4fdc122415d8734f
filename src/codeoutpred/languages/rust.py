"""Rust: compiled many programs at a time, values written as `{:?}` shows them.

A program is a file of its own with nothing but the standard library, edition 2021, compiled as
`rustc` does by default: arithmetic that overflows panics. A panic is an exception of the name
`panic`.
"""

from __future__ import annotations

from functools import partial

from codeoutpred.languages.rust_literals import (
    literal_type,
    parse_literal,
    render_literal,
    values_equal,
)
from codeoutpred.languages.rust_renderer import RustRenderer
from codeoutpred.languages.token_fingerprint import computes, fingerprint
from codeoutpred.languages.tokens import Lexis
from codeoutpred.languages.toolchains import text_language, version

LEXIS = Lexis(
    keywords=frozenset(
        "as async await break const continue crate dyn else enum extern false fn for if impl in "
        "let loop match mod move mut pub ref return self Self static struct super trait true type "
        "union unsafe use where while".split()
    ),
    # The primitive types, the prelude of edition 2021, its macros, and what programs often use.
    standard=frozenset(
        "bool char f32 f64 i8 i16 i32 i64 i128 isize str u8 u16 u32 u64 u128 usize Add AsMut "
        "AsRef BTreeMap BTreeSet BinaryHeap Box Clone Copy Debug Default Display Div "
        "DoubleEndedIterator Drop Eq Err ExactSizeIterator Extend Fn FnMut FnOnce From "
        "FromIterator HashMap HashSet Hash Into IntoIterator Item Iterator LinkedList Mul Neg "
        "None Ok Option Ord Ordering Output PartialEq PartialOrd Rc RefCell Rem Result Reverse "
        "Send Sized Some String Sub Sync ToOwned ToString TryFrom TryInto Unpin Vec VecDeque "
        "Wrapping alloc assert assert_eq assert_ne cfg core dbg debug_assert derive drop eprint "
        "eprintln format matches panic print println std stringify todo unimplemented "
        "unreachable vec write writeln main".split()
    ),
    raw_strings_and_lifetimes=True,
    captures=True,
)

RUST = text_language(
    "rust",
    ".rs",
    partial(version, "rustc", also=("cc",)),
    "rustc gcc",
    server="rust",
    fingerprint=partial(fingerprint, lexis=LEXIS),
    computes=partial(computes, lexis=LEXIS),
    parse_literal=parse_literal,
    render_literal=render_literal,
    literal_type=literal_type,
    values_equal=values_equal,
    renderer=RustRenderer(),
)
