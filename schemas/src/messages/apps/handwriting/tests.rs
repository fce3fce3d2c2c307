use super::*;

/// A number of the format.
fn number(value: i16) -> [u8; 2] {
    (value.cast_unsigned() ^ 0x8000).to_le_bytes()
}

fn strokes() -> Vec<u8> {
    let mut bytes = 2_u16.to_le_bytes().to_vec();
    for value in [10, -20, 3, 0, 11, 0, 4, 0] {
        bytes.extend(number(value));
    }
    bytes.extend(0_u16.to_le_bytes());
    bytes
}

fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
    let mut field = vec![number << 3 | 2];
    assert!(bytes.len() < 0x80);
    field.push(bytes.len() as u8);
    field.extend(bytes);
    field
}

fn message(packing: u8, strokes: &[u8]) -> Vec<u8> {
    let frame: Vec<u8> = [0, 0, 300, 200].into_iter().flat_map(number).collect();
    let drawing = [field(3, &frame), vec![4 << 3, 2, 5 << 3, packing], field(8, strokes)].concat();
    field(4, &drawing)
}

#[test]
fn strokes_are_read_with_their_points() {
    let drawing = read(&message(1, &strokes())).unwrap();
    assert_eq!((drawing.width, drawing.height), (300.0, 200.0));
    let [first, second] = &drawing.strokes[..] else { panic!("two strokes") };
    assert_eq!(first.points, [Point { x: 10.0, y: -20.0, width: 3.0 }, Point { x: 11.0, y: 0.0, width: 4.0 }]);
    assert!(second.points.is_empty());
}

#[test]
fn packed_strokes_are_the_same() {
    // Packed by liblzma, with a CRC32, from the bytes of `strokes()`.
    const PACKED: &str = "fd377a585a0000016922de360200210116000000742fe5a301001302000a80ec7f038000800b80008004800080000000f184538b00012814fccf01679042990d010000000001595a";
    let packed: Vec<u8> =
        (0..PACKED.len() / 2).map(|at| u8::from_str_radix(&PACKED[at * 2..at * 2 + 2], 16).unwrap()).collect();
    assert_eq!(unpacked(&packed).unwrap(), strokes());
    assert_eq!(read(&message(4, &packed)).unwrap(), read(&message(1, &strokes())).unwrap());
}

/// 64 MB of zeros, packed by liblzma with a dictionary of 1 MB: well-formed in everything.
#[test]
fn a_bomb_is_unpacked_no_further_than_a_drawing_goes() {
    let strokes = unpacked(include_bytes!("bomb.xz")).unwrap();
    assert_eq!(strokes.len(), MAX_STROKES + 1);
    assert!(matches!(strokes_of(&strokes), Err(DrawingError::TooLarge)));
}

#[test]
fn strokes_without_points_are_no_bomb_either() {
    assert_eq!(strokes_of(&vec![0; MOST_STROKES * 2]).unwrap().len(), MOST_STROKES);
    assert!(matches!(strokes_of(&vec![0; MOST_STROKES * 2 + 2]), Err(DrawingError::TooLarge)));
}

#[test]
fn damage_is_said() {
    assert!(matches!(read(b""), Err(DrawingError::Damaged)));
    assert!(matches!(read(&message(1, &strokes()[..7])), Err(DrawingError::Damaged)));
    assert!(matches!(read(&message(9, &strokes())), Err(DrawingError::Packing)));
    assert!(matches!(read(&message(4, &strokes())), Err(DrawingError::Damaged)));
    assert!(matches!(read(b"\x22\xff"), Err(DrawingError::Protobuf(_))));
}
