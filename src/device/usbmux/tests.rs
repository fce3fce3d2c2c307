#[cfg(unix)]
use proptest::collection::vec;
#[cfg(unix)]
use proptest::prelude::*;

use super::*;

#[test]
fn addresses_in_the_spellings_of_all_programs() {
    assert_eq!(DaemonAddress::parse("UNIX:/tmp/mux"), Some(DaemonAddress::Path("/tmp/mux".into())));
    assert_eq!(DaemonAddress::parse("/tmp/mux"), Some(DaemonAddress::Path("/tmp/mux".into())));
    assert_eq!(DaemonAddress::parse("/tmp/a:b"), Some(DaemonAddress::Path("/tmp/a:b".into())));
    assert_eq!(DaemonAddress::parse("127.0.0.1:27015"), Some(DaemonAddress::Tcp("127.0.0.1:27015".into())));
    assert_eq!(DaemonAddress::parse("[::1]:27015"), Some(DaemonAddress::Tcp("[::1]:27015".into())));
    assert_eq!(DaemonAddress::parse(" "), None);
}

#[test]
fn an_identifier_is_a_name_and_never_a_path() {
    assert_eq!(dashed("00008101000A1B2C3D4E5F60").as_deref(), Some("00008101-000A1B2C3D4E5F60"));
    assert_eq!(dashed(&"a".repeat(40)), Some("a".repeat(40)));
    for hostile in ["", "..", "../../x", "a/b/c/d/e/f", "-rf-------", &"a".repeat(65)] {
        assert_eq!(dashed(hostile), None, "{hostile}");
    }
}

/// A conversation with a daemon that has already said all of `says`.
#[cfg(unix)]
fn hearing<T>(says: &[u8], ask: impl FnOnce(Usbmux) -> T) -> T {
    use std::io::Write;
    let (ours, mut theirs) = std::os::unix::net::UnixStream::pair().unwrap();
    theirs.write_all(says).unwrap();
    theirs.shutdown(std::net::Shutdown::Write).unwrap();
    let answer = ask(Usbmux { stream: Stream::new(Socket::Unix(ours)).unwrap(), tag: 0 });
    drop(theirs);
    answer
}

#[cfg(unix)]
fn frame(tag: u32, body: &[u8]) -> Vec<u8> {
    let head: Vec<u8> = [body.len() as u32 + 16, 1, 8, tag].into_iter().flat_map(u32::to_le_bytes).collect();
    [head, body.to_vec()].concat()
}

/// A list with a device on the cable and the same over Wi-Fi.
#[cfg(unix)]
fn list() -> Vec<u8> {
    let device = |id: u64, connection: &str| {
        let properties =
            message! { "DeviceID": id, "SerialNumber": "00008101000A1B2C3D4E5F60", "ConnectionType": connection };
        let mut item = message! { "MessageType": "Attached", "DeviceID": id };
        item.insert("Properties".to_owned(), plist::Value::Dictionary(properties));
        plist::Value::Dictionary(item)
    };
    let mut answer = Dictionary::new();
    answer.insert("DeviceList".to_owned(), plist::Value::Array(vec![device(7, "Network"), device(3, "USB")]));
    wire::xml(answer).unwrap()
}

#[cfg(unix)]
#[test]
fn devices_on_the_cable_come_first_and_answers_to_others_are_passed_over() {
    let says = [frame(0, b"an answer to somebody else"), frame(1, &list())].concat();
    let devices = hearing(&says, |mut mux| mux.devices()).unwrap();
    let found: Vec<_> = devices.iter().map(|device| (device.id, device.connection)).collect();
    assert_eq!(found, [(3, ConnectionKind::Usb), (7, ConnectionKind::Wifi)]);
    assert!(devices.iter().all(|device| device.udid == "00008101-000A1B2C3D4E5F60"));
}

#[cfg(unix)]
proptest! {
    #[test]
    fn any_bytes_of_a_daemon_are_survived(bytes in vec(any::<u8>(), 0..512)) {
        for says in [bytes.clone(), frame(1, &bytes)] {
            let _ = hearing(&says, |mut mux| mux.devices());
            let _ = hearing(&says, |mut mux| mux.record("x"));
            let _ = hearing(&says, |mux| mux.connect(1, 2).map(drop));
        }
    }

    #[test]
    fn a_list_with_wrong_bytes_is_survived(
        changes in vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let mut says = frame(1, &list());
        for (at, byte) in changes {
            let at = at.index(says.len());
            says[at] = byte;
        }
        let _ = hearing(&says, |mut mux| mux.devices());
    }
}
