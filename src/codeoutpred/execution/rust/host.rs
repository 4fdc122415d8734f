//! The frame around programs that share a binary: runs one, or forks once for each of several.
//!
//! What to run stands in the file `selection`, in words: `alone KEY`, or `group` with the
//! milliseconds that each program may take, its bytes of memory and of output, and the keys. A
//! group's outcomes are written to standard output as the frames of `sandbox/frames.py`.

use std::fmt::Debug;
use std::process::ExitCode;

pub type Entry = fn() -> ExitCode;

/// Stands before a call's value, at the end of standard error.
const VALUE_MARK: &[u8] = b"\0codeoutpred value\0";

const PR_SET_DUMPABLE: i32 = 4;
const SYS_PIDFD_OPEN: i64 = 434;
const NEW_FILE: i32 = 0o2 | 0o100 | 0o200; // O_RDWR | O_CREAT | O_EXCL
const SEEK_END: i32 = 2;
const POLLIN: i16 = 1;
const SIGKILL: i32 = 9;
const RLIMIT_FSIZE: i32 = 1;
const RLIMIT_AS: i32 = 9;

#[repr(C)]
struct PollDescriptor {
    descriptor: i32,
    events: i16,
    returned: i16,
}

#[repr(C)]
#[derive(Default)]
struct Usage {
    /// Seconds and microseconds, of the program's own and of the kernel's time.
    times: [i64; 4],
    others: [i64; 14],
}

extern "C" {
    fn fork() -> i32;
    fn dup2(from: i32, to: i32) -> i32;
    fn close(descriptor: i32) -> i32;
    fn open(path: *const u8, flags: i32, mode: u32) -> i32;
    fn unlink(path: *const u8) -> i32;
    fn lseek(descriptor: i32, offset: i64, origin: i32) -> i64;
    fn pread(descriptor: i32, buffer: *mut u8, length: usize, offset: i64) -> isize;
    fn write(descriptor: i32, buffer: *const u8, length: usize) -> isize;
    fn poll(descriptors: *mut PollDescriptor, count: u64, milliseconds: i32) -> i32;
    fn kill(pid: i32, signal: i32) -> i32;
    fn wait4(pid: i32, status: *mut i32, options: i32, usage: *mut Usage) -> i32;
    fn setrlimit(which: i32, limits: *const [u64; 2]) -> i32;
    fn prctl(option: i32, value: u64, third: u64, fourth: u64, fifth: u64) -> i32;
    fn syscall(number: i64, pid: i64, flags: i64) -> i64;
}

/// Runs what is selected; its exit status is what the caller's `main` gives back.
///
/// Returns once in this process, and once in the child of each program of a group.
pub fn run(programs: &[(&str, Entry)]) -> ExitCode {
    let selection = std::fs::read_to_string("selection").expect("a selection");
    std::fs::remove_file("selection").expect("a folder of our own");
    let mut words = selection.split_ascii_whitespace();
    let mode = words.next().expect("a mode");
    let entry = |key| programs.iter().find(|program| program.0 == key).expect("a known key").1;
    if mode == "alone" {
        return entry(words.next().expect("a key"))();
    }
    let mut number = || words.next().and_then(|word| word.parse().ok()).expect("a number");
    let limits = [number(), number(), number()];
    // No program may look into this process or into another's.
    unsafe { prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) };
    for key in words {
        if run_in_child(limits) {
            return entry(key)();
        }
    }
    ExitCode::SUCCESS
}

/// Records the value of a call.
pub fn value<T: Debug + ?Sized>(value: &T) -> ExitCode {
    let text = format!("{value:?}");
    write_all(2, VALUE_MARK);
    write_all(2, text.as_bytes());
    ExitCode::SUCCESS
}

/// True in the child, which then runs its program; false in the parent when it has ended.
fn run_in_child([milliseconds, memory, output]: [u64; 3]) -> bool {
    unsafe {
        let files = [(); 2].map(|()| nameless_file());
        let pid = fork();
        if pid == 0 {
            for (file, descriptor) in files.iter().zip([1, 2]) {
                dup2(*file, descriptor);
                close(*file);
            }
            setrlimit(RLIMIT_AS, &[memory, memory]);
            setrlimit(RLIMIT_FSIZE, &[output, output]);
            return true;
        }
        let ended = syscall(SYS_PIDFD_OPEN, pid as i64, 0) as i32;
        let mut waited = PollDescriptor { descriptor: ended, events: POLLIN, returned: 0 };
        let timed_out = poll(&mut waited, 1, milliseconds as i32) != 1;
        kill(pid, SIGKILL);
        let (mut status, mut usage) = (0, Usage::default());
        wait4(pid, &mut status, 0, &mut usage);
        close(ended);
        let [seconds, micros, kernel_seconds, kernel_micros] = usage.times;
        let used = (seconds + kernel_seconds) as f64 + (micros + kernel_micros) as f64 / 1e6;
        let [printed, complained] = files.map(|file| contents(file, output as usize));
        let mut frame = Vec::new();
        frame.extend(status.to_le_bytes());
        frame.push(timed_out as u8);
        frame.extend(used.to_le_bytes());
        frame.extend((printed.len() as u32).to_le_bytes());
        frame.extend((complained.len() as u32).to_le_bytes());
        frame.extend(printed);
        frame.extend(complained);
        write_all(1, &frame);
        false
    }
}

unsafe fn nameless_file() -> i32 {
    let name = c"output".as_ptr().cast();
    let file = open(name, NEW_FILE, 0o600);
    assert!(file >= 0 && unlink(name) == 0, "no file for output");
    file
}

/// What stands in a file, up to `limit` bytes; closes it.
unsafe fn contents(file: i32, limit: usize) -> Vec<u8> {
    let size = lseek(file, 0, SEEK_END).max(0) as usize;
    let mut data = vec![0; size.min(limit)];
    let length = pread(file, data.as_mut_ptr(), data.len(), 0).max(0) as usize;
    data.truncate(length);
    close(file);
    data
}

fn write_all(descriptor: i32, mut data: &[u8]) {
    while !data.is_empty() {
        match unsafe { write(descriptor, data.as_ptr(), data.len()) } {
            written if written > 0 => data = &data[written as usize..],
            _ => return,
        }
    }
}
