//! lockdownd, on port 62078 of the device: who it is, pairing, sessions, and starting services \[S\].

use std::sync::Arc;

use plist::{Dictionary, Value};

use crate::error::{Error, Result};
use crate::faults::Trust;
use crate::pairing::PairedHost;
use crate::phone::Phone;
use crate::services::{Grant, Service};
use crate::values::{self, Found};
use crate::wire::{Channel, Format, tls};
use crate::world::World;

/// Where it listens.
pub const PORT: u16 = 62_078;
const SERVICE: &str = "lockdown";

/// Serves one connection.
///
/// # Errors
/// When the connection breaks or the host breaks the protocol.
pub fn serve(world: &Arc<World>, channel: Channel) -> Result<()> {
    Conversation { world, channel, session: None, sessions: 0 }.converse()
}

struct Conversation<'a> {
    world: &'a Arc<World>,
    channel: Channel,
    session: Option<PairedHost>,
    sessions: u32,
}

/// The fields of an answer, or the word that stands in `Error`.
type Answer = std::result::Result<Dictionary, &'static str>;

impl Conversation<'_> {
    fn converse(&mut self) -> Result<()> {
        while let Some(request) = self.channel.receive()? {
            let request = request.into_dictionary().ok_or_else(|| Error::Violation("sent no dictionary".into()))?;
            let name = request.get("Request").and_then(Value::as_string).unwrap_or_default().to_owned();
            if request.get("Label").and_then(Value::as_string).is_none() {
                self.world.log.violation(SERVICE, format!("{name} without a Label"));
            }
            self.world.log.asked(SERVICE, described(&name, &request));
            let answer = self.answer(&name, &request)?;
            let is_done = answer.is_ok();
            self.send(&name, answer)?;
            self.switch(&name, is_done)?;
        }
        Ok(())
    }

    fn answer(&mut self, name: &str, request: &Dictionary) -> Result<Answer> {
        Ok(match name {
            "QueryType" => Ok(fields([("Type", "com.apple.mobile.lockdown".into())])),
            "GetValue" => self.get_value(request)?,
            "SetValue" | "RemoveValue" => self.set_value(request),
            "Pair" => self.pair(request)?,
            "ValidatePair" | "Unpair" => self.known_pairing(name, request),
            "StartSession" => self.start_session(request),
            "StopSession" if self.session.is_none() => Err("NoRunningSession"),
            "StopSession" | "Goodbye" => Ok(Dictionary::new()),
            "StartService" => self.start_service(request),
            _ => {
                self.world.log.violation(SERVICE, format!("no request is called {name:?}"));
                Err("UnknownRequest")
            }
        })
    }

    fn send(&mut self, name: &str, answer: Answer) -> Result<()> {
        let mut message = fields([("Request", name.into())]);
        match answer {
            Ok(more) => message.extend(more),
            Err(error) => {
                self.world.log.device(SERVICE, format!("{name}: {error}"));
                message.insert("Error".into(), error.into());
            }
        }
        self.channel.send(&Value::Dictionary(message), Format::Xml)
    }

    /// A session is in TLS from the answer that begins it to the one that ends it.
    fn switch(&mut self, name: &str, is_done: bool) -> Result<()> {
        match (name, is_done, &self.session) {
            ("StartSession", true, Some(host)) => self.channel.start_tls(tls::config(host)?),
            ("StopSession", true, _) => {
                self.session = None;
                self.channel.stop_tls()
            }
            _ => Ok(()),
        }
    }

    fn get_value(&self, request: &Dictionary) -> Result<Answer> {
        let (domain, key) = (text(request, "Domain").unwrap_or_default(), text(request, "Key"));
        Ok(match values::get(&self.world.phone(), domain, key, self.session.is_some())? {
            Found::Value(value) => {
                let mut answer = fields([("Value", value)]);
                for name in ["Domain", "Key"] {
                    answer.extend(request.get(name).map(|value| (name.to_owned(), value.clone())));
                }
                Ok(answer)
            }
            Found::Missing => Err("MissingValue"),
            Found::Prohibited => Err("GetProhibited"),
        })
    }

    fn set_value(&self, request: &Dictionary) -> Answer {
        if self.session.is_none() {
            return Err("SetProhibited");
        }
        let key = text(request, "Key").ok_or("MissingKey")?;
        let mut phone = self.world.phone();
        let domain = phone.values.entry(text(request, "Domain").unwrap_or_default().to_owned()).or_default();
        match request.get("Value") {
            Some(value) => domain.insert(key.to_owned(), value.clone()),
            None => domain.remove(key),
        };
        Ok(Dictionary::new())
    }

    fn pair(&self, request: &Dictionary) -> Result<Answer> {
        let record = request.get("PairRecord").and_then(Value::as_dictionary);
        let record = record.ok_or_else(|| Error::Violation("asked to pair without a PairRecord".into()))?;
        if record.keys().any(|key| key.ends_with("PrivateKey")) {
            self.world.log.violation(SERVICE, "gave its private key away");
        }
        let mut phone = self.world.phone();
        phone.pair_requests += 1;
        if let Some(refusal) = refusal(&phone) {
            return Ok(Err(refusal));
        }
        let bag = phone.escrow_bag(text(record, "HostID").unwrap_or_default());
        let host = PairedHost::from_request(record, bag.clone())?;
        phone.trusted.insert(host.host_id.clone(), host);
        self.world.log.device(SERVICE, "trusts the host");
        Ok(Ok(fields([("EscrowBag", Value::Data(bag))])))
    }

    fn known_pairing(&self, name: &str, request: &Dictionary) -> Answer {
        let record = request.get("PairRecord").and_then(Value::as_dictionary).ok_or("MissingPairRecord")?;
        let host_id = text(record, "HostID").ok_or("MissingHostID")?;
        let mut phone = self.world.phone();
        if !phone.trusted.contains_key(host_id) {
            return Err("InvalidHostID");
        }
        if name == "Unpair" {
            phone.trusted.remove(host_id);
        }
        Ok(Dictionary::new())
    }

    fn start_session(&mut self, request: &Dictionary) -> Answer {
        if self.session.is_some() {
            return Err("SessionActive");
        }
        let host_id = text(request, "HostID").ok_or("MissingHostID")?;
        let host = self.world.phone().trusted.get(host_id).cloned().ok_or("InvalidHostID")?;
        self.session = Some(host);
        self.sessions += 1;
        Ok(fields([
            ("SessionID", format!("C0DE0000-0000-4000-8000-{:012}", self.sessions).into()),
            ("EnableSessionSSL", (!self.world.phone().faults.speaks_in_clear).into()),
        ]))
    }

    fn start_service(&self, request: &Dictionary) -> Answer {
        let host = self.session.as_ref().ok_or("SessionInactive")?;
        let name = text(request, "Service").ok_or("MissingService")?;
        let service = Service::named(name).ok_or("InvalidService")?;
        let bag = request.get("EscrowBag").and_then(Value::as_data);
        if bag.is_some_and(|bag| bag != host.escrow_bag) {
            self.world.log.violation(SERVICE, format!("another escrow bag than its own for {name}"));
            return Err("EscrowLocked");
        }
        let grant = Grant { service, host_id: host.host_id.clone(), has_escrow_bag: bag.is_some() };
        let port = self.world.open_port(grant);
        Ok(fields([("Service", name.into()), ("Port", Value::Integer(port.into())), ("EnableServiceSSL", true.into())]))
    }
}

/// Why the phone does not pair at the moment.
fn refusal(phone: &Phone) -> Option<&'static str> {
    match phone.person.trust {
        Trust::AtOnce if phone.person.is_locked => Some("PasswordProtected"),
        Trust::AtOnce => None,
        Trust::After(times) => (phone.pair_requests <= times).then_some("PairingDialogResponsePending"),
        Trust::LockedFor(times) => (phone.pair_requests <= times).then_some("PasswordProtected"),
        Trust::Never => Some("UserDeniedPairing"),
        Trust::Supervised => Some("MCChallengeRequired"),
    }
}

fn described(name: &str, request: &Dictionary) -> String {
    let more = ["Domain", "Key", "Service"].into_iter().filter_map(|field| text(request, field));
    std::iter::once(name).chain(more).collect::<Vec<_>>().join(" ")
}

fn text<'a>(request: &'a Dictionary, key: &str) -> Option<&'a str> {
    request.get(key).and_then(Value::as_string)
}

fn fields<const N: usize>(pairs: [(&str, Value); N]) -> Dictionary {
    pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}
