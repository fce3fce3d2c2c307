//! `corer devices`: the devices that are connected.

use clap::Args;
use corer::device::device_info::{PrivateInfo, PublicInfo};
use corer::device::{AttachedDevice, DaemonAddress, DeviceError};
use serde::Serialize;

use crate::cli::device::{connected, public, session, word};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::help;
use crate::cli::terminal::console::Console;
use crate::cli::terminal::human;
use crate::cli::terminal::table::{Column, Table};

/// List connected iPhones and iPads
///
/// Those on a cable, and those that the system can reach over Wi-Fi. What a device tells only to a computer that it
/// trusts (whether its backups are encrypted, battery, storage) is shown once it is paired: corer pair.
#[derive(Debug, Args)]
#[command(after_long_help = after_help())]
pub struct DevicesArgs {}

fn after_help() -> String {
    help::after_help(
        &[
            ("corer devices", "every device that is connected"),
            ("corer devices --json", "the same for programs"),
            ("corer pair", "make a new device trust this computer"),
        ],
        &[Exit::NotFound],
    )
}

/// One device.
struct DeviceRow {
    attached: AttachedDevice,
    public: PublicInfo,
    private: Result<PrivateInfo, DeviceError>,
}

/// The answer for programs.
#[derive(Serialize)]
struct DevicesDocument<'a> {
    devices: Vec<DeviceLine<'a>>,
}

/// One device for programs.
#[derive(Serialize)]
struct DeviceLine<'a> {
    udid: &'a str,
    name: Option<&'a str>,
    product_type: Option<&'a str>,
    ios: Option<&'a str>,
    build: Option<&'a str>,
    connection: &'static str,
    paired: bool,
    encrypted: Option<bool>,
    locked: Option<bool>,
    battery: Option<i64>,
    charging: Option<bool>,
    capacity: Option<u64>,
    used: Option<u64>,
}

/// Lists the devices.
///
/// # Errors
/// [`Exit::NotFound`] when there is none.
pub fn run(_: &DevicesArgs, console: &Console) -> Result<Exit, Failure> {
    let address = DaemonAddress::of_environment();
    let rows: Vec<DeviceRow> = connected(&address)?.into_iter().map(|device| row(&address, device)).collect();
    let mut answer = console.answer();
    if console.is_json() {
        answer.json_document("devices", &DevicesDocument { devices: rows.iter().map(line).collect() })?;
    } else if !rows.is_empty() {
        answer.table(&table(&rows))?;
    }
    answer.finish()?;
    if rows.is_empty() {
        return Err(Failure::new(Exit::NotFound, "No device is connected.")
            .hint("Connect one by cable, unlock it, and tap \"Trust\" when it asks."));
    }
    if rows.iter().any(|row| !row.is_paired()) {
        console.note("A device that is not paired tells little of itself: corer pair");
    }
    Ok(Exit::Done)
}

fn row(address: &DaemonAddress, attached: AttachedDevice) -> DeviceRow {
    let public = public(address, &attached).unwrap_or_default();
    let private = session(address, &attached).and_then(|mut session| PrivateInfo::read(&mut session));
    DeviceRow { attached, public, private }
}

impl DeviceRow {
    fn is_paired(&self) -> bool {
        !matches!(self.private, Err(DeviceError::NotPaired | DeviceError::Record(_) | DeviceError::Tls(_)))
    }
}

fn line(row: &DeviceRow) -> DeviceLine<'_> {
    let private = row.private.as_ref().ok();
    DeviceLine {
        udid: &row.attached.udid,
        name: row.public.name.as_deref(),
        product_type: row.public.product_type.as_deref(),
        ios: row.public.ios.as_deref(),
        build: row.public.build.as_deref(),
        connection: word(row.attached.connection),
        paired: row.is_paired(),
        encrypted: private.and_then(|private| private.encrypts),
        locked: private.and_then(|private| private.is_locked),
        battery: private.and_then(|private| private.battery),
        charging: private.and_then(|private| private.is_charging),
        capacity: private.and_then(|private| private.capacity),
        used: private.and_then(PrivateInfo::used),
    }
}

fn table(rows: &[DeviceRow]) -> Table<9> {
    let mut table = Table::new([
        Column::left("Device"),
        Column::left("Model"),
        Column::left("iOS"),
        Column::left("Connected"),
        Column::left("Paired"),
        Column::left("Encrypts backups"),
        Column::right("Battery"),
        Column::right("Used"),
        Column::left("UDID"),
    ]);
    for row in rows {
        table.push(cells(row));
    }
    table
}

fn cells(row: &DeviceRow) -> [String; 9] {
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    let private = row.private.as_ref().ok();
    let yes_or_no = |truth: bool| if truth { "yes" } else { "no" }.to_owned();
    [
        or_dash(row.public.name.clone()),
        or_dash(row.public.product_type.clone()),
        or_dash(row.public.ios.clone()),
        word(row.attached.connection).to_owned(),
        yes_or_no(row.is_paired()),
        or_dash(private.and_then(|private| private.encrypts).map(yes_or_no)),
        or_dash(private.and_then(|private| private.battery).map(|percent| format!("{percent} %"))),
        or_dash(private.and_then(PrivateInfo::used).map(human::size)),
        row.attached.udid.clone(),
    ]
}
