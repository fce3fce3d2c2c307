//! The device as it is at the moment: who it is, what it holds, whom it trusts.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::SystemTime;

use plist::{Date, Dictionary, Value};
use sample_backups::keybag::Keybag;
use sample_backups::{Device, Encryption, Era, Seed};

use crate::error::Result;
use crate::faults::{Faults, Person};
use crate::files::{Content, Files};
use crate::pairing::PairedHost;

/// Rounds of the key derivation, few enough for tests; the real number is ten million.
pub const FEW_ROUNDS: u32 = 1_000;

/// What a simulated device is at first.
#[derive(Debug, Clone)]
pub struct Setup {
    /// Who it claims to be. `backed_up` is the time of the device's clock.
    pub device: Device,
    /// What it holds.
    pub content: Content,
    /// The password of its backups; `None` leaves them unencrypted.
    pub password: Option<String>,
    /// Rounds of the key derivation.
    pub rounds: u32,
    /// Whether a host has paired before; its record lies with usbmuxd.
    pub is_paired: bool,
    /// What the person at the phone does.
    pub person: Person,
    /// What goes wrong.
    pub faults: Faults,
    /// The device's clock stands still at `device.backed_up`, so that two backups of one state are the same bytes.
    pub stands_still: bool,
    /// Whether usbmuxd lists the device over Wi-Fi as well.
    pub has_wifi: bool,
    /// Values of lockdown (domain, key, value) beside the usual ones; domain `""` is the root.
    pub values: Vec<(String, String, Value)>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            device: Device::of(Era::Ios18),
            content: Content::Life,
            password: None,
            rounds: FEW_ROUNDS,
            is_paired: true,
            person: Person::default(),
            faults: Faults::default(),
            stands_still: false,
            has_wifi: false,
            values: Vec::new(),
        }
    }
}

/// The device.
pub struct Phone {
    /// Who it claims to be.
    pub device: Device,
    /// What it holds.
    pub files: Files,
    /// What the person at the phone does.
    pub person: Person,
    /// What goes wrong.
    pub faults: Faults,
    /// Values of lockdown beside the usual ones, by domain.
    pub values: BTreeMap<String, Dictionary>,
    /// The hosts that it trusts.
    pub(crate) trusted: BTreeMap<String, PairedHost>,
    /// How often pairing was asked for.
    pub(crate) pair_requests: u32,
    /// Which AFC connection holds the sync lock.
    pub(crate) sync_lock: Option<u64>,
    /// Notifications that hosts observe.
    pub(crate) observed: std::collections::BTreeSet<String>,
    /// How many backups were begun.
    pub(crate) backups: u64,
    password: Option<String>,
    rounds: u32,
    /// How often the password changed: each time there is a new keybag.
    keybags: u32,
    keybag: Option<Arc<Keybag>>,
    stands_still: bool,
}

impl Phone {
    /// The device as `setup` says.
    ///
    /// # Errors
    /// When its files cannot be made.
    pub fn new(setup: &Setup) -> Result<Self> {
        let mut values = BTreeMap::<String, Dictionary>::new();
        for (domain, key, value) in &setup.values {
            values.entry(domain.clone()).or_default().insert(key.clone(), value.clone());
        }
        Ok(Self {
            device: setup.device.clone(),
            files: Files::new(&setup.content)?,
            person: setup.person.clone(),
            faults: setup.faults.clone(),
            values,
            trusted: BTreeMap::new(),
            pair_requests: 0,
            sync_lock: None,
            observed: std::collections::BTreeSet::new(),
            backups: 0,
            password: setup.password.clone(),
            rounds: setup.rounds,
            keybags: 0,
            keybag: None,
            stands_still: setup.stands_still,
        })
    }

    /// Whether its backups are encrypted.
    pub fn will_encrypt(&self) -> bool {
        self.password.is_some()
    }

    /// The password of its backups.
    pub fn password(&self) -> Option<&str> {
        self.password.as_deref()
    }

    /// Gives its backups another password, or none. They get a new keybag.
    pub fn set_password(&mut self, password: Option<String>) {
        self.password = password;
        self.keybags += 1;
        self.keybag = None;
    }

    /// Root of the keys of the present keybag.
    pub(crate) fn seed(&self) -> Seed {
        Seed::new(format!("{} keybag {}", self.device.udid, self.keybags))
    }

    /// The keybag of its backups: the same until the password changes, which makes incremental backups possible.
    ///
    /// # Errors
    /// Passes on errors of the cipher.
    pub(crate) fn keybag(&mut self) -> Result<Arc<Keybag>> {
        if let Some(keybag) = &self.keybag {
            return Ok(Arc::clone(keybag));
        }
        let seed = self.seed();
        let keybag = Arc::new(match &self.password {
            Some(password) => Keybag::encrypted(Era::Ios18, &Encryption::new(password, Some(self.rounds)), &seed)?,
            None => Keybag::plain(Era::Ios18, self.rounds, &seed)?,
        });
        self.keybag = Some(Arc::clone(&keybag));
        Ok(keybag)
    }

    /// What its clock shows, RFC 3339.
    pub(crate) fn now(&self) -> String {
        if self.stands_still { self.device.backed_up.clone() } else { Date::from(SystemTime::now()).to_xml_format() }
    }

    /// The bag that lets a host in while the phone is locked.
    pub(crate) fn escrow_bag(&self, host_id: &str) -> Vec<u8> {
        Seed::new(&self.device.udid).bytes::<32>(&format!("escrow bag of {host_id}")).to_vec()
    }
}
