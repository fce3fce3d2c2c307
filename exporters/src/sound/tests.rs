//! What is made of sounds in containers; the files are made here, by the specifications.

use proptest::prelude::*;

use super::*;

fn chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    [&kind[..], &(content.len() as i64).to_be_bytes(), content].concat()
}

fn caf(format: &[u8; 4], flags: u32, numbers: [u32; 4], rate: f64, chunks: &[Vec<u8>]) -> Vec<u8> {
    let mut desc = rate.to_be_bytes().to_vec();
    desc.extend(format);
    desc.extend(flags.to_be_bytes());
    numbers.iter().for_each(|number| desc.extend(number.to_be_bytes()));
    [b"caff\0\x01\0\0".to_vec(), chunk(b"desc", &desc), chunks.concat()].concat()
}

/// Packets of 20 ms, of so many bytes each.
fn opus(sizes: &[usize], is_table_first: bool) -> Vec<u8> {
    let mut table = (sizes.len() as i64).to_be_bytes().to_vec();
    table.extend((sizes.len() as i64 * 960 - 400).to_be_bytes());
    table.extend(312_i32.to_be_bytes());
    table.extend(88_i32.to_be_bytes());
    for size in sizes {
        if *size > 127 {
            table.push((size >> 7) as u8 | 0x80);
        }
        table.push((size & 0x7f) as u8);
    }
    let data = sizes.iter().flat_map(|size| std::iter::once(0xd8).chain(std::iter::repeat_n(*size as u8, size - 1)));
    let data = chunk(b"data", &[0; 4].into_iter().chain(data).collect::<Vec<u8>>());
    let table = chunk(b"pakt", &table);
    let chunks = if is_table_first { [table, data] } else { [data, table] };
    caf(b"opus", 0, [0, 960, 1, 0], 48_000.0, &chunks)
}

fn made(bytes: &[u8]) -> (Vec<u8>, Option<String>) {
    let Playability::Copy(sound) = look(bytes) else { panic!("{:?}", look(bytes)) };
    let mut out = Vec::new();
    sound.write(&mut out).unwrap();
    (out, sound.fault)
}

/// The packets of an Ogg stream, and the position of its last page, read anew by RFC 3533.
fn packets(ogg: &[u8]) -> (Vec<Vec<u8>>, u64) {
    let (mut found, mut open, mut rest, mut last) = (Vec::new(), Vec::new(), ogg, 0);
    let mut number = 0;
    while !rest.is_empty() {
        assert_eq!(&rest[..5], b"OggS\0");
        assert_eq!(u32::from_le_bytes(rest[18..22].try_into().unwrap()), number);
        last = u64::from_le_bytes(rest[6..14].try_into().unwrap());
        let count = usize::from(rest[26]);
        let mut at = 27 + count;
        for lace in &rest[27..27 + count] {
            open.extend_from_slice(&rest[at..at + usize::from(*lace)]);
            at += usize::from(*lace);
            if *lace < 255 {
                found.push(std::mem::take(&mut open));
            }
        }
        rest = &rest[at..];
        number += 1;
    }
    (found, last)
}

#[test]
fn opus_comes_out_packet_by_packet() {
    for is_table_first in [true, false] {
        let sizes: Vec<usize> = (1..400).map(|n| n % 300 + 1).chain([255, 510, 1_275]).collect();
        let (ogg, fault) = made(&opus(&sizes, is_table_first));
        let (packets, last) = packets(&ogg);
        assert_eq!((packets.len(), fault), (sizes.len() + 2, None));
        assert!(packets[0].starts_with(b"OpusHead\x01\x01\x38\x01") && packets[1].starts_with(b"OpusTags"));
        assert!(packets[2..].iter().zip(&sizes).all(|(packet, size)| packet.len() == *size && packet[0] == 0xd8));
        assert_eq!(last, sizes.len() as u64 * 960 - 400 + 312);
    }
}

#[test]
fn opus_that_breaks_midway_gives_its_good_part() {
    let whole = opus(&[100; 200], true);
    let (ogg, fault) = made(&whole[..whole.len() - 5_050]);
    assert_eq!(packets(&ogg).0.len(), 2 + 149);
    assert_eq!(fault.as_deref(), Some("it breaks off after 2 seconds: the next packet is not there"));
    let mut odd = whole.clone();
    let at = whole.len() - 100 * 100;
    // 63 frames are longer than any packet.
    odd[at..at + 2].copy_from_slice(&[0xdb, 0x3f]);
    let (ogg, fault) = made(&odd);
    assert_eq!(packets(&ogg).0.len(), 2 + 100);
    assert_eq!(fault.as_deref(), Some("it breaks off after 2 seconds: the next packet makes no sense"));
}

