use super::*;
use crate::backup::bytes::MemoryBytes;

fn look(path: &str, bytes: &[u8]) -> Form {
    form(path, &MemoryBytes(bytes.to_vec()))
}

/// A box of MP4.
fn part(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    [&(content.len() as u32 + 8).to_be_bytes()[..], kind, content].concat()
}

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_be_bytes()).collect()
}

/// A movie of one track whose last chunk, of two samples, begins at `chunk`.
fn index(chunk: u32) -> Vec<u8> {
    let offsets = part(b"stco", &words(&[0, 1, chunk]));
    let runs = part(b"stsc", &words(&[0, 1, 1, 2, 1]));
    let sizes = part(b"stsz", &words(&[0, 0, 2, 10, 20]));
    let table = part(b"stbl", &[offsets, runs, sizes].concat());
    part(b"moov", &part(b"trak", &part(b"mdia", &part(b"minf", &table))))
}

fn movies() -> Vec<(&'static str, Vec<u8>)> {
    let ftyp = part(b"ftyp", b"qt  \0\0\0\0qt  ");
    let wide = part(b"wide", b"");
    let content = part(b"mdat", &[7; 30]);
    let large = [&words(&[1])[..], b"mdat", &46_u64.to_be_bytes(), &[7; 30]].concat();
    let open = [&words(&[0])[..], b"mdat", &[7; 30]].concat();
    let behind = 20 + 8 + 8;
    let first = index(0).len() as u32 + 20 + 8;
    vec![
        ("index behind", [&ftyp[..], &wide, &content, &index(behind)].concat()),
        ("index before", [&ftyp[..], &index(first), &content].concat()),
        ("large size", [&ftyp[..], &large, &index(20 + 16)].concat()),
        ("open size", [&ftyp[..], &index(first), &open].concat()),
        ("no ftyp", [&wide[..], &content, &index(8 + 8)].concat()),
    ]
}

#[test]
fn movies_that_are_cut_anywhere_are_told_and_whole_ones_are_not() {
    for (name, movie) in movies() {
        assert_eq!(look("a.MOV", &movie), Form::Sound, "{name}");
        for length in 20..movie.len() {
            let cut = look("a.MOV", &movie[..length]);
            assert!(matches!(cut, Form::Broken(_)), "{name} {length} {cut:?}");
        }
    }
    let (_, movie) = movies().remove(0);
    for behind in [&b"\0\0\0\0"[..], &[0; 100], b"abc", b"\xff\xff\xff\xffuuuu and so on"] {
        assert_eq!(look("a.MOV", &[&movie[..], behind].concat()), Form::Sound, "{behind:?}");
    }
}

#[test]
fn pictures_whose_places_lie_behind_their_end_are_cut() {
    let places = [&[0, 0, 0, 0, 0x44, 0][..], &[0, 1, 0, 1, 0, 0, 0, 1], &words(&[100, 50])].concat();
    let meta = part(b"meta", &[&[0; 4], &part(b"iloc", &places)[..]].concat());
    let head = [part(b"ftyp", b"heic\0\0\0\0mif1"), meta].concat();
    let whole = [&head[..], &part(b"mdat", &vec![1; 150 - head.len() - 8])].concat();
    assert_eq!(look("a.HEIC", &whole), Form::Sound);
    for length in 20..whole.len() {
        assert!(matches!(look("a.HEIC", &whole[..length]), Form::Broken(_)), "{length}");
    }
    let open = [&head[..], &words(&[0]), b"mdat", &vec![1; 150 - head.len() - 8]].concat();
    assert_eq!(look("a.HEIC", &open), Form::Sound);
    assert!(matches!(look("a.HEIC", &open[..149]), Form::Broken(_)));
}

#[test]
fn jpegs_and_pngs_without_their_ends_are_cut() {
    let mut coded = std::io::Cursor::new(Vec::new());
    let picture = image::RgbImage::from_fn(60, 40, |x, y| image::Rgb([x as u8 * 3, y as u8 * 5, (x * y) as u8]));
    picture.write_to(&mut coded, image::ImageFormat::Jpeg).unwrap();
    let jpeg = coded.into_inner();
    let mut coded = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut coded, image::ImageFormat::Png).unwrap();
    let png = coded.into_inner();
    for (name, whole, end) in [("a.jpg", &jpeg, 1), ("a.png", &png, 1)] {
        assert_eq!(look(name, whole), Form::Sound, "{name}");
        assert_eq!(look(name, &[&whole[..], b"\xff\xd8 and a second picture"].concat()), Form::Sound, "{name}");
        for length in 12..=whole.len() - end {
            assert!(matches!(look(name, &whole[..length]), Form::Broken(_)), "{name} {length}");
        }
        let mut zeroed = whole.clone();
        let half = whole.len() / 2;
        zeroed[half..].fill(0);
        assert!(matches!(look(name, &zeroed), Form::Broken(_)), "{name}");
    }
}

#[test]
fn real_pictures_and_movies_are_whole() {
    let shared = std::env::var_os("CORER_SHARED")
        .map_or_else(|| std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), std::path::PathBuf::from);
    let mut looked = 0;
    let mut todo = vec![shared.join("data/photos")];
    while let Some(path) = todo.pop() {
        if path.is_dir() {
            todo.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let Ok(bytes) = std::fs::read(&path) else { continue };
        let name = path.to_string_lossy();
        let found = look(&name, &bytes);
        assert!(!matches!(found, Form::Broken(_)), "{name}: {found:?}");
        if found == Form::Sound {
            looked += 1;
            for part in [2, 3, 10] {
                let cut = look(&name, &bytes[..bytes.len() - bytes.len() / part]);
                assert!(matches!(cut, Form::Broken(_)), "{name}: {cut:?} without 1/{part}");
            }
        }
    }
    assert!(looked >= 12 || !shared.join("data/photos").exists(), "{looked}");
}
