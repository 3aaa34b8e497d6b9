//! Files that say what a result must be, byte for byte.

use std::path::Path;

/// Compares with a file in `tests/golden`, which `CAIRN_BLESS=1` writes anew.
pub(crate) fn assert_golden(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("CAIRN_BLESS").is_some() {
        std::fs::write(&path, found).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    let lines = || found.lines().zip(expected.lines());
    let line = lines().position(|(found, expected)| found != expected).unwrap_or_else(|| lines().count()) + 1;
    assert!(found == expected, "{name} differs from line {line} on; CAIRN_BLESS=1 accepts the change");
}
