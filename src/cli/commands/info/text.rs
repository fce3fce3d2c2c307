//! What `corer info` says to people.

use corer_exporters::page;

use super::facts::{AppFacts, BackupFacts, Contents};
use crate::cli::failure::Failure;
use crate::cli::terminal::console::Answer;
use crate::cli::terminal::human;
use crate::cli::terminal::printable::Printable;

/// This many apps are named in words; JSON has them all.
const MOST_APPS: usize = 20;

/// Tells everything.
pub fn tell(about: &BackupFacts, answer: &mut Answer) -> Result<(), Failure> {
    print_facts(about, answer)?;
    print_apps(&about.apps, answer)?;
    match &about.inside {
        Some(inside) => print_contents(inside, answer)?,
        None => answer.line("\nThis backup is encrypted: its password is needed to see what is inside.")?,
    }
    print_missing(about, answer)?;
    if !about.notes.is_empty() {
        heading("To know", answer)?;
        about.notes.iter().try_for_each(|note| answer.line(format_args!("  {}", Printable(note))))?;
    }
    Ok(())
}

fn print_facts(about: &BackupFacts, answer: &mut Answer) -> Result<(), Failure> {
    let title = about.device.as_deref().unwrap_or(about.what);
    answer.line(answer.paint().head(&Printable(title).to_string()))?;
    let model = join(about.model.as_deref(), about.product_type.as_deref());
    let ios = join(about.ios.as_deref(), about.build.as_deref());
    let encrypted = about.encrypted.map(|encrypted| if encrypted { "yes" } else { "no" }.to_owned());
    let passcode = about.passcode_set.map(|set| if set { "set" } else { "not set" }.to_owned());
    let imei = (!about.imei.is_empty()).then(|| about.imei.join(", "));
    let lines = [
        ("Model", model),
        ("iOS", ios),
        ("UDID", about.udid.clone()),
        ("Serial", about.serial.clone()),
        ("Number", about.phone_number.clone()),
        ("IMEI", imei),
        ("SIM", about.iccid.clone()),
        ("Passcode", passcode),
        ("Backup of", about.date.clone()),
        ("Made by", about.made_by.clone()),
        ("State", about.state.map(str::to_owned)),
        ("Encrypted", encrypted),
        ("On disk", about.stored_bytes.map(human::size)),
        ("Where", Some(about.path.clone())),
    ];
    for (name, value) in lines.iter().filter_map(|(name, value)| Some((name, value.as_ref()?))) {
        answer.line(format_args!("  {name:<10} {}", Printable(value)))?;
    }
    Ok(())
}

fn print_apps(apps: &[AppFacts], answer: &mut Answer) -> Result<(), Failure> {
    if apps.is_empty() {
        return Ok(());
    }
    heading(&human::count(apps.len() as u64, "app", "apps"), answer)?;
    for AppFacts { id, name, version } in apps.iter().take(MOST_APPS) {
        let name = name.as_ref().map_or_else(String::new, |name| format!("{name}, "));
        let version = version.as_ref().map_or_else(String::new, |version| format!(" {version}"));
        answer.line(format_args!("  {}", Printable(format_args!("{name}{id}{version}"))))?;
    }
    match apps.len().saturating_sub(MOST_APPS) {
        0 => Ok(()),
        more => answer.line(format_args!("  and {more} more; --json has them all")),
    }
}

fn print_contents(inside: &Contents, answer: &mut Answer) -> Result<(), Failure> {
    heading("In it", answer)?;
    let files = human::count(inside.files, "file", "files");
    answer.line(format_args!("  {files}, {}", human::size(inside.bytes)))?;
    for held in &inside.held {
        let count = held.count.map(page::count).unwrap_or_default();
        let (domain, path) = (Printable(&held.domain), Printable(&held.path));
        answer.line(format_args!("  {:<26} {count:>9}  {domain}/{path}", held.kind))?;
    }
    Ok(())
}

fn print_missing(about: &BackupFacts, answer: &mut Answer) -> Result<(), Failure> {
    if !about.not_held.is_empty() {
        heading("Not in it", answer)?;
        about.not_held.iter().try_for_each(|kind| answer.line(format_args!("  {:<26} {}", kind.kind, kind.why)))?;
    }
    if !about.never_held.is_empty() {
        heading("In no backup on a computer", answer)?;
        about.never_held.iter().try_for_each(|what| answer.line(format_args!("  {what}")))?;
    }
    Ok(())
}

fn heading(title: &str, answer: &mut Answer) -> Result<(), Failure> {
    answer.line(format_args!("\n{}", answer.paint().head(title)))
}

/// A name with what is more exact about it in brackets.
fn join(name: Option<&str>, exact: Option<&str>) -> Option<String> {
    match (name, exact) {
        (Some(name), Some(exact)) => Some(format!("{name} ({exact})")),
        (one, other) => one.or(other).map(str::to_owned),
    }
}
