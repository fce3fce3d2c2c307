//! Everything that the threads of one simulator share: the phone, the cable, the daemon's records, the log.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use plist::Dictionary;

use crate::error::Result;
use crate::log::Log;
use crate::pairing;
use crate::phone::{Phone, Setup};
use crate::services::Grant;
use crate::wire::Socket;

/// The identifier of the computer, which every pairing record names.
pub const SYSTEM_BUID: &str = "C0DE0000-0000-4000-8000-0000000000B1";
/// The device's Wi-Fi address.
pub const WIFI_ADDRESS: &str = "02:00:00:c0:de:01";
/// Services get ports from here on, a new one for each start.
const FIRST_PORT: u16 = 49_152;

/// What the threads share.
pub struct World {
    /// What the host did.
    pub log: Log,
    /// Whether usbmuxd lists the device over Wi-Fi as well.
    pub has_wifi: bool,
    /// The cable between the computer and the phone.
    pub cable: Cable,
    phone: Mutex<Phone>,
    /// Pairing records by UDID, as usbmuxd stores them: property lists, not looked into.
    records: Mutex<BTreeMap<String, Vec<u8>>>,
    ports: Mutex<BTreeMap<u16, Grant>>,
    /// Notifications for those who observe them, by connection.
    mailboxes: Mutex<BTreeMap<u64, VecDeque<String>>>,
}

impl World {
    /// A world with the phone of `setup` in it.
    ///
    /// # Errors
    /// When the phone cannot be made.
    pub fn new(setup: &Setup) -> Result<Self> {
        let mut phone = Phone::new(setup)?;
        let mut records = BTreeMap::new();
        if setup.is_paired {
            let record = earlier_pairing(&mut phone)?;
            records.insert(phone.device.udid.clone(), record);
        }
        Ok(Self {
            log: Log::default(),
            has_wifi: setup.has_wifi,
            cable: Cable::default(),
            phone: Mutex::new(phone),
            records: Mutex::new(records),
            ports: Mutex::default(),
            mailboxes: Mutex::default(),
        })
    }

    /// The phone, for as long as the guard lives.
    pub fn phone(&self) -> MutexGuard<'_, Phone> {
        lock(&self.phone)
    }

    /// The records of the daemon.
    pub(crate) fn records(&self) -> MutexGuard<'_, BTreeMap<String, Vec<u8>>> {
        lock(&self.records)
    }

    /// Opens a port for a service.
    pub(crate) fn open_port(&self, grant: Grant) -> u16 {
        let mut ports = lock(&self.ports);
        let port = ports.last_key_value().map_or(FIRST_PORT, |(port, _)| port.wrapping_add(1).max(FIRST_PORT));
        ports.insert(port, grant);
        port
    }

    /// What listens on a port.
    pub(crate) fn at_port(&self, port: u16) -> Option<Grant> {
        lock(&self.ports).get(&port).cloned()
    }

    /// A new mailbox for notifications.
    pub(crate) fn open_mailbox(&self) -> u64 {
        let number = self.cable.number();
        lock(&self.mailboxes).insert(number, VecDeque::new());
        number
    }

    /// Closes a mailbox.
    pub(crate) fn close_mailbox(&self, number: u64) {
        lock(&self.mailboxes).remove(&number);
    }

    /// The next notification in a mailbox.
    pub(crate) fn next_notification(&self, number: u64) -> Option<String> {
        lock(&self.mailboxes).get_mut(&number)?.pop_front()
    }

    /// Sends a notification to everybody.
    pub fn notify(&self, name: &str) {
        self.log.device("notification_proxy", name);
        for mailbox in lock(&self.mailboxes).values_mut() {
            mailbox.push_back(name.to_owned());
        }
    }
}

/// Lets a host pair with the phone, and gives the record that it keeps.
fn earlier_pairing(phone: &mut Phone) -> Result<Vec<u8>> {
    let bag = phone.escrow_bag(pairing::EARLIER_HOST);
    let mut record = pairing::earlier_record(SYSTEM_BUID, WIFI_ADDRESS, &bag)?;
    let host = pairing::PairedHost::from_request(&record, bag)?;
    phone.trusted.insert(host.host_id.clone(), host);
    record.insert("UDID".into(), phone.device.udid.clone().into());
    encoded(&record)
}

fn encoded(record: &Dictionary) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    plist::Value::Dictionary(record.clone()).to_writer_xml(&mut out)?;
    Ok(out)
}

/// The cable: all connections that go through it, and who wants to know when it is pulled.
pub struct Cable {
    numbers: AtomicU64,
    is_plugged: AtomicBool,
    tunnels: Mutex<BTreeMap<u64, Socket>>,
    listeners: Mutex<BTreeMap<u64, Socket>>,
}

impl Default for Cable {
    fn default() -> Self {
        Self {
            numbers: AtomicU64::new(1),
            is_plugged: AtomicBool::new(true),
            tunnels: Mutex::default(),
            listeners: Mutex::default(),
        }
    }
}

impl Cable {
    /// A number that no other connection has.
    pub(crate) fn number(&self) -> u64 {
        self.numbers.fetch_add(1, Ordering::Relaxed)
    }

    /// Whether the phone is there.
    pub fn is_plugged(&self) -> bool {
        self.is_plugged.load(Ordering::SeqCst)
    }

    /// Remembers a tunnel to the phone, so that it breaks with the cable.
    pub(crate) fn hold_tunnel(&self, number: u64, socket: Socket) {
        lock(&self.tunnels).insert(number, socket);
    }

    /// Remembers who wants to know of phones that come and go.
    pub(crate) fn hold_listener(&self, number: u64, socket: Socket) {
        lock(&self.listeners).insert(number, socket);
    }

    /// Forgets a connection that has ended.
    pub(crate) fn release(&self, number: u64) {
        lock(&self.tunnels).remove(&number);
        lock(&self.listeners).remove(&number);
    }

    /// Pulls the cable or plugs it in. `announce` writes to each listener what it should know.
    pub(crate) fn set_plugged(&self, plugged: bool, announce: impl Fn(&mut Socket)) {
        if self.is_plugged.swap(plugged, Ordering::SeqCst) == plugged {
            return;
        }
        if !plugged {
            lock(&self.tunnels).values().for_each(Socket::close);
        }
        lock(&self.listeners).values_mut().for_each(announce);
    }

    /// Ends every connection: the simulator stops.
    pub(crate) fn close(&self) {
        lock(&self.tunnels).values().for_each(Socket::close);
        lock(&self.listeners).values().for_each(Socket::close);
    }
}

/// A lock that outlives threads that failed while they held it.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
