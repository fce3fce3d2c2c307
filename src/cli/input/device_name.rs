//! What a backup's device is called.

use corer::backup::Facts;

/// The device in one line, as far as it is known.
pub fn device_name(facts: &Facts) -> String {
    let model = facts.product_name.as_ref().or(facts.product_type.as_ref());
    let ios = facts.ios_version.as_ref().map(|version| format!("iOS {version}"));
    let known: Vec<String> = [facts.device_name.clone(), model.cloned(), ios].into_iter().flatten().collect();
    if known.is_empty() { "An unnamed device".to_owned() } else { known.join(", ") }
}
