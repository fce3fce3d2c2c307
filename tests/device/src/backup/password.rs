//! `ChangePassword`: the old one alone turns encryption off, the new one alone turns it on \[S\].
//!
//! iOS 13 and later ask for the passcode on the phone.

use std::sync::Arc;

use plist::{Dictionary, Value};

use super::{Ending, code, course};
use crate::error::Result;
use crate::world::World;

const CHANGED: &str = "com.apple.mobile.backup.domain_changed";

pub(super) fn change(world: &Arc<World>, request: &Dictionary) -> Result<Ending> {
    let word = |key: &str| request.get(key).and_then(Value::as_string);
    let (old, new) = (word("OldPassword"), word("NewPassword"));
    let (current, person) = {
        let phone = world.phone();
        (phone.password().map(str::to_owned), phone.person.password_change)
    };
    if old.is_none() && new.is_none() {
        world.log.violation(super::SERVICE, "ChangePassword without a password");
        return Ok(Ending::failed(code::WRONG_PASSWORD, "No password"));
    }
    if current.as_deref() != old {
        return Ok(Ending::failed(code::WRONG_PASSWORD, "Invalid password: MKBKeyBagUnlock error -3"));
    }
    if !course::passcode(world, person) {
        return Ok(Ending::failed(code::LOCKED, "Device locked"));
    }
    world.phone().set_password(new.map(str::to_owned));
    world.notify(CHANGED);
    Ok(Ending::done())
}
