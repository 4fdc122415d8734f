"""Which Rust programs share a crate and a process, and whom an error in a crate belongs to."""

from __future__ import annotations

import pytest

from codeoutpred.execution.rust.crate import ROOT_FILE, SharedCrate, Unit, root_crate


@pytest.mark.parametrize(
    "source",
    [
        "fn main() { unsafe { f() } }",
        "#![allow(unsafe_code)] fn main() {}",
        "fn main() { crate::f() }",
        "fn main() { super::p1::f() }",
        'std::arch::global_asm!("nop"); fn main() {}',
        "extern crate alloc; fn main() {}",
        '#![recursion_limit = "9"] fn main() {}',
        "# ! [deny(warnings)] fn main() {}",
        "mod other; fn main() {}",
        'fn main() { include!("p1.rs") }',
        '#[path = "p1.rs"] mod other; fn main() {}',
        "#[no_mangle] fn malloc() {} fn main() {}",
        "fn main() { std::any::type_name::<i32>(); }",
        "fn main() { file!(); }",
        "fn main() { file ! (); }",
        "fn main() { std::panic::Location::caller(); }",
    ],
)
def test_what_differs_in_a_module_is_a_root(source: str) -> None:
    assert not Unit(source).shares_crate


@pytest.mark.parametrize(
    "source",
    [
        "#![allow(dead_code)]\nfn main() {}",
        "mod inner { pub fn f() {} } fn main() { inner::f() }",
        "fn main() { let profile = 1; let paths = 2; }",
    ],
)
def test_ordinary_programs_share_a_crate(source: str) -> None:
    assert Unit(source).shares_crate


@pytest.mark.parametrize(
    "text",
    [
        "std::fs::write(a, b)",
        "use std::net::TcpStream;",
        "std::process::Command::new(a)",
        "use std::*;",
        "use std::process::{self, Child};",
        "std::process::id()",
        "std::env::set_current_dir(a)",
        "std::io::stdin()",
        "std::os::unix::process::parent_id()",
        "std::r#fs::read(a)",
    ],
)
def test_what_reaches_outside_has_a_process_of_its_own(text: str) -> None:
    unit = Unit(f"fn main() {{ {text} }}")
    assert unit.shares_crate
    assert not unit.shares_process


def test_arguments_count_as_the_program_does() -> None:
    assert not Unit("fn f(x: usize) {}", "f", "std::fs::read(a)").shares_process
    assert not Unit("fn f(x: usize) {}", "f", "unsafe { g() }").shares_crate


@pytest.mark.parametrize("text", ["std::process::exit(1)", "use std::collections::HashMap;"])
def test_what_stays_inside_shares_a_process(text: str) -> None:
    assert Unit(f"fn main() {{ {text} }}").shares_process


@pytest.mark.parametrize(
    ("text", "sways"),
    [
        ("struct A; impl PartialEq<A> for i32 {}", True),
        ("struct A; impl<'a> From<A> for &'a [u8] {}", True),
        ("struct A; impl From<A> for (i32, i32) {}", True),
        ("struct A; impl From<A> for std::string::String {}", True),
        ("macro_rules! m { ($t:ty) => { impl Into<u8> for $t {} } }", True),
        ("struct A; impl Clone for A {}", False),
        ("enum A<T> { B(T) } impl<T> Iterator for A<T> {}", False),
        ("struct A; impl A { fn f() { for x in 0..9 {} } }", False),
    ],
)
def test_a_trait_implemented_for_a_type_of_others_may_sway_them(text: str, sways: bool) -> None:
    assert Unit(f"{text} fn main() {{}}").sways_others is sways


def test_an_error_in_a_source_is_all_its_calls_and_one_in_arguments_its_own() -> None:
    source = "fn f(x: i32)\n-> i32 { x }"
    crate = SharedCrate([("a", Unit(source, "f", "1")), ("b", Unit(source, "f", "2\n+ 3"))])
    text = crate.files["p0.rs"].decode().splitlines()
    assert crate.keys_at("p0.rs", 2) == ["a", "b"]
    assert crate.keys_at("p0.rs", text.index("1") + 1) == ["a"]
    assert crate.keys_at("p0.rs", text.index("+ 3") + 1) == ["b"]


def test_a_place_outside_of_any_program_is_nobodys() -> None:
    crate = SharedCrate([("a", Unit("fn main() {}"))])
    assert crate.keys_at("crate.rs", 1) == []
    assert crate.keys_at("/rustc/library/core/src/lib.rs", 1) == []
    assert crate.keys_at("p0.rs", 99) == []


def test_equal_programs_with_other_arguments_share_a_module() -> None:
    units = [(str(number), Unit("fn f(x: i32) {}", "f", str(number))) for number in range(5)]
    assert sorted(SharedCrate(units).files) == ["crate.rs", "p0.rs"]


def test_a_root_is_the_program_as_it_stands() -> None:
    source = "fn main() { unsafe {} }"
    assert root_crate(Unit(source)) == {ROOT_FILE: source.encode()}


def test_keys_tell_apart_what_makes_another_binary() -> None:
    units = [Unit("a"), Unit("a", "f"), Unit("a", "f", "1"), Unit("b")]
    keys = {unit.key(toolchain) for unit in units for toolchain in ("1", "2")}
    assert len(keys) == 8
