//! The course of one backup: what the device asks of the host, in order.
//!
//! Status.plist, Manifest.plist and Manifest.db of the earlier backup are read to decide between full and incremental;
//! the passcode is asked for; free space is asked for; payloads go to `Snapshot/` (state *uploading*), then to their
//! places (*moving*), stale ones are removed (*removing*), and all is checked (*finished*) \[L for the pieces, ? for the
//! order of some\].

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;
use std::sync::Arc;

use plist::{Dictionary, Value};
use tempfile::TempDir;

use super::link::{Body, Link, Outgoing};
use super::manifest::{self, Entry, Plan};
use super::{Ending, SERVICE, code, hostile};
use crate::error::Result;
use crate::faults::{Passcode, Stage};
use crate::services::Grant;
use crate::world::World;

const PRESENTED: &str = "com.apple.LocalAuthentication.ui.presented";
const DISMISSED: &str = "com.apple.LocalAuthentication.ui.dismissed";

/// Headroom beside what is uploaded: the device goes on only with more free space than both together \[1\].
const HEADROOM: u64 = 0x0800_0000;
/// By so much the device asks the host to free more than it needs \[1\].
const OVERSHOOT: u64 = 0x8000_0000;
/// How urgent it is, on a scale of Apple's \[1\].
const URGENCY: u64 = 4;

/// Files and bytes that go into one message \[?\].
const BATCH_FILES: usize = 256;
const BATCH_BYTES: u64 = 16 << 20;
/// Moves and removals that go into one message \[?\].
const BATCH_ITEMS: usize = 512;

/// Asks the person for the passcode; false if it was not given.
pub(super) fn passcode(world: &World, person: Passcode) -> bool {
    let (time, is_given) = match person {
        Passcode::NotAsked => return true,
        Passcode::After(time) => (time, true),
        Passcode::Refused(time) => (time, false),
    };
    world.notify(PRESENTED);
    std::thread::sleep(time);
    world.notify(DISMISSED);
    is_given
}

/// Makes the backup.
pub(super) fn run(world: &Arc<World>, grant: &Grant, link: &mut Link<'_>, forced: bool) -> Result<Ending> {
    let (root, person, is_locked) = {
        let phone = world.phone();
        (phone.device.udid.clone(), phone.person.clone(), phone.person.is_locked)
    };
    let names = link.list(&root)?;
    world.log.course(|course| course.had_info_plist = names.contains_key("Info.plist"));
    if is_locked && !grant.has_escrow_bag {
        return Ok(Ending::failed(code::LOCKED, "Device locked"));
    }
    let plan = Plan::of(&mut world.phone())?;
    let mut backup = Backup { world, link, root, scratch: tempfile::tempdir()?, number: 0, is_full: true };
    if let Some(ending) = backup.fault(Stage::Begun)? {
        return Ok(ending);
    }
    let earlier = match backup.earlier(&plan, forced)? {
        Ok(earlier) => earlier,
        Err(ending) => return Ok(ending),
    };
    backup.is_full = earlier.is_none();
    world.log.course(|course| course.is_full = earlier.is_none());
    if !passcode(world, person.passcode) {
        return Ok(Ending::failed(code::LOCKED, "Device locked"));
    }
    backup.number = {
        let mut phone = world.phone();
        phone.backups += 1;
        phone.backups
    };
    backup.make(&plan, earlier.as_ref(), &names)
}

/// An earlier backup: records by file ID.
type Earlier = BTreeMap<String, Vec<u8>>;

struct Backup<'b, 'a> {
    world: &'b Arc<World>,
    link: &'b mut Link<'a>,
    /// The backup's folder, below the host's root.
    root: String,
    scratch: TempDir,
    /// How many backups there were before.
    number: u64,
    is_full: bool,
}

