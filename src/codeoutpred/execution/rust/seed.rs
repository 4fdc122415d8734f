//! Linked into every program: the kernel's random numbers, made to depend on the seed alone.
//!
//! The keys of `HashMap` come from `getrandom`, so its order is the same in every run of one seed
//! and another with another seed. Every call gives the same bytes: threads draw in any order.

extern "C" {
    fn getenv(name: *const u8) -> *const u8;
}

#[no_mangle]
pub unsafe extern "C" fn getrandom(buffer: *mut u8, length: usize, _flags: u32) -> isize {
    let mut state: u64 = 0;
    let mut digit = getenv(c"PYTHONHASHSEED".as_ptr().cast());
    while !digit.is_null() && *digit != 0 {
        state = state.wrapping_mul(10).wrapping_add(*digit as u64);
        digit = digit.add(1);
    }
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
