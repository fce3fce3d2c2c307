//! Words that stand beside names and are none, in the languages that address books are full of.

/// What tells a son from his father. Any other suffix counts as much.
pub(super) const GENERATIONS: [&str; 26] = [
    "jr", "junior", "sr", "senior", "ii", "iii", "iv", "2nd", "3rd", "4th", "fils", "pere", "filho", "neto", "hijo",
    "padre", "ml", "st", "mladsi", "starsi", "jun", "jnr", "snr", "esq", "phd", "md",
];

/// What stands before names.
pub(super) const TITLES: [&str; 26] = [
    "dr",
    "prof",
    "professor",
    "mr",
    "mrs",
    "ms",
    "miss",
    "herr",
    "frau",
    "sir",
    "dame",
    "rev",
    "fr",
    "mme",
    "mlle",
    "monsieur",
    "madame",
    "sra",
    "srta",
    "don",
    "dona",
    "sig",
    "signor",
    "signora",
    "ing",
    "dipl",
];

/// What makes several people of a name.
pub(super) const TOGETHER: [&str; 24] = [
    "&",
    "+",
    "/",
    "and",
    "und",
    "et",
    "og",
    "och",
    "ja",
    "y",
    "e",
    "i",
    "en",
    "family",
    "familie",
    "famille",
    "familia",
    "famiglia",
    "fam",
    "parents",
    "eltern",
    "kids",
    "couple",
    "household",
];