impl Backup<'_, '_> {
    fn make(&mut self, plan: &Plan, earlier: Option<&Earlier>, names: &BTreeMap<String, String>) -> Result<Ending> {
        let changed: Vec<&Entry> = plan.entries.iter().filter(|entry| is_new(entry, earlier)).collect();
        let database = plan.database(self.scratch.path())?;
        let list = plan.property_list()?;
        let needed = plan.bytes(&changed) + database.len() as u64;
        if let Some(ending) = self.wants_space(needed)? {
            return Ok(ending);
        }
        for stage in [Stage::Uploading, Stage::Moving, Stage::Removing, Stage::Finished] {
            if let Some(ending) = self.enter(plan, stage)? {
                return Ok(ending);
            }
            let ending = match stage {
                Stage::Uploading => self.upload(plan, &changed, &database, &list)?,
                Stage::Moving => self.move_all(&changed)?,
                Stage::Removing => self.remove(plan, earlier, names)?,
                Stage::Begun | Stage::Finished => self.check(plan, &database, &list)?,
            };
            if let Some(ending) = ending {
                return Ok(ending);
            }
        }
        let unreadable = !self.link.faults().unreadable.is_empty();
        if unreadable && self.link.faults().unreadable_is_fatal {
            return Ok(Ending::failed(code::UPLOADS_FAILED, "Multiple errors uploading files"));
        }
        Ok(Ending::done())
    }

    /// Reads what the host has. `None` makes a full backup.
    fn earlier(&mut self, plan: &Plan, forced: bool) -> Result<std::result::Result<Option<Earlier>, Ending>> {
        let status = self.download("Status.plist")?;
        let state = status.as_deref().and_then(read_list);
        let state = state.as_ref().and_then(|state| state.get("SnapshotState")).and_then(Value::as_string);
        if forced || state != Some("finished") {
            return Ok(Ok(None));
        }
        // An empty file is how pymobiledevice3 asks for a full backup [1].
        let Some(manifest) = self.download("Manifest.plist")?.filter(|bytes| !bytes.is_empty()) else {
            return Ok(Ok(None));
        };
        let Some(manifest) = read_list(&manifest) else {
            return Ok(Err(Ending::failed(code::UNREADABLE_METADATA, "Error reading manifest property list")));
        };
        if !plan.has_keybag(&manifest) {
            self.world.log.device(SERVICE, "other keys than before: a full backup");
            return Ok(Ok(None));
        }
        let Some(database) = self.download("Manifest.db")? else { return Ok(Ok(None)) };
        match plan.read_database(database, self.scratch.path()) {
            Ok(earlier) => Ok(Ok(Some(earlier))),
            Err(error) => {
                let words = format!("Error reading manifest database: {error}");
                Ok(Err(Ending::failed(code::UNREADABLE_METADATA, words)))
            }
        }
    }

    fn download(&mut self, name: &str) -> Result<Option<Vec<u8>>> {
        let files = self.link.download(&[self.at(name)])?;
        Ok(files.into_iter().next().and_then(std::result::Result::ok))
    }

    fn wants_space(&mut self, needed: u64) -> Result<Option<Ending>> {
        let needed = needed + HEADROOM + self.link.faults().needs_space;
        let free = self.link.free_space()?;
        if free > needed {
            return Ok(None);
        }
        let amount = needed - free + OVERSHOOT;
        let rest = vec![Value::Integer(amount.into()), Value::Integer(URGENCY.into())];
        let purged = self.link.tell("DLMessagePurgeDiskSpace", rest)?;
        if purged.code == 0 && self.link.free_space()? > needed {
            return Ok(None);
        }
        let words = format!("Insufficient free disk space on drive to back up ({free} < {needed})");
        Ok(Some(Ending::failed(code::DISK_FULL, words)))
    }

    /// Begins a stage: Status.plist says so first.
    fn enter(&mut self, plan: &Plan, stage: Stage) -> Result<Option<Ending>> {
        if let Some(ending) = self.fault(stage)? {
            return Ok(Some(ending));
        }
        let status = plan.status(self.is_full, stage.name(), self.number)?;
        self.send_whole("Status.plist", "Status.plist", &status)
    }

