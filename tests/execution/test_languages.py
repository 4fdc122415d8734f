"""The languages that are launched by a command line, run for real where they are installed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from execution_programs import script

from codeoutpred.execution import LocalExecutor, VerifiedExecutor
from codeoutpred.hookspecs import LanguageRegistry
from codeoutpred.records import Execution, Limits

LIMITS = Limits(cpu_seconds=10.0, wall_seconds=60.0)
TIGHT = Limits(cpu_seconds=0.5, wall_seconds=60.0)
Run = Callable[..., Execution]

FINE = {
    "c": '#include <stdio.h>\n#include <math.h>\nint main(void) { printf("%.1f\\n", sqrt(16)); }',
    "cpp": "#include <iostream>\n#include <map>\n"
    "int main() { std::map<int, char> m{{2, 'b'}, {1, 'a'}}; std::cout << m[1] << \"\\n\"; }",
    "java": "import java.util.*;\n"
    "public class Main { record P(int x) {} public static void main(String[] a) {"
    " System.out.println(List.of(new P(4), new P(2))); } }",
    "go": 'package main\nimport "fmt"\nfunc main() { fmt.Println([]int{4, 2}) }',
    "typescript": "const f = (x: number): string => `${x * 2}`;\nconsole.log([f(21)]);",
    "ruby": "puts [4, { a: 2 }].inspect",
    "php": "<?php var_dump([4 => 2.5]);",
    "lua": "print(4 // 2, 7 / 2, #'abc')",
    "perl": "my %h = (a => 4); print join(',', map { $_ * 2 } 1..3), \"$h{a}\\n\";",
    "bash": 'a=(4 2); for x in "${a[@]}"; do echo $((x * 2)); done | sort',
}
PRINTED = {
    "c": "4.0\n",
    "cpp": "a\n",
    "java": "[P[x=4], P[x=2]]\n",
    "go": "[4 2]\n",
    "typescript": "[ '42' ]\n",
    "ruby": "[4, {:a=>2}]\n",
    "php": "array(1) {\n  [4]=>\n  float(2.5)\n}\n",
    "lua": "2\t3.5\t3\n",
    "perl": "2,4,64\n",
    "bash": "4\n8\n",
}
FAULTY = {
    "c": "int main(void) { return 3; }",
    "cpp": "int main() { return 3; }",
    "java": "class Main { public static void main(String[] a) { System.exit(3); } }",
    "go": 'package main\nimport "os"\nfunc main() { os.Exit(3) }',
    "typescript": "declare const process: any;\nprocess.exit(3);",
    "ruby": "exit 3",
    "php": "<?php exit(3);",
    "lua": "os.exit(3)",
    "perl": "exit 3;",
    "bash": "exit 3",
}
ENDLESS = {
    "c": "int main(void) { volatile int x = 1; while (x) ; }",
    "cpp": "int main() { volatile int x = 1; while (x) ; }",
    "java": "class Main { public static void main(String[] a) { while (true) ; } }",
    "go": "package main\nfunc main() { for { } }",
    "typescript": "for (;;) ;",
    "ruby": "loop { }",
    "php": "<?php while (true) ;",
    "lua": "while true do end",
    "perl": "1 while 1;",
    "bash": "while :; do :; done",
}
UNCOMPILED = {
    "c": ("int main(void) {\n  return x;\n}", "program.c:2"),
    "cpp": ("#include <vector>\nint main() { std::vector<int> v = 1; }", "program.cpp:2"),
    "java": ("class Main {\n  int x = true;\n}", "Main.java:2: error: incompatible types"),
    "go": ("package main\nfunc main() { x := 1 }", "program.go:2"),
    "typescript": ("let x: number = 'a';", "program.ts(1,5)"),
}


@pytest.fixture
def run(executor: LocalExecutor, languages: LanguageRegistry) -> Run:
    def run(source: str, language: str, limits: Limits = LIMITS) -> Execution:
        if languages.get(language).toolchain() is None:
            pytest.skip(f"needs {languages.get(language).install_hint}")
        return executor.run(script(source, language), limits=limits)

    return run


@pytest.mark.parametrize("language", FINE)
def test_a_program_runs(run: Run, language: str) -> None:
    done = run(FINE[language], language)
    assert (done.status, done.stdout, done.detail) == ("ok", PRINTED[language], "")


@pytest.mark.parametrize("language", FAULTY)
def test_an_exit_status_is_an_exception(run: Run, language: str) -> None:
    done = run(FAULTY[language], language)
    assert (done.status, done.error) == ("exception", "exit status 3")


@pytest.mark.parametrize("language", ENDLESS)
def test_an_endless_loop_runs_out_of_processor_time(run: Run, language: str) -> None:
    assert run(ENDLESS[language], language, TIGHT).status == "timeout"


@pytest.mark.parametrize("language", UNCOMPILED)
def test_what_does_not_compile_says_where(run: Run, language: str) -> None:
    source, complaint = UNCOMPILED[language]
    done = run(source, language)
    assert (done.status, done.stdout, complaint in done.detail) == ("compile_error", "", True)


@pytest.mark.parametrize(
    ("language", "source"),
    [
        ("c", '#include "/etc/passwd"\nint main(void) { return 0; }'),
        ("cpp", '#include "/etc/hostname"\nint main() { return 0; }'),
    ],
)
def test_a_compiler_reads_no_file_of_the_host(
    run: Run, executor: LocalExecutor, language: str, source: str
) -> None:
    done = run(source, language)
    if done.isolation not in ("full", "filtered"):
        pytest.skip(f"isolation is {done.isolation}")
    first = done.detail.splitlines()[0]
    assert done.status == "compile_error"
    assert "No such file" in first or "Permission denied" in first


def test_a_compiler_that_never_ends_is_stopped(run: Run, executor: LocalExecutor) -> None:
    source = "template <int N> struct S { S<N + 1> s; };\nint main() { S<0> s; }"
    bomb = f"#pragma GCC optimize(0)\n{source}"
    nested = "#define A(x) x x x x x x x x x x\nint a[] = {" + "A(" * 9 + "1," + ")" * 9 + "};"
    for text in (bomb, f"{nested}\nint main() {{}}"):
        done = run(text, "cpp", Limits(cpu_seconds=1, wall_seconds=8))
        assert done.status in ("compile_error", "timeout", "memory")
    assert executor.run(script("print(1)")).stdout == "1\n"


def test_memory_is_limited_where_addresses_are_not(run: Run) -> None:
    source = (
        "import java.util.*;\nclass Main { public static void main(String[] a) {"
        " var kept = new ArrayList<byte[]>();"
        " for (int i = 0; i < 4096; i++) { var b = new byte[1 << 20]; Arrays.fill(b, (byte) 1);"
        " kept.add(b); } System.out.println(kept.size()); } }"
    )
    done = run(source, "java")
    assert (done.status in ("exception", "memory"), "4096" in done.stdout) == (True, False)


def test_a_program_that_is_compiled_leaves_nothing_for_the_next(run: Run) -> None:
    run(FINE["c"], "c")
    source = '#include <dirent.h>\n#include <stdio.h>\nint main(void) { DIR *d = opendir(".");'
    source += (
        " for (struct dirent *e; (e = readdir(d));) if (e->d_name[0] != '.') puts(e->d_name); }"
    )
    assert sorted(run(source, "c").stdout.split()) == ["program", "program.c"]


@pytest.mark.parametrize(
    ("language", "source"), [("bash", "echo $$ $RANDOM"), ("perl", "print rand")]
)
def test_chance_is_found_out(
    verified: VerifiedExecutor, run: Run, language: str, source: str
) -> None:
    run("", language)
    assert verified.run(script(source, language)).status == "nondeterministic"


def test_a_language_that_is_not_installed_names_its_package(
    languages: LanguageRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with LocalExecutor(languages, workers=1) as executor:
        details = {name: executor.run(script("", name)).detail for name in FINE}
    packages = [detail.partition("apt-get install ")[2] for detail in details.values()]
    assert all(packages) and "ruby" in packages and "lua5.4" in packages
