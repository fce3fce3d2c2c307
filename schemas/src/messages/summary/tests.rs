use super::*;

/// A body of one run, as Messages writes it.
fn stream(text: &str) -> Vec<u8> {
    let mut bytes = b"\x04\x0bstreamtyped\x81\xe8\x03\x84\x01@\x84\x84\x84\x19NSMutableAttributedString\x00\x84\x84\
        \x12NSAttributedString\x00\x84\x84\x08NSObject\x00\x85\x92\x84\x84\x84\x0fNSMutableString\x01\x84\x84\
        \x08NSString\x01\x95\x84\x01+"
        .to_vec();
    bytes.push(text.len() as u8);
    bytes.extend(text.as_bytes());
    bytes.extend(b"\x86\x84\x02iI\x01");
    bytes.push(text.encode_utf16().count() as u8);
    bytes.extend(
        b"\x92\x84\x84\x84\x0cNSDictionary\x00\x95\x84\x01i\x01\x92\x84\x98\x98\x1d__kIMMessagePartAttributeName\x86\
        \x92\x84\x84\x84\x08NSNumber\x00\x84\x84\x07NSValue\x00\x95\x84\x01*\x84\x99\x99\x00\x86\x86\x86",
    );
    bytes
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

#[test]
fn versions_and_parts_taken_back_are_read() {
    let (first, second) = (base64(&stream("See you at fife")), base64(&stream("See you at five")));
    let list = format!(
        "<plist><dict><key>ust</key><true/><key>otr</key><dict><key>0</key><dict/></dict>
         <key>rp</key><array><integer>3</integer><integer>1</integer><integer>3</integer></array>
         <key>ec</key><dict><key>0</key><array>
            <dict><key>d</key><real>700000000.5</real><key>t</key><data>{first}</data></dict>
            <dict><key>d</key><real>700000060</real><key>t</key><data>{second}</data><key>bcg</key><string>G</string></dict>
         </array></dict></dict></plist>"
    );
    let summary = read(list.as_bytes());
    assert_eq!((summary.damage, summary.unsent), (None, vec![1, 3]));
    let [Edit { part: 0, versions }] = &summary.edits[..] else { panic!("one part") };
    let texts: Vec<_> = versions.iter().map(|version| version.text.as_str()).collect();
    assert_eq!(texts, ["See you at fife", "See you at five"]);
    assert_eq!(versions[0].date.unwrap().nanoseconds(), 700_000_000_500_000_000);
    assert!(may_matter(list.as_bytes()));
}

#[test]
fn damage_costs_what_is_damaged() {
    let sound = base64(&stream("sound"));
    let list = format!(
        "<plist><dict><key>rp</key><array><string>x</string><integer>-1</integer><integer>2</integer></array>
         <key>ec</key><dict><key>zero</key><array/><key>1</key><array><dict><key>d</key><real>1</real></dict>
            <dict><key>t</key><data>{sound}</data></dict><string/></array></dict></dict></plist>"
    );
    let summary = read(list.as_bytes());
    assert_eq!((summary.unsent, summary.edits.len()), (vec![2], 1));
    assert_eq!((summary.edits[0].versions.len(), summary.edits[0].versions[0].date), (1, None));
    assert!(summary.damage.is_some());
    assert!(read(b"no list").damage.is_some());
    assert!(read(b"<plist><array/></plist>").damage.is_some());
}

#[test]
fn a_list_that_repeats_the_row_is_not_read() {
    assert!(!may_matter(b"<plist><dict><key>ust</key><true/><key>amc</key><integer>1</integer></dict></plist>"));
}
