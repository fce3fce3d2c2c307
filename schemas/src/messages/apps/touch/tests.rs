use super::*;

fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
    let mut field = vec![number << 3 | 2, bytes.len() as u8];
    field.extend(bytes);
    field
}

fn float(number: u8, value: f32) -> Vec<u8> {
    let mut field = vec![number << 3 | 5];
    field.extend(value.to_le_bytes());
    field
}

fn message(kind: u8, inner: &[u8]) -> Vec<u8> {
    [vec![8, kind], field(3, inner)].concat()
}

/// The lower left corner, and the middle of the upper edge.
const PLACES: [u8; 8] = [0, 0, 0, 0, 0xff, 0x7f, 0xff, 0xff];

#[test]
fn taps_have_place_delay_and_colour() {
    let inner = [field(2, &[0, 0, 0xe8, 3]), field(3, &PLACES), field(4, &[1, 2, 3, 4])].concat();
    let Touch::Taps(taps) = read(&message(1, &inner)).unwrap() else { panic!("taps") };
    assert_eq!((taps[0].point.x, taps[0].point.y, taps[0].delay), (0.0, 1.0, 0.0));
    assert_eq!(taps[0].color, Some(Color { red: 1, green: 2, blue: 3, alpha: 4 }));
    assert!((taps[1].point.x - 0.5).abs() < 0.001 && taps[1].point.y == 0.0);
    assert_eq!((taps[1].delay, taps[1].color, taps.len()), (1.0, None, 2));
}

#[test]
fn a_heart_beats_and_breaks() {
    let whole = [float(1, 72.0), vec![2 << 3, 5]].concat();
    let heart = Touch::Heartbeat { beats: 72.0, duration: 5.0, broken_at: None };
    assert_eq!(read(&message(3, &whole)).unwrap(), heart);
    let broken = [whole, float(6, 2.5)].concat();
    let heart = Touch::Heartbeat { beats: 72.0, duration: 5.0, broken_at: Some(2.5) };
    assert_eq!(read(&message(3, &broken)).unwrap(), heart);
}

#[test]
fn a_sketch_has_coloured_strokes() {
    let strokes = [&[0, 0, 2, 0][..], &PLACES, &[0, 0, 0, 0]].concat();
    let inner = [vec![8, 2], field(2, &strokes), field(3, &[9, 9, 9, 255])].concat();
    let Touch::Sketch(sketch) = read(&message(4, &inner)).unwrap() else { panic!("a sketch") };
    assert_eq!(sketch.strokes.iter().map(|stroke| stroke.points.len()).collect::<Vec<_>>(), [2, 0]);
    assert!(sketch.strokes[0].color.is_some() && sketch.strokes[1].color.is_none());
    let cut = [vec![8, 2], field(2, &strokes[..7])].concat();
    assert!(matches!(read(&message(4, &cut)), Err(DrawingError::Damaged)));
}

#[test]
fn kisses_and_fire_are_read() {
    let inner = [field(1, &[0, 0]), field(2, &PLACES[..4]), field(3, &[0xe8, 3])].concat();
    let Touch::Kisses(kisses) = read(&message(7, &inner)).unwrap() else { panic!("kisses") };
    assert_eq!((kisses.len(), kisses[0].angle), (1, 1.0));
    let inner = [float(1, 3.0), float(2, 0.0), float(3, 1.0), field(5, &PLACES)].concat();
    let Touch::Fireball(fire) = read(&message(8, &inner)).unwrap() else { panic!("fire") };
    assert_eq!((fire.duration, fire.start.x, fire.start.y, fire.points.len()), (3.0, 0.5, 0.0, 2));
}

#[test]
fn what_is_not_known_has_its_number() {
    assert_eq!(read(&message(2, b"")).unwrap(), Touch::Other(2));
    let media = message(6, &[4 << 3, 1]);
    assert_eq!(read(&media).unwrap(), Touch::Media(TouchMedia { is_video: true, overlay: vec![] }));
    assert!(matches!(read(&message(6, &field(2, b"no archive"))), Err(DrawingError::Damaged)));
    assert!(matches!(read(b"\x10\x01"), Err(DrawingError::Damaged)));
}
