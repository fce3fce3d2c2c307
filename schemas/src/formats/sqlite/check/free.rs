//! Pages that belong to no tree: those on the list of free ones, and those that nobody knows of.

use super::layout::u32_at;
use super::tree::Walk;

/// Where SQLite locks files: the page with this byte is never used.
const LOCK: u64 = 0x4000_0000;

/// Follows the list of free pages, then looks for pages that were met nowhere.
pub(super) fn check(walk: &mut Walk<'_>) {
    if let Err(why) = list(walk) {
        walk.complain(why);
    }
    let lock = u32::try_from(LOCK / walk.page_size as u64 + 1).unwrap_or(u32::MAX);
    // Below a damaged page, everything is met nowhere.
    if !walk.complaints.is_empty() {
        return;
    }
    let lost = (1..=walk.count).filter(|page| *page != lock && !walk.is_used(*page)).count();
    if lost > 0 {
        walk.complain(format!("{lost} pages belong to nothing"));
    }
}

/// Each page of the list: the next one, how many free pages it names, their numbers.
fn list(walk: &mut Walk<'_>) -> Result<(), String> {
    let damaged = || "the list of free pages is damaged".to_owned();
    let (mut next, count) = walk.free;
    let mut found = 0_u32;
    let mut page = Vec::new();
    while next != 0 {
        if !walk.take(next, &mut page) {
            return Err(damaged());
        }
        let named = u32_at(&page, 4).ok_or_else(damaged)?;
        if named as usize > walk.usable / 4 - 2 {
            return Err(damaged());
        }
        for number in 0..named as usize {
            if !walk.claim(u32_at(&page, 8 + 4 * number).ok_or_else(damaged)?) {
                return Err(damaged());
            }
        }
        found = found.saturating_add(named).saturating_add(1);
        next = u32_at(&page, 0).ok_or_else(damaged)?;
    }
    if found == count { Ok(()) } else { Err(format!("{count} pages should be free, and {found} are")) }
}
