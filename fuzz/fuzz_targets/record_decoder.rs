//! Any bytes as a stream of records: decoding and checking end in records or in an error,
//! and never in an end record, whose nonce nobody can guess.
#![no_main]

use libfuzzer_sys::fuzz_target;
use lictor::protocol::record::Record;
use lictor::protocol::stream::Checker;
use lictor::protocol::wire;

/// A nonce that the fuzzer isn't told; it could read it here, but not compute it.
const NONCE: [u8; 16] = [0x5a, 3, 0xe1, 0x7c, 9, 0x44, 0xd0, 0x12, 0x8f, 0x33, 0xab, 0x60, 0x71, 0xc5, 0x2e, 0x99];

fuzz_target!(|data: &[u8]| {
    let words: Vec<u64> = data.as_chunks::<8>().0.iter().map(|word| u64::from_le_bytes(*word)).collect();
    let mut rest = words.as_slice();
    let mut checker = Checker::new(NONCE, 3);
    while let Some(&first) = rest.first() {
        let Ok(length) = wire::length_of(first) else { return };
        let Some((record, after)) = rest.split_at_checked(length) else { return };
        let Ok(record) = wire::decode(record) else { return };
        if checker.admit(&record).is_err() {
            return;
        }
        assert!(!matches!(record, Record::End(_)));
        rest = after;
    }
});