    fn fault(&mut self, stage: Stage) -> Result<Option<Ending>> {
        self.link.stage(stage)?;
        let fails = self.link.faults().fails.as_ref().filter(|(at, _, _)| *at == stage);
        Ok(fails.map(|(_, code, words)| Ending::failed(*code, words)))
    }

    fn upload(&mut self, plan: &Plan, changed: &[&Entry], database: &[u8], list: &[u8]) -> Result<Option<Ending>> {
        self.link.create_directory(&self.at("Snapshot"))?;
        if let Some(hostile) = self.link.faults().hostile.clone() {
            hostile::act(self.link, &self.root, &hostile)?;
        }
        let with: Vec<&Entry> = changed.iter().copied().filter(|entry| entry.file.has_payload()).collect();
        let total = plan.bytes(&with).max(1);
        let mut folders = BTreeSet::new();
        let mut done = 0;
        let mut rest = with.as_slice();
        while !rest.is_empty() {
            let (batch, after) = rest.split_at(batch_length(rest));
            rest = after;
            for entry in batch {
                let folder = entry.id.get(..2).unwrap_or_default();
                if folders.insert(folder) {
                    self.link.create_directory(&self.at(&format!("Snapshot/{folder}")))?;
                }
            }
            let bytes = plan.bytes(batch);
            let files = batch.iter().map(|entry| self.outgoing(entry)).collect();
            let status = self.link.upload(files, bytes)?;
            done += bytes;
            self.link.progress = 95.0 * done as f64 / total as f64;
            self.world.log.course(|course| {
                course.files += batch.len() as u64;
                course.bytes += bytes;
            });
            if status.code != 0 {
                return Ok(Some(host_failed(&status)));
            }
        }
        // The list of files that the device wants may be empty [L].
        self.link.download(&[])?;
        let sent = self.send_whole("Manifest.db", "Snapshot/Manifest.db", database)?;
        if sent.is_some() {
            return Ok(sent);
        }
        self.send_whole("Manifest.plist", "Snapshot/Manifest.plist", list)
    }

