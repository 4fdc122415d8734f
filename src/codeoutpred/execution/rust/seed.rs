//! Linked into every program: the kernel's random numbers and its date, made to hang on the seed.
//!
//! The keys of `HashMap` come from `getrandom`, so its order is the same in every run of one seed
//! and another with another seed. Every call gives the same bytes: threads draw in any order. Under
//! another seed the year, the month, the day and the hour are others.

const REALTIME: i32 = 0;
const SHIFT_SECONDS: i64 = 411 * 86_400 + 8_041;
#[cfg(target_arch = "x86_64")]
const SYS_CLOCK_GETTIME: i64 = 228;
#[cfg(not(target_arch = "x86_64"))]
const SYS_CLOCK_GETTIME: i64 = 113;

extern "C" {
    fn getenv(name: *const u8) -> *const u8;
    fn syscall(number: i64, ...) -> i64;
}

unsafe fn seed() -> u64 {
    let mut seed: u64 = 0;
    let mut digit = getenv(c"PYTHONHASHSEED".as_ptr().cast());
    while !digit.is_null() && *digit != 0 {
        seed = seed.wrapping_mul(10).wrapping_add((*digit - b'0') as u64);
        digit = digit.add(1);
    }
    seed
}

/// Seconds and nanoseconds of a clock.
#[no_mangle]
pub unsafe extern "C" fn clock_gettime(clock: i32, time: *mut [i64; 2]) -> i32 {
    let result = syscall(SYS_CLOCK_GETTIME, clock as i64, time);
    if result == 0 && clock == REALTIME {
        (*time)[0] += SHIFT_SECONDS * (seed() % 20) as i64;
    }
    result as i32
}

#[no_mangle]
pub unsafe extern "C" fn getrandom(buffer: *mut u8, length: usize, _flags: u32) -> isize {
    let mut state = seed();
    let mut index = 0;
    while index < length {
        // The finaliser of SplitMix64 (Steele, Lea and Flood, 2014).
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^= word >> 31;
        let mut byte = 0;
        while byte < 8 && index < length {
            *buffer.add(index) = (word >> (8 * byte)) as u8;
            byte += 1;
            index += 1;
        }
    }
    length as isize
}
