//! What the commands for connected devices share: which device, and what to say when it does not do what was asked.

mod failure;
mod mberror;

use clap::Args;
use corer::device::device_info::PublicInfo;
use corer::device::lockdown::{Lockdown, Session};
use corer::device::pairing_record::PairingRecord;
use corer::device::{AttachedDevice, ConnectionKind, DaemonAddress, DeviceError};
use corer_schemas::handles::folded;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
pub use failure::failure;

/// Which device.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Device")]
pub struct DeviceArgs {
    /// The device: its name or UDID, which may be cut short [default: the one that is connected]
    #[arg(short, long, value_name = "DEVICE", env = "CORER_DEVICE", hide_env_values = true)]
    pub device: Option<String>,
}

/// A connected device that was chosen.
pub struct ChosenDevice {
    /// The daemon through which it is reached.
    pub address: DaemonAddress,
    /// The device.
    pub attached: AttachedDevice,
    /// What it says of itself to anybody.
    pub public: PublicInfo,
}

impl DeviceArgs {
    /// Finds the device.
    ///
    /// # Errors
    /// [`Exit::NotFound`] when it is not connected, or several are and none was named.
    pub fn choose(&self) -> Result<ChosenDevice, Failure> {
        let address = DaemonAddress::of_environment();
        let mut attached = connected(&address)?;
        // By cable comes first: the same device over Wi-Fi adds nothing.
        attached.dedup_by(|later, earlier| later.udid == earlier.udid);
        let mut seen = std::collections::BTreeSet::new();
        attached.retain(|device| seen.insert(device.udid.clone()));
        let mut matching: Vec<ChosenDevice> = Vec::new();
        for device in attached {
            let chosen =
                ChosenDevice { public: public(&address, &device)?, attached: device, address: address.clone() };
            if self.device.as_deref().is_none_or(|typed| chosen.is_called(typed)) {
                matching.push(chosen);
            }
        }
        match (matching.len(), &self.device) {
            (1, _) => matching.pop().ok_or_else(none_connected),
            (0, None) => Err(none_connected()),
            (0, Some(typed)) => Err(Failure::new(Exit::NotFound, format!("No device \"{typed}\" is connected."))
                .hint("To see those that are: corer devices")),
            _ => Err(several(&matching)),
        }
    }
}

impl ChosenDevice {
    /// What people call it.
    pub fn name(&self) -> String {
        self.public.name.clone().unwrap_or_else(|| self.attached.udid.clone())
    }

    /// A conversation that the device trusts.
    ///
    /// # Errors
    /// [`Exit::PersonNeeded`] when it does not trust this computer.
    pub fn session(&self) -> Result<Session, Failure> {
        session(&self.address, &self.attached).map_err(|error| self.failure(error))
    }

    /// What to say about an error.
    pub fn failure(&self, error: DeviceError) -> Failure {
        failure(&self.name(), error)
    }

    fn is_called(&self, typed: &str) -> bool {
        let digits = |text: &str| text.replace('-', "").to_ascii_lowercase();
        let by_name = self.public.name.as_deref().is_some_and(|name| folded(name) == folded(typed));
        by_name || (digits(typed).len() >= 4 && digits(&self.attached.udid).starts_with(&digits(typed)))
    }
}

/// The devices that are connected, those by cable first.
///
/// # Errors
/// When nothing that talks to devices answers.
pub fn connected(address: &DaemonAddress) -> Result<Vec<AttachedDevice>, Failure> {
    address.connect().and_then(|mut mux| mux.devices()).map_err(|error| failure("The device", error))
}

/// What a device says of itself to anybody.
pub fn public(address: &DaemonAddress, device: &AttachedDevice) -> Result<PublicInfo, Failure> {
    let read = Lockdown::connect(address, device).and_then(|mut lockdown| PublicInfo::read(&mut lockdown));
    read.map_err(|error| failure(&device.udid, error))
}

/// A conversation that a device trusts.
///
/// # Errors
/// [`DeviceError::NotPaired`].
pub fn session(address: &DaemonAddress, device: &AttachedDevice) -> Result<Session, DeviceError> {
    let record = address.connect()?.record(&device.udid)?.ok_or(DeviceError::NotPaired)?;
    Lockdown::connect(address, device)?.into_session(PairingRecord::parse(&record)?)
}

/// How a device is connected, in a word.
pub fn word(connection: ConnectionKind) -> &'static str {
    match connection {
        ConnectionKind::Usb => "USB",
        ConnectionKind::Wifi => "Wi-Fi",
    }
}

fn none_connected() -> Failure {
    Failure::new(Exit::NotFound, "No device is connected.")
        .because("None is on a cable, and none that this computer may use over Wi-Fi is in reach.")
        .hint("Connect it by cable, unlock it, and tap \"Trust\" when it asks.")
        .hint("Nothing happens? Try another cable or port; many cables only charge.")
}

fn several(devices: &[ChosenDevice]) -> Failure {
    let failure = Failure::new(Exit::NotFound, "Several devices are connected.").because("Say which one is meant:");
    devices
        .iter()
        .fold(failure, |failure, device| failure.hint(format!("-d {}    {}", device.attached.udid, device.name())))
}