    fn outgoing<'e>(&self, entry: &'e Entry) -> Outgoing<'e> {
        let record = &entry.file.record;
        let key = (record.domain.clone(), record.path.clone());
        let is_unreadable = self.link.faults().unreadable.contains(&key);
        let write: Body<'e> = if is_unreadable {
            Box::new(|out| {
                let mut stored = Vec::new();
                entry.write(&mut stored)?;
                Ok(out.write_all(stored.get(..stored.len() / 2).unwrap_or_default())?)
            })
        } else {
            Box::new(|out| entry.write(out))
        };
        Outgoing {
            device_path: manifest::device_path(record),
            host_path: self.at(&format!("Snapshot/{}", manifest::place(&entry.id))),
            write,
            error: is_unreadable.then_some("Input/output error"),
        }
    }

    fn move_all(&mut self, changed: &[&Entry]) -> Result<Option<Ending>> {
        let with = changed.iter().filter(|entry| entry.file.has_payload());
        let readable = with.filter(|entry| {
            let key = (entry.file.record.domain.clone(), entry.file.record.path.clone());
            !self.link.faults().unreadable.contains(&key)
        });
        let mut names: Vec<String> = readable.map(|entry| manifest::place(&entry.id)).collect();
        names.sort();
        let folders: BTreeSet<String> = names.iter().filter_map(|name| Some(name.get(..2)?.to_owned())).collect();
        for folder in folders {
            self.link.create_directory(&self.at(&folder))?;
        }
        names.extend(["Manifest.db".to_owned(), "Manifest.plist".to_owned()]);
        for batch in names.chunks(BATCH_ITEMS) {
            let items = batch.iter().map(|name| (self.at(&format!("Snapshot/{name}")), self.at(name)));
            let items: Vec<(String, String)> = items.collect();
            let status = self.link.move_items(&items)?;
            if status.code != 0 {
                return Ok(Some(host_failed(&status)));
            }
        }
        Ok(None)
    }

    /// Removes payloads that no row names any more, and `Snapshot`. After a full backup the device looks what else is
    /// there \[?\].
    fn remove(
        &mut self,
        plan: &Plan,
        earlier: Option<&Earlier>,
        names: &BTreeMap<String, String>,
    ) -> Result<Option<Ending>> {
        let wanted = plan.payloads();
        let mut stale = Vec::new();
        if let Some(earlier) = earlier {
            let ids = earlier.keys().filter(|id| !wanted.contains(id.as_str()));
            stale.extend(ids.map(|id| manifest::place(id)));
        } else {
            for folder in names.keys().filter(|name| is_payload_folder(name)) {
                let inside = self.link.list(&self.at(folder))?;
                let unknown = inside.into_keys().filter(|name| !wanted.contains(name.as_str()));
                stale.extend(unknown.map(|name| format!("{folder}/{name}")));
            }
        }
        stale.push("Snapshot".to_owned());
        for batch in stale.chunks(BATCH_ITEMS) {
            let paths: Vec<String> = batch.iter().map(|name| self.at(name)).collect();
            let status = self.link.remove_items(&paths)?;
            if status.code != 0 {
                return Ok(Some(host_failed(&status)));
            }
        }
        Ok(None)
    }

    /// "Verifying backup contents": what was written is read again \[L\].
    fn check(&mut self, plan: &Plan, database: &[u8], list: &[u8]) -> Result<Option<Ending>> {
        self.link.progress = 99.0;
        let status = plan.status(self.is_full, Stage::Finished.name(), self.number)?;
        let names = ["Status.plist", "Manifest.plist", "Manifest.db"];
        let files = self.link.download(&names.map(|name| self.at(name)))?;
        for ((name, got), sent) in names.iter().zip(files).zip([status.as_slice(), list, database]) {
            if got.as_deref() != Ok(sent) {
                self.world.log.violation(SERVICE, format!("the host has another {name} than it was sent"));
                return Ok(Some(Ending::failed(code::UNREADABLE_METADATA, format!("Error verifying {name}"))));
            }
        }
        self.link.progress = 100.0;
        Ok(None)
    }

    /// Sends one file whole.
    fn send_whole(&mut self, name: &str, to: &str, bytes: &[u8]) -> Result<Option<Ending>> {
        let file = Outgoing {
            device_path: format!("/.b/1/{name}"),
            host_path: self.at(to),
            write: Box::new(|out| Ok(out.write_all(bytes)?)),
            error: None,
        };
        let status = self.link.upload(vec![file], bytes.len() as u64)?;
        Ok((status.code != 0).then(|| host_failed(&status)))
    }

    fn at(&self, name: &str) -> String {
        format!("{}/{name}", self.root)
    }
}

fn host_failed(status: &super::link::Status) -> Ending {
    if status.code == -15 {
        return Ending::failed(code::DISK_FULL, format!("No space left on drive: {}", status.words));
    }
    Ending::failed(100, format!("The computer could not write: {} ({})", status.words, status.code))
}

fn is_new(entry: &Entry, earlier: Option<&Earlier>) -> bool {
    earlier.is_none_or(|earlier| earlier.get(&entry.id) != Some(&entry.blob))
}

fn is_payload_folder(name: &str) -> bool {
    name.len() == 2 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// How many entries go into the next message: at least one.
fn batch_length(entries: &[&Entry]) -> usize {
    let mut bytes = 0;
    let fit = entries.iter().take(BATCH_FILES).take_while(|entry| {
        bytes += entry.stored_size();
        bytes <= BATCH_BYTES
    });
    fit.count().max(1)
}

fn read_list(bytes: &[u8]) -> Option<Dictionary> {
    Value::from_reader(Cursor::new(bytes)).ok()?.into_dictionary()
}
