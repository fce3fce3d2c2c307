//! Property lists, binary and XML: read under their budgets, or refused.

use corer_schemas::formats::plist;

pub fn run(bytes: &[u8]) {
    let _ = plist::read(bytes);
}