#[test]
fn what_cannot_be_made_to_play_says_why() {
    let why = |bytes: &[u8]| match look(bytes) {
        Playability::Never(why) => why,
        other => panic!("{other:?}"),
    };
    let whole = opus(&[10; 9], false);
    // The table lay at the end.
    assert!(why(&whole[..whole.len() - 60]).contains("the list of its packets is missing"));
    assert!(why(b"caff\0\x01\0\0").contains("does not say"));
    for name in ["alac", "aac", "ima4"] {
        let mut format = *b"    ";
        format[..name.len()].copy_from_slice(name.as_bytes());
        assert_eq!(
            why(&caf(&format, 0, [0, 4096, 2, 16], 44_100.0, &[chunk(b"data", &[0; 9])])),
            format!("not every browser plays its kind of sound ({name} in CAF)")
        );
    }
    assert!(why(&caf(b"opus", 0, [0, 960, 6, 0], 48_000.0, &[chunk(b"data", &[0; 9])])).contains("6 channels"));
    assert!(why(b"FORM....AIFF").contains("AIFF") && why(b"FORM....AIFC").contains("AIFF"));
    assert!(why(b"#!AMR_MC1.0\n....").contains("not a sound"));
    assert!(matches!(look(b"ID3\x04"), Playability::Plays) && matches!(look(b"what"), Playability::Unknown));
}

#[test]
fn samples_become_wav_whatever_their_order() {
    let data = |bytes: &[u8]| [chunk(b"data", &[&[0; 4], bytes].concat())];
    let (wav, fault) = made(&caf(b"lpcm", 0, [4, 1, 2, 16], 44_100.0, &data(&[1, 2, 3, 4, 5])));
    assert_eq!((&wav[44..], fault), (&[2, 1, 4, 3][..], None));
    assert_eq!(
        &wav[20..36],
        [&[1, 0, 2, 0][..], &44_100_u32.to_le_bytes(), &176_400_u32.to_le_bytes(), &[4, 0, 16, 0]].concat()
    );
    let (wav, _) = made(&caf(b"lpcm", 3, [4, 1, 1, 32], 8_000.0, &data(&1.5_f32.to_le_bytes())));
    assert_eq!((&wav[44..], wav[20]), (&1.5_f32.to_le_bytes()[..], 3));
    let mut cut = caf(b"lpcm", 2, [1, 1, 1, 8], 8_000.0, &data(&[0x80; 20_000]));
    cut.truncate(cut.len() - 4_000);
    let (wav, fault) = made(&cut);
    assert_eq!((wav.len(), wav[44]), (44 + 16_000, 0));
    assert!(fault.unwrap().starts_with("it breaks off after 2 seconds"));
}

#[test]
fn a_container_of_unknown_kinds_is_told() {
    let boxed =
        |kind: &[u8; 4], content: &[u8]| [&(content.len() as u32 + 8).to_be_bytes(), &kind[..], content].concat();
    let track = |kind: &[u8; 4]| boxed(b"stsd", &[&[0; 7][..], &[1], &[0, 0, 0, 16], kind, &[0; 8]].concat());
    let film = |kinds: &[&[u8; 4]]| {
        let tracks: Vec<u8> = kinds.iter().flat_map(|kind| track(kind)).collect();
        [boxed(b"ftyp", b"3gp4"), boxed(b"mdat", &[0; 50]), boxed(b"moov", &tracks)].concat()
    };
    let why = |bytes: Vec<u8>| deaf(&mut io::Cursor::new(bytes)).unwrap();
    assert_eq!(why(film(&[b"samr"])).unwrap(), "browsers do not play its kinds of sound and picture (samr)");
    assert!(why(film(&[b"samr", b"s263"])).is_some());
    assert!(why(film(&[b"mp4a"])).is_none() && why(film(&[b"avc1", b"samr"])).is_none() && why(film(&[])).is_none());
    assert!(why(b"RIFF".to_vec()).is_none() && why(vec![0; 64]).is_none());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    /// Whatever is broken, nothing is made longer than it was, but for what stands around it.
    #[test]
    fn damage_is_borne(at in any::<prop::sample::Index>(), bytes in any::<[u8; 4]>(), end in any::<prop::sample::Index>()) {
        let mut file = opus(&[90; 60], true);
        let at = at.index(file.len() - 4);
        file[at..at + 4].copy_from_slice(&bytes);
        file.truncate(end.index(file.len()) + 1);
        if let Playability::Copy(sound) = look(&file) {
            let mut out = Vec::new();
            sound.write(&mut out).unwrap();
            prop_assert!(out.len() < file.len() + 1_000);
        }
    }
}
